"""Phrases in the files that admins edit: filled in, and checked with file, line and the mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from rewriter.datafile import DataFile
from rewriter.wording import either, slotted

_BARE = SandboxedEnvironment(undefined=StrictUndefined)
_ONE_BRACE = re.compile(r"(?<!\{)\{\s*(\w+)\s*\}(?!\})")
_VARIABLE = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_MARKS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_NOTATION_ALONE = re.compile(r"[*|()?. ]*\*[*|()?. ]*")
_NO_NOTATION = re.compile(r"(?=.*\w).*[\[\]{}\\]")
_UNFIT = {  # what the parser of expressions says -> what it means in our notation
    "missing )": "a bracket is not closed; write ) at its end.",
    "unbalanced": "a bracket is closed that was never opened; take the ) out, or write ( before it.",
    "redefinition": "a slot stands in it twice; give each a name of its own.",
    "...": "... stands between words only; take it from the begin and the end.",
    "repeat": "* stands behind letters, and ? behind a bracket: apologi*, (very )?.",
}


def filled_in(phrase: str, **variables: str) -> str:
    """Return a phrase with its variables filled in, white space folded."""
    return " ".join(_phrase(phrase).render(**variables).split())


@cache
def _phrase(phrase: str) -> Template:
    return _BARE.from_string(phrase)


@cache
def mentions(phrase: str) -> frozenset[str]:
    """Return the variables that a phrase mentions; raises TemplateSyntaxError."""
    if not _MARKS.search(_VARIABLE.sub("", phrase)):
        return frozenset(_VARIABLE.findall(phrase))  # nearly all are as plain as this, and to parse takes long
    parsed = _BARE.parse(phrase)
    for statement in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends):
        if other := parsed.find(statement):
            raise TemplateSyntaxError("a phrase cannot take in another file", other.lineno)
    if inner := next((one for one in parsed.find_all(nodes.Getattr) if one.attr.startswith("_")), None):
        raise TemplateSyntaxError(f"{inner.attr!r} is no part of a phrase's variables", inner.lineno)
    return frozenset(meta.find_undeclared_variables(parsed))


def check_phrases(file: DataFile, known: frozenset[str], *place: str | int) -> None:
    """Note each phrase at a place that says nothing, or that is not made of words and known variables."""
    for at, phrase in file.texts(*place):
        if not phrase.strip():
            file.wrong("an empty phrase; fill it or take it out.", *at)
        elif found := _ONE_BRACE.search(phrase):
            file.wrong(f"{found[0]} is said as it stands; write {{{{ {found[1]} }}}} for a variable.", *at)
        else:
            try:
                unknown = mentions(phrase) - known
            except TemplateSyntaxError as error:
                said = (error.message or "").rstrip(".")
                file.wrong(f"write a variable as {{{{ name }}}}, in pairs of braces ({said}).", *at)
                continue
            if unknown:
                said = ", ".join(sorted(known)) or "none"
                file.wrong(f"unknown variable {min(unknown)!r}; known here: {said}.", *at)


def check_word_for_word(file: DataFile, *place: str | int) -> None:
    """Note each text at a place that is empty, or that waits for something to be filled in."""
    for at, text in file.texts(*place):
        if not text.strip():
            file.wrong("an empty text; fill it or take it out.", *at)
        elif found := _MARKS.search(text):
            file.wrong(f"{found[0]} in a text that is said word for word: nothing is filled in; write it out.", *at)


def check_notation(file: DataFile, *place: str | int) -> None:
    """Note each phrase at a place that cannot be looked for, or that would find nothing."""
    for at, phrase in file.texts(*place):
        if not phrase.strip():
            file.wrong("an empty phrase; fill it or take it out.", *at)
        elif _NOTATION_ALONE.fullmatch(phrase):
            file.wrong(f"{phrase!r} finds nothing: write letters before the *: apologi*.", *at)
        elif _NO_NOTATION.match(phrase):
            file.wrong(f"{phrase!r} finds nothing: write plain words, or (a|b) for either.", *at)
        else:
            try:
                slotted(phrase)
            except re.error as error:
                mends = (mend for sign, mend in _UNFIT.items() if sign in error.msg)
                file.wrong(f"{phrase!r}: {next(mends, 'this is nothing that can be looked for.')}", *at)


def forbid_banned(file: DataFile, ban: Sequence[str], *place: str | int) -> None:
    """Note each phrase at a place that holds what its own file bans."""
    try:
        banned = either(ban)
    except re.error:
        return  # told already, where it is banned
    for at, phrase in file.texts(*place):
        if found := banned.search(phrase):
            file.wrong(f"{found[0]!r} is banned in this very file; say it otherwise.", *at)
