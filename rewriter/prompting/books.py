"""Phrasebooks, phrasebook/*.toml: one language's wordings, and the words that show what a draft does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from rewriter.datafile import DataFile, nearest, open_toml
from rewriter.model import AccountabilityLevel, Feeling, MoveKind
from rewriter.prompting.phrases import check_notation, check_phrases, forbid_banned
from rewriter.wording import slots

GREETING_WORDS = frozenset({"name", "family_name"})
PASSAGE_WORDS = frozenset({"the_topic", "with_the_topic", "topic", "told", "times", "the_trouble", "plight"})
TOPIC_WORDS = frozenset({"topic", "address"})
NAME_WORDS = frozenset({"first_name", "family_name", "title"})
Habit = Literal["apologises", "validates", "thanks", "offers", "owns", "acts", "denies", "courtesy", "agrees"]
Trouble = Literal[  # the kinds of trouble that lexicons/<language>/troubles.toml tells apart; "" is none
    "", "waiting", "missing", "blocked", "broken", "access", "charge", "damaged", "wrong", "gone", "cancelled",
    "security", "service", "conduct", "other",
]  # fmt: skip
STRONGEST = 3  # 0 is no feeling, 1 slight, 2 clear, 3 strong
Place = Literal["opening", "close"]
Address = Literal["", "informal", "formal"]
Called = Literal["plain", "informal", "formal", "titled"]  # by the draft's form of address, or with a title
Register = Literal["casual", "neutral", "formal", "social"]  # the last on social media, in one line with the reply


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a register greets: with a name, and where no name is safe."""

    named: tuple[str, ...]
    nameless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Phrases that make one move, and when they fit; an empty condition always holds."""

    move: MoveKind
    say: tuple[str, ...]
    place: Place = "opening"
    trouble: tuple[Trouble, ...] = ()
    feeling: tuple[Feeling, ...] = ()
    strength: int = 0  # the least strength of feeling
    below: int = 4  # the strength of feeling from which it no longer fits
    repeated: bool | None = None
    asked: bool | None = None  # they have written about it before
    urgent: bool | None = None
    level: AccountabilityLevel = "experience"  # accountability from which it may be said
    where: tuple[Habit, ...] = ()  # only where the draft does all of these
    address: Address = ""
    tones: tuple[str, ...] = ()  # the tone profiles that say it, before all else; empty: all


@dataclass(frozen=True, slots=True)
class Cold:
    """A cold wording and a kinder one that says the same; `<name>` in `find` is a slot that `say` puts back."""

    find: str
    say: str
    unless: tuple[str, ...] = ()  # where one of these stands in the sentence, it stays


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The phrases of one language for the engine without a model."""

    language: str
    greeting: dict[Register, Greeting]
    topic: dict[str, str]
    does: dict[Habit, tuple[str, ...]]
    passage: tuple[Passage, ...]
    cold: tuple[Cold, ...] = ()
    with_topic: dict[str, str] = field(default_factory=dict)  # where "with" asks for another case
    address: dict[Address, tuple[str, ...]] = field(default_factory=dict)  # words that show it in a draft
    full_forms: dict[str, str] = field(default_factory=dict)
    ban: tuple[str, ...] = ()
    becomes: dict[str, dict[str, str]] = field(default_factory=dict)  # slot -> word found -> word put back
    names: dict[Feeling, tuple[str, ...]] = field(default_factory=dict)  # words by which a phrase names a feeling
    outside: tuple[str, ...] = ()  # words of one who hears of it from them: not where the draft itself makes amends
    called: dict[Called, str] = field(default_factory=dict)  # the name in a greeting; else the first name


def read_book(path: Path, tones: Collection[str]) -> Phrasebook:
    """Return a phrasebook, checked, of which passages name only such `tones`; raises PromptError likewise."""
    file = open_toml(path)
    file.forbid_empty_lists()
    book = file.read(Phrasebook, language=path.stem)
    for register in book.greeting:
        check_phrases(file, GREETING_WORDS, "greeting", register, "named")
        check_phrases(file, frozenset(), "greeting", register, "nameless")
    for register in ("casual", "neutral", "formal"):
        if register not in book.greeting:
            file.wrong(f"[greeting.{register}] is missing; add it.", "greeting", register)
    for table in ("topic", "with_topic"):
        check_phrases(file, TOPIC_WORDS, table)
    check_phrases(file, NAME_WORDS, "called")
    for words in ("address", "names", "outside", "ban", "does"):
        check_notation(file, words)
    for number, passage in enumerate(book.passage):
        _check_passage(file, number, passage, tones)
    for number, cold in enumerate(book.cold):
        check_notation(file, "cold", number, "find")
        check_notation(file, "cold", number, "unless")
        check_phrases(file, slots(cold.find), "cold", number, "say")
    forbid_banned(file, book.ban, "greeting")
    for table, many in (("passage", book.passage), ("cold", book.cold)):
        for number in range(len(many)):
            forbid_banned(file, book.ban, table, number, "say")
    file.refuse_wrong()
    return replace(
        book, cold=tuple(replace(cold, find=_with_choices(cold.find, book.becomes)) for cold in book.cold)
    )


def _check_passage(file: DataFile, number: int, passage: Passage, tones: Collection[str]) -> None:
    here: tuple[str, int] = ("passage", number)
    for at, tone in file.texts(*here, "tones"):
        if tone not in tones:
            file.wrong(f"there is no tone {tone!r}; {nearest(tone, sorted(tones))}", *at)
    check_phrases(file, PASSAGE_WORDS, *here, "say")
    if not 0 <= passage.strength <= STRONGEST:
        file.wrong(f"strength is 0 to {STRONGEST}: 1 slight, 2 clear, 3 strong.", *here, "strength")
    if not 1 <= passage.below <= STRONGEST + 1:
        file.wrong(f"below is 1 to {STRONGEST + 1}; a feeling is 1 slight, 2 clear, 3 strong.", *here, "below")
    if passage.strength >= passage.below:
        said = f"no feeling is as strong as {passage.strength} and below {passage.below}; raise below."
        file.wrong(said, *here, "below")


def _with_choices(find: str, becomes: Mapping[str, Mapping[str, str]]) -> str:
    """Return a cold wording in which each slot of `becomes` names the words that it stands for."""
    for slot, words in becomes.items():
        find = find.replace(f"<{slot}>", f"<{slot}={'|'.join(words)}>")
    return find
