"""Which passages of a phrasebook fit a draft, how telling their phrases are, and how a phrase is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

from rewriter.model import CLEAR, AccountabilityLevel, MoveKind, Reading, Tone
from rewriter.phrasebook.draft import Draft
from rewriter.prompting import Address, Passage, Phrasebook, Place
from rewriter.wording import either

_FEW_WORDS = ("grief", "gratitude")  # feelings that only passages made for them may answer
FIRST = 8  # more than any phrase can tell: what is made for a tone goes before all else

T = TypeVar("T")

_LEVELS: tuple[AccountabilityLevel, ...] = ("experience", "follow-through", "fault")


def approved(tone: Tone, kinds: Sequence[MoveKind], place: Place) -> Iterable[tuple[MoveKind, str]]:
    """Yield the texts that the tone approves for these moves: they are said word for word."""
    texts: dict[tuple[MoveKind, Place], tuple[str, ...]] = {
        ("relatability", "opening"): tone.anecdotes,
        ("expertise", "opening"): tone.expertise,
        ("hand-off", "close"): tone.handoff,
    }
    for kind in kinds:
        yield from ((kind, text) for text in texts.get((kind, place), ()))


def fits(passage: Passage, draft: Draft, address: Address) -> bool:
    """Say whether all conditions of a passage hold."""
    brief, reading = draft.brief, draft.brief.reading
    return (
        (not passage.trouble or reading.trouble in passage.trouble)
        and (reading.feeling in passage.feeling or (not passage.feeling and reading.feeling not in _FEW_WORDS))
        and passage.strength <= reading.strength < passage.below
        and passage.repeated in (None, reading.repeated)
        and passage.asked in (None, reading.asked)
        and passage.urgent in (None, reading.urgent)
        and _LEVELS.index(passage.level) <= _LEVELS.index(brief.tone.accountability)
        and draft.does.issuperset(passage.where)
        and passage.address in ("", address)
        and (not passage.tones or brief.tone.name in passage.tones)
    )


def presumes(book: Phrasebook, text: str, reading: Reading) -> bool:
    """Say whether a phrase names another feeling than the one that the customer clearly shows."""
    near = ("frustration", "anger") if reading.feeling in ("frustration", "anger") else (reading.feeling,)
    named = (feeling for feeling, words in book.names.items() if either(words).search(text))
    return reading.strength >= CLEAR and any(feeling not in near for feeling in named)


def tells(mentioned: frozenset[str], passage: Passage, reading: Reading) -> int:
    """Return how much a phrase takes up of what the customer wrote: their noun most, their wait, their feeling."""
    felt = reading.strength >= CLEAR and bool(passage.feeling or passage.strength)
    made_for_it = bool(passage.trouble) + (len(passage.trouble) == 1)
    seen = 2 * bool(passage.repeated or passage.asked or passage.urgent or passage.where) + made_for_it
    concrete = max(
        2 * bool(mentioned & {"topic", "the_topic", "with_the_topic"}),
        4 * bool(mentioned & {"the_trouble", "plight"}),
    )
    counted = 4 * ("times" in mentioned) + ("told" in mentioned)
    return concrete + counted + 2 * felt + seen + FIRST * bool(passage.tones)


def spoken(text: str, book: Phrasebook, tone: Tone) -> str:
    """Return a phrase as it is written: a capital in front, full forms where the register is formal."""
    if tone.register == "formal":
        for short, full in book.full_forms.items():
            text = text.replace(short, full)
    return capital(text)


def capital(text: str) -> str:
    """Return a text with a capital in front."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Return a text with a small letter in front, but for the English "I"."""
    return text if text[:1] == "I" and not text[1:2].isalpha() else text[:1].lower() + text[1:]


def pick(choices: Sequence[T], key: str) -> T:
    """Return one of the choices, always the same one for a key, and evenly over many keys."""
    return choices[int.from_bytes(sha256(key.encode()).digest()[:8]) % len(choices)]
