"""What a message is about, and what of it may be told back: the thing, what went wrong with it, for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rewriter.model import CLEAR, Feeling
from rewriter.reading.nouns import Topic, is_anothers, noun_phrases
from rewriter.reading.signs import Sign, is_within
from rewriter.reading.told import duration_told
from rewriter.reading.topic import find_topics, has_tool, is_fitting, is_object, meant_by_it, said_in_full
from rewriter.reading.words import Lexicon
from rewriter.wording import listed

UPSET = ("frustration", "anger", "disappointment")
NOT_NAMED = ("security", "blocked")  # kinds of trouble beside which no other is told back
_THE_TOPIC = "{{ the_topic }}"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message or a subject line, with blanks for what is quoted, and the signs found in it."""

    text: str
    signs: Sequence[Sign]


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about; `trouble` is its kind, as far as it can be told back."""

    trouble: str
    topic: Topic
    named: str = ""  # what went wrong, as it is told back
    told: str = ""  # for how long


def find_about(
    message: Heard, subject: Heard, draft: str, trouble: str, felt: tuple[Feeling, int], lexicon: Lexicon
) -> About:
    """Return what a message is about; `felt` is the feeling it shows, with its strength.

    Who is clearly upset hears what about, be it no trouble. Who worries hears only of what one worries about: an
    account, not the noodles.
    """
    feeling, strength = felt
    upset = feeling in UPSET and strength >= CLEAR
    works = [found.span() for found in listed(lexicon.around.intact).finditer(message.text)]
    in_message = [
        topic
        for topic in find_topics(message.text, message.signs, lexicon, f"{subject.text} {draft}", trouble)
        if not is_within(topic.place, works)
    ]
    in_subject = find_topics(subject.text, subject.signs, lexicon, draft, trouble, heading=True)
    named, object_ = "", None
    worried = feeling == "worry" and strength >= CLEAR
    if trouble not in NOT_NAMED and (trouble or upset or worried):
        named, object_ = _named(message, in_message, lexicon)
        if not named:
            named, object_ = _named(subject, in_subject, lexicon)
        if object_ and trouble == "waiting" and not is_fitting(object_, trouble, lexicon):
            named, object_ = "", None  # "my pension is late, I can't pay my rent": it is not the rent that is late
    kind = "login" if trouble == "access" and named and not object_ else trouble
    topics = _ranked(message, in_message, in_subject, lexicon)
    if worried:
        topics = [topic for topic in topics if is_fitting(topic, "worry", lexicon)]
    topic = object_ or next((topic for topic in topics if is_fitting(topic, kind, lexicon)), Topic())
    told = duration_told(message.text, trouble, message.signs, works, lexicon) if trouble or strength else ""
    if trouble == "waiting" and topics and not topic.text and not told:
        return About("other", topics[0], named)
    return About(trouble, topic, named, told)


def _ranked(
    message: Heard, in_message: Sequence[Topic], in_subject: Sequence[Topic], lexicon: Lexicon
) -> Sequence[Topic]:
    """Return the topics of message and subject line: those of the message first where it tells of the trouble."""
    phrases = tuple(noun_phrases(message.text, lexicon.topic)) if in_subject else ()
    full = [said_in_full(topic, phrases) for topic in in_subject]
    if full and is_anothers(message.text, lexicon.topic):
        full = [replace(topic, form=topic.form.replace("own", "other")) for topic in full]
    told_in_message = any(sign.kind == "trouble" for sign in message.signs)
    return [*in_message, *full] if told_in_message else [*full, *in_message]


def _named(heard: Heard, topics: Sequence[Topic], lexicon: Lexicon) -> tuple[str, Topic | None]:
    """Return what went wrong as it is told back, and the thing it was done to where that is part of it.

    "{{ the_topic }}" in it is for the phrasebook to fill in; without a thing there, it is not said.
    """
    for sign in heard.signs:
        if sign.kind != "named" or has_tool(heard.text, sign, lexicon.topic):
            continue
        if _THE_TOPIC not in sign.name:
            return sign.name, None
        for topic in topics:
            if is_object(heard.text, sign, topic, lexicon.topic):
                return sign.name, topic
        if meant := meant_by_it(heard.text, sign, lexicon.topic):
            return sign.name, meant
    return "", None
