"""What a rule of the grammar is, and the small patterns and readers that all rules share."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rewriter.facts import values
from rewriter.facts.values import Marks, Words
from rewriter.model import FactKind

Read = Callable[[re.Match[str], str], str | None]

DIGIT = "0"  # stands for any digit among the tokens that a rule begins with
ANYWHERE = frozenset({""})  # begins with no token of its own: the pattern is searched through the whole text

S = r"[ \xa0\n]"
MINUS = r"(?P<n>-(?=\d))?"
_LETTER = "a-zß-öø-ÿ\u0100-\u024f"
END = rf"(?![0-9_{_LETTER}])"
BEGIN = rf"(?<![0-9_{_LETTER}])"
UNSPACED = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Chinese and Japanese signs, which set no words apart
LETTER = rf"[^\W\d_{UNSPACED}]"
WORD = rf"[^\W{UNSPACED}]"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one form of a fact is found and read; a group `x` in the pattern narrows the span to that group."""

    kind: FactKind
    begins: frozenset[str]  # the tokens that it may begin with
    pattern: re.Pattern[str]
    read: Read
    needs: str = ""  # one of these must stand somewhere in the text; "0" is any digit, "a" any letter
    shorter: Callable[[re.Match[str]], int] | None = None  # how much to try where the whole match reads as nothing
    span: str | int = 0  # the group that is the fact


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for any of the phrases, the longest first; one that can never match where there are none.

    A phrase that ends in a letter or digit ends there; signs, and scripts without spaces, may run on.
    """
    longest = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    whole = [phrase for phrase in longest if phrase[-1].isalnum() and phrase[-1] < "\u2e80"]
    running = [phrase for phrase in longest if phrase not in whole]
    begun = [phrase for phrase in running if any(other.startswith(phrase) for other in whole)]  # "°" of "°c"
    first = [phrase for phrase in running if phrase not in begun]
    parts = [_either(first), f"(?:{_either(whole)}){END}" if whole else "", _either(begun)]
    return f"(?:{'|'.join(filter(None, parts))})" if longest else "(?!)"


def _either(phrases: list[str]) -> str:
    """Return a pattern for one of the phrases, longest first, in which what they begin with alike stands once."""
    endings: dict[str, list[str]] = {}
    for phrase in phrases:
        endings.setdefault(phrase[:1], []).append(phrase[1:])
    return "|".join(
        (f"{S}+" if mark == " " else re.escape(mark))
        + (_either(rests) if len(rests) == 1 else f"(?:{_either(rests)})")
        for mark, rests in endings.items()
        if mark
    ) + ("|" if "" in endings and len(endings) > 1 else "")


class Grammar:
    """The words of one language as the small patterns and readers that its rules share."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: Words = values.words(language)
        self.marks: Marks = values.marks()
        self.months = values.months(language)
        self.weekdays = values.weekdays(language)
        self.full_names = values.full_names(language)
        self.digits = _digits(self.words)
        self.spelled = _spelled(self.words)
        self.number = f"(?>{self.digits}|{self.spelled})"  # atomic: a number is never read in part
        self.first_of_two = (
            f"(?:{self.digits}|{self.spelled}?)"  # "between two and three": the "and" is no part of it
        )
        self.counted = f"(?:{self.number}|{any_of(self.words.vague)})"
        ranges = any_of(self.words.ranges)
        self.to = f"(?:[-~]|{ranges})" if self.words.no_spaces else f"(?:{S}?-{S}?|{S}{ranges}{S})"
        self.begin_number = self.firsts(self.words.number_words) | {DIGIT, *values.PARTS}
        self.begin_counted = self.begin_number | self.firsts(self.words.vague)

    def firsts(self, phrases: Iterable[str]) -> frozenset[str]:
        """Return the first token of each phrase: a word, or a sign where words are not set apart."""
        found = (TOKENS[self.words.no_spaces].match(phrase) for phrase in phrases)
        return frozenset(DIGIT if match[0].isdigit() else match[0] for match in found if match)

    def count(self, text: str) -> str | None:
        """Return a written number, or a vague one like "a few", in canonical form."""
        text = text.strip()
        if text[:1].isdigit() or text.startswith(tuple(values.PARTS)):
            return values.digits(text, self.words.decimal)
        said = folded(text)
        return self.words.vague.get(said) or values.spelled(said, self.language)

    def span(self, first: str, last: str | None, scales: Sequence[int] = (1, 1)) -> str | None:
        """Return a number, or a range of two, in canonical form; None where one of them is no number."""
        ends = [(self.count(end), scale) for end, scale in zip((first, last), scales, strict=True) if end]
        known = [values.scaled(end, scale) for end, scale in ends if end]
        return "..".join(known) if len(known) == len(ends) else None

    def is_pronoun(self, text: str) -> bool:
        """Whether a number word may stand for a thing rather than a count: "the one you chose"."""
        return text in self.words.not_alone or (self.words.no_spaces and not text[0].isdigit())

    def follows(self, match: re.Match[str], cased: str, phrases: Collection[str]) -> bool:
        """Whether the word right before a match is one of the phrases."""
        before = cased[max(0, match.start() - 16) : match.start()].lower()
        if self.words.no_spaces:
            return before.endswith(tuple(phrases))
        return (before.split() or [""])[-1].lstrip("(") in phrases

    def noun_follows(self, match: re.Match[str], cased: str) -> bool:
        """Whether the next word may be a noun that the match counts: "a second attempt"."""
        after = re.match(rf"{S}+([^\W\d_]+)", cased[match.end() : match.end() + 24])
        return bool(after and after[1].lower() not in self.words.after_day)


TOKENS = {
    False: re.compile(r"\d+|[^\W\d_]+|[^\w\s]"),
    True: re.compile(r"\d+|[a-z]+|[^\s\w]|\w"),
}
"""The first tokens that rules begin with, where words are set apart by spaces (False) and where not (True)."""


def _digits(words: Words) -> str:
    """Return the pattern of a number in digits, whichever marks group them."""
    spaced = r"\d{1,3}(?: \d{3})+(?:,\d{1,6})?(?!\d)|" if words.space_groups else ""
    parted = rf"(?:\d{{1,3}} )?(?:[13]/[248]|[12]/3)(?![\d/])|\d{{0,3}}[{values.PARTS}]|"  # 1 1/2, 2½
    return (
        rf"(?:{parted}{spaced}\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,6}})?(?!\d)|\d{{1,3}}(?:\.\d{{3}})+(?:,\d{{1,6}})?(?!\d)"
        r"|\d{1,3}(?:['\xa0]\d{3})+(?:[.,]\d{1,6})?(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d)"
        r"|\d{1,15}(?:[.,]\d{1,6})?(?!\d))"
    )


def _spelled(words: Words) -> str:
    """Return the pattern of a number in words."""
    if words.no_spaces:
        return f"[{''.join(words.number_words)}]{{1,12}}"
    joiner = f"(?:{any_of(words.number_joiners)}{S})?"
    if words.number_parts:
        parts = "|".join(sorted(map(re.escape, words.number_words), key=len, reverse=True))
        word = f"(?:(?:{parts}){{1,9}}{END})"
    else:
        word = any_of(words.number_words)
    return f"{word}(?:(?:{S}|-){joiner}{word}){{0,8}}"


@cache
def grammar(language: str) -> Grammar:
    """Return the grammar of a language."""
    return Grammar(language)


def rule(
    kind: FactKind,
    begins: Iterable[str],
    pattern: str,
    read: Read,
    needs: str = "",
    shorter: Callable[[re.Match[str]], int] | None = None,
) -> Rule:
    """Return a rule with its pattern compiled."""
    compiled = re.compile(pattern)
    span = "x" if "x" in compiled.groupindex else 0
    return Rule(kind, frozenset(begins), compiled, read, needs, shorter, span)


def table(kind: FactKind, g: Grammar, phrases: Mapping[str, str]) -> Rule:
    """Return the rule for phrases whose value stands in a table."""
    return rule(kind, g.firsts(phrases), any_of(phrases), lambda m, _: phrases.get(folded(m[0])))


def written(match: re.Match[str], cased: str) -> str:
    """Return a match with its capitals."""
    return cased[match.start() : match.end()]


def folded(text: str) -> str:
    """Return a phrase with one plain space between its words."""
    return " ".join(text.split())
