"""What a message shows, found in one pass: feelings, kinds of trouble, words for what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rewriter.model import Feeling
from rewriter.reading.words import Lexicon
from rewriter.wording import either, listed

STRONGEST = 3
NEAR = 3  # words before a feeling in which a negator or an intensifier counts
ASKED = 3  # words before some trouble that ask about it: "is it a"
FELT_ALL_THE_SAME = ("worry", "gone", "access", "security")  # be it their own doing
ALL_OVER = 3  # signs of feeling, none weaker than the rest, from which a message is louder than each of them
UNABLE = 6  # words between "I can't" and what cannot be done
BESIDE = 14  # letters between a feeling, a trouble or what cannot be done, and its object

SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|„[^“”\n]{1,300}[“”]|「[^」\n]{1,300}」")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CLAUSE = re.compile(r"[.!?;:\n,。！？]|\bbut\b")
_CONTRACTED = re.compile(r"n['’]t\b")
_LOUD = 0.6  # share of capitals from which a message is shouted
_Span = tuple[int, int]


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
    if not signs:
        return ()
    innocent = [
        found.span()
        for found in listed(lexicon.around.innocent).finditer(text)
        if not listed(lexicon.around.blamed).search(text[found.end() : found.end() + BESIDE])
    ]
    not_mourned = [found.span() for found in listed(lexicon.around.not_mourned).finditer(text)]
    over = max(_ends(text, lexicon), default=0)
    sentences = [found.span() for found in SENTENCE.finditer(text)]
    others, own, asked = _not_ours(text, sentences, lexicon)
    calm = bool(listed(lexicon.around.calm).search(text))
    kept: list[Sign] = []
    for sign in signs:
        if any(start <= sign.start and sign.end <= end for start, end in innocent):
            continue
        if sign.name == "grief" and any(start < sign.end <= end for start, end in not_mourned):
            continue
        if sign.name not in ("gratitude", "grief"):
            feels = sign.kind == "feeling"
            fears = sign.name == "worry" and all(sign.start != start for start, _ in asked)  # "what if" is a worry
            supposed = (fears or not feels) and _within(sign, asked)
            blameless = sign.name not in FELT_ALL_THE_SAME and sign.kind != "plight" and _within(sign, own)
            slight = calm and feels and sign.strength == 1
            if sign.start < over or _within(sign, others) or supposed or blameless or slight:
                continue
        kept.append(sign)
    return tuple(_weighed(text, kept, sentences, lexicon))


def is_put_right(text: str, lexicon: Lexicon) -> bool:
    """Say whether a message tells that what went wrong is over, or was their own doing."""
    return bool(_own_doing(text, lexicon)) or any(_ends(text, lexicon))


def is_warm(signs: Iterable[Sign]) -> bool:
    """Say whether there is praise so warm that a question beside it takes nothing away."""
    return any(sign.name == "gratitude" and sign.strength == STRONGEST for sign in signs)


def _within(sign: Sign, spans: Iterable[_Span]) -> bool:
    return any(start <= sign.start < end for start, end in spans)


def _ends(text: str, lexicon: Lexicon) -> Iterator[int]:
    """Yield the places up to which what was felt or went wrong is over, and not merely said to be."""
    hearsay = listed(lexicon.around.hearsay)
    for found in listed(lexicon.around.over).finditer(text):
        before = words_before(text, found.start(), NEAR)
        if not negates(f"{before} {found[0]}", lexicon) and not hearsay.search(before):
            yield found.end()


def _not_ours(text: str, sentences: Sequence[_Span], lexicon: Lexicon) -> tuple[list[_Span], ...]:
    """Return what is said of the past or of somebody else, of their own doing, and of what only might be."""
    around = lexicon.around
    unbought = bool(listed(around.unbought).search(text))
    others: list[_Span] = []
    own: list[_Span] = []
    asked: list[_Span] = []
    for number, (start, end) in enumerate(sentences):
        said = text[start:end]
        only_asked = said.endswith("?") and around.supposed and not listed(around.real).search(said)
        elsewhere = listed(around.elsewhere).search(said)
        if either(around.past).search(said) or (only_asked and unbought):
            others.append((start, end))
        elif elsewhere:
            others.append((start, start + _until_ours(said, elsewhere.end(), lexicon)))
        if only_asked:
            asked += [(start + supposed, end) for supposed in _supposed(said, lexicon)]
        if doing := _own_doing(said, lexicon):
            before = sentences[max(0, number - 1)][0]  # "The date is wrong. My own doing."
            own.append((before, start + _until_ours(said, doing, lexicon)))
    return others, own, asked


def _own_doing(text: str, lexicon: Lexicon) -> int:
    """Return where they have said that it was their own doing; 0 for nowhere."""
    found = listed(lexicon.around.own_doing).finditer(text)
    own = (each.end() for each in found if not negates(words_before(text, each.start(), NEAR), lexicon))
    return next(own, 0)


def _until_ours(said: str, place: int, lexicon: Lexicon) -> int:
    """Return where a sentence about others, or themselves, comes to speak of us; its end where it does not."""
    found = listed(lexicon.around.ours).search(said[place:])
    return place + found.start() if found else len(said)


def _supposed(question: str, lexicon: Lexicon) -> Iterator[int]:
    """Yield where a question begins to be about what might be, not what is: "does it leak?"."""
    begins = [0, *(found.end() for found in _CLAUSE.finditer(question))]
    for found in listed(lexicon.around.supposed).finditer(question):
        if any(begin <= found.start() and not question[begin : found.start()].strip() for begin in begins):
            yield found.start()


def _weighed(text: str, signs: Sequence[Sign], sentences: Sequence[_Span], lexicon: Lexicon) -> Sequence[Sign]:
    """Return the signs that hold where a message also thanks.

    Thanks may be mockery ("thank you so much for losing it"), manners ("please send it, thanks a lot"), or only go
    before what they write for ("you were lovely, but"). Warm praise outweighs the trouble of its story ("when our
    pipe burst, your plumber was a star"), not trouble that still stands.
    """
    around = lexicon.around
    thanks = [sign for sign in signs if sign.name == "gratitude"]
    if not thanks:
        return signs
    others = [sign for sign in signs if sign.name != "gratitude"]
    wrong = [sign for sign in others if sign.name != "grief" and not _is_part_of(sign, thanks)]
    turns = listed(around.turns)
    if listed(around.mockery).search(text) or any(
        _is_mocking(text, sign, wrong, sentences, lexicon) for sign in thanks
    ):
        return others
    if not is_warm(thanks):
        first = min(sign.start for sign in thanks)
        manners = listed(around.requests).search(text)
        return others if manners or turns.search(text[first:]) else signs
    if wrong and (
        listed(around.remedy).search(text) or any(_still_stands(text, sign, sentences, lexicon) for sign in wrong)
    ):
        return signs
    last = max(sign.end for sign in thanks if sign.strength == STRONGEST)
    meant = "" if turns.search(text[last:]) else "gratitude"
    return [sign for sign in signs if sign.name in (meant, "grief")]


def _is_part_of(sign: Sign, thanks: Sequence[Sign]) -> bool:
    """Say whether what looks like a sign is part of the thanks themselves: "bless every one of you"."""
    return any(each.start <= sign.start and sign.end <= each.end for each in thanks)


def _is_mocking(
    text: str, thanks: Sign, wrong: Sequence[Sign], sentences: Sequence[_Span], lexicon: Lexicon
) -> bool:
    """Say whether they thank for trouble: "thank you so much for losing my bag"."""
    around = lexicon.around
    start, end = _sentence_of(thanks, sentences)
    behind = min((sign.start for sign in wrong if thanks.end <= sign.start < end), default=0)
    said = text[start:end]
    told = listed(around.settled).search(said) or listed(around.story).search(said)
    between = {word.lower() for word in WORD.findall(text[thanks.start : behind])}
    return bool(behind) and not told and not around.thanked_for.isdisjoint(between)


def _still_stands(text: str, sign: Sign, sentences: Sequence[_Span], lexicon: Lexicon) -> bool:
    """Say whether trouble beside warm praise is no mere part of its story."""
    around = lexicon.around
    start, end = _sentence_of(sign, sentences)
    said = text[start:end]
    if said.endswith("?") or listed(around.turns).search(text[start : sign.start]):
        return True
    told = listed(around.story).search(said) or listed(around.settled).search(said)
    felt = sign.kind == "feeling" and (listed(around.felt).search(said) or sign.emoji)
    return not (told or felt)


def _sentence_of(sign: Sign, sentences: Sequence[_Span]) -> _Span:
    return next((span for span in sentences if span[0] <= sign.start < span[1]), (0, sign.end))


def _feelings(text: str, lexicon: Lexicon) -> Iterator[Sign]:
    stronger, weaker = listed(lexicon.around.stronger), listed(lexicon.around.weaker)
    for feeling, felt in lexicon.feelings.items():
        for value, phrases in enumerate((felt.slight, felt.clear, felt.strong), start=1):
            for found in listed(phrases).finditer(text):
                before = words_before(text, found.start(), NEAR)
                if negates(before, lexicon):
                    continue
                step = bool(stronger.search(before)) - bool(weaker.search(before))
                strength = value if feeling == "gratitude" else min(STRONGEST, max(1, value + step))
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
