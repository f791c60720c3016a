"""Phrases in the files that admins edit: filled in, and checked with file, line and the mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from rewriter.datafile import line_of
from rewriter.errors import PromptError
from rewriter.wording import either, slotted

_BARE = SandboxedEnvironment(undefined=StrictUndefined)


def filled_in(phrase: str, **variables: str) -> str:
    """Return a phrase with its variables filled in, white space folded."""
    return " ".join(_phrase(phrase).render(**variables).split())


@cache
def _phrase(phrase: str) -> Template:
    return _BARE.from_string(phrase)


@cache
def mentions(phrase: str) -> frozenset[str]:
    """Return the variables that a phrase mentions; raises TemplateSyntaxError."""
    parsed = _BARE.parse(phrase)
    for statement in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends):
        if other := parsed.find(statement):
            raise TemplateSyntaxError("a phrase cannot take in another file", other.lineno)
    if inner := next((one for one in parsed.find_all(nodes.Getattr) if one.attr.startswith("_")), None):
        raise TemplateSyntaxError(f"{inner.attr!r} is no part of a phrase's variables", inner.lineno)
    return frozenset(meta.find_undeclared_variables(parsed))


def check_phrases(phrases: Sequence[str], known: frozenset[str], path: Path) -> None:
    """Have each phrase say something, in variables that are known; raises PromptError."""
    for phrase in phrases:
        if not phrase.strip():
            raise wrong(path, phrase, "an empty phrase; fill it or take it out.")
        try:
            unknown = mentions(phrase) - known
        except TemplateSyntaxError as error:
            raise wrong(path, phrase, f"{error.message}.") from None
        if unknown:
            said = ", ".join(sorted(known)) or "none"
            raise wrong(path, phrase, f"unknown variable {min(unknown)!r}; known here: {said}.")


def check_notation(phrases: Sequence[str], path: Path) -> None:
    """Have each phrase be one that can be looked for; raises PromptError."""
    for phrase in phrases:
        if not phrase.strip():
            raise wrong(path, phrase, "an empty phrase; fill it or take it out.")
        try:
            slotted(phrase)
        except re.error as error:
            raise wrong(path, phrase, f"{phrase!r}: {error.msg}.") from None


def forbid_banned(phrases: Sequence[str], ban: Sequence[str], path: Path) -> None:
    """Refuse a phrase that holds what its own file bans; raises PromptError."""
    banned = either(ban)
    for phrase in phrases:
        found = banned.search(phrase)
        if found:
            raise wrong(path, phrase, f"{found[0]!r} is banned in this very file; say it otherwise.")


def forbid_empty_lists(path: Path) -> None:
    """Refuse a file with an empty list; raises PromptError."""

    def empty(value: Any, place: list[str]) -> list[str] | None:
        if value == []:
            return place
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in pairs:
            found = empty(inner, [*place, str(key)])
            if found:
                return found
        return None

    text = path.read_text(encoding="utf-8")
    place = empty(tomllib.loads(text), [])
    if place:
        raise PromptError(
            f"{path}:{line_of(text, place)}: {place[-1]!r} is an empty list; fill it or take the line out."
        )


def wrong(path: Path, words: str, said: str) -> PromptError:
    """Return the error about some words of a file, at the first line that has them; at line 1 where none has."""
    text = path.read_text(encoding="utf-8")
    line = text.count("\n", 0, max(0, text.find(words))) + 1
    return PromptError(f"{path}:{line}: {said}")
