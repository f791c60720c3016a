"""How long and how often, as the customer says it, where that may be told back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rewriter.reading.signs import SENTENCE, WORD, Sign, Span, is_within, words_before
from rewriter.reading.words import Lexicon, Told
from rewriter.wording import either, listed

LONGEST_CLAUSE = 12  # words before a duration that tell what it is of


def duration_told(text: str, trouble: str, signs: Sequence[Sign], works: Sequence[Span], lexicon: Lexicon) -> str:
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


def times_told(text: str, lexicon: Lexicon) -> str:
    """Return how often they have asked, as they say it: "a third time", "twice"."""
    return next((said for said, phrases in lexicon.told.times.items() if listed(phrases).search(text)), "")


def _span(numbers: Sequence[str], units: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$€£.,/–-])((?:{'|'.join(numbers)})[ -](?:{'|'.join(units)}))(?!\w)", re.I)


def _plain(duration: str, rules: Told) -> str:
    """Return a duration as it stands within a sentence; its unit has a capital where the lexicon writes one."""
    *number, unit = duration.lower().split()
    return " ".join([*number, unit.capitalize() if rules.units[0][0].isupper() else unit])
