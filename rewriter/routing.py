"""Which tone a ticket's draft is written in: that of the first rule in `prompts/routing.toml` that means it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args

from rewriter.datafile import DataFile, nearest, open_toml
from rewriter.helpdesk import NameKind
from rewriter.model import Channel

Condition = Literal["brand", "group", "form", "tag", "channel", "language", "priority"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)

_CLOSED: Mapping[str, tuple[str, ...]] = {
    "channel": get_args(Channel),
    "priority": ("low", "normal", "medium", "high", "urgent"),
}
_SAME = {"medium": "normal"}  # Freshdesk's word and Zendesk's for one priority


@dataclass(frozen=True, slots=True)
class Traits:
    """What rules look at: the words by which a ticket's brand, group, ... are called; empty where it has none."""

    brand: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A tone, and what a ticket must be to get it: one value of each condition; without any, it means all."""

    tone: str
    file: str
    line: int
    asks: tuple[tuple[Condition, tuple[str, ...]], ...] = ()

    @property
    def place(self) -> str:
        """Where the rule stands: "routing.toml:12"."""
        return f"{Path(self.file).name}:{self.line}"

    def against(self, traits: Traits) -> str:
        """Return why a ticket is not meant by the rule, in a few words; "" where it is."""
        for condition, wanted in self.asks:
            has: tuple[str, ...] = getattr(traits, condition)
            if not _words(has) & _words(wanted):
                if condition == "tag":
                    return f"it has no tag {' or '.join(wanted)}"
                said = f"{condition} is {' or '.join(has)}" if has else f"it has no {condition}"
                return f"{said}, not {' or '.join(wanted)}"
        return ""


def first(rules: Iterable[Rule], traits: Traits) -> Rule | None:
    """Return the first rule that means a ticket; None where none does."""
    return next((rule for rule in rules if not rule.against(traits)), None)


def asks_names(rules: Iterable[Rule]) -> frozenset[NameKind]:
    """Return which of brand, group and form the rules call by name, so that ids alone do not tell."""
    return frozenset(kind for _, kind, _ in _called_by_name(rules))


def unknown_names(rules: Iterable[Rule], known: Mapping[NameKind, Collection[str]]) -> Iterator[str]:
    """Yield a line for each name in the rules that no brand, group or form bears, of kinds that have names."""
    for rule, kind, name in _called_by_name(rules):
        names = known.get(kind)
        if names and name.casefold() not in _words(names):
            close = get_close_matches(name, names, n=1)
            hint = f"did you mean {close[0]!r}?" if close else "write its name as the helpdesk has it, or its id."
            yield f"{rule.place}: no {kind} is called {name!r}; {hint}"


def _called_by_name(rules: Iterable[Rule]) -> Iterator[tuple[Rule, NameKind, str]]:
    for rule in rules:
        for condition, wanted in rule.asks:
            for kind in get_args(NameKind):
                if kind == condition:
                    yield from ((rule, kind, name) for name in wanted if not name.isdigit())


def _words(values: Iterable[str]) -> set[str]:
    return {_SAME.get(value.casefold(), value.casefold()) for value in values}


# --- the file -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Written:
    """A rule as it stands in the file: each condition one value or a list of them."""

    tone: str
    brand: Any = None
    group: Any = None
    form: Any = None
    tag: Any = None
    channel: Any = None
    language: Any = None
    priority: Any = None


@dataclass(frozen=True, slots=True)
class _File:
    rule: tuple[_Written, ...] = ()


def read(path: Path, tones: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules of a file in their order.

    Raises PromptError with file, line and the mend for an unknown key or tone, a value that nothing can be, a
    rule without a tone, and a rule that no ticket can reach.
    """
    file = open_toml(path)
    file.forbid_empty_lists()
    rules: list[Rule] = []
    for number, one in enumerate(file.read(_File).rule):
        if one.tone not in tones:
            file.wrong(f"there is no tone {one.tone!r}; {nearest(one.tone, sorted(tones))}", "rule", number, "tone")
        asks = tuple(
            (condition, _values(file, number, condition))
            for condition in CONDITIONS
            if getattr(one, condition) is not None
        )
        rule = Rule(one.tone, str(path), file.line("rule", number), asks)
        if file.holds and (before := _shadows(rules, rule)):
            lines = " and ".join(str(earlier.line) for earlier in before)
            file.wrong(
                f"no ticket can reach this rule: all that it asks for is taken by the rule on line {lines}; "
                "move it up or take it out.",
                "rule",
                number,
            )
        rules.append(rule)
    file.refuse_wrong()
    return tuple(rules)


def _values(file: DataFile, number: int, condition: Condition) -> tuple[str, ...]:
    """Return the values that a rule asks of a condition, and note those that nothing can be."""
    place = ("rule", number, condition)
    given = file.at(*place)
    many = list(enumerate(given)) if isinstance(given, list) else [(None, given)]
    for at, value in many:
        if wrong := _no_value(value, condition):
            file.wrong(wrong, *place, *(() if at is None else (at,)))
    return tuple(str(value).strip() for _, value in many)


def _no_value(value: object, condition: Condition) -> str:
    """Return why a value can be none of a condition, and the mend; "" where it can."""
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        return f"{condition!r} takes a text or an id, or a list of them."
    known = _CLOSED.get(condition)
    if known and str(value).strip().casefold() not in known:
        return f"{value!r} is no {condition}; name one of {', '.join(known)}."
    if condition == "language" and not re.fullmatch(r"[A-Za-z]{2}", str(value).strip()):
        return f"{value!r} is no language code; write two letters: en, de, pt, ja."
    if condition == "tag" and re.search(r"\s", str(value).strip()):
        return f"{value!r} is no tag: a tag is one word; for several write a list."
    return ""


def _shadows(earlier: Sequence[Rule], rule: Rule) -> list[Rule]:
    """Return the earlier rules that together take every ticket that a rule asks for; none where one is left."""
    found: dict[int, Rule] = {}
    asks = dict(rule.asks)
    for values in product(*asks.values()):
        traits = Traits(**{condition: (value,) for condition, value in zip(asks, values, strict=True)})
        taken = next((one for one in earlier if not one.against(traits)), None)
        if taken is None:
            return []
        found[taken.line] = taken
    return list(found.values())
