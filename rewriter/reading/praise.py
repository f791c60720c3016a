"""What becomes of the signs of a message that also thanks: thanks may be meant, mockery, or only manners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rewriter.reading.signs import STRONGEST, WORD, Sign, Span
from rewriter.reading.words import Lexicon
from rewriter.wording import listed


def is_warm(signs: Iterable[Sign]) -> bool:
    """Say whether there is praise so warm that a question beside it takes nothing away."""
    return any(sign.name == "gratitude" and sign.strength == STRONGEST for sign in signs)


def weighed(text: str, signs: Sequence[Sign], sentences: Sequence[Span], lexicon: Lexicon) -> Sequence[Sign]:
    """Return the signs that hold where a message also thanks.

    Thanks may be mockery ("thank you so much for losing it"), manners ("please send it, thanks a lot"), or only go
    before what they write for ("you were lovely, but"). Warm praise outweighs the trouble of its story ("when our
    pipe burst, your plumber was a star"), not trouble that still stands.
    """
    praise = lexicon.praise
    thanks = [sign for sign in signs if sign.name == "gratitude"]
    if not thanks:
        return signs
    others = [sign for sign in signs if sign.name != "gratitude"]
    wrong = [sign for sign in others if sign.name != "grief" and not _is_part_of(sign, thanks)]
    turns = listed(praise.turns)
    if listed(praise.mockery).search(text) or any(
        _is_mocking(text, sign, wrong, sentences, lexicon) for sign in thanks
    ):
        return others
    if not is_warm(thanks):
        first = min(sign.start for sign in thanks)
        manners = listed(praise.requests).search(text)
        return others if manners or turns.search(text[first:]) else signs
    if wrong and (
        listed(praise.remedy).search(text) or any(_still_stands(text, sign, sentences, lexicon) for sign in wrong)
    ):
        return signs
    last = max(sign.end for sign in thanks if sign.strength == STRONGEST)
    meant = "" if turns.search(text[last:]) else "gratitude"
    return [sign for sign in signs if sign.name in (meant, "grief")]


def _is_part_of(sign: Sign, thanks: Sequence[Sign]) -> bool:
    """Say whether what looks like a sign is part of the thanks themselves: "bless every one of you"."""
    return any(each.start <= sign.start and sign.end <= each.end for each in thanks)


def _is_mocking(
    text: str, thanks: Sign, wrong: Sequence[Sign], sentences: Sequence[Span], lexicon: Lexicon
) -> bool:
    """Say whether they thank for trouble: "thank you so much for losing my bag"."""
    praise = lexicon.praise
    start, end = _sentence_of(thanks, sentences)
    behind = min((sign.start for sign in wrong if thanks.end <= sign.start < end), default=0)
    said = text[start:end]
    told = listed(lexicon.around.settled).search(said) or listed(praise.story).search(said)
    between = {word.lower() for word in WORD.findall(text[thanks.start : behind])}
    return bool(behind) and not told and not praise.thanked_for.isdisjoint(between)


def _still_stands(text: str, sign: Sign, sentences: Sequence[Span], lexicon: Lexicon) -> bool:
    """Say whether trouble beside warm praise is no mere part of its story."""
    praise = lexicon.praise
    start, end = _sentence_of(sign, sentences)
    said = text[start:end]
    if said.endswith("?") or listed(praise.turns).search(text[start : sign.start]):
        return True
    told = listed(praise.story).search(said) or listed(lexicon.around.settled).search(said)
    felt = sign.kind == "feeling" and (listed(praise.felt).search(said) or sign.emoji)
    return not (told or felt)


def _sentence_of(sign: Sign, sentences: Sequence[Span]) -> Span:
    return next((span for span in sentences if span[0] <= sign.start < span[1]), (0, sign.end))
