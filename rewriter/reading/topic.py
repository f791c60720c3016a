"""The thing a message is about: a noun phrase of the customer's own that is safe to repeat, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rewriter.reading.nouns import (
    ASIDE,
    SURE,
    Topic,
    as_told,
    is_known,
    is_never,
    noun_phrases,
    nouns_of_heading,
    things_bought,
)
from rewriter.reading.signs import BESIDE, SENTENCE, WORD, Sign
from rewriter.reading.words import Lexicon, Topics
from rewriter.wording import listed

NEVER_CAME = ("missing", "waiting")  # kinds of trouble with what was bought
SHARED = 1_000  # letters: what draft and message both speak of is what the matter is about
WORTH = 40  # letters that a surer topic may stand farther away
OBJECT = 80  # letters that the object of a feeling is worth: "I hate the new app"
APART = 200  # letters that the end of a sentence counts for
JOINED = 30  # the same for an "and" between a sign and what follows
LESSER = 30  # letters that a noun by some other trouble than the most telling one stands farther away
FAR = 450  # letters beyond which a noun may belong to another matter
AT_HAND = 24  # letters between a trouble and the noun that has it
IN_REACH = 80  # the same where the draft speaks of the noun too
ARTICLE = 4  # letters of an article that the words of a feeling may have taken: "I hate the"
_CLAUSE_END = re.compile(r"[.!?;:,\n()]")


def find_topics(
    text: str, signs: Sequence[Sign], lexicon: Lexicon, elsewhere: str, trouble: str, *, heading: bool = False
) -> list[Topic]:
    """Return the noun phrases by trouble or a feeling: those that stand elsewhere too first, then the nearest.

    `text` has blanks for what is quoted. A noun counts beside the trouble or the feeling ("my app crashes", "sick
    of my router"), and a little farther off where it stands elsewhere too: readers turned down what was taken from
    another part of the message. In a `heading`, a listed noun needs no article and may stand anywhere.
    """
    channels = set(map(_singular, lexicon.topic.channels))
    spoken_of = {_singular(found[0]) for found in WORD.finditer(elsewhere)} - channels
    spans = [(sign.start, sign.end) for sign in signs if sign.kind in ("trouble", "feeling") and not sign.emoji]
    telling = {(sign.start, sign.end) for sign in signs if sign.kind == "feeling" or sign.name == trouble}
    breaks = [sentence.start() for sentence in SENTENCE.finditer(text)]
    found: list[tuple[int, Topic]] = []
    phrases = [*noun_phrases(text, lexicon.topic), *(nouns_of_heading(text, lexicon.topic) if heading else ())]
    phrases += _objects(text, signs, lexicon.topic) if lexicon.topic.counted else ()
    bought = list(things_bought(text, lexicon.topic)) if _stands_in(text, spans, trouble, lexicon.topic) else []
    phrases += bought
    stood_for = list(_stood_for(text, signs, lexicon.topic))
    phrases += stood_for
    owned = {phrase.text: phrase.form for phrase in phrases if phrase.form.startswith("own")}
    first = min((start for start, _ in spans), default=len(text))
    outcomes = [
        (outcome.start(), next(at for at in (*breaks[1:], len(text)) if at > outcome.start()))
        for outcome in listed(lexicon.topic.outcomes).finditer(text)
        if outcome.start() > first
    ]
    troubles = [sign for sign in signs if sign.kind == "trouble"]
    for phrase in phrases:
        if any(start < phrase.place < end for start, end in outcomes):
            continue  # "it was left in the hall, so we can't open the front door": the door is not the matter
        taken_in = bool(phrase.aside) and any(_takes_in(sign, phrase, lexicon.topic) for sign in troubles)
        topic = replace(phrase, trust=phrase.trust + ASIDE * taken_in)
        object_ = any(sign.kind == "named" and is_object(text, sign, topic, lexicon.topic) for sign in signs)
        if topic.trust < SURE - object_:
            continue  # what they cannot do is done to a thing, be it in no list
        shared = _singular(topic.text.split()[-1]) in spoken_of or (
            not lexicon.topic.own and topic.text in elsewhere
        )
        unsigned = 1 if shared else FAR + 1  # where the trouble stands in the subject line alone
        distances = {span: _distance(text, topic, span, breaks, lexicon.topic) for span in spans}
        near = min(distances.values(), default=unsigned)
        nearest = min((at + LESSER * (span not in telling) for span, at in distances.items()), default=near)
        anywhere = (
            object_
            or topic in bought
            or topic in stood_for
            or (trouble in lexicon.topic.anywhere and is_fitting(topic, trouble, lexicon))
        )
        reach = 0 if not trouble else FAR if anywhere or not spans else IN_REACH if shared else AT_HAND
        if near <= reach or (heading and trouble):
            form = owned.get(topic.text, topic.form)  # "my laptop" once is enough
            lesser = topic.aside in lexicon.topic.within or topic.text.lower().split()[-1] in lexicon.topic.tools
            found.append(
                (nearest - WORTH * topic.trust - SHARED * shared + APART * lesser, replace(topic, form=form))
            )
    return [topic for _, topic in sorted(found, key=lambda each: each[0])]


def _takes_in(sign: Sign, topic: Topic, rules: Topics) -> bool:
    """Say whether trouble has a thing that stands aside: "someone is using my account", "until the screen died"."""
    behind = topic.place + ARTICLE + len(topic.text)
    done_to = topic.aside in rules.done_to and sign.start < topic.place <= sign.end + 1
    return done_to or (topic.aside in rules.clauses and topic.place <= sign.start <= behind + ARTICLE)


def _stood_for(text: str, signs: Sequence[Sign], rules: Topics) -> Iterator[Topic]:
    """Yield what "it" stands for where it is "it" that has the trouble."""
    for sign in signs:
        if sign.kind != "trouble":
            continue
        before = [
            word.lower().replace("’", "'") for word in WORD.findall(text[max(0, sign.start - 20) : sign.start])
        ]
        opens = [word[0].lower() for word in WORD.finditer(text[sign.start : sign.end])][:1]
        if not rules.subjects.isdisjoint(before[-2:] + opens) and (topic := _antecedent(text, sign, False, rules)):
            yield topic


def _stands_in(text: str, spans: Sequence[tuple[int, int]], trouble: str, rules: Topics) -> bool:
    """Say whether trouble is with something that is only "it" where it is told, or with what never came."""
    if not rules.acquired:
        return False
    around = [*(text[max(0, start - BESIDE) : start] for start, _ in spans), *(text[end:][:4] for _, end in spans)]
    return trouble in NEVER_CAME or any(
        not rules.pronouns.isdisjoint(word.lower() for word in WORD.findall(said)) for said in around
    )


def _distance(text: str, topic: Topic, span: tuple[int, int], breaks: Sequence[int], rules: Topics) -> int:
    """Return the letters between a noun phrase and a sign; as its object it is nearer, in another sentence far."""
    start, end = span
    place, behind = topic.place, topic.place + ARTICLE + len(topic.text)
    apart = sum(min(place, start) < at <= max(place, start) for at in breaks)
    within = start <= place + ARTICLE and behind <= end + ARTICLE  # "lost my account" is one sign
    joined = not rules.joins.isdisjoint(word.lower() for word in WORD.findall(text[end:place]))
    insult = within and place <= start and end < behind  # "the stupid app"
    beside = (within and not insult) or (-ARTICLE <= place - end <= BESIDE and not apart and not joined)
    return max(0, place - end, start - behind) + APART * apart + JOINED * joined - OBJECT * beside


def _singular(word: str) -> str:
    """Return a word so that most of its forms in number are alike."""
    return word.lower().rstrip("s")


def is_fitting(topic: Topic, trouble: str, lexicon: Lexicon) -> bool:
    """Say whether a kind of trouble can be about this thing."""
    fitting = lexicon.topic.fitting.get(trouble)
    said, noun = topic.text.lower(), topic.text.lower().split()[-1]
    if fitting is None:
        return said not in lexicon.topic.listed_only
    return not fitting.isdisjoint((said, noun, f"{noun}s", noun.removesuffix("s")))


def said_in_full(topic: Topic, phrases: Sequence[Topic]) -> Topic:
    """Return a noun of the subject line as the message's phrases have it: "results" as "my test results"."""
    head = _singular(topic.text.split()[-1])
    return next((phrase for phrase in phrases if _singular(phrase.text.split()[-1]) == head), topic)


def is_object(text: str, sign: Sign, topic: Topic, rules: Topics) -> bool:
    """Say whether what cannot be done is done to this thing: it follows at once, and is no place or tool."""
    between = [word.lower() for word in WORD.findall(text[sign.end : topic.place])]
    return (
        not _CLAUSE_END.search(text[sign.end : topic.place])
        and 0 <= topic.place - sign.end <= BESIDE
        and not any(word in rules.aside or (word in rules.within and word not in rules.towards) for word in between)
        and topic.text.lower().split()[-1] not in rules.tools
    )


def has_tool(text: str, sign: Sign, rules: Topics) -> bool:
    """Say whether what cannot be done is done with a tool that is not the matter: "when I connect the cable"."""
    behind = [word.lower() for word in WORD.findall(text[sign.end : sign.end + BESIDE + ARTICLE])][:2]
    return any(word in rules.tools for word in behind)


def meant_by_it(text: str, sign: Sign, rules: Topics) -> Topic | None:
    """Return the one thing spoken of before that "it" stands for: "I got a printer but can't connect it"."""
    behind = WORD.match(text[sign.end :].lstrip())
    before = {word.lower() for word in WORD.findall(text[max(0, sign.start - 20) : sign.start])[-3:]}
    if not behind or behind[0].lower() not in rules.pronouns or not before.isdisjoint(rules.strangers):
        return None
    return _antecedent(text, sign, behind[0].lower() in rules.many, rules)


def _antecedent(text: str, sign: Sign, many: bool, rules: Topics) -> Topic | None:
    """Return the one thing, or the one that is many, that is spoken of in the same or the last sentence."""
    breaks = [sentence.start() for sentence in SENTENCE.finditer(text)]
    phrases = [topic for topic in noun_phrases(text, rules) if topic.trust >= SURE]
    said = {
        topic.text.split()[-1]: topic
        for topic in (*phrases, *things_bought(text, rules))
        if topic.place < sign.start
        and sum(topic.place < at <= sign.start for at in breaks) < 2
        and topic.text.endswith("s") == many
    }
    return next(iter(said.values())) if len(said) == 1 else None


def _objects(text: str, signs: Sequence[Sign], rules: Topics) -> Iterator[Topic]:
    """Yield the things that cannot be done to, where they have no article: "I can't print labels"."""
    for sign in signs:
        if sign.kind != "named" or "{{" not in sign.name:
            continue
        ahead = _CLAUSE_END.split(text[sign.end : sign.end + 60])[0]
        words = [(found[0], sign.end + found.start(), sign.end + found.end()) for found in WORD.finditer(ahead)]
        first = int(bool(words) and words[0][0].lower() in rules.counted)
        size = next((size for size in (2, 1) if is_known(text, words, first, size, rules)), 0)
        noun = words[first : first + size]
        behind = first + size
        phrase = [word.lower() for word, _, _ in noun]
        counts = bool(noun) and " ".join(phrase) not in rules.uncounted and phrase[-1] not in rules.uncounted
        if not noun or (counts and not phrase[-1].endswith("s")) or is_never(phrase, rules):
            continue
        if behind < len(words) and words[behind][0].lower() in rules.nouns:
            continue
        yield Topic(as_told(noun, rules, own=False)[0], "name", noun[0][1], SURE)
