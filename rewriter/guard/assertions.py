"""What a sentence asserts beside its facts, by the words of its language."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from rewriter.guard.words import FACT, PAUSE, Lexicon, Named, lexicon_of
from rewriter.model import ViolationKind

_LETTER = re.compile("[A-Z]")
_STEPS = 20  # markers of order that are followed in one sentence: a bound on time
_REACH = 3  # words from a comparator to its number
_BESIDE = 6  # words from who acts to the deed
_NONE: Counter[str] = Counter()
_CLAUSES: frozenset[tuple[str, str]] = frozenset(
    {("condition", "if"), ("condition", "when"), ("comparator", "once")}
)


@dataclass(frozen=True, slots=True)
class Assertions:
    """What one sentence asserts; marks are counted by kind, then by what they say."""

    marks: Mapping[ViolationKind, Counter[str]]
    said: Mapping[tuple[str, str], str]  # the words by which a mark was made
    tense: Counter[str]
    actors: tuple[str, ...]
    named: tuple[Named, ...]
    question: bool
    sequenced: bool
    requests: int = 0
    denied: frozenset[int] = frozenset()  # the clauses that hold a negation
    telling: tuple[str, ...] = ()  # its words, without those of courtesy

    def counted(self, kind: ViolationKind) -> Counter[str]:
        """Return how often each mark of a kind stands in it."""
        return self.marks.get(kind, _NONE)


@lru_cache(maxsize=4096)
def asserted(text: str, language: str, *, without_blame: bool = False) -> Assertions:
    """Return what a sentence asserts; each of its facts stands as FACT.

    With `without_blame`, "you failed to attach" is read as "not attach". The language must have a lexicon.
    """
    lexicon = cast(Lexicon, lexicon_of(language))
    pieces = tuple(lexicon.pieces(text))
    words = tuple(word for word, _ in pieces)
    written = tuple(piece for _, piece in pieces)
    if without_blame and (softened := lexicon.without_blame(words)) != words:
        words = written = softened
    return _Reader(lexicon, words, written, asks="?" in text or "？" in text).read()


class _Reader:
    """Reads one sentence from left to right."""

    def __init__(self, lexicon: Lexicon, words: tuple[str, ...], written: tuple[str, ...], *, asks: bool) -> None:
        self.lexicon = lexicon
        self.asks = asks
        self.words = words
        self.written = written
        self.keys = lexicon.keys(words)
        self.marks: dict[ViolationKind, Counter[str]] = {}
        self.said: dict[tuple[str, str], str] = {}
        self.tense: Counter[str] = Counter()
        self.actors: list[str] = []
        self.named: list[Named] = []
        self.sequence: list[tuple[str, int]] = []
        self.auxiliary = -9  # where the last auxiliary ended: a participle soon after it is its verb
        self.requests = 0
        self.people: dict[int, str] = {}  # where each pronoun stands
        self.tenses: dict[int, str] = {}  # where each auxiliary ends
        self.supposes: set[int] = set()  # where a clause that only supposes begins
        self.leads: set[int] = set()  # where a word ends after which a verb stands: "must", "please"
        self.denies: set[int] = set()  # where a negation stands
        self.courtesy: set[int] = set()
        self.ends = [at for at, word in enumerate(words) if word == ","]  # where each clause ends

    def read(self) -> Assertions:
        self._suppose()
        at = 0
        while at < len(self.words):
            at += self._step(at)
        yet = self.said.get(("negation", "not yet"), "")
        if yet in self.lexicon.still and self.marks["negation"].keys() == {"not yet"}:
            del self.marks["negation"]
            self.denies.clear()
        return Assertions(
            self.marks,
            self.said,
            self.tense,
            tuple(self.actors),
            self._placed(),
            self.asks and not self.requests,
            bool(self.sequence),
            self.requests,
            frozenset(bisect(self.ends, at) for at in self.denies),
            tuple(word for at, word in enumerate(self.words) if at not in self.courtesy and word != ","),
        )

    def _suppose(self) -> None:
        """Note sentences that suppose by opening with their verb: "Komt het niet aan, schrijf ons"."""
        if not self.lexicon.inverts or self.asks:
            return
        begins = [0, *(end + 1 for end in self.ends if self.written[end] == PAUSE)]
        for at in begins:
            after = bisect(self.ends, at)
            comma = self.ends[after] if after < len(self.ends) else 0
            if comma > at + 1 and self.written[comma] != PAUSE and self.words[at + 1] in self.lexicon.inverts:
                self.marks.setdefault("condition", Counter())["if"] += 1
                self.said.setdefault(("condition", "if"), self.words[at])
                self.supposes.add(at)

    def _step(self, at: int) -> int:
        length, listed = self.lexicon.listed_at(self.words, at, asks=self.asks)
        size, key = self.lexicon.same_at(self.keys, at)
        if size > length or not listed:
            self._name(at, key, size)
            return max(size, 1)
        told = [self._mark(at, length, kind, said) for kind, said in listed]
        if not any(told):
            self._name(at, key)
        return length

    def _mark(self, at: int, length: int, kind: str, said: str) -> bool:
        """Note a listed phrase; False where it says nothing here, so that its word counts as any other."""
        phrase = " ".join(self.words[at : at + length])
        if phrase in self.lexicon.words.near_numbers and FACT not in self.words[at : at + length + _REACH]:
            return False
        if kind == "tense":
            self._tense(at + length, said)
        elif kind == "actor":
            self.actors.append(said)
            self.people[at] = said
        elif kind in ("request", "question"):
            self.requests += 1
            self.leads.add(at + length - 1)
            self.courtesy |= set(range(at, at + length))
        elif kind == "courtesy":
            self.courtesy |= set(range(at, at + length))
        elif kind == "sequence":
            self.sequence.append((said, at))
            return (
                any(other != "sequence" for other, _ in self.lexicon.listed_at(self.words, at, asks=self.asks)[1])
                or said == "next"
            )
        else:
            self.marks.setdefault(cast(ViolationKind, kind), Counter())[said] += 1
            self.said.setdefault((kind, said), phrase)
            if (kind, said) in _CLAUSES:
                self.supposes.add(at)
            elif kind == "negation":
                self.denies.add(at)
            if kind == "certainty":
                self.auxiliary = at + length
                self.leads.add(at + length - 1)
        return True

    def _tense(self, end: int, said: str) -> None:
        self.auxiliary = end
        if said == "perfect":  # "has sent" tells of the past, "has a question" does not
            ahead = self.words[end : end + self.lexicon.words.reach]
            if not any(self.lexicon.form("tense", word) == "past" for word in ahead):
                return
            said = "past"
        self.tense[said] += 1
        self.tenses[end] = said

    def _name(self, at: int, key: str, size: int = 0) -> None:
        word = self.words[at]
        letter = at > 0 and self.words[at - 1] in self.lexicon.directions and _LETTER.fullmatch(self.written[at])
        if not size and not letter and not self.lexicon.names(word):
            return
        said = " ".join(self.keys[at : at + max(size, 1)])
        self.named.append(Named(key, said, word, self.written[at], at, at > 0 and self.written[at - 1] != PAUSE))
        form = self.lexicon.form("tense", word)
        far = at - self.auxiliary > self.lexicon.words.reach
        if form in self.lexicon.words.tense and far and not self._adjective(at):
            self.tense[form] += 1

    def _adjective(self, at: int) -> bool:
        return at > 0 and self.words[at - 1] in self.lexicon.before_adjectives

    def _placed(self) -> tuple[Named, ...]:
        """Return the named words, each with its step, its clause, its tense and the people beside it."""
        phases = self._phases()
        ends = self.ends
        taken = {named.at for named in self.named}
        placed = []
        for named in self.named:
            clause = bisect(ends, named.at)
            begin = ends[clause - 1] if clause else 0
            agent, owner, tense, passive = "", "", "", False
            noun = self._noun(named.at)
            near = self.lexicon.words.reach if self.lexicon.words.capitals else _BESIDE
            for at in range(named.at - 1, max(begin, named.at - near) - 1, -1):
                tense = tense or self.tenses.get(at + 1, "")
                passive = passive or self.words[at] in self.lexicon.passive
                person, _, case = self.people.get(at, "").partition(" ")
                if person and case == "own" and not agent:
                    owner = owner or person
                elif person and not case:
                    agent = "" if self._takes(at) else person
                    break
                if at in taken and (noun or not self._noun(at)):
                    break
            if noun:
                agent = tense = ""  # which nobody does
            patient = self._patient(named.at)
            form = "" if self._adjective(named.at) else self.lexicon.form("tense", named.word)
            person, _, case = self.lexicon.form("actor", named.word).partition(" ")
            agent, patient = (agent, person) if case else (agent or person, patient)
            passive = passive and form == "past"
            if passive:
                agent, patient = "", agent or patient
            placed.append(
                replace(
                    named,
                    phase=phases.get(named.at, 0),
                    agent=agent,
                    patient=patient,
                    owner=owner,
                    tense=tense or ("" if passive else form),
                    clause=clause,
                    deed=not self._adjective(named.at)
                    and (bool(agent or patient or form) or named.at - 1 in self.leads),
                    supposed=any(begin <= at < named.at for at in self.supposes),
                    behind=self._behind(named.at, taken),
                    joined=self._joined(named.at, taken),
                    passive=passive,
                )
            )
        return tuple(placed)

    def _noun(self, at: int) -> bool:
        """Tell whether a word is a noun by its capital, in a language that writes them so."""
        return self.lexicon.words.capitals and at > 0 and self.written[at][:1].isupper()

    def _takes(self, at: int) -> bool:
        """Tell whether the pronoun here is what the verb before it takes: "we give you", "we let you"."""
        before = self.words[at - 1] if at else ""
        return self.lexicon.words.subject_first and self.people[at] == "2" and self.lexicon.is_light(before)

    def _behind(self, at: int, taken: Collection[int]) -> str:
        """Return the direction that a word stands behind ("from"), with one small word between them or none."""
        near = [place for place in (at - 1, at - 2) if place >= 0]
        directions = (self.words[p] for p in near if self.words[p] in self.lexicon.directions)
        return "" if at - 1 in taken else next(directions, "")

    def _joined(self, at: int, taken: Collection[int]) -> str:
        """Return what joins a word to the one before it: "either" for "or", "both" for "and"."""
        for place in range(at - 1, max(at - _BESIDE, 0), -1):
            if joined := self.lexicon.joiners.get(self.words[place]):
                return joined
            if place in taken or self.words[place] == ",":
                break
        return ""

    def _patient(self, at: int) -> str:
        """Return to whom a deed is done: the pronoun right after it, or a later one whose form tells."""
        for place in range(at + 1, min(at + _REACH, len(self.words))):
            person, _, case = self.people.get(place, "").partition(" ")
            if self.words[place] == ",":
                break
            if case == "object" or (person == "2" and not case and place == at + 1):
                return person
        return ""

    def _phases(self) -> dict[int, int]:
        """Return for each named word which step of the sequence it belongs to."""
        phase = dict.fromkeys((named.at for named in self.named), 0) if self.sequence else {}
        for said, at in self.sequence[:_STEPS]:
            opens = not any(named.at < at for named in self.named)
            comma = next((i for i in range(at, len(self.words)) if self.words[i] == ","), len(self.words))
            for place in phase:
                if said == "earlier first":
                    later = at < place < comma if opens else place > at
                elif said == "later first":
                    later = place > comma if opens else place < at
                else:
                    later = place > at
                phase[place] += later
        return phase
