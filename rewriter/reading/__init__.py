"""What a customer's messages ask for: the feeling and how strong it is, what it is about, and whom to greet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rewriter.language import detect
from rewriter.lexicon import load
from rewriter.model import Feeling, Reading
from rewriter.reading.names import greeting_names
from rewriter.wording import either

STRONGEST = 3
NEAR = 3  # words before a feeling in which a negator or an intensifier counts
LONGEST_TOPIC = 3  # words
FAR = 10_000  # letters between a topic and trouble that stand in different sentences
SURE = 2  # trust from which a topic may be told back
SHARED = 1_000  # letters: what draft and message both speak of is what the matter is about
WORTH = 40  # letters that a surer topic may stand farther away
HEARD_TWICE = 2  # messages before this one, after which trouble counts as repeated

_SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
_QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|„[^“”\n]{1,300}[“”]|「[^」\n]{1,300}」")
_REPLIED = re.compile(r"(?m)^\s*>.*$")
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NAMED = ("broken", "access", "other", "waiting", "damaged", "charge", "cancelled", "service")
_Word = tuple[str, int, int]  # a word with its start and end
_LOUD = 0.6  # share of capitals from which a message is shouted


@dataclass(frozen=True, slots=True)
class Felt:
    """The phrases and signs (emoji, emoticons) of one feeling, by strength."""

    slight: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What turns a feeling off, down or up, and where earlier mail begins."""

    negators: tuple[str, ...]
    weaker: tuple[str, ...]
    stronger: tuple[str, ...]
    unreal: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """What shows that it happened before, that it is pressing, that it is a question."""

    repeated: tuple[str, ...]
    urgent: tuple[str, ...]
    question: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """When a duration of the customer's may be told back."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    ago: tuple[str, ...]
    never: tuple[str, ...]
    units: tuple[str, ...]
    numbers: tuple[str, ...]
    loose: tuple[str, ...] = ()
    ago_words: tuple[str, ...] = ("ago",)


@dataclass(frozen=True, slots=True)
class Topics:
    """Which nouns may be told back, and by which words they are known to be the customer's own."""

    own: frozenset[str]
    other: frozenset[str]
    always_own: frozenset[str]
    nouns: frozenset[str]
    modifiers: frozenset[str]
    verbs: frozenset[str]
    never: frozenset[str]
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)  # gender -> nouns, as they are spelled
    fitting: dict[str, frozenset[str]] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The file reading.toml of one language."""

    feelings: dict[Feeling, Felt]
    around: Around
    signals: Signals
    troubles: dict[str, tuple[str, ...]]
    told: Told
    topic: Topics
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Topic:
    """A noun phrase of theirs, where it stands in its sentence, and how surely it is one."""

    text: str = ""
    form: str = ""
    place: int = -1
    trust: int = 0


def read(
    message: str,
    earlier: Sequence[str] = (),
    *,
    name: str = "",
    language: str = "",
    subject: str = "",
    draft: str = "",
    matters: Mapping[str, Sequence[str]] | None = None,
) -> Reading:
    """Return what the latest message asks for; messages are plain text, `earlier` oldest first.

    `language` is the draft's, for greeting and for messages too short to tell; `matters` maps each reason to
    decline to phrases that show it. What the `draft` (plain text) or the subject speaks of too comes first as
    topic. Mail quoted below a message, quoted words and negated feelings do not count.
    """
    spoken = detect(message, language or "en")
    first, family = greeting_names(name, language or spoken)
    lexicon = load("reading", spoken, Lexicon)
    own = _own_words(message, lexicon)
    matter = _matter([own, subject], lexicon, matters or {})
    if lexicon is None or not own.strip():
        return Reading(language=spoken, first_name=first, family_name=family, matter=matter)
    feeling, strength = _feeling(own, lexicon)
    trouble = _trouble(own, lexicon) or (_trouble(subject, lexicon) if feeling != "gratitude" else "")
    if feeling == "gratitude" and _is_open(own, lexicon):
        feeling, strength = "none", 0  # thanks in passing, while something is wrong or asked
    elif feeling == "gratitude":
        trouble = ""
    topics = [*_topics(own, lexicon, f"{subject} {draft}"), *_topics(subject, lexicon, draft)]
    topic = next((topic for topic in topics if _is_fitting(topic, trouble, lexicon)), _Topic())
    told = _told(own, lexicon) if trouble or strength else ""
    if trouble == "waiting" and topics and not topic.text and not told:
        topic, trouble = topics[0], "other"
    asked_before = bool(either(lexicon.signals.repeated).search(own)) or (
        len(earlier) >= HEARD_TWICE and bool(trouble) and feeling not in ("none", "gratitude")
    )
    asks = "?" in own or "？" in own or bool(either(lexicon.signals.question).search(own))
    return Reading(
        language=spoken,
        feeling=feeling,
        strength=strength,
        topic=topic.text,
        topic_form=topic.form,
        told=told,
        named=_named(own, lexicon) if trouble in _NAMED else "",
        trouble=trouble,
        repeated=asked_before and feeling != "gratitude",
        urgent=bool(either(lexicon.signals.urgent).search(own)),
        plain_question=asks and not trouble and not strength and not asked_before,
        problem=bool(trouble),
        first_name=first,
        family_name=family,
        matter=matter,
    )


def _own_words(message: str, lexicon: Lexicon | None) -> str:
    """Return the message without mail quoted below it, lines quoted in it, links and handles."""
    kept: list[str] = []
    for line in message.splitlines():
        start = line.strip().lower()
        if lexicon and (
            any(start.startswith(mark) for mark in lexicon.around.history)
            or (start.endswith(":") and either(lexicon.around.wrote).search(line))
        ):
            break
        kept.append(line)
    text = _REPLIED.sub("", "\n".join(kept))
    return _NOISE.sub(" ", text)


def _matter(texts: Sequence[str], lexicon: Lexicon | None, matters: Mapping[str, Sequence[str]]) -> str:
    for reason, phrases in matters.items():
        pattern = either(phrases)
        for text in texts:
            unquoted = _QUOTED.sub(" ", text)
            for found in pattern.finditer(unquoted):
                if lexicon is None or not _negated(unquoted, found.start(), lexicon):
                    return reason
    return ""


def _negated(text: str, place: int, lexicon: Lexicon) -> bool:
    before = _words_before(text, place, NEAR)
    return bool(either(lexicon.around.negators).search(before)) or bool(re.search(r"n['’]t\b", before))


def _words_before(text: str, place: int, count: int) -> str:
    """Return up to `count` words that stand before a place in the same clause."""
    clause = re.split(r"[.!?;:\n,。！？]|\bbut\b", text[:place])[-1]
    return " ".join(_WORD.findall(clause)[-count:])


def _feeling(text: str, lexicon: Lexicon) -> tuple[Feeling, int]:
    unquoted = _QUOTED.sub(" ", text)
    best: tuple[Feeling, int] = ("none", 0)
    shown = 0
    for feeling, felt in lexicon.feelings.items():
        strength = 0
        for value, phrases in enumerate((felt.slight, felt.clear, felt.strong), start=1):
            for found in either(phrases).finditer(unquoted):
                if _negated(unquoted, found.start(), lexicon):
                    continue
                before = _words_before(unquoted, found.start(), NEAR)
                step = bool(either(lexicon.around.stronger).search(before)) - bool(
                    either(lexicon.around.weaker).search(before)
                )
                strength = max(strength, min(STRONGEST, max(1, value + step)))
                shown += 1
        if any(sign in text for sign in felt.signs):
            strength = max(strength, 2)
            shown += 1
        if strength > best[1]:
            best = (feeling, strength)
    feeling, strength = best
    if feeling in ("none", "gratitude", "grief"):
        return best
    louder = _shouted(text) or "!!" in text or "?!" in text or "!?" in text or shown > 2
    return feeling, min(STRONGEST, strength + louder)


def _shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 20 and sum(character.isupper() for character in letters) / len(letters) > _LOUD


def _is_open(text: str, lexicon: Lexicon) -> bool:
    """Say whether a message that also thanks still asks for something."""
    settled = either(lexicon.around.settled)
    return "?" in text or any(
        _trouble(sentence[0], lexicon) and not settled.search(sentence[0]) for sentence in _SENTENCE.finditer(text)
    )


def _trouble(text: str, lexicon: Lexicon) -> str:
    unquoted = _QUOTED.sub(" ", text)
    for trouble, phrases in lexicon.troubles.items():
        for found in either(phrases).finditer(unquoted):
            if not either(lexicon.around.unreal).search(_words_before(unquoted, found.start(), 2)):
                return trouble
    return ""


def _named(text: str, lexicon: Lexicon) -> str:
    unquoted = _QUOTED.sub(" ", text)
    for named, phrases in lexicon.named.items():
        for found in either(phrases).finditer(unquoted):
            if not either(lexicon.around.unreal).search(_words_before(unquoted, found.start(), 1)):
                return named
    return ""


# --- told back ------------------------------------------------------------------------------------------


def _told(text: str, lexicon: Lexicon) -> str:
    rules = lexicon.told
    span = re.compile(rf"(?<![\w$€£.,])((?:{'|'.join(rules.numbers)})[ -](?:{'|'.join(rules.units)}))(?!\w)", re.I)
    for sentence in _SENTENCE.finditer(text):
        said = sentence[0]
        for found in span.finditer(said):
            number = found[1].rsplit(" ", 1)[0].lower()
            around = " ".join(
                [*_WORD.findall(said[: found.start()])[-5:], "|", *_WORD.findall(said[found.end() :])[:4]]
            )
            if number in rules.loose or "-" in found[1] or either(rules.never).search(around):
                continue
            ahead = " ".join(_WORD.findall(said[: found.start()])[-4:]).lower()
            behind = " ".join(_WORD.findall(said[found.end() :])[:2]).lower()
            if any(behind.startswith(word) for word in rules.ago_words):
                if either(rules.ago).search(said) and _trouble(text, lexicon) == "waiting":
                    return _plain(found[1], rules)
            elif any(re.search(rf"(?:^|\s){word}$", ahead) for word in rules.before) or any(
                behind.startswith(word) for word in rules.after
            ):
                return _plain(found[1], rules)
    return ""


def _plain(duration: str, rules: Told) -> str:
    """Return a duration as it stands within a sentence; its unit has a capital where the lexicon writes one."""
    *number, unit = duration.lower().split()
    return " ".join([*number, unit.capitalize() if rules.units[0][0].isupper() else unit])


# --- the topic ------------------------------------------------------------------------------------------


def _topics(text: str, lexicon: Lexicon, elsewhere: str) -> list[_Topic]:
    """Return the noun phrases by trouble or a feeling: those that stand elsewhere too first, then the nearest."""
    spoken_of = {_singular(found[0]) for found in _WORD.finditer(elsewhere)}
    felt = [phrase for felt in lexicon.feelings.values() for phrase in (*felt.slight, *felt.clear, *felt.strong)]
    troubled = either([*(phrase for phrases in lexicon.troubles.values() for phrase in phrases), *felt])
    found: list[tuple[int, _Topic]] = []
    for sentence in _SENTENCE.finditer(_QUOTED.sub(" ", text)):
        troubles = [trouble.start() for trouble in troubled.finditer(sentence[0])]
        for topic in _noun_phrases(sentence[0], lexicon.topic):
            near = min((abs(topic.place - place) for place in troubles), default=FAR)
            shared = _singular(topic.text.split()[-1]) in spoken_of
            if topic.trust >= SURE:
                found.append((near - WORTH * topic.trust - SHARED * shared, topic))
    return [topic for _, topic in sorted(found, key=lambda each: each[0])]


def _singular(word: str) -> str:
    """Return a word so that most of its forms in number are alike."""
    return word.lower().rstrip("s")


def _is_fitting(topic: _Topic, trouble: str, lexicon: Lexicon) -> bool:
    fitting = lexicon.topic.fitting.get(trouble)
    return fitting is None or topic.text.lower() in fitting or topic.text.lower().split()[-1] in fitting


def _noun_phrases(said: str, rules: Topics) -> Iterator[_Topic]:
    """Yield the noun phrases of a sentence that may be told back, in order."""
    words = [(found[0], found.start(), found.end()) for found in _WORD.finditer(said)]
    lowered = [word.lower().replace("’", "'") for word, _, _ in words]
    for index, word in enumerate(lowered):
        if word not in rules.own and word not in rules.other and word not in rules.bare:
            continue
        sizes = range(LONGEST_TOPIC, 0, -1)
        known = next((size for size in sizes if _is_known(said, words, index, size, rules)), 0)
        size = known or _is_thing(said, words, index, rules)
        phrase = lowered[index + 1 : index + 1 + size]
        if not phrase or phrase[-1] in rules.never:
            continue
        behind = index + 1 + size
        if behind < len(words) and _touching(said, words, behind) and lowered[behind] in rules.never:
            continue  # "my PC friends" are no PC
        theirs = " ".join(phrase) in rules.always_own or phrase[-1] in rules.always_own
        if word in rules.bare and not theirs:
            continue
        own = word in rules.own or (theirs and word in rules.other)
        text = " ".join(_cased(each) for each, _, _ in words[index + 1 : index + 1 + size])
        form = "own" if own else "other"
        if rules.forms:
            text, gender = _gendered(text, rules)
            form = f"{form} {gender}"
        ahead = lowered[index - 1] if index else ""
        trust = (2 if known else 1) + own - 2 * (ahead in rules.aside) - (ahead in rules.within)
        yield _Topic(text, form, words[index][1], trust)


def _is_known(said: str, words: Sequence[_Word], index: int, size: int, rules: Topics) -> bool:
    """Say whether the `size` words after an article are a listed noun, with listed words before it."""
    phrase = [word.lower() for word, _, _ in words[index + 1 : index + 1 + size]]
    if len(phrase) < size or not all(_touching(said, words, index + 1 + place) for place in range(size)):
        return False
    if _gendered(" ".join(phrase), rules)[1]:
        return True
    head = 2 if size > 1 and " ".join(phrase[-2:]) in rules.nouns else 1
    return (head == 2 or phrase[-1] in rules.nouns) and all(
        word in rules.nouns or word in rules.modifiers for word in phrase[:-head]
    )


def _gendered(phrase: str, rules: Topics) -> tuple[str, str]:
    """Return a listed noun as it is spelled, and its gender; the phrase and "" for any other."""
    spelled = ((noun, gender) for gender, nouns in rules.forms.items() for noun in nouns)
    return next((each for each in spelled if each[0].lower() == phrase.lower()), (phrase, ""))


def _is_thing(said: str, words: Sequence[_Word], index: int, rules: Topics) -> int:
    """Return 1 where "my" and one unlisted word are surely a thing of theirs: "my kettle stopped", else 0."""
    if words[index][0].lower() not in rules.own or index + 2 >= len(words):
        return 0
    thing, follows = words[index + 1][0].lower(), words[index + 2][0].lower().replace("’", "'")
    listed = thing in rules.never or thing in rules.modifiers or thing in rules.verbs
    sure = follows in rules.verbs and _touching(said, words, index + 1) and _touching(said, words, index + 2)
    return int(sure and not listed and len(thing) > 2 and thing.isalpha())


def _touching(said: str, words: Sequence[_Word], index: int) -> bool:
    return said[words[index - 1][2] : words[index][1]].isspace()


def _cased(word: str) -> str:
    """Return a word as it stands within a sentence: iPhone and PS4 stay, PARCEL does not."""
    if any(character.isdigit() for character in word) or (word[1:] != word[1:].lower() and word != word.upper()):
        return word
    return word if len(word) <= 3 and word == word.upper() else word.lower()
