"""What a customer's messages ask for: the feeling and how strong it is, what it is about, and whom to greet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rewriter.language import detect
from rewriter.model import Reading
from rewriter.reading.about import Heard, find_about
from rewriter.reading.meant import find_signs, is_put_right
from rewriter.reading.names import greeting_names, signed_title, titled_name
from rewriter.reading.praise import is_warm
from rewriter.reading.signs import (
    NEAR,
    SENTENCE,
    Sign,
    feeling_shown,
    negates,
    trouble_shown,
    unquoted,
    words_before,
)
from rewriter.reading.told import times_told
from rewriter.reading.words import Lexicon, lexicon_of
from rewriter.wording import either, listed

BEFORE_A_WAIT = ("cancelled", "charge", "damaged", "wrong", "broken", "gone")  # trouble that leaves something owed
HEARD_TWICE = 2  # messages before this one, after which trouble counts as repeated

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
    replied = lexicon_of(language or spoken)
    title, titled = titled_name(name, replied.courtesy if replied else {})
    family = titled or family
    title = title or signed_title(message, family, replied.courtesy if replied else {})
    lexicon = lexicon_of(spoken)
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
    asks = "?" in own or "？" in own or bool(listed(lexicon.signals.question).search(own))
    if replied and not (trouble or settled or (asks and not strength) or feeling in ("gratitude", "grief")):
        trouble = "other" if listed(replied.signals.mends).search(draft) else ""
    heading = Heard(unquoted(subject), headed)
    about = find_about(Heard(said, signs), heading, draft, trouble, (feeling, strength), lexicon)
    trouble = about.trouble
    times = times_told(said, lexicon) if trouble or strength else ""
    asked_before = bool(times or (listed(lexicon.signals.repeated).search(both) and not settled)) or (
        len(earlier) >= HEARD_TWICE and bool(trouble) and feeling not in ("none", "gratitude")
    )
    happened_before = asked_before or bool(listed(lexicon.signals.again).search(both))
    amends = feeling != "gratitude" and bool(replied and _makes_amends(draft, replied))
    return Reading(
        language=spoken,
        feeling=feeling,
        strength=strength,
        topic=about.topic.text,
        topic_form=about.topic.form,
        told=about.told,
        times=times,
        named=about.named,
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


def _makes_amends(draft: str, lexicon: Lexicon) -> bool:
    """Say whether a draft shows that something did go wrong: "our error", but not "this is not our error"."""
    found = listed(lexicon.signals.amends).finditer(draft)
    return any(not negates(words_before(draft, sign.start(), NEAR), lexicon) for sign in found)


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
