"""The internal note that an agent reads: the suggestion, one `<hr>`, then the account of it with our marker."""

from __future__ import annotations

import re

import nh3

from rewriter.handover import marker
from rewriter.model import Suggestion
from rewriter.prompting import Prompts

_TAGS = nh3.ALLOWED_TAGS - {"hr"}  # the note's one rule says where the suggestion ends
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"dir", "lang", "title", "class", "style"},
    "img": {"src", "alt", "width", "height", "id", "rel"},
    "a": {"href", "target", "rel", "hreflang"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_PLACEHOLDER = re.compile(r"\\{\\{|\\{%")


def suggestion_note(suggestion: Suggestion, key: str, prompts: Prompts) -> str:
    """Return the note's HTML for a suggestion that was rewritten or declined.

    Above the `<hr>` stands nothing but what the agent may send, sanitised; the account below names what was
    added, rephrased and kept, and never quotes a wording that the guard refused.
    """
    facts = list(dict.fromkeys(fact.text for fact in suggestion.facts if fact.kind != "image"))
    kinds = list(dict.fromkeys(part.kind for part in suggestion.parts if part.kind not in ("kept", "rephrased")))
    return prompts.render(
        "note.html.j2",
        suggestion=suggestion,
        html=sanitised(suggestion.html),
        added=[part.text for part in suggestion.parts if part.kind in kinds],
        kinds=kinds,
        rephrased=[part.text for part in suggestion.parts if part.kind == "rephrased"],
        kept=sum(1 for part in suggestion.parts if part.kind == "kept"),
        facts=facts,
        reverted=list(dict.fromkeys(violation.kind for violation in suggestion.reverted)),
        marker=marker(key, "suggested" if suggestion.outcome == "rewritten" else suggestion.outcome),
    )


def failure_note(reason: str, key: str, prompts: Prompts) -> str:
    """Return the note's HTML for a draft that could not be handled; `reason` is one plain sentence."""
    return prompts.render("failure.html.j2", reason=reason, marker=marker(key, "failed"))


def sanitised(html: str) -> str:
    """Return HTML with balanced tags and without scripts, event handlers, forms and unknown addresses."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
