"""What a message shows, found in one pass: feelings, kinds of trouble, words for what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rewriter.model import Feeling
from rewriter.reading.words import Lexicon
from rewriter.wording import either, listed

STRONGEST = 3
NEAR = 3  # words before a feeling in which a negator or an intensifier counts
ASKED = 3  # words before some trouble that ask about it: "is it a"
ALL_OVER = 3  # signs of feeling, none weaker than the rest, from which a message is louder than each of them
UNABLE = 6  # words between "I can't" and what cannot be done
BESIDE = 14  # letters between a feeling, a trouble or what cannot be done, and its object

SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|„[^“”\n]{1,300}[“”]|「[^」\n]{1,300}」")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CLAUSE = re.compile(r"[.!?;:\n,。！？]|\bbut\b")
_CONTRACTED = re.compile(r"n['’]t\b")
_LOUD = 0.6  # share of capitals from which a message is shouted


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that show something: `name` is a feeling, a kind of trouble, or what is told back."""

    kind: Literal["feeling", "trouble", "named", "plight"]
    name: str
    start: int
    end: int
    strength: int = 0  # of a feeling
    emoji: bool = False


def unquoted(text: str) -> str:
    """Return a text with blanks for what is quoted in it; every place stays where it is."""
    return QUOTED.sub(lambda found: " " * len(found[0]), text)


def find_signs(text: str, lexicon: Lexicon) -> tuple[Sign, ...]:
    """Return every sign in a text whose quoted words are blanks; negated and unreal ones are none."""
    signs = (*_feelings(text, lexicon), *_troubles(text, lexicon), *_told_back(text, lexicon))
    ends = [
        found.end()
        for found in listed(lexicon.around.over).finditer(text)
        if not negates(f"{words_before(text, found.start(), NEAR)} {found[0]}", lexicon)
    ]
    over = max(ends, default=0)
    past = [found.span() for found in SENTENCE.finditer(text) if either(lexicon.around.past).search(found[0])]
    return tuple(
        sign
        for sign in signs
        if sign.name in ("gratitude", "grief")
        or (sign.start >= over and not any(start <= sign.start < end for start, end in past))
    )


def _feelings(text: str, lexicon: Lexicon) -> Iterator[Sign]:
    stronger, weaker = listed(lexicon.around.stronger), listed(lexicon.around.weaker)
    for feeling, felt in lexicon.feelings.items():
        for value, phrases in enumerate((felt.slight, felt.clear, felt.strong), start=1):
            for found in listed(phrases).finditer(text):
                before = words_before(text, found.start(), NEAR)
                if negates(before, lexicon):
                    continue
                step = bool(stronger.search(before)) - bool(weaker.search(before))
                strength = min(STRONGEST, max(1, value + step))
                yield Sign("feeling", feeling, found.start(), found.end(), strength)
        for sign in felt.signs:
            if sign in text:
                at = text.index(sign)
                yield Sign("feeling", feeling, at, at + len(sign), felt.signs_strength, emoji=True)


def _troubles(text: str, lexicon: Lexicon) -> Iterator[Sign]:
    for trouble, phrases in lexicon.troubles.items():
        for found in listed(phrases).finditer(text):
            denied = negates(words_before(text, found.start(), 1), lexicon)
            if not denied and not _is_unreal(text, found, 2, lexicon):
                yield Sign("trouble", trouble, found.start(), found.end())


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


def _told_back(text: str, lexicon: Lexicon) -> Iterator[Sign]:
    for named, phrases in lexicon.named.items():
        for found in listed(phrases).finditer(text):
            if not _is_unreal(text, found, 1, lexicon):
                yield Sign("named", named, found.start(), found.end())
    for plight, phrases in lexicon.plight.items():
        for found in listed(phrases).finditer(text):
            if not negates(words_before(text, found.start(), NEAR), lexicon):
                yield Sign("plight", plight, found.start(), found.end())
    if lexicon.unable:
        cues = listed(lexicon.unable.cues)
        for doing, phrases in lexicon.unable.doing.items():
            for found in listed(phrases).finditer(text):
                if cues.search(words_before(text, found.start(), UNABLE)) or cues.search(found[0]):
                    yield Sign("named", doing, found.start(), found.end())


def words_before(text: str, place: int, count: int) -> str:
    """Return up to `count` words that stand before a place in the same clause."""
    clause = _CLAUSE.split(text[max(0, place - 120) : place])[-1]
    return " ".join(WORD.findall(clause)[-count:])


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
