"""Phrasebooks, phrasebook/*.toml: one language's wordings, and the words that show what a draft does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from rewriter.datafile import read_toml
from rewriter.model import AccountabilityLevel, Feeling, MoveKind
from rewriter.prompting.phrases import check_notation, check_phrases, forbid_banned, forbid_empty_lists, wrong
from rewriter.wording import slots

GREETING_WORDS = frozenset({"name", "family_name"})
PASSAGE_WORDS = frozenset({"the_topic", "with_the_topic", "topic", "told", "times", "the_trouble", "plight"})
TOPIC_WORDS = frozenset({"topic", "address"})
NAME_WORDS = frozenset({"first_name", "family_name", "title"})
Habit = Literal["apologises", "validates", "thanks", "offers", "owns", "acts", "denies", "courtesy", "agrees"]
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
    place: Literal["opening", "close"] = "opening"
    trouble: tuple[str, ...] = ()
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
    book = read_toml(path, Phrasebook, language=path.stem)
    forbid_empty_lists(path)
    for greeting in book.greeting.values():
        forbid_banned((*greeting.named, *greeting.nameless), book.ban, path)
        check_phrases(greeting.named, GREETING_WORDS, path)
        check_phrases(greeting.nameless, frozenset(), path)
    for register in ("casual", "neutral", "formal"):
        if register not in book.greeting:
            raise wrong(path, "[greeting", f"[greeting.{register}] is missing; add it.")
    check_phrases((*book.topic.values(), *book.with_topic.values()), TOPIC_WORDS, path)
    check_phrases(tuple(book.called.values()), NAME_WORDS, path)
    for words in (*book.address.values(), *book.names.values(), book.outside):
        check_notation(words, path)
    for passage in book.passage:
        for tone in passage.tones:
            if tone not in tones:
                known, quoted = ", ".join(sorted(tones)), f'"{tone}"'
                raise wrong(path, quoted, f"there is no tone {tone!r}; name one of {known}.")
        check_phrases(passage.say, PASSAGE_WORDS, path)
        forbid_banned(passage.say, book.ban, path)
    for habit in book.does.values():
        check_notation(habit, path)
    cold_wordings = tuple(replace(cold, find=_with_choices(cold.find, book.becomes)) for cold in book.cold)
    for cold in cold_wordings:
        check_notation((cold.find, *cold.unless), path)
        check_phrases((cold.say,), slots(cold.find), path)
        forbid_banned((cold.say,), book.ban, path)
    return replace(book, cold=cold_wordings)


def _with_choices(find: str, becomes: Mapping[str, Mapping[str, str]]) -> str:
    """Return a cold wording in which each slot of `becomes` names the words that it stands for."""
    for slot, words in becomes.items():
        find = find.replace(f"<{slot}>", f"<{slot}={'|'.join(words)}>")
    return find
