"""The internal note that an agent reads: the suggestion, one `<hr>`, then the account of it with our marker."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import nh3

from rewriter.handover import marker
from rewriter.model import Directive, Failure, Suggestion, ViolationKind
from rewriter.prompting import NoteWords, Prompts, Reason

QUOTED = 100  # columns of a sentence that is quoted; what is longer ends in "…"
LISTED = 40  # columns of a fact that is listed
FACTS = 12  # facts that are listed; the others are counted
SENTENCES = 4  # sentences that are quoted in one line; likewise

_TAGS = nh3.ALLOWED_TAGS - {"hr"}  # the note's one rule says where the suggestion ends
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"dir", "lang", "title", "class", "style"},
    "img": {"src", "alt", "width", "height", "id", "rel"},
    "a": {"href", "target", "rel", "hreflang"},
}
_STYLES = re.compile(  # how letters and paragraphs look: nothing that is fetched, or lies over the page
    r"\s*(?:color|background-color|font(?:-\w+)*|line-height|text-(?:align|decoration|indent)|direction|white-space"
    r"|(?:margin|padding|border)(?:-\w+)*|width|height|max-width|vertical-align|list-style-type)"
    r"\s*:(?![^;]*-\d)(?:[^\\():;]|rgba?\([\d\s,.%]*\))*",
    re.I,
)
_NOTHING = Directive()
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_REASONS: dict[ViolationKind, Reason] = {  # a kind that does not stand here is a typed fact
    "negation": "negation", "condition": "condition", "certainty": "certainty",
    "commitment": "promise", "promise": "promise", "claimed action": "promise", "policy": "promise",
    "fault": "fault", "cause": "fault", "actor": "actor", "tense": "time", "comparator": "time", "order": "time",
    "content": "wording", "question": "wording", "lost sentence": "wording", "added sentence": "wording",
    "doubled sentence": "wording", "identity": "wording", "greeting": "wording", "sign-off": "wording",
    "language": "wording", "banned phrase": "wording", "length": "wording",
}  # fmt: skip


def suggestion_note(
    suggestion: Suggestion, key: str, prompts: Prompts, agent_language: str = "", unknown: Directive = _NOTHING
) -> str:
    """Return the note's HTML for a suggestion that was rewritten or declined.

    Above the `<hr>` stands nothing but what the agent may send, sanitised; the account below names what was
    added, rephrased and kept, and never quotes a wording that the guard refused. It is in the agent's language
    (BCP-47, "" where unknown) where there are words for it, else in the draft's, else in English. `unknown` is what
    the draft's first line asked for and there is not.
    """
    language = _language(prompts, (agent_language, suggestion.language))
    words = prompts.notes[language]
    if suggestion.outcome == "declined":
        said = prompts.say(words.declined, reason=_why_declined(suggestion.reason, language, prompts))
        return _without_suggestion(prompts, (said, words.untouched), marker(key, "declined"))
    account = tuple(_account(suggestion, unknown, words, prompts))
    if _turns(suggestion.text):  # a helpdesk lays the whole note out from right to left then
        account = tuple(map(_isolated, account))
    return prompts.render(
        "note.html.j2",
        html=sanitised(suggestion.html),
        account=account,
        marker=marker(key, "suggested"),
    )


def failure_note(
    failure: Failure, key: str, prompts: Prompts, *, error: str = "", languages: Sequence[str] = ()
) -> str:
    """Return the note's HTML for a draft that could not be handled; `error` is one plain sentence, if there is one.

    It is in the first of the languages that there are words for, else in English.
    """
    words = prompts.notes[_language(prompts, languages)]
    said = prompts.say(getattr(words, failure), error=error)
    return _without_suggestion(prompts, (said,), marker(key, "failed"))


def sanitised(html: str) -> str:
    """Return HTML with balanced tags, without scripts, handlers, forms, unknown addresses and unknown styles."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """Return an attribute as it may stand; a style without what is fetched or lies over the page."""
    if name != "style":
        return value
    parts = value.split(";")
    kept = [part for part in parts if not part.strip() or _STYLES.fullmatch(part)]
    return ";".join(kept) if len(kept) == len(parts) or any(map(str.strip, kept)) else None


def _language(prompts: Prompts, languages: Sequence[str]) -> str:
    bases = (language.partition("-")[0].lower() for language in languages)
    return next((base for base in bases if base in prompts.notes), "en")


def _why_declined(reason: str, language: str, prompts: Prompts) -> str:
    matters = (matter for matter in prompts.declined.values() if matter.tell == reason)
    return next((matter.tell_in[language] for matter in matters if language in matter.tell_in), reason)


def _without_suggestion(prompts: Prompts, lines: Sequence[str], marker: str) -> str:
    return prompts.render("failure.html.j2", lines=lines, marker=marker)


# --- the account ----------------------------------------------------------------------------------------


def _account(suggestion: Suggestion, unknown: Directive, words: NoteWords, prompts: Prompts) -> Iterator[str]:
    """Yield the lines below the rule; where there is nothing to tell there is no line."""
    own = {part.carries[0]: part.text for part in suggestion.parts if part.carries}

    def quote(text: str) -> str:
        return prompts.say(words.quote, text=_shortened(text, QUOTED))

    added, rephrased = [], []
    for part in suggestion.parts:
        if part.kind == "personalisation":
            added.append(words.moves[part.kind])
        elif part.kind == "rephrased":
            rephrased.append(quote(part.text))
        elif part.kind != "kept":
            added.append(f"{words.moves[part.kind]} {quote(part.text)}")
    facts = [fact.text for fact in suggestion.facts if fact.kind != "image"]
    put_back, left_out = [], []
    for violation in suggestion.reverted:
        why = words.reasons[_REASONS.get(violation.kind, "fact")]
        if violation.sentence in own:
            put_back.append(f"{quote(own[violation.sentence])} ({why})")
        else:
            left_out.append(why)
    yield words.suggested
    if unknown.tone:
        yield prompts.say(words.no_tone, tone=unknown.tone)
    if unknown.language:
        known = ", ".join(sorted(prompts.phrasebooks))
        yield prompts.say(words.no_language, language=unknown.language, read=suggestion.language, others=known)
    for said, entries, most in (
        (words.added, added, SENTENCES),
        (words.rephrased, rephrased, SENTENCES),
        (words.put_back, put_back, SENTENCES),
        (words.left_out, left_out, SENTENCES),
        (words.facts, [_shortened(fact, LISTED) for fact in facts], FACTS),
    ):
        if entries:
            yield prompts.say(said, list=_listed(entries, most))
    kept = sum(part.kind == "kept" for part in suggestion.parts)
    yield prompts.say(words.kept, count=str(kept), total=str(len(own)))
    others = sorted(name for name in prompts.tones if name != suggestion.tone)
    asked = "formal" if "formal" in others else others[0] if others else suggestion.tone
    yield prompts.say(words.tone, tone=suggestion.tone, others=", ".join(others), directive=f"#draft {asked}")


def _listed(entries: Sequence[str], most: int) -> str:
    """Return entries in one line, each once; beyond `most` they are counted."""
    once = list(dict.fromkeys(entries))
    more = len(once) - most
    return " · ".join(once[:most]) + (f" · +{more}" if more > 0 else "")


def _shortened(text: str, columns: int) -> str:
    """Return a text cut between words where it is wider than so many columns; Japanese letters are two wide."""
    whole = " ".join(text.split())
    wide, end = 0, 0
    while end < len(whole) and wide <= columns:
        wide += 2 if unicodedata.east_asian_width(whole[end]) in "WF" else 1
        end += 1
    if wide > columns:
        cut = whole[: end - 1]
        whole = (cut.rpartition(" ")[0] or cut).rstrip(",;:—- ") + "…"
    return _isolated(whole) if _turns(whole) else whole


def _turns(text: str) -> bool:
    """Say whether a text has letters that run from right to left, which would turn a line round."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _isolated(text: str) -> str:
    """Return a text between marks within which it runs as its own first letter does, whatever stands around."""
    return f"\u2068{text}\u2069"
