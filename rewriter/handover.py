"""How an agent hands over a draft: our notes' marker, the directive line, and which note is the draft.

The rule is the same for every helpdesk and stands here alone; an adapter asks it again before it writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from rewriter.model import Comment, Directive, Draft, Marker, NoDraft, Thread
from rewriter.visible import digest, visible_text

SUGGESTED = "rewrite_suggested"
OUTCOME_TAG = {
    "suggested": SUGGESTED,
    "unchanged": "rewrite_unchanged",
    "declined": "rewrite_declined",
    "failed": "rewrite_failed",
}

_MARKER = re.compile(r"\brewriter-key: ([a-z]+:[^\s:<]+:[^\s:<]+:[0-9a-f]{16}) \(([a-z]+)\)")
_LINE_ENDS = re.compile(r"</?(?:p|div|br|ul|ol|li|blockquote|pre|table|hr|h[1-6])\b", re.I)
_BEGINS = re.compile(r"[\s\u200b\ufeff]*#draft\b:?", re.I)
_SETTING = re.compile(r"(?:(?P<name>tone|lang)=)?(?P<value>[A-Za-z][\w-]*)")
_POLITELY = re.compile(r",?\s(?:please|pls|plz|bitte|svp|por favor|per favore|alstublieft)[.!]*\s*$", re.I)
_BLANK = re.compile(r"(?:[\s\xa0\u200b\ufeff]|&nbsp;)*")
_LEADING_BLANK = re.compile(
    r"\A((?:\s*<(?:div|p|span|font|ul|ol|li|b|strong|em|i|u)\b[^>]*>)*?)"
    r"(?:(?:[\s\xa0\u200b\ufeff]|&nbsp;|<br\b[^>]*>)+"
    r"|<(p|div|span|font|ul|ol|li|b|strong|em|i|u)\b[^>]*>(?:[\s\xa0\u200b\ufeff]|&nbsp;|<br\b[^>]*>)*</\2\s*>)",
    re.I,
)


def marker(key: str, outcome: str) -> str:
    """Return the line that makes a note ours: it stands in the note's visible text, below the `<hr>`."""
    return f"rewriter-key: {key} ({outcome})"


def marker_of(html: str) -> Marker | None:
    """Return the marker that a note's visible text ends with, or None where the note is not ours.

    Only the last line counts: an agent who pastes a suggestion into a new draft has not written a note of ours.
    """
    place = html.rfind("rewriter-key:")
    if place < 0:
        return None
    commented = html.rfind("<!--", 0, place) > html.rfind("-->", 0, place)
    end = html if commented else html[max(html.rfind("<", 0, place), 0) :]  # to read a whole note takes long
    found = _MARKER.search(visible_text(end).rpartition("\n")[2])
    return Marker(found[1], found[2]) if found else None


def split_directive(html: str) -> tuple[Directive, str] | None:
    """Return what a note's first line `#draft …` asks for and the HTML without it; None without such a line.

    `#draft`, `#draft formal` and `#draft tone=formal lang=fr` are directives, in capitals too, and so is
    `#draft formal, please`; where other words follow on the same line they are the draft's, and only `#draft`
    itself is taken off. A draft in plain text is split likewise.
    """
    pieces = list(_pieces(html))
    line: list[int] = []  # indexes of the text pieces in the first line that holds text
    for index, piece in enumerate(pieces):
        if not piece.startswith("<"):
            head, newline, _ = piece.lstrip("\n \t").partition("\n")
            if line or not _BLANK.fullmatch(piece):
                line.append(index)
            if newline and head.strip():
                break
        elif line and _LINE_ENDS.match(piece):
            break
    written = "".join(pieces[i] for i in line).replace("&nbsp;", " ").replace("\xa0", " ")
    begins = _BEGINS.match(written)
    if not begins:
        return None
    first_line = written.lstrip().partition("\n")[0]
    asked = _POLITELY.sub("", first_line)
    settings = [_SETTING.fullmatch(word) for word in asked.split()[1:]]
    named = [s for s in settings if s]
    whole = len(named) == len(settings) and all(s["name"] for s in named[1:])
    if asked != first_line:  # "Yes, please" is the draft's
        whole &= all(s["name"] or s["value"].islower() for s in named)
    directive = Directive()
    if whole:
        values = {s["name"] or "tone": s["value"] for s in named}
        directive = Directive(values.get("tone", ""), values.get("lang", "").lower().partition("-")[0])
    to_drop = len(written) - len(written.lstrip()) + len(first_line) if whole else begins.end()
    for index in line:
        piece = pieces[index].replace("&nbsp;", "\xa0")
        pieces[index] = piece[to_drop:]
        to_drop = max(0, to_drop - len(piece))
    end_of_line = line[-1] + 1
    if end_of_line < len(pieces) and pieces[end_of_line].lower().startswith("<br"):
        pieces[end_of_line] = ""
    rest = "".join(pieces)
    while (shorter := _LEADING_BLANK.sub(r"\1", rest, count=1)) != rest:
        rest = shorter
    return directive, rest


def _pieces(html: str) -> Iterator[str]:
    """Cut HTML into comments, tags and the text between; what opens and never closes goes on to the end."""
    at = 0
    while at < len(html):
        closing = "<" if html[at] != "<" else "-->" if html.startswith("<!--", at) else ">"
        found = html.find(closing, at)
        end = len(html) if found < 0 else found if closing == "<" else found + len(closing)
        yield html[at:end]
        at = end


def find_draft(thread: Thread, *, request_tag: str, needs_directive: bool) -> Draft | NoDraft:
    """Return the draft that a ticket hands over, or why there is none.

    Among agents' internal notes (no end user's, no rule's, not ours) later than our last suggestion and later
    than the last public reply of an agent: the newest that begins with `#draft`; else, where the helpdesk does
    not need a directive, the newest.
    """
    comments = thread.comments
    suggestion = _last(comments, _is_suggestion)
    answer = _last(comments, _is_answer)
    handed_over = [(i, c) for i, c in enumerate(comments) if i > suggestion and _may_be_draft(c)]
    standing = _choose([c for i, c in handed_over if i > answer], needs_directive)
    overtaken = _choose([c for _, c in handed_over], needs_directive)
    last = _ours(comments[suggestion]) if suggestion >= 0 else None
    key = draft_key(thread, standing or overtaken)
    over = last.key if last and not handed_over else key  # a run that is still at it has the key of its note
    if thread.ticket.status in ("closed", "gone"):
        return NoDraft(over, thread, "closed")
    if request_tag not in thread.ticket.tags:
        return NoDraft(over, thread, "withdrawn")
    if standing:
        settled = next((ours for c in comments if (ours := _ours(c)) and ours.key == key), None)
        if settled:
            return NoDraft(key, thread, "done", settled.outcome)
        directive, html = split_directive(standing.html) or (Directive(), standing.html)
        if not visible_text(html):
            return NoDraft(key, thread, "missing")
        said = [visible_text(c.html) for c in comments if c.public and c.author == "customer"]
        return Draft(key, thread, standing, html, directive, said[-1] if said else "", tuple(said[:-1]))
    if overtaken:
        return NoDraft(key, thread, "answered")
    if last and not _asked_again_since(thread, comments[suggestion]):
        return NoDraft(last.key, thread, "done", last.outcome)
    return NoDraft(key, thread, "missing")


def draft_key(thread: Thread, comment: Comment | None) -> str:
    """Return helpdesk:ticket:comment:digest of the visible text; an edited draft is a new draft.

    Where there is no draft, the key stands for the ticket as it is: a later comment makes it another key.
    """
    if comment:
        return f"{thread.helpdesk}:{thread.ticket.id}:{comment.id}:{digest(visible_text(comment.html))}"
    last = thread.comments[-1].id if thread.comments else ""
    return f"{thread.helpdesk}:{thread.ticket.id}:none:{digest(last)}"


def _ours(comment: Comment) -> Marker | None:
    """Return the marker of a note of ours; one that a customer wrote into a message marks nothing."""
    return comment.marker if comment.author != "customer" else None


def _is_suggestion(comment: Comment) -> bool:
    ours = _ours(comment)
    return ours is not None and ours.outcome == "suggested"


def _is_answer(comment: Comment) -> bool:
    return comment.public and comment.author == "agent" and not comment.rule


def _may_be_draft(comment: Comment) -> bool:
    return not comment.public and comment.author == "agent" and not comment.rule and comment.marker is None


def _choose(notes: list[Comment], needs_directive: bool) -> Comment | None:
    named = [c for c in notes if split_directive(c.html)]
    return named[-1] if named else notes[-1] if notes and not needs_directive else None


def _last(comments: tuple[Comment, ...], holds: Callable[[Comment], bool]) -> int:
    return max((i for i, comment in enumerate(comments) if holds(comment)), default=-1)


def _asked_again_since(thread: Thread, suggestion: Comment) -> bool:
    """Tell whether the request tag was set anew after a suggestion, rather than left by a run that died.

    A note moves the ticket's stamp to its own second; a tag set later moves it on.
    """
    if SUGGESTED not in thread.ticket.tags:
        return False
    return datetime.fromisoformat(thread.ticket.stamp) > suggestion.at
