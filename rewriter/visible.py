"""What a reader sees of HTML: the visible text, and a digest of it."""

import hashlib
import re
import threading
from functools import lru_cache
from html import unescape

from inscriptis import get_text
from inscriptis.model.config import ParserConfig

_CONFIG = ParserConfig(display_links=False, display_images=False)
_ONE_AT_A_TIME = threading.Lock()  # inscriptis keeps the page it writes in an element that all threads share
_HIDDEN = re.compile(  # what inscriptis, which knows `display: none`, would show
    r"(<[^<>]*\bstyle\s*=\s*(?:\"[^\">]*?|'[^'>]*?))"
    r"(?:font-size\s*:\s*0(?:px|pt|r?em|%)?|visibility\s*:\s*hidden|display\s*:\s*none)(?:\s*!important)?\s*(?=[;\"'])",
    re.I,
)
_NOT_SHOWN = r"\1display:none"
_BLANK = re.compile(r"[^\S\n]+")
_GAP = re.compile(r"\n{3,}")
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


@lru_cache(maxsize=64)  # a draft is looked at several times on its way, and so is what stands around it
def visible_text(html: str) -> str:
    """Return the text that a reader sees of an HTML fragment: paragraphs apart by a blank line, no tags.

    Scripts, styles, comments and what a style hides are not seen. White space at the ends of lines is dropped.
    """
    if "<" in html:
        with _ONE_AT_A_TIME:
            text = get_text(f"<div>{_HIDDEN.sub(_NOT_SHOWN, html)}</div>", _CONFIG)
    else:
        text = unescape(html)
    lines = (_BLANK.sub(" ", line).strip() for line in text.replace("\xa0", " ").splitlines())
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


def digest(text: str) -> str:
    """Return 16 hex digits that are equal for texts whose visible words and marks are equal.

    White space and invisible characters do not count: editors and sanitisers change them on their own.
    """
    seen = _UNSEEN.sub("", text)
    return hashlib.sha256(" ".join(seen.split()).encode()).hexdigest()[:16]
