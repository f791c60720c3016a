"""Which tone a ticket's draft gets and why: its directive, else the first rule that means it, else the default."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rewriter import log, routing
from rewriter.errors import HelpdeskError, HelpdeskUnavailable, PromptError
from rewriter.helpdesk import Directory, Helpdesk, NameKind
from rewriter.model import Directive, Ticket
from rewriter.routing import Rule, Traits


class Names:
    """What a helpdesk calls its brands, groups and forms, each kind read once, when a rule first needs it.

    Read again only for an id that is new. Threads may share it. `warn` is told what cannot be read.
    """

    def __init__(self, helpdesk: Helpdesk | None = None, warn: Callable[[str], None] | None = None) -> None:
        self._helpdesk = helpdesk
        self._warn = warn or (lambda line: log.say(line, level=logging.WARNING))
        self._known: dict[NameKind, Mapping[str, str]] = {}
        self._strange: set[tuple[NameKind, str]] = set()  # ids without a name
        self._lock = threading.Lock()

    def of(self, kind: NameKind, identity: str) -> str:
        """Return the name that an id stands for; "" where nobody knows. Raises HelpdeskUnavailable."""
        with self._lock:
            known = self._known.get(kind)
            if known is None or (identity not in known and (kind, identity) not in self._strange):
                known = self._known[kind] = self._read(kind)
                if identity not in known:
                    self._strange.add((kind, identity))
            return known.get(identity, "")

    def all(self, kind: NameKind) -> Mapping[str, str]:
        """Return the names of a kind by id. Raises HelpdeskError where they cannot be read."""
        return self._helpdesk.names(kind) if isinstance(self._helpdesk, Directory) else {}

    def _read(self, kind: NameKind) -> Mapping[str, str]:
        try:
            return self.all(kind)
        except HelpdeskUnavailable:
            raise
        except HelpdeskError as error:
            said = str(error).rstrip(".")
            self._warn(f"routing.toml: rules know a {kind} by its id only: {said}.")
            return {}


@dataclass(frozen=True, slots=True)
class Choice:
    """The tone of a draft, and what decided; `rule` where a rule did."""

    tone: str
    by: Literal["directive", "rule", "default"]
    rule: Rule | None = None


def choose(rules: Iterable[Rule], default: str, directive: Directive, traits: Traits) -> Choice:
    """Return the tone that a draft gets; a directive's is taken at its word, known or not."""
    if directive.tone:
        return Choice(directive.tone, "directive")
    rule = routing.first(rules, traits)
    return Choice(rule.tone, "rule", rule) if rule else Choice(default, "default")


def traits_of(ticket: Ticket, language: str, names: Names, by_name: Collection[NameKind]) -> Traits:
    """Return what rules look at of a ticket, with the names of those kinds that are to be known by name."""

    def called(kind: NameKind, identity: str) -> tuple[str, ...]:
        name = names.of(kind, identity) if identity.isdigit() and kind in by_name else ""
        return tuple(word for word in (name, identity) if word)

    return Traits(
        brand=called("brand", ticket.brand),
        group=called("group", ticket.group),
        form=called("form", ticket.form),
        tag=ticket.tags,
        channel=(ticket.channel,),
        language=(language,) if language else (),
        priority=(ticket.priority,) if ticket.priority else (),
    )


def check_names(rules: tuple[Rule, ...], helpdesk: Helpdesk) -> str:
    """Return one line on the rules: how many there are, and that each name in them is known to the helpdesk.

    Raises PromptError with file, line and the mend for the first name that is not, or that cannot be looked up.
    """
    if not rules:
        return "no rules: a draft's own directive, or else the default tone, decides"
    known: dict[NameKind, frozenset[str]] = {}
    for kind in sorted(routing.asks_names(rules)):
        try:
            known[kind] = frozenset(Names(helpdesk).all(kind).values())
        except HelpdeskUnavailable:
            raise
        except HelpdeskError as error:
            said = str(error).rstrip(".")
            raise PromptError(f"routing.toml: names of {kind}s cannot be read: {said}. Write ids.") from None
    for line in routing.unknown_names(rules, known):
        raise PromptError(line)
    return f"{len(rules)} rules; every brand, group and form in them is known"
