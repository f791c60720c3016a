"""Facts and personal data become placeholders before an engine sees a text, and come back to the letter after.

A placeholder is ASCII, names its kind, and ends in letters drawn from a key: no counter that a model could swap,
no angle brackets that a sanitiser would drop. A text that already holds something like one has it sealed as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rewriter import facts
from rewriter.model import Document, Fact, FactKind, Seal, Sealed

TOKEN = re.compile(r"\[\[[A-Z]+_[A-Z][0-9A-Z]{1,7}\]\]")

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and no O, which look like digits
_SIGNS = _LETTERS + "23456789"

READABLE: frozenset[FactKind] = frozenset({"duration", "number", "ordinal", "quantity"})
"""What stays readable of a customer's message: how long and how many may be told back to them."""


class _Tokens:
    """Draws placeholders from a key, none of them twice."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._drawn: set[str] = set()

    def draw(self, kind: FactKind, place: int) -> str:
        """Return a new placeholder for a fact that stands at `place` of its text."""
        for attempt in range(1_000_000):
            digest = hashlib.sha256(f"{self._key}\0{place}\0{attempt}".encode()).digest()
            length = min(2 + len(self._drawn).bit_length() // 7 + attempt // 8, 8)
            suffix = _LETTERS[digest[0] % len(_LETTERS)] + "".join(
                _SIGNS[byte % len(_SIGNS)] for byte in digest[1:length]
            )
            if suffix not in self._drawn:
                self._drawn.add(suffix)
                return f"[[{kind.upper()}_{suffix}]]"
        raise ValueError("A draft holds more facts than there are placeholders.")


def seal_draft(document: Document, key: str) -> tuple[Sealed, ...]:
    """Return each sentence of a draft with every fact in it sealed; sealed[i] is sentence number i + 1.

    No placeholder stands twice in a draft; the same draft and key give the same ones.
    """
    tokens = _Tokens(key)
    return tuple(
        _seal(sentence.text, document.language, sentence.facts, tokens, sentence.start)
        for sentence in document.sentences
    )


def seal_message(
    text: str, language: str, *, names: Sequence[str] = (), products: Sequence[str] = (), key: str = ""
) -> str:
    """Return a customer's message as an engine may read it: all facts sealed but durations and counts."""
    found = facts.find(text, language, names=names, products=products)
    return _seal(text, language, found, _Tokens(key), 0, READABLE).text


def restore(text: str, seals: Sequence[Seal]) -> str:
    """Return a sealed text with each placeholder replaced by its fact as written; ValueError on an unknown one."""
    written = {seal.token: seal.fact.text for seal in seals}

    def put_back(match: re.Match[str]) -> str:
        if match[0] not in written:
            raise ValueError(f"No fact is sealed as {match[0]}.")
        return written[match[0]]

    return TOKEN.sub(put_back, text)


def _seal(
    text: str,
    language: str,
    known: Sequence[Fact],
    tokens: _Tokens,
    place: int,
    readable: frozenset[FactKind] = frozenset(),
) -> Sealed:
    """Seal the known facts, then search what stands between them until nothing more is found."""
    found = list(known)
    gaps = list(_gaps(text, known, 0, len(text)))
    while gaps:
        start, end = gaps.pop()
        more = [
            replace(fact, start=fact.start + start, end=fact.end + start)
            for fact in facts.find(text[start:end], language)
        ]
        if more:
            found += more
            gaps += _gaps(text, more, start, end)
    sealed = sorted((fact for fact in found if fact.kind not in readable), key=_start)
    seals = tuple(Seal(tokens.draw(fact.kind, place + fact.start), fact) for fact in sealed)
    return Sealed("".join(_pieces(text, seals)), seals)


def _start(fact: Fact) -> int:
    return fact.start


def _gaps(text: str, found: Sequence[Fact], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between facts in text[start:end] that hold more than blanks."""
    for fact in (*sorted(found, key=_start), None):
        until = fact.start if fact else end
        if text[start:until].strip():
            yield start, until
        start = fact.end if fact else end


def _pieces(text: str, seals: Sequence[Seal]) -> Iterator[str]:
    """Yield a text's stretches, each fact as its placeholder."""
    end = 0
    for seal in seals:
        yield text[end : seal.fact.start]
        yield seal.token
        end = seal.fact.end
    yield text[end:]
