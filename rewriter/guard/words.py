"""The words by which sentences of a language assert something: its assertions.toml, made ready for looking up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from typing import Literal, cast

import Stemmer

from rewriter import lexicon
from rewriter.model import ViolationKind

PAUSE = "\n"  # stands between sentences that are read as one
FACT = "\ue000"  # stands where a fact stood: a character of private use, which no text means anything by
_PIECE = re.compile(rf"{FACT}|\w+(?:'\w+)*'?|[,;:\n]")
_RUN = re.compile(rf"{FACT}|[a-z0-9]+|[\u3400-\u9fff々]+|[\u30a1-\u30ffー]+|[\u3041-\u309f]+|[、，,\n]")
_DOUBLED = re.compile(r"(.)\1")
_HIRAGANA = re.compile("[\u3041-\u309f]+")
_PARTS = re.compile("[^']*'|[^']+")
_APOSTROPHES = str.maketrans("’ʼ‘`，、；：", "''''" + ",,;:")
_DENIES = frozenset(("un", "in", "im", "ir", "il", "dis", "non", "non-", "des", "dé", "an", "on", "ab"))
_BARE = 6  # letters of a verb that a pronoun may be written onto, with the pronoun, more than
_SYLLABLE = 3  # letters of a word that a syllable of denial may stand before, more than


@dataclass(frozen=True)
class Same:
    """Words and phrases that say the same."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Hollow:
    """Words that apologise, and those that may stand beside them where nothing is said of the matter."""

    sorry: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True)
class Added:
    """What an added sentence may and may not say; the guard's closed check reads it."""

    greetings: tuple[str, ...] = ()
    titles: str = ""
    words: str = ""
    phrases: tuple[str, ...] = ()
    frames: str = ""
    first_person: str = ""
    reports: str = ""
    negations: str = ""
    remedies: str = ""
    promises: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    apologies: tuple[str, ...] = ()
    hollow: Hollow | None = None
    sign_offs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """The file assertions.toml of a language; the file itself says what each key is for."""

    function: str
    softening: str
    marks: dict[ViolationKind, dict[str, tuple[str, ...]]]
    actor: dict[str, tuple[str, ...]]
    tense: dict[str, tuple[str, ...]]
    added: Added
    stemmer: str = ""
    doubling: bool = False  # spelling doubles letters within one verb: "controleer", "controleren"
    apostrophe: Literal["before", "after"] = "after"
    spaces: bool = True
    subject_first: bool = False  # a word right after "we", "must" or "please" is a verb
    capitals: bool = False  # every noun begins with one, as in German
    courtesy: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    near_numbers: tuple[str, ...] = ()
    before_adjectives: str = ""
    directions: str = ""
    either: str = ""
    both: str = ""
    passive: str = ""
    light: str = ""
    joins: str = ""
    inverts: str = ""  # subjects behind a verb that opens a sentence and so supposes: "Komt het niet, …"
    still: str = ""  # words of "not yet" that deny nothing by themselves
    apart: str = ""
    opposites: tuple[str, ...] = ()
    converses: tuple[str, ...] = ()
    participle: str = ""
    clitics: str = ""  # pronouns that are written onto their verb: "enviarla"
    reach: int = 3  # words from an auxiliary to its verb
    contractions: dict[str, str] = field(default_factory=dict)
    blame: dict[str, str] = field(default_factory=dict)
    sequence: dict[str, tuple[str, ...]] = field(default_factory=dict)
    endings: dict[ViolationKind, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    past: dict[str, str] = field(default_factory=dict)
    same: tuple[Same, ...] = ()
    near: tuple[Same, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A word or a listed phrase that names a thing or a deed; `key` is equal for words that say the same."""

    key: str
    said: str  # its stem, or those of the phrase
    word: str
    written: str
    at: int  # its place among the sentence's words
    inside: bool  # not the first word of a sentence
    phase: int = 0  # which step of a sequence it belongs to
    agent: str = ""  # who does it: "1s", "1p", "2", ...; "" where no pronoun tells
    patient: str = ""  # to whom it is done
    owner: str = ""  # whose it is
    tense: str = ""  # of its own verb
    clause: int = 0  # which clause it stands in
    deed: bool = False  # stands where a verb does
    supposed: bool = False  # in a clause that only supposes: "if it has not arrived"
    behind: str = ""  # the direction that it stands behind: "from", "to"
    joined: str = ""  # what joins it to the word before: "either", "both"
    passive: bool = False  # it is said that it is done, not who does it


class Lexicon:
    """The lists of one language, made ready for looking up; `lexicon_of` returns it."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._clitics = tuple(words.clitics.split())
        self.function = frozenset(words.function.split())
        self.before_adjectives = frozenset(words.before_adjectives.split())
        self.joiners = dict.fromkeys(words.either.split(), "either") | dict.fromkeys(words.both.split(), "both")
        self.directions = frozenset(words.directions.split())
        self.passive = frozenset(words.passive.split())
        self.apart = frozenset(self.key(word) for word in words.apart.split())
        self._sides = [
            frozenset(map(self.key, side.split())) for both in words.opposites for side in both.split("|")
        ]
        self._sided = frozenset().union(*self._sides)
        self._opposites = _pairs(words.opposites, self.key)
        self._converses = _pairs(words.converses, self.key)
        self.inverts = frozenset(words.inverts.split())
        self.still = frozenset(words.still.split())
        self.joins = frozenset(words.joins.split())
        self.light = frozenset(self.key(word) for word in words.light.split())
        self.softening = frozenset(self.key(word) for word in words.softening.split())
        self.endings = {
            kind: tuple((ending, said) for said, endings in sorts.items() for ending in endings)
            for kind, sorts in words.endings.items()
        }
        self._known: re.Pattern[str] | None = None
        if not words.spaces:
            listed = sorted(_phrases(words), key=len, reverse=True)
            self._known = re.compile("|".join(map(re.escape, listed)))
        self._listed: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        self._list("actor", words.actor)
        self._list("tense", words.tense)
        self._list("sequence", words.sequence)
        for kind, groups in words.marks.items():
            self._list(kind, groups)
        self._list("courtesy", {"": words.courtesy})
        self._list("request", {"": [said for said in words.requests if not said.endswith("?")]})
        self._list("question", {"": [said[:-1] for said in words.requests if said.endswith("?")]})
        for entries in self._listed.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        self._blame = [(self.phrase(said), self.phrase(meant)) for said, meant in words.blame.items()]
        self._same: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._senses: dict[str, frozenset[int]] = {}  # which lists of words that say the same a phrase stands in
        self._nearby: dict[str, frozenset[int]] = {}  # and which of words that come near one another
        self.denying: set[str] = set()  # phrases of such lists that hold a negation
        for sense, same in enumerate(words.same):
            first = " ".join(self.keys(self.phrase(same.words[0])))
            for phrase in same.words:
                self._alike(phrase, first, self._senses, sense)
        for sense, near in enumerate(words.near):
            for phrase in near.words:
                self._alike(phrase, "", self._nearby, sense)
        for synonyms in self._same.values():
            synonyms.sort(key=lambda entry: -len(entry[0]))

    def _alike(self, phrase: str, stands_for: str, senses: dict[str, frozenset[int]], sense: int) -> None:
        words = self.phrase(phrase)
        keys = self.keys(words)
        said = " ".join(keys)
        if stands_for or len(keys) > 1:
            self._same.setdefault(keys[0], []).append((keys, stands_for or said))
        senses[said] = senses.get(said, frozenset()) | {sense}
        marks = {(phrase, kind) for word in words for phrase, kind, _ in self._listed.get(word, ())}
        if len(words) > 1 and any(((word,), "negation") in marks for word in words):
            self.denying.add(said)

    def _list(self, kind: str, groups: Mapping[str, Iterable[str]]) -> None:
        for said, phrases in groups.items():
            for phrase in phrases:
                words = self.phrase(phrase)
                self._listed.setdefault(words[0], []).append((words, kind, said))

    def phrase(self, text: str) -> tuple[str, ...]:
        """Return the words of a listed phrase; where a language has no spaces, the phrase is one word."""
        return tuple(word for word, _ in self.pieces(text)) if self.words.spaces else (text,)

    def pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each word of a text, lower case and contractions written out, with how it was written.

        Commas are words of their own; FACT stands for a fact.
        """
        if self._known:
            yield from _unspaced(text.lower(), self._known)
            return
        contractions, before = self.words.contractions, self.words.apostrophe == "before"
        for written in _PIECE.findall(text.translate(_APOSTROPHES)):
            word = written.lower()
            if word in contractions:
                parts = [word]
            elif "'" not in word:
                yield ("," if word in ";:\n" else word), written
                continue
            elif before:
                word = word.rstrip("'")
                cut = len(word) - 3 if word.endswith("n't") else max(word.rfind("'"), 0) or len(word)
                parts = [word[:cut], word[cut:]]
            else:
                parts = _PARTS.findall(word)
            for part in parts:
                for expanded in contractions.get(part, part).split():
                    yield expanded, written

    def key(self, word: str) -> str:
        """Return the form under which a word is compared: its stem; an irregular form's verb first."""
        word = self.words.past.get(word, word)
        if self._clitics and word.endswith(self._clitics) and len(word) > _BARE:
            word = re.sub(f"(?:{'|'.join(self._clitics)})$", "", word)
        stem = _stem(self.words.stemmer, word)
        return _DOUBLED.sub(r"\1", stem) if self.words.doubling else stem

    def keys(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the keys of several words."""
        return tuple(self.key(word) for word in words)

    def listed_at(self, words: tuple[str, ...], at: int, *, asks: bool) -> tuple[int, tuple[tuple[str, str], ...]]:
        """Return the length of the longest listed phrase that begins here, and all that it is: (kind, said)."""
        length, found = 0, []
        for phrase, kind, said in self._listed.get(words[at], ()):
            if len(phrase) < length:
                break
            if kind == "question" and not asks:
                continue
            if words[at : at + len(phrase)] == phrase:
                length = len(phrase)
                found.append((kind, said))
        return length, tuple(found)

    def same_at(self, keys: tuple[str, ...], at: int) -> tuple[int, str]:
        """Return the length of the longest phrase here that others say the same as, and their key; 0 for none."""
        for phrase, said in self._same.get(keys[at], ()):
            if keys[at : at + len(phrase)] == phrase:
                return len(phrase), said
        return 0, keys[at]

    def knows(self, one: Named) -> bool:
        """Tell whether the lexicon lists a word: with others that say the same, with its opposite, or apart."""
        return one.said in self._senses or one.said in self.apart or one.said in self._sided

    def opposed(self, one: Named, other: Named) -> bool:
        """Tell whether two words are opposites: listed, or one with a syllable of denial before it."""
        if (self.key(one.word), self.key(other.word)) in self._opposites:
            return True
        short, long = sorted((one.word, other.word), key=len)
        return len(short) > _SYLLABLE and long.endswith(short) and long[: -len(short)] in _DENIES

    def converse(self, one: Named, other: Named) -> bool:
        """Tell whether two words tell one deed from two sides: "we pay" it, "you receive" it."""
        sides = one.agent != other.agent or not one.agent
        return sides and (self.key(one.word), self.key(other.word)) in self._converses

    def on_one_side(self, one: Named, other: Named) -> bool:
        """Tell whether two words have the same opposites: "open" and "start"."""
        return any(one.said in side and other.said in side for side in self._sides)

    def alike(self, one: Named, other: Named) -> bool:
        """Tell whether one of the lists of words that say the same has both."""
        return not self._senses.get(one.said, frozenset()).isdisjoint(self._senses.get(other.said, ()))

    def near(self, one: Named, other: Named) -> bool:
        """Tell whether one of the lists of words that come near one another has both."""
        return not self._nearby.get(one.said, frozenset()).isdisjoint(self._nearby.get(other.said, ()))

    def is_light(self, word: str) -> bool:
        """Tell whether a word carries little, as "go" and "put" do."""
        return self.key(word) in self.light

    def without_blame(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words with each phrase of blame put as the plain phrase that it may be softened to."""
        for said, meant in self._blame:
            for at in range(len(words) - len(said) + 1):
                if words[at : at + len(said)] == said:
                    words = words[:at] + meant + words[at + len(said) :]
                    break
        return words

    def form(self, kind: ViolationKind, word: str) -> str:
        """Return what a word's form says in respect of a kind (its tense, its actor), "" where it says nothing."""
        if kind == "tense" and word in self.words.past:
            return "past"
        fits = [
            (len(e), said) for e, said in self.endings.get(kind, ()) if len(word) > len(e) + 2 and word.endswith(e)
        ]
        said = max(fits)[1] if fits else ""
        return "" if said == "none" else said

    def names(self, word: str) -> bool:
        """Tell whether a word names something, rather than hold a sentence together."""
        if word in self.function or word in (FACT, ",") or word[-1] == "'":
            return False
        return self.words.spaces or not _HIRAGANA.fullmatch(word)


def _pairs(lines: Iterable[str], key: Callable[[str], str]) -> frozenset[tuple[str, str]]:
    """Return each word of one side with each of the other, both ways: "pay send | receive get"."""
    return frozenset(
        pair
        for line in lines
        for one, other in product(*(map(key, side.split()) for side in line.split("|")))
        for pair in ((one, other), (other, one))
    )


@cache
def lexicon_of(language: str) -> Lexicon | None:
    """Return the lexicon of a language (ISO 639-1), None where it has none: nothing is judged there.

    Raises PromptError with file and line on a bad entry.
    """
    words = lexicon.load("assertions", language, Words)
    return Lexicon(words) if words else None


@lru_cache(maxsize=65536)
def _stem(algorithm: str, word: str) -> str:
    return cast(str, _stemmer(algorithm).stemWord(word)) if algorithm else word


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)


def _unspaced(text: str, known: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Cut a text without spaces into listed phrases, the longest first, and runs of one script."""
    pending = 0
    for found in known.finditer(text):
        for run in _RUN.findall(text[pending : found.start()]):
            yield ("," if run in "、，\n" else run), run
        yield found[0], found[0]
        pending = found.end()
    for run in _RUN.findall(text[pending:]):
        yield ("," if run in "、，\n" else run), run


def _phrases(words: Words) -> set[str]:
    """Return every phrase that a lexicon lists."""
    groups: list[Iterable[str]] = [words.function.split(), words.softening.split(), words.courtesy, words.requests]
    groups += [words.blame, *(same.words for same in words.same)]
    for sorts in (words.actor, words.tense, words.sequence, *words.marks.values()):
        groups += sorts.values()
    added = words.added
    groups += [added.words.split(), added.frames.split(), added.first_person.split(), added.phrases, added.promises]
    groups += [added.faults, added.causes, added.policies, added.apologies, added.greetings, added.sign_offs]
    return {phrase for group in groups for phrase in group}
