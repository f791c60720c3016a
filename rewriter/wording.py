"""The notation in which people write phrases to look for, in lexicons, phrasebooks and decline.toml.

A phrase is plain words. `*` stands for any ending ("lawyer*"), `#` for a number ("# days"), ` ... ` for up to four
words in between in one sentence ("take ... to court"), `(a|b)` for either and `(a )?` for perhaps. Case and the
kind of apostrophe do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Generic, TypeVar

_APART = r"(?:[^\w.!?\n]|\.(?=[.\w])|(?<=\.)\.)+"  # between words of one sentence: "4.50" and "still ..." go on
_GAP = rf"{_APART}(?:[\w'’-]+{_APART}){{0,4}}?"
_NEVER = re.compile(r"(?!)")
_START = 3  # letters of its own by which a phrase is looked up
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that do not set words apart
_WIDE_MARKS = re.compile("[\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]")  # and their marks


def either(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the phrases, longest first; one that finds nothing for no phrases.

    Raises re.error where a phrase has a bracket too many or too few.
    """
    return _either(tuple(phrases))


@lru_cache(maxsize=1024)
def _either(phrases: tuple[str, ...]) -> re.Pattern[str]:
    if not phrases:
        return _NEVER
    return re.compile("|".join(_expression(phrase) for phrase in sorted(phrases, key=len, reverse=True)), re.I)


L = TypeVar("L")


class Labelled(Generic[L]):
    """Labelled lists of phrases, found as by `either` at the cost of those whose letters a text holds."""

    def __init__(self, lists: Iterable[tuple[L, Iterable[str]]]) -> None:
        self._labels: dict[str, list[L]] = {}
        self._order: dict[L, int] = {}
        for label, phrases in lists:
            self._order.setdefault(label, len(self._order))
            for phrase in dict.fromkeys(phrases):
                self._labels.setdefault(phrase, []).append(label)
        self._always: list[str] = []
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        self._needs: dict[str, _Needs] = {}
        for phrase in self._labels:
            self._needs[phrase] = needs = _needs(phrase)
            surest = _surest(needs)
            if min(map(len, surest), default=0) < _START:
                self._always.append(phrase)
                continue
            for letters in surest:
                self._by_start.setdefault(letters[:_START], []).append((letters, phrase))
        self._starts = frozenset(self._by_start)

    def finditer(self, text: str) -> Iterator[tuple[L, re.Match[str]]]:
        """Yield what is found, label by label, each in order; of two that overlap the earlier or the longer."""
        held = _held(text)
        begun = self._starts & _starts(held)
        phrases = {phrase for start in begun for letters, phrase in self._by_start[start] if letters in held}
        found: dict[L, list[re.Match[str]]] = {}
        for phrase in (*phrases, *self._always):
            if not all(any(letters in held for letters in need) for need in self._needs[phrase]):
                continue
            if matches := list(_compiled(phrase).finditer(text)):
                for label in self._labels[phrase]:
                    found.setdefault(label, []).extend(matches)
        for label in sorted(found, key=self._order.__getitem__):
            end = -1
            for match in sorted(found[label], key=lambda match: (match.start(), -match.end())):
                if match.start() >= end:
                    yield label, match
                    end = match.end()


class Listed:
    """A long list of phrases, found as by `either`; see `Labelled`."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._one = Labelled([("", phrases)])

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what is found, in order; of two that overlap the earlier, of two that begin alike the longer."""
        return (match for _, match in self._one.finditer(text))

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first that is found."""
        return next(self.finditer(text), None)


@lru_cache(maxsize=1024)
def listed(phrases: tuple[str, ...]) -> Listed:
    """Return a list of phrases made ready once."""
    return Listed(phrases)


@lru_cache(maxsize=64)
def _held(text: str) -> str:
    return text.lower().replace("’", "'")


@lru_cache(maxsize=64)
def _starts(held: str) -> frozenset[str]:
    """Return all that letters held by a text may begin with."""
    return frozenset(map("".join, zip(held, held[1:], held[2:], strict=False)))


@cache
def _compiled(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a listed phrase, made when a text first holds its letters: most never do."""
    return re.compile(_expression(phrase), re.I)


_Needs = tuple[tuple[str, ...], ...]
_PIECE = re.compile(r"\(|\)\??|\||[^()|]+")


def _needs(phrase: str) -> _Needs:
    """Return what a text must hold for a phrase to be found in it: of each group of letters at least one."""
    return _parts(iter(_PIECE.findall(phrase)))[0]


def _parts(pieces: Iterator[str]) -> tuple[_Needs, bool]:
    """Return what a text must hold for the pieces up to the bracket that closes; and whether it says "perhaps"."""
    options: list[_Needs] = []
    sure: list[tuple[str, ...]] = []
    closing = ""
    for piece in pieces:
        if piece == "(":
            inner, perhaps = _parts(pieces)
            sure += () if perhaps else inner
        elif piece == "|":
            options.append(tuple(sure))
            sure = []
        elif piece[0] == ")":
            closing = piece
            break
        else:
            sure += [(letters,) for word in piece.split() if (letters := _longest(word))]
    if not options:
        return tuple(sure), closing == ")?"
    either_of = [_surest(needs) for needs in (*options, tuple(sure))]
    any_of = tuple(letters for surest in either_of for letters in surest)
    return ((any_of,) if all(either_of) else ()), closing == ")?"


def _surest(sure: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words of which even the shortest is long; () where there are none."""
    best = max(sure, key=lambda words: min(map(len, words), default=0), default=())
    return best if all(best) else ()


def _longest(piece: str) -> str:
    """Return the longest run of letters in a piece of a phrase, as `Listed` compares it."""
    return max(re.split(r".?\?|[*#\s]+", _held(piece).replace("...", " ")), key=len)


def _expression(phrase: str) -> str:
    if not any(character.isalnum() for character in phrase):
        return re.escape(phrase)  # an emoticon or an emoji
    if phrase.strip().startswith("... ") or phrase.strip().endswith(" ..."):
        raise re.error("... stands between words only")
    inner = re.sub(r"([.+^$\[\]{}\\])", r"\\\1", phrase.strip().replace(" ... ", "\0"))
    inner = re.sub(r"['’]", "['’]", inner).replace("*", r"[^\W\d_]*").replace("#", r"\d[\d.,]*")
    inner = re.sub(r" +", r"\\s+", inner).replace("\0", _GAP)
    before = r"(?<!\w)" if _is_letter(phrase.lstrip("( ")[:1]) else ""
    after = r"(?!\w)" if _is_letter(phrase.rstrip(")?* ")[-1:]) else ""
    return f"{before}(?:{inner}){after}"


def _is_letter(character: str) -> bool:
    return bool(character) and character.isalnum() and not _SPACELESS.match(character)


def count_words(text: str) -> int:
    """Return how many words a text has; in a script that does not set them apart, two letters are one."""
    letters = len(_SPACELESS.findall(text))
    return len(_SPACELESS.sub(" ", _WIDE_MARKS.sub(" ", text)).split()) + (letters + 1) // 2


_SLOT = re.compile(r"<(\w+)(?:=([^>]*))?>")


def slots(phrase: str) -> frozenset[str]:
    """Return the names of a phrase's slots: `<rest>` stands for any words, `<verb=send|give>` for one of these."""
    return frozenset(found[1] for found in _SLOT.finditer(phrase))


@lru_cache(maxsize=1024)
def slotted(phrase: str) -> re.Pattern[str]:
    """Return a pattern that finds a phrase with slots, each a named group.

    `^` in front stands for the start of a text, `$` behind for its end; a slot at the end takes all that is
    left. Raises re.error as `either` does.
    """
    bare = phrase.removeprefix("^").removesuffix("$")
    pattern, place = "^" if phrase.startswith("^") else "", 0
    for slot in _SLOT.finditer(bare):
        pattern += _literal(bare[place : slot.start()], after_slot=place > 0)
        choice = (
            "|".join(map(re.escape, slot[2].split("|"))) if slot[2] else ".+" if slot.end() == len(bare) else ".+?"
        )
        pattern += f"(?P<{slot[1]}>{choice})"
        place = slot.end()
    pattern += _literal(bare[place:], after_slot=place > 0) + (r"\s*$" if phrase.endswith("$") else "")
    return re.compile(pattern, re.I | re.S)


def _literal(piece: str, *, after_slot: bool) -> str:
    if not piece.strip():
        return r"\s+" if piece else ""
    before = r"\s+" if after_slot and piece[0] == " " else ""
    return before + _expression(piece) + (r"\s+" if piece[-1] == " " else "")
