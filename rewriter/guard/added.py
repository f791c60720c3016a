"""The closed check of added text: an added sentence says that we feel with the customer, and nothing else.

It is closed because a lexicon lists what may be said (`added` in lexicons/<language>/assertions.toml) and all else
is refused: a claim in words that nobody thought of is refused too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from rewriter import facts
from rewriter.guard.difference import Difference
from rewriter.guard.words import FACT, Lexicon, lexicon_of
from rewriter.model import NAME_SLOT, FactKind, ViolationKind
from rewriter.wording import either

_NAME = "\ue001"  # stands where the requester's name stood: a character of private use
_FINE = "\ue002"  # stands with its first word where a phrase stood that is always fine
_PLACEHOLDER = re.compile(r"\[\[|\]\]|\{\{|\}\}|\{%|%\}|\[[^\]\n]{0,60}\]|<[^>\n]{0,80}>|\bX{3,}\b|_{3,}")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_NAMED = r",(?= (?:\[\[NAME\]\]|\ue001))"  # "Hola, Ana:"
_OPENING = re.compile(
    rf"[^\w\[\ue001]*((?:[^,.!?:;，、。！？\n]|(?<=[MSrsa])\.(?= )|{_NAMED}){{1,60}})([,.!?:;，、。！？\n]+|$)"
)
_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff]"  # of a word with blanks round it: 様 may follow a name at once
_TOLD: tuple[FactKind, ...] = ("duration", "quantity", "number", "ordinal")
_REACH = 4  # words in which a feeling must follow "your deposit is …"

_Phrases = dict[str, tuple[tuple[str, ...], ...]]  # by the word that they begin with


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an added text may draw on, and what the draft leaves room for."""

    language: str
    customer: str = ""  # visible text of the customer's message
    drafted: str = ""  # the draft, where a text beside it may take its words up; never its facts
    topic: str = ""  # their word for the thing
    names: tuple[str, ...] = ()  # the requester's, written out; NAME_SLOT stands for them as well
    approved: tuple[str, ...] = ()  # texts that may stand, word for word
    ban: tuple[str, ...] = ()
    may_greet: bool = True
    may_exclaim: bool = True
    free: bool = False  # of a free rewrite: what a feeling is about may be told in words that no list has


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of `added`, as words ready for comparing."""

    greetings: frozenset[tuple[str, ...]]
    phrases: _Phrases
    forbidden: tuple[tuple[ViolationKind, _Phrases], ...]
    apologies: _Phrases
    titles: frozenset[str]
    sign_offs: frozenset[tuple[str, ...]]
    allowed: frozenset[str]
    frames: frozenset[str]
    first_person: frozenset[str]
    reports: frozenset[str]
    we: frozenset[str]
    ours: frozenset[str]
    people: frozenset[str]
    yours: frozenset[str]
    copulas: frozenset[str]
    negations: frozenset[str]
    remedies: frozenset[str]
    auxiliaries: frozenset[str]


def wrongs(text: str, bounds: Bounds) -> tuple[Difference, ...]:
    """Return what an added text says that it may not; () where it may stand.

    A duration or count may stand where the customer's own message has it. In a language without a lexicon
    nothing can be judged, so nothing but approved texts may stand.
    """
    if text in bounds.approved:
        return ()
    lexicon = lexicon_of(bounds.language)
    if lexicon is None:
        said = f"added sentences cannot be judged in the language {bounds.language!r}"
        return (Difference("language", said),)
    return tuple(dict.fromkeys(_wrongs(text, bounds, lexicon)))


def banned(text: str, ban: Iterable[str]) -> Iterator[Difference]:
    """Yield each phrase in a text that the tone bans, in the notation of `wording` and in whatever case."""
    for phrase in ban:
        if either((phrase,)).search(text):
            yield Difference("banned phrase", f'the tone bans "{phrase}"')


def greets(text: str, language: str) -> bool:
    """Tell whether a text opens with a greeting."""
    lexicon = lexicon_of(language)
    return bool(lexicon) and bool(_after_greeting(text, language)[0])


def greeting_words(language: str) -> frozenset[str]:
    """Return every word that a greeting may be made of, names apart."""
    if lexicon_of(language) is None:
        return frozenset()
    lists = _lists(language)
    return lists.titles.union(*lists.greetings)


def apologises(text: str, language: str) -> bool:
    """Tell whether a text holds words of apology."""
    lexicon = lexicon_of(language)
    if lexicon is None:
        return False
    if not lexicon.words.spaces:  # "大変申し訳ございません" is one word of courtesy there
        return any(said in text for said in lexicon.words.added.apologies)
    return any(_found(_words(text, lexicon), _lists(language).apologies))


def is_hollow(text: str, language: str) -> bool:
    """Tell whether a text is an apology that would fit any ticket: it says not a word of what it is for."""
    return bool(_hollow(language).fullmatch(text))


@cache
def _hollow(language: str) -> re.Pattern[str]:
    lexicon = lexicon_of(language)
    words = lexicon.words.added.hollow if lexicon else None
    if words is None:
        return either(())
    sorry, about = either(words.sorry).pattern, rf"(?:{either(words.about).pattern})"
    return re.compile(rf"[^\w]*(?:{about}\W*)?(?:{sorry})(?:\W+{about})?[^\w?？]*", re.I)  # Japanese is sorry last


def without_greeting(text: str, language: str, names: Iterable[str] = ()) -> str:
    """Return a text without the greeting that it opens with, be it to NAME_SLOT or to one of the names."""
    return _after_greeting(text, language, names)[1]


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of an added text."""
    return tuple(found.strip() for found in _SENTENCE.findall(text) if any(c.isalnum() for c in found))


def _wrongs(text: str, bounds: Bounds, lexicon: Lexicon) -> Iterator[Difference]:
    plain = _masked_name(text, bounds.names)
    if _PLACEHOLDER.search(plain):
        yield Difference("placeholder", "it holds a placeholder")
    if plain.count(_NAME) > 1:
        yield Difference("name", "the name stands in it twice")
    yield from banned(plain, bounds.ban)
    if not bounds.may_exclaim and ("!" in plain or "！" in plain):
        yield Difference("banned phrase", "an exclamation mark to somebody who is angry")
    greeting, rest = _after_greeting(plain, bounds.language)
    if (greeting or _NAME in plain) and not bounds.may_greet:
        yield Difference("greeting", "a second greeting")
    told = _told_back(bounds.customer, bounds.language)
    if not greeting and not sentences(rest):
        yield Difference("content", "it says nothing")
    if any(unicodedata.category(character) == "So" for character in plain):
        yield Difference("content", "it holds a picture, which may mean anything")
    for sentence in sentences(rest):
        masked = sentence
        for fact in reversed(facts.find(sentence, bounds.language)):
            if fact.kind in _TOLD and (fact.kind, fact.value) in told:
                masked = masked[: fact.start] + FACT + masked[fact.end :]
            elif fact.kind not in ("number", "ordinal") or any(c.isdigit() for c in fact.text):
                yield Difference(fact.kind, f"{fact.text} is not in the draft")
        if any(c.isdigit() for c in masked):
            yield Difference("number", "a number that is not in the customer's message")
        yield from _of_sentence(masked, bounds, lexicon)


def _of_sentence(sentence: str, bounds: Bounds, lexicon: Lexicon) -> Iterator[Difference]:
    lists = _lists(bounds.language)
    words = _words(sentence.replace(_NAME, " "), lexicon)
    if not words:
        return
    if "?" in sentence or "？" in sentence:
        yield Difference("question", "a question that the draft does not ask")
    if any(
        words[-len(off) :] == off or words[: len(off)] == off
        for off in lists.sign_offs
        if len(words) <= len(off) + 3
    ):
        yield Difference("sign-off", "a second sign-off")
        return
    bare = _without(words, lists.phrases)
    yield from _of_claims(bare, lists)
    yield from _of_first_person(bare, lists, lexicon)
    theirs, topic = _customers(bounds, lexicon)
    if bounds.free and lists.frames.intersection(words) and lists.ours.isdisjoint(words):
        theirs |= _of_a_feeling(sentence, words, lexicon)
    offered = [word for word in bare if lexicon.key(word) in lists.remedies - topic]
    if offered:
        yield Difference("promise", f'"{offered[0]}" is for the draft alone to offer')
    yield from _of_vocabulary(sentence, bare, lists, lexicon, theirs)
    yield from _of_reports(bare, lists, lexicon, theirs, topic)
    yield from _of_yours(bare, lists)
    if bare == words and not lists.frames.intersection(words):
        yield Difference("content", "it says nothing of how the customer may feel")


def _of_claims(words: tuple[str, ...], lists: _Lists) -> Iterator[Difference]:
    """Yield promises, faults, causes and policies."""
    for kind, phrases in lists.forbidden:
        for phrase in _found(words, phrases):
            yield Difference(kind, f'"{" ".join(phrase)}" is not for an added sentence to say')


def _of_first_person(words: tuple[str, ...], lists: _Lists, lexicon: Lexicon) -> Iterator[Difference]:
    """Yield what we say of ourselves beyond feeling, understanding and thanks."""
    for at, word in enumerate(words[:-1]):
        if word in lists.we:
            follows = words[at + 1]
            if follows.removeprefix(_FINE) in lists.first_person or follows == ",":
                continue
            follows = follows.removeprefix(_FINE)
            past = lexicon.form("tense", follows) == "past" or follows in lists.auxiliaries
            said = " ".join(words[at : at + 3]).replace(FACT, "…").replace(_FINE, "")
            yield Difference(
                "claimed action" if past else "promise", f'"{said}" is not for an added sentence to say'
            )


def _of_vocabulary(
    sentence: str, words: tuple[str, ...], lists: _Lists, lexicon: Lexicon, theirs: frozenset[str]
) -> Iterator[Difference]:
    strange = [w for w in words if not _known(w, lists, lexicon) and lexicon.key(w) not in theirs]
    if strange:
        kind: ViolationKind = "identity" if any(_capital(word, sentence) for word in strange) else "content"
        quoted = ", ".join(f'"{word}"' for word in dict.fromkeys(strange[:6]))
        yield Difference(kind, f"an added sentence may not speak of {quoted}")
    negated = lists.negations.intersection(words)
    if negated and any(lexicon.key(word) in theirs and not _known(word, lists, lexicon) for word in words):
        yield Difference("negation", f'"{min(negated)}" said of the matter itself')


def _of_reports(
    words: tuple[str, ...], lists: _Lists, lexicon: Lexicon, theirs: frozenset[str], topic: frozenset[str]
) -> Iterator[Difference]:
    """Yield the customer's report told as a fact: "your card was charged" without "to hear that"."""
    for at, word in enumerate(words):
        key = lexicon.key(word)
        if key not in theirs or _known(word, lists, lexicon) or lists.reports.intersection(words[:at]):
            continue
        ahead = words[at + 1 : at + 2 + _REACH]
        states = (
            len(ahead) > 1  # "how cold the room is" states nothing
            and ahead[0] in lists.auxiliaries
            and not any(w[0] == _FINE or w in lists.frames for w in ahead[1:])
        )
        behind = words[max(at - 2, 0) : at]
        done = key not in topic and bool(lists.auxiliaries.intersection(behind))
        doer = bool(behind) and (behind[-1] in lists.people or (lexicon.names(behind[-1]) and behind[-1] != FACT))
        deed = key not in topic and lexicon.form("tense", word) == "past" and doer
        deed |= bool(ahead) and lexicon.form("tense", ahead[0]) == "past"
        if states or done or deed or _told(_clause(words, at), word, lists):
            yield Difference("content", f'"{word}": what the customer reports, told as a fact')


def _of_yours(words: tuple[str, ...], lists: _Lists) -> Iterator[Difference]:
    """Yield what is said to be the customer's: "the problem is your account", after whatever opener."""
    for at, word in enumerate(words):
        if word in lists.copulas:
            clause = _clause(words, at)
            told = clause[clause.index(word) + 1 :]
            if not _feels(clause, lists) and not lists.yours.isdisjoint(told):
                yield Difference("content", f'"{" ".join(clause)}": what is so is for the draft alone to say')


def _feels(clause: tuple[str, ...], lists: _Lists) -> bool:
    return any(word[0] == _FINE or word in lists.frames for word in clause)


def _clause(words: tuple[str, ...], at: int) -> tuple[str, ...]:
    """Return the words between the commas round a place."""
    begin = max((i + 1 for i in range(at) if words[i] == ","), default=0)
    end = next((i for i in range(at, len(words)) if words[i] == ","), len(words))
    return words[begin:end]


def _told(clause: tuple[str, ...], word: str, lists: _Lists) -> bool:
    """Tell whether a clause says what something is without a word of feeling: "the problem is your account"."""
    return not _feels(clause, lists) and not lists.auxiliaries.isdisjoint(clause[: clause.index(word)])


def _known(word: str, lists: _Lists, lexicon: Lexicon) -> bool:
    return (
        word in lists.allowed
        or word in (FACT, ",")
        or word[0] == _FINE
        or word[-1] == "'"
        or not lexicon.names(word)
    )


def _capital(word: str, sentence: str) -> bool:
    at = sentence.lower().find(word)
    return at > 0 and sentence[at].isupper() and sentence[:at].strip(" “\"'(") != ""


def _of_a_feeling(sentence: str, words: tuple[str, ...], lexicon: Lexicon) -> frozenset[str]:
    """Return the keys of words that may tell what a feeling is about: no name, and no matter of its own."""
    plain = (word for word in words if not _capital(word, sentence) and not any(map(str.isdigit, word)))
    return frozenset(lexicon.keys(plain)) - lexicon.apart


def _customers(bounds: Bounds, lexicon: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys of the customer's words, and of their word for the thing."""
    topic = frozenset(lexicon.keys(_words(bounds.topic, lexicon)))
    return topic | _keys(bounds.customer, bounds.language) | _keys(bounds.drafted, bounds.language), topic


@lru_cache(maxsize=64)
def _keys(text: str, language: str) -> frozenset[str]:
    lexicon = cast(Lexicon, lexicon_of(language))
    return frozenset(lexicon.keys(_words(text, lexicon)))


@lru_cache(maxsize=64)
def _told_back(customer: str, language: str) -> frozenset[tuple[FactKind, str]]:
    """Return the durations and counts of a customer's message, by kind and value."""
    return frozenset((fact.kind, fact.value) for fact in facts.find(customer, language) if fact.kind in _TOLD)


def _after_greeting(text: str, language: str, names: Iterable[str] = ()) -> tuple[str, str]:
    """Return the greeting that a text opens with, and the rest; ("", text) where there is none."""
    lexicon = lexicon_of(language)
    opening = _OPENING.match(text)
    if not opening or lexicon is None:
        return "", text
    masked = _masked_name(opening[1], names)
    titles = _lists(language).titles if masked.count(_NAME) else frozenset()
    bare = tuple(w for w in _words(masked.replace(_NAME, " "), lexicon) if w != "," and w not in titles)
    if bare in _lists(language).greetings or (not bare and _NAME in masked):
        return opening[0], text[opening.end() :].strip()
    return "", text


def _masked_name(text: str, names: Iterable[str]) -> str:
    text = text.replace(NAME_SLOT, _NAME)
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?<!{_LETTER}){re.escape(name)}(?!{_LETTER})", _NAME, text)
    return re.sub(rf"{_NAME}(?:\s+{_NAME})+", _NAME, text)  # "Ms." and "Lindqvist" are one name


@lru_cache(256)
def _words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(word for word, _ in lexicon.pieces(text))


def _begun(words: Iterable[str], phrases: _Phrases) -> list[tuple[str, ...]]:
    """Return the phrases that begin with one of the words, the longest first."""
    begun = [phrase for word in set(words) for phrase in phrases.get(word, ())]
    return sorted(begun, key=lambda phrase: (-len(phrase), phrase))


def _found(words: tuple[str, ...], phrases: _Phrases) -> Iterator[tuple[str, ...]]:
    for phrase in _begun(words, phrases):
        size = len(phrase)
        if any(words[at : at + size] == phrase for at in range(len(words) - size + 1)):
            yield phrase


def _without(words: tuple[str, ...], phrases: _Phrases) -> tuple[str, ...]:
    """Return the words without the phrases that are always fine; the longest come first."""
    for phrase in _begun(words, phrases):
        size = len(phrase)
        at = 0
        while at <= len(words) - size:
            if words[at : at + size] == phrase:
                words = (*words[:at], _FINE + phrase[0], *words[at + size :])
            at += 1
    return words


@cache
def _lists(language: str) -> _Lists:
    lexicon = cast(Lexicon, lexicon_of(language))
    words, added = lexicon.words, lexicon.words.added

    def phrases(many: Iterable[str]) -> _Phrases:
        begun: dict[str, tuple[tuple[str, ...], ...]] = {}
        for phrase in {lexicon.phrase(one) for one in many}:
            begun[phrase[0]] = (*begun.get(phrase[0], ()), phrase)
        return begun

    def single(text: str) -> frozenset[str]:
        return frozenset(word for one in text.split() for word in lexicon.phrase(one))

    said_by_us = [phrase for who in ("1s", "1p") for phrase in words.actor.get(who, ())]
    allowed = (
        added.words + " " + added.frames + " " + added.first_person + " " + words.softening + " " + words.function
    )
    return _Lists(
        greetings=frozenset(map(lexicon.phrase, added.greetings)),
        phrases=phrases(added.phrases),
        forbidden=(
            ("promise", phrases(added.promises)),
            ("fault", phrases(added.faults)),
            ("cause", phrases(added.causes)),
            ("policy", phrases(added.policies)),
        ),
        apologies=phrases(added.apologies),
        titles=single(added.titles),
        sign_offs=frozenset(map(lexicon.phrase, added.sign_offs)),
        allowed=single(allowed),
        frames=single(added.frames),
        first_person=single(added.first_person),
        reports=single(added.reports),
        we=frozenset(said_by_us),
        ours=frozenset(phrase for who in ("1s own", "1p own") for phrase in words.actor.get(who, ())),
        copulas=lexicon.passive.union(*(set(words.tense.get(when, ())) for when in ("present", "past"))),
        yours=frozenset(words.actor.get("2 own", ())),
        people=frozenset(phrase for many in words.actor.values() for phrase in many),
        negations=single(added.negations),
        remedies=frozenset(lexicon.keys(single(added.remedies))),
        auxiliaries=frozenset(phrase for many in words.tense.values() for phrase in many if " " not in phrase),
    )
