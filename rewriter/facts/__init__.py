"""Find the typed facts of a text: where they stand, and what they say in one canonical form.

The grammar knows the spans; of two that overlap the longer one is the fact. Decisions that are not plain to see:
a lone "one" is a pronoun and no fact, "one day" is; a number before a list item ("1. Open") is no fact; 03/04 is
kept as written where both orders are in use; "$5" is not "USD 5", for a dollar is that of whoever writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from rewriter.facts.grammar import ANYWHERE, BEGIN, DIGIT, TOKENS, Rule, any_of, grammar, rules
from rewriter.facts.values import Words, marks, words
from rewriter.model import Fact, FactKind

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANK, _WORD = re.compile(r"\s+"), re.compile(r"\w")
_RUN_ON = re.compile("[\u2e80-\ud7ff]")  # scripts that do not set words apart
_TEMPORAL = frozenset({"date", "time", "duration"})
_MEASURED = _TEMPORAL | {"amount", "percentage", "quantity", "number", "ordinal"}
_IN_TIME = {"<=": "until", ">=": "since", "within": "by"}  # "starting from Friday" is "since Friday"
_IN_COUNTS = {"until": "<="}  # "until 5" is "up to 5"; "since two drivers were ill" is no count
_SHORT = 1_000  # signs of a text whose facts are remembered: a bound on memory
_COMPARISONS = frozenset({"<=", ">=", "<", ">", "~", "=", "each"})


class _OneForm(dict[int, str]):
    """How signs are folded, one for one; the digits of all scripts are told when they are met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = folded = str(unicodedata.decimal(sign, sign))
        return folded


@cache
def _one_form() -> _OneForm:
    """Return how signs are folded: any script's digits, full-width letters, blanks, dashes, quotes."""
    table = _OneForm({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
    table |= {ord("￥"): "¥", ord("￡"): "£", ord("￠"): "¢"}
    table |= dict.fromkeys(map(ord, "\u2007\u2009\u202f\u3000"), "\xa0") | dict.fromkeys(map(ord, "\t\r"), " ")
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(map(ord, "‘’ʼ′"), "'") | {ord("〜"): "~"}
    return table


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text in one form, with its capitals and without; `places` maps back where signs were left out."""

    cased: str
    lower: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        return self.places[index] if self.places else index


def _fold(text: str) -> _Folded:
    places: tuple[int, ...] = ()
    seen = text
    if _UNSEEN.search(text):
        places = (*(index for index, mark in enumerate(text) if not _UNSEEN.match(mark)), len(text))
        seen = _UNSEEN.sub("", text)
    cased = seen if seen.isascii() and "\t" not in seen and "\r" not in seen else seen.translate(_one_form())
    lower = cased.lower()
    if len(lower) != len(cased):
        lower = "".join(mark.lower() if len(mark.lower()) == 1 else mark for mark in cased)
    return _Folded(cased, lower, places)


@dataclass(frozen=True, slots=True)
class _Index:
    """The rules of a language, by the token that they begin with."""

    by_token: dict[str, tuple[tuple[int, Rule], ...]]
    anywhere: tuple[tuple[int, Rule], ...]
    compound: re.Pattern[str] | None
    no_facts: re.Pattern[str] | None
    signs: frozenset[str]  # of currencies
    needed: frozenset[str]  # signs that one rule or another needs


@cache
def _index(language: str) -> _Index:
    known = grammar(language)
    by_token: dict[str, tuple[tuple[int, Rule], ...]] = {}
    anywhere: tuple[tuple[int, Rule], ...] = ()
    for order, rule in enumerate(rules(known)):
        if rule.begins == ANYWHERE:
            anywhere += ((order, rule),)
        for token in rule.begins - ANYWHERE:
            by_token[token] = (*by_token.get(token, ()), (order, rule))
    compound = re.compile(known.spelled) if known.words.number_parts else None
    no_facts = re.compile(BEGIN + any_of(known.words.no_facts)) if known.words.no_facts else None
    signs = frozenset(sign for sign in known.marks.currencies if len(sign) == 1)
    needed = frozenset("".join(rule.needs for _, rule in (*by_token[DIGIT], *anywhere)))
    return _Index(by_token, anywhere, compound, no_facts, signs, needed)


@lru_cache(1024)
def _worth(language: str, signs: frozenset[str]) -> tuple[tuple[tuple[int, Rule], ...], ...]:
    """Return the rules that begin with digits, and those that begin anywhere, for a text that has these signs."""
    index = _index(language)
    return tuple(
        tuple(one for one in listed if not one[1].needs or not signs.isdisjoint(one[1].needs))
        for listed in (index.by_token[DIGIT], index.anywhere)
    )


class _Candidate(NamedTuple):
    start: int
    end: int
    order: int
    kind: FactKind
    value: str


def find(text: str, language: str, *, names: Sequence[str] = (), products: Sequence[str] = ()) -> tuple[Fact, ...]:
    """Return the facts of a text, in order and without overlap, with offsets into `text`.

    `language` is ISO 639-1; one without a lexicon is read with the signs and words of English. `names` are full
    names of people: they and their parts are found. `products` are found as written, in any case.
    """
    known = text, language[:2].lower(), tuple(names), tuple(products)
    return _remembered(*known) if len(text) <= _SHORT else _find(*known)


def _find(text: str, language: str, names: tuple[str, ...], products: tuple[str, ...]) -> tuple[Fact, ...]:
    folded = _fold(text)
    given = _named(folded, names, products, language)
    chosen = _longest([*given, *_no_facts(folded, language), *_candidates(folded, language)])
    return tuple(_fact(candidate, text, folded, words(language)) for candidate in chosen if candidate.value)


_remembered = lru_cache(512)(_find)  # a draft's lines come again: sealed, in its rewrite, between their facts


def same(a: Fact, b: Fact) -> bool:
    """Whether two facts say the same: equal kind, value and scope, however they are written."""
    return (a.kind, a.value, a.scope) == (b.kind, b.value, b.scope)


def _longest(candidates: list[_Candidate]) -> list[_Candidate]:
    """Return the candidates that stand when of two that overlap the longer wins, in order of place."""
    chosen: list[_Candidate] = []
    taken: set[int] = set()
    for candidate in sorted(candidates, key=lambda one: (one.start - one.end, one.order, one.start)):
        # candidates come longest first, so one that overlaps a chosen one has an end inside it
        if candidate.start not in taken and candidate.end - 1 not in taken:
            chosen.append(candidate)
            taken.update(range(candidate.start, candidate.end))
    return sorted(chosen, key=lambda one: one.start)


def _candidates(folded: _Folded, language: str) -> Iterator[_Candidate]:
    """Yield every span that a rule reads as a fact."""
    lower, cased = folded.lower, folded.cased
    index = _index(language)
    known = index.by_token
    signs = set(lower)
    signs |= {DIGIT for sign in signs if sign.isdecimal()} | {"a" for sign in signs if sign.isalpha()}
    (*of_digits, any_digits), anywhere = _worth(language, index.needed & signs)
    for match in TOKENS[grammar(language).words.no_spaces].finditer(lower):
        token = match[0]
        tried: Sequence[tuple[int, Rule]] | None = known.get(token)
        if token[0].isdecimal():
            start, alone = match.start(), True
            for order, rule in () if _inside(lower, start, index.signs) else of_digits:
                if candidate := _read(order, rule, lower, cased, start):
                    alone = alone and candidate.end != match.end()
                    yield candidate
            if alone and (candidate := _read(*any_digits, lower, cased, start)):
                yield candidate  # the figures themselves, where what they seem to begin gives way to another fact
            continue
        if tried is None and index.compound and index.compound.fullmatch(token):
            tried = known.get(grammar(language).words.number_words[0])
        start = match.start()
        if tried is None or _in_a_word(lower, start):
            continue
        for order, rule in tried:
            if candidate := _read(order, rule, lower, cased, start):
                yield candidate
    for order, rule in anywhere:
        for found in rule.pattern.finditer(lower):
            if (value := rule.read(found, cased)) is not None:
                yield _candidate(found, order, rule, value)


def _no_facts(folded: _Folded, language: str) -> Iterator[_Candidate]:
    """Yield, with no value, the phrases that only look like facts: they keep their place from shorter ones."""
    phrases = _index(language).no_facts
    if phrases:
        for match in phrases.finditer(folded.lower):
            yield _Candidate(match.start(), match.end(), -1, "number", "")


def _in_a_word(lower: str, start: int) -> bool:
    before = lower[start - 1] if start else " "
    return before.isascii() and (before.isalnum() or before == "_")


def _inside(lower: str, start: int, signs: frozenset[str]) -> bool:
    """Whether digits stand inside a token, a number or an amount, which have rules of their own."""
    before = lower[start - 1] if start else " "
    if before in ".,'":
        return start > 1 and lower[start - 2].isdecimal()
    return before in signs or (before.isascii() and (before.isalpha() or before == "_"))


def _read(order: int, rule: Rule, lower: str, cased: str, start: int) -> _Candidate | None:
    """Return the fact that a rule reads at `start`, None where it reads none."""
    found = rule.pattern.match(lower, start)
    value = rule.read(found, cased) if found else None
    if found and value is None and rule.shorter and (length := rule.shorter(found)):
        found = rule.pattern.match(lower, start, start + length)
        value = rule.read(found, cased) if found else None
    return _candidate(found, order, rule, value) if found and value is not None else None


def _candidate(found: re.Match[str], order: int, rule: Rule, value: str) -> _Candidate:
    start, end = found.span(rule.span)
    return _Candidate(start, end, order, rule.kind, value)


# --- names that are given ---------------------------------------------------------------------------------


@lru_cache(256)
def _given(names: tuple[str, ...], products: tuple[str, ...]) -> tuple[tuple[FactKind, tuple[str, ...]], ...]:
    """Return the names with their parts, and the products, as they are looked for: each its words, in one form."""
    parts = {
        _fold(part).lower.strip(" .,'")
        for name in names
        for place, part in enumerate(re.split(r"[\s,]+", name.strip()))
        # "de" of "Anna de Wit" is no name by itself, nor is "De"
        if (name.islower() or not part.islower()) and not (place and part.lower() in marks().particles)
    }
    full = {_fold(name).lower.strip() for name in names}
    people = {part for part in full | parts if len(part) > 1 or part > "\u2e80"}
    things = {_fold(product).lower.strip() for product in products} - {""}
    return ("name", tuple(sorted(people))), ("product", tuple(sorted(things)))


def _named(
    folded: _Folded, names: tuple[str, ...], products: tuple[str, ...], language: str
) -> Iterator[_Candidate]:
    """Yield the given names and products wherever they stand as whole words."""
    if not names and not products:
        return
    usual = frozenset(words(language).name_words)
    for kind, phrases in _given(names, products):
        for phrase in phrases:
            for start, end in _whole(folded.lower, phrase):
                if kind == "product" or phrase not in usual or folded.cased[start].isupper():  # "will" is no name
                    yield _Candidate(start, end, -1, kind, " ".join(folded.lower[start:end].split()))


def _whole(text: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Yield where a phrase stands as whole words, whatever blanks are between them.

    A word may also begin or end beside a sign of a script that does not set words apart.
    """
    first, *others = phrase.split()
    start = text.find(first)
    while start >= 0:
        end = start + len(first)
        for word in others:
            blank = _BLANK.match(text, end)
            if not blank or not text.startswith(word, blank.end()):
                break
            end = blank.end() + len(word)
        else:
            if not any(
                _WORD.match(sign) and not _RUN_ON.match(sign)
                for sign in (text[start - 1 : start], text[end : end + 1])
            ):
                yield start, end
        start = text.find(first, start + 1)


# --- scope ------------------------------------------------------------------------------------------------


def _fact(found: _Candidate, text: str, folded: _Folded, language: Words) -> Fact:
    start, end = folded.place(found.start), folded.place(found.end - 1) + 1
    scope = _scope(found, folded.lower, language) if found.kind in _MEASURED else ""
    return Fact(found.kind, text[start:end], found.value, start, end, scope)


def _scope(found: _Candidate, lower: str, language: Words) -> str:
    """Return what the words around a fact say of how far it goes."""
    before, after = lower[max(0, found.start - 40) : found.start], lower[found.end : found.end + 32]
    scopes = _behind(after, language)
    if language.no_spaces:
        ahead = max((k for k in language.scope_before if before.rstrip().endswith(k)), key=len, default="")
        scopes = [language.scope_before.get(ahead, ""), *scopes]
    elif not before.rstrip()[-1:].isdecimal():
        scopes = [*_ahead(before, language), *scopes]
    plain = _IN_TIME if found.kind in ("date", "time") else {} if found.kind == "duration" else _IN_COUNTS
    scopes = [plain.get(scope, scope) for scope in scopes if scope]
    allowed = [scope for scope in scopes if scope in _COMPARISONS or found.kind in _TEMPORAL]
    if ".." in found.value and "since" in allowed:
        allowed.remove("since")  # "from" only opens the range
    return " ".join(dict.fromkeys(allowed))


def _ahead(before: str, language: Words) -> list[str]:
    """Return what the words before a fact say of it, the outermost first: "by the end of" May is by, and end."""
    earlier = before.replace("(", " ").split()
    found: list[str] = []
    while earlier and len(found) < 3:
        length = next((n for n in (5, 4, 3, 2, 1) if " ".join(earlier[-n:]) in language.scope_before), 0)
        if length:
            found.insert(0, language.scope_before[" ".join(earlier[-length:])])
        elif earlier[-1] not in language.scope_skip:
            break
        del earlier[-(length or 1) :]
    return found or (["~"] if before[-1:] == "~" else [])


def _behind(after: str, language: Words) -> list[str]:
    """Return what the words after a fact say of it: "or more"."""
    if language.no_spaces:
        behind = max((k for k in language.scope_after if after.lstrip().startswith(k)), key=len, default="")
        return [language.scope_after.get(behind, "")]
    if after[:1] == "+":
        return [">="]
    if not after.lstrip()[:1].isalpha():
        return []
    later = re.split(r"[,.;:!?)]", after, maxsplit=1)[0].split()
    return [next((v for n in (4, 3, 2, 1) if (v := language.scope_after.get(" ".join(later[:n])))), "")]
