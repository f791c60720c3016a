"""What the words of a message show, found in one pass: feelings, kinds of trouble, words for what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rewriter.model import Feeling
from rewriter.reading.words import Lexicon
from rewriter.wording import Labelled, either, listed

STRONGEST = 3
NEAR = 3  # words before a feeling in which a negator or an intensifier counts
ASKED = 3  # words before some trouble that ask about it: "is it a"
ALL_OVER = 3  # signs of feeling, none weaker than the rest, from which a message is louder than each of them
HINTED = "hinted"  # the name of trouble that counts only where nothing else tells of any
UNABLE = 6  # words between "I can't" and what cannot be done
BESIDE = 14  # letters between a feeling, a trouble or what cannot be done, and its object

SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|„[^“”\n]{1,300}[“”]|「[^」\n]{1,300}」")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
CLAUSE = re.compile(r"[.!?;:\n,。！？]|\bbut\b")
_CONTRACTED = re.compile(r"n['’]t\b")
_LOUD = 0.6  # share of capitals from which a message is shouted
Span = tuple[int, int]


_Listed = Literal["feeling", "trouble", "named", "plight", "unable"]  # kinds of lists of phrases


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that show something: `name` is a feeling, a kind of trouble, or what is told back."""

    kind: Literal["feeling", "trouble", "named", "plight"]
    name: str
    start: int
    end: int
    strength: int = 0  # of a feeling
    emoji: bool = False


def is_within(place: int, spans: Iterable[Span]) -> bool:
    """Say whether a place of a text lies within one of some spans."""
    return any(start <= place < end for start, end in spans)


def unquoted(text: str) -> str:
    """Return a text with blanks for what is quoted in it; every place stays where it is."""
    return QUOTED.sub(lambda found: " " * len(found[0]), text)


@cache
def _lists(lexicon: Lexicon) -> Labelled[tuple[_Listed, str, int]]:
    """Return all lists of phrases that show something: kind, name and, of a feeling, strength."""
    lists: list[tuple[tuple[_Listed, str, int], Sequence[str]]] = []
    for feeling, felt in lexicon.feelings.items():
        by_strength = enumerate((felt.slight, felt.clear, felt.strong), start=1)
        lists += [(("feeling", feeling, value), phrases) for value, phrases in by_strength]
    unable = lexicon.unable.doing if lexicon.unable else {}
    kinds: dict[_Listed, dict[str, tuple[str, ...]]]
    kinds = {"trouble": lexicon.troubles, "named": lexicon.named, "plight": lexicon.plight, "unable": unable}
    lists += [((kind, name, 0), phrases) for kind, named in kinds.items() for name, phrases in named.items()]
    return Labelled([*lists, (("trouble", HINTED, 0), lexicon.around.hinted)])


def signs_in(text: str, lexicon: Lexicon) -> Iterator[Sign]:
    """Yield what the words and emoji of a text show, unless words right before them turn it off."""
    for (kind, name, value), found in _lists(lexicon).finditer(text):
        if kind == "feeling":
            if strength := _strength(text, found.start(), name, value, lexicon):
                yield Sign(kind, name, *found.span(), strength)
        elif _holds(kind, text, found, lexicon):
            yield Sign("named" if kind == "unable" else kind, name, *found.span())
    for feeling, felt in lexicon.feelings.items():
        for sign in felt.signs:
            if (at := text.find(sign)) >= 0:
                yield Sign("feeling", feeling, at, at + len(sign), felt.signs_strength, emoji=True)


def _holds(kind: _Listed, text: str, found: re.Match[str], lexicon: Lexicon) -> bool:
    """Say whether trouble, or words for it, hold: nothing right before them denies, supposes or asks about them."""
    if kind == "unable":
        return _is_beyond_them(text, found, lexicon)
    if kind == "named":
        return not _is_unreal(text, found, 1, lexicon)
    denying, unreal = (1, 2) if kind == "trouble" else (NEAR, 0)
    denied = negates(words_before(text, found.start(), denying), lexicon)
    return not denied and not _is_unreal(text, found, unreal, lexicon)


def _strength(text: str, start: int, feeling: str, value: int, lexicon: Lexicon) -> int:
    """Return how strong a feeling is by its phrase and the words before it; 0 where they deny it."""
    before = words_before(text, start, NEAR)
    if negates(before, lexicon):
        return 0
    if feeling == "gratitude":
        return value
    stronger, weaker = listed(lexicon.around.stronger), listed(lexicon.around.weaker)
    return min(STRONGEST, max(1, value + bool(stronger.search(before)) - bool(weaker.search(before))))


def _is_beyond_them(text: str, doing: re.Match[str], lexicon: Lexicon) -> bool:
    """Say whether something cannot be done: "I can't" stands before it, or in it."""
    cues = listed(lexicon.unable.cues) if lexicon.unable else None
    return bool(cues and (cues.search(words_before(text, doing.start(), UNABLE)) or cues.search(doing[0])))


def _is_unreal(text: str, found: re.Match[str], near: int, lexicon: Lexicon) -> bool:
    """Say whether the `near` words before some trouble make it none: it is denied, supposed, or asked about."""
    around = lexicon.around
    before = text[: found.start()].rstrip()
    opens = not before or before[-1] in ".!?\n"
    return bool(
        either(around.unreal).search(words_before(text, found.start(), near))
        or either(around.asked).search(words_before(text, found.start(), ASKED))
        or (opens and (WORD.findall(found[0]) or [""])[0].lower() in around.inverting)
    )


def words_before(text: str, place: int, count: int) -> str:
    """Return up to `count` words that stand before a place in the same clause."""
    clause = CLAUSE.split(text[max(0, place - 120) : place])[-1]
    words = WORD.findall(clause)
    return " ".join(words[max(0, len(words) - count) :])


def negates(before: str, lexicon: Lexicon) -> bool:
    """Say whether the words before something turn it off."""
    return bool(before) and bool(listed(lexicon.around.negators).search(before) or _CONTRACTED.search(before))


def feeling_shown(text: str, signs: Sequence[Sign], lexicon: Lexicon) -> tuple[Feeling, int]:
    """Return the strongest feeling, the first in the lexicon where two are equally strong."""
    shown = [sign for sign in signs if sign.kind == "feeling"]
    best: tuple[Feeling, int] = ("none", 0)
    for feeling in lexicon.feelings:
        strength = max((sign.strength for sign in shown if sign.name == feeling), default=0)
        if strength > best[1]:
            best = (feeling, strength)
    feeling, strength = best
    if feeling in ("none", "gratitude", "grief"):
        return best
    all_over = sum(sign.strength >= strength for sign in shown) >= ALL_OVER
    louder = _shouted(text) or "!!" in text or "?!" in text or "!?" in text or all_over
    return feeling, min(STRONGEST, strength + louder)


def _shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 20 and sum(character.isupper() for character in letters) / len(letters) > _LOUD


def trouble_shown(signs: Sequence[Sign], lexicon: Lexicon) -> str:
    """Return the most telling kind of trouble; "" for none."""
    shown = {sign.name for sign in signs if sign.kind == "trouble"}
    return next((trouble for trouble in lexicon.troubles if trouble in shown), "")
