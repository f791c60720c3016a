"""What a customer's messages ask for: the feeling and how strong it is, what it is about, and whom to greet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rewriter.language import detect
from rewriter.lexicon import load
from rewriter.model import Reading
from rewriter.reading.meant import find_signs, is_put_right
from rewriter.reading.names import greeting_names, titled_name
from rewriter.reading.praise import is_warm
from rewriter.reading.signs import (
    NEAR,
    SENTENCE,
    WORD,
    Sign,
    Span,
    feeling_shown,
    is_within,
    negates,
    trouble_shown,
    unquoted,
    words_before,
)
from rewriter.reading.topic import (
    Topic,
    find_topics,
    has_tool,
    is_anothers,
    is_fitting,
    is_object,
    meant_by_it,
    noun_phrases,
    said_in_full,
)
from rewriter.reading.words import Lexicon, Told
from rewriter.wording import either, listed

NOT_NAMED = ("security", "blocked")  # kinds of trouble beside which no other is told back
UPSET = ("frustration", "anger", "disappointment")  # who is one of these hears what about, be it no trouble
CLEAR = 2  # strength of a feeling from which that holds
BEFORE_A_WAIT = ("cancelled", "charge", "damaged", "wrong", "broken", "gone")  # trouble that leaves something owed
HEARD_TWICE = 2  # messages before this one, after which trouble counts as repeated
LONGEST_CLAUSE = 12  # words before a duration that tell what it is of
_THE_TOPIC = "{{ the_topic }}"

_REPLIED = re.compile(r"(?m)^\s*>.*$")
_TAGGED = re.compile(r"(?i)(?<![^\s])(my|your|the|with|of|in|on|our|using|is|this) [#@](\w+)")  # "up with #iTunes"
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+")


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
    topic; where the draft makes amends or mends something, there is a problem, however calmly they wrote.
    Mail quoted below a message, quoted words and negated feelings do not count.
    """
    spoken = detect(message, language or "en")
    first, family = greeting_names(name, language or spoken)
    replied = load("reading", language or spoken, Lexicon)
    title, titled = titled_name(name, replied.courtesy if replied else {})
    family = titled or family
    lexicon = load("reading", spoken, Lexicon)
    own = _own_words(message, lexicon)
    matter = _matter([own, subject], lexicon, matters or {})
    if lexicon is None or not own.strip():
        return Reading(language=spoken, first_name=first, family_name=family, title=title, matter=matter)
    said = unquoted(own)
    signs = find_signs(said, lexicon)
    settled = not signs and is_put_right(said, lexicon)
    headed = find_signs(unquoted(subject), lexicon) if subject and not settled else ()
    shown = [*signs, *(sign for sign in headed if sign.name != "gratitude" or is_warm([sign]))]
    feeling, strength = feeling_shown(own, shown, lexicon)
    both = f"{subject}\n{own}"
    trouble = _trouble(shown, both, lexicon)
    if feeling == "gratitude" and _is_open(own, signs, lexicon):  # thanks in passing, or in mockery
        others = [sign for sign in shown if sign.name != "gratitude"]
        feeling, strength = feeling_shown(own, others, lexicon)
    elif feeling == "gratitude":
        trouble, headed = "", ()
    if not (trouble or settled or feeling in ("gratitude", "grief") or replied is None):
        trouble = "other" if listed(replied.signals.mends).search(draft) else ""
    works = [found.span() for found in listed(lexicon.around.intact).finditer(said)]
    in_message = [
        topic
        for topic in find_topics(said, signs, lexicon, f"{subject} {draft}", trouble)
        if not is_within(topic.place, works) and not _goes_on(said, topic, lexicon)
    ]
    in_subject = find_topics(unquoted(subject), headed, lexicon, draft, trouble, heading=True)
    phrases = tuple(noun_phrases(said, lexicon.topic)) if in_subject else ()
    full = [said_in_full(topic, phrases) for topic in in_subject]
    if full and is_anothers(said, lexicon.topic):
        full = [replace(topic, form=topic.form.replace("own", "other")) for topic in full]
    told_in_message = any(sign.kind == "trouble" for sign in signs)
    topics = [*in_message, *full] if told_in_message else [*full, *in_message]
    named, object_ = "", None
    if trouble not in NOT_NAMED and (trouble or (strength >= CLEAR and feeling in UPSET)):
        named, object_ = _named(said, signs, in_message, lexicon)
        if not named:
            named, object_ = _named(unquoted(subject), headed, in_subject, lexicon)
        if object_ and trouble == "waiting" and not is_fitting(object_, trouble, lexicon):
            named, object_ = "", None  # "my pension is late, I can't pay my rent": it is not the rent that is late
    kind = "login" if trouble == "access" and named and not object_ else trouble
    topic = object_ or next((topic for topic in topics if is_fitting(topic, kind, lexicon)), Topic())
    told = _told(said, trouble, signs, works, lexicon) if trouble or strength else ""
    if trouble == "waiting" and topics and not topic.text and not told:
        topic, trouble = topics[0], "other"
    times = _times(said, lexicon) if trouble or strength else ""
    asked_before = bool(times or (listed(lexicon.signals.repeated).search(both) and not settled)) or (
        len(earlier) >= HEARD_TWICE and bool(trouble) and feeling not in ("none", "gratitude")
    )
    happened_before = asked_before or bool(listed(lexicon.signals.again).search(both))
    amends = feeling != "gratitude" and bool(replied and listed(replied.signals.amends).search(draft))
    asks = "?" in own or "？" in own or bool(listed(lexicon.signals.question).search(own))
    return Reading(
        language=spoken,
        feeling=feeling,
        strength=strength,
        topic=topic.text,
        topic_form=topic.form,
        told=told,
        times=times,
        named=named,
        plight=next((sign.name for sign in shown if sign.kind == "plight"), "") if trouble or strength else "",
        trouble=trouble,
        repeated=happened_before and feeling != "gratitude",
        asked=asked_before and feeling != "gratitude",
        urgent=bool(listed(lexicon.signals.urgent).search(both)),
        plain_question=asks and not (trouble or strength or happened_before or amends),
        problem=bool(trouble) or amends,
        amends=amends,
        first_name=first,
        family_name=family,
        title=title,
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
    return _NOISE.sub(" ", _TAGGED.sub(lambda found: _untagged(found, lexicon), text) if lexicon else text)


def _untagged(found: re.Match[str], lexicon: Lexicon) -> str:
    """Return a product or a thing without the mark of its handle: "what is up with #iTunes"."""
    rules, tag = lexicon.topic, found[2].lower()
    known = tag in rules.nouns or tag in rules.makers or any(tag == name.lower() for name in rules.products)
    return f"{found[1]} {found[2]}" if known else found[0]


def _matter(texts: Sequence[str], lexicon: Lexicon | None, matters: Mapping[str, Sequence[str]]) -> str:
    for text in map(unquoted, filter(None, texts)):
        for reason, phrases in matters.items():
            for found in listed(tuple(phrases)).finditer(text):
                if lexicon is None or not negates(words_before(text, found.start(), NEAR), lexicon):
                    return reason
    return ""


def _is_open(text: str, signs: Sequence[Sign], lexicon: Lexicon) -> bool:
    """Say whether a message that also thanks still asks for something, or is not meant as thanks."""
    if "?" in text and not is_warm(signs):
        return True
    settled = listed(lexicon.around.settled)
    for sentence in SENTENCE.finditer(text):
        inside = [sign for sign in signs if sentence.start() <= sign.start < sentence.end()]
        wrong = any(
            sign.kind == "trouble" or (sign.kind == "feeling" and sign.name != "gratitude") for sign in inside
        )
        if wrong and not settled.search(sentence[0]):
            return True
    return False


def _trouble(shown: Sequence[Sign], text: str, lexicon: Lexicon) -> str:
    """Return the most telling kind of trouble: the wait, where they wait for what is owed to them after another."""
    trouble = trouble_shown(shown, lexicon)
    waits = trouble in BEFORE_A_WAIT and any(sign.name == "waiting" for sign in shown)
    return "waiting" if waits and listed(lexicon.signals.owed).search(text) else trouble


# --- told back ------------------------------------------------------------------------------------------


def _goes_on(text: str, topic: Topic, lexicon: Lexicon) -> bool:
    """Say whether a number and another thing follow: "my Windows 10 code" is about a code."""
    behind = WORD.findall(text[topic.place :].lower().partition(topic.text.lower())[2])[:2]
    return len(behind) > 1 and behind[0].isdigit() and behind[1] in lexicon.topic.nouns


def _named(text: str, signs: Sequence[Sign], topics: Sequence[Topic], lexicon: Lexicon) -> tuple[str, Topic | None]:
    """Return what went wrong as it is told back, and the thing it was done to where that is part of it.

    "{{ the_topic }}" in it is for the phrasebook to fill in; without a thing there, it is not said.
    """
    for sign in signs:
        if sign.kind != "named" or has_tool(text, sign, lexicon.topic):
            continue
        if _THE_TOPIC not in sign.name:
            return sign.name, None
        for topic in topics:
            if is_object(text, sign, topic, lexicon.topic):
                return sign.name, topic
        if meant := meant_by_it(text, sign, lexicon.topic):
            return sign.name, meant
    return "", None


def _times(text: str, lexicon: Lexicon) -> str:
    """Return how often they have asked, as they say it: "a third time", "twice"."""
    return next((said for said, phrases in lexicon.told.times.items() if listed(phrases).search(text)), "")


def _told(text: str, trouble: str, signs: Sequence[Sign], works: Sequence[Span], lexicon: Lexicon) -> str:
    """Return the duration of what they complain of, as they say it; one in a sentence of its own is another.

    How long something `works` is not told back: "it plays for two minutes and then goes quiet".
    """
    rules = lexicon.told
    if not rules.before:  # a language that sets no blanks: what follows at once tells
        follows = f"(?:{'|'.join(rules.after)})"
        found = re.search(f"((?:{'|'.join(rules.numbers)})(?:{'|'.join(rules.units)})){follows}", text)
        return found[1] if found else ""
    span = _span(rules.numbers, rules.units)
    for sentence in SENTENCE.finditer(text):
        said = sentence[0]
        if not any(sentence.start() <= sign.start < sentence.end() for sign in signs):
            continue
        for found in span.finditer(said):
            number = found[1].rsplit(" ", 1)[0].lower()
            before, after = WORD.findall(said[: found.start()]), WORD.findall(said[found.end() :])
            around = " ".join([words_before(said, found.start(), LONGEST_CLAUSE), "|", *after[:4]])
            if number in rules.loose or "-" in found[1] or either(rules.never).search(around):
                continue
            if is_within(sentence.start() + found.start(), works):
                continue
            ahead = " ".join(before[-4:]).lower()
            behind = " ".join(after[:2]).lower()
            if any(behind.startswith(word) for word in rules.ago_words):
                if trouble == "waiting" and either(rules.ago).search(said):
                    return _plain(found[1], rules)
            elif any(re.search(rf"(?:^|\s){word}$", ahead) for word in rules.before) or any(
                behind.startswith(word) for word in rules.after
            ):
                return _plain(found[1], rules)
    return ""


def _span(numbers: Sequence[str], units: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$€£.,/–-])((?:{'|'.join(numbers)})[ -](?:{'|'.join(units)}))(?!\w)", re.I)


def _plain(duration: str, rules: Told) -> str:
    """Return a duration as it stands within a sentence; its unit has a capital where the lexicon writes one."""
    *number, unit = duration.lower().split()
    return " ".join([*number, unit.capitalize() if rules.units[0][0].isupper() else unit])
