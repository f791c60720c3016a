"""What the vendors do to a comment's HTML on its way in: cut, fill in placeholders, sanitise, show as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

import nh3

LARGEST_BODY = 65_536  # bytes of UTF-8; what is beyond is cut without a word

_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "width", "height"}, "td": {"colspan", "rowspan"}}
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel", "data"})
_BLOCK = re.compile(r"<(p|ul|ol|blockquote|pre|h[1-6])>")
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|ul|ol|blockquote|pre|tr|table|h[1-6])>", re.I)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_TAG = re.compile(r"<[^>]*>")
_PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"}


def clean(html: str) -> str:
    """Return HTML without scripts, styles, handlers, comments and unknown tags; links gain a `rel`."""
    return _CLEANER.clean(html)


def cut(text: str) -> str:
    """Return as much of `text` as LARGEST_BODY bytes hold."""
    raw = text.encode()
    return text if len(raw) <= LARGEST_BODY else raw[:LARGEST_BODY].decode(errors="ignore")


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each `{{placeholder}}` rendered; one that is not known renders as nothing."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text) if "{{" in text else text


def with_directions(html: str) -> str:
    """Return HTML whose block tags carry `dir="auto"`, as Zendesk stores them."""
    return _BLOCK.sub(r'<\1 dir="auto">', html)


def as_text(html: str) -> str:
    """Return the words of HTML as the vendors' text fields have them.

    That is not what a reader sees: what a style hides is there as ordinary prose, and `&nbsp;` stays written out.
    """
    text = _TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", html)))
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def as_html(text: str) -> str:
    """Return plain text as paragraphs; any HTML in it is stripped, as it is where an API is given a text."""
    paragraphs = (escape(part.strip(), quote=False) for part in as_text(text).split("\n\n"))
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in paragraphs if part)
