"""Freshdesk's JSON to our model and back: pure, and tolerant of keys that are missing or null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from email.utils import getaddresses
from typing import Any

from rewriter.handover import OUTCOME_TAG, marker_of
from rewriter.model import Channel, Comment, Role, Status, Thread, Ticket
from rewriter.visible import digest, visible_text

from ..api import moment

Json = Mapping[str, Any]

_CLOSED = 5
_RESOLVED = 4
_OUTBOUND = 10  # a ticket that an agent began by writing to the customer
_NOTE = 2
_SURVEY = 6
_CHANNELS: Mapping[int, Channel] = {1: "email", 10: "email", 5: "social", 6: "social", 7: "chat", 15: "chat"}
_PRIORITIES = {1: "low", 2: "medium", 3: "high", 4: "urgent"}


def ticket(row: Json, *, tags: Sequence[str] = ()) -> Ticket:
    """Return the ticket that a list, a search or the ticket itself shows; `tags` where the row has none."""
    return Ticket(
        id=_id(row.get("id")),
        tags=tuple(str(tag) for tag in row.get("tags", tags) or ()),
        status=_status(row),
        stamp=str(row.get("updated_at") or ""),
        requester_id=_id(row.get("requester_id")),
        subject=str(row.get("subject") or ""),
        channel=_CHANNELS.get(_number(row.get("source")), "web"),
        brand=_id(row.get("product_id")),
        group=_id(row.get("group_id")),
        form=str(row.get("type") or ""),
        priority=_PRIORITIES.get(_number(row.get("priority")), ""),
    )


def names(rows: Iterable[Json]) -> dict[str, str]:
    """Return products or groups as names by id."""
    return {_id(row.get("id")): str(row.get("name") or "") for row in rows}


def _status(row: Json) -> Status:
    if row.get("spam") or row.get("deleted"):
        return "gone"
    if _number(row.get("status")) == _CLOSED:
        return "closed"
    return "solved" if _number(row.get("status")) == _RESOLVED else "open"


def agents(row: Json, conversations: Iterable[Json]) -> tuple[str, ...]:
    """Return the ids of the agents who are to answer a ticket or wrote on it."""
    requester = _id(row.get("requester_id"))
    wrote = (_id(c.get("user_id")) for c in conversations if not c.get("incoming"))
    return tuple(dict.fromkeys(id_ for id_ in (_id(row.get("responder_id")), *wrote) if id_ not in ("", requester)))


def agent_name(row: Json) -> str:
    """Return an agent's name; "" where the row has none."""
    contact = row.get("contact")
    return str(contact.get("name") or "") if isinstance(contact, Mapping) else ""


def thread(row: Json, conversations: Sequence[Json], agents: Sequence[str] = ()) -> Thread:
    """Return a ticket with its comments: the description is the first, then the conversations, oldest first.

    `agents` are the names of the agents on it: the ticket itself has only their numbers.
    """
    requester = row.get("requester") or {}
    read = {_id(c.get("id")): comment(c, _id(row.get("requester_id"))) for c in conversations if _is_said(c)}
    said = sorted(read.values(), key=lambda comment: (comment.at, comment.id.zfill(24)))
    return Thread(
        helpdesk="freshdesk",
        ticket=ticket(row),
        comments=(*_description(row, said), *said),
        requester=str(requester.get("name") or ""),
        people=tuple(dict.fromkeys((*agents, *_people((row, *conversations), str(requester.get("name") or ""))))),
    )


def comment(row: Json, requester_id: str) -> Comment:
    """Return one conversation; a private one may be a customer's (a reply from an address that was not copied)."""
    html = str(row.get("body") or row.get("body_text") or "")
    author = _author(row, requester_id)
    return Comment(
        id=_id(row.get("id")),
        html=html,
        author=author,
        public=row.get("private") is not True,
        at=moment(row.get("created_at")),
        rule=bool(row.get("automation_id") or row.get("auto_response")),
        marker=marker_of(html) if author != "customer" and _number(row.get("source", _NOTE)) == _NOTE else None,
    )


def _author(row: Json, requester_id: str) -> Role:
    writer = _id(row.get("user_id"))
    if row.get("incoming") or (writer and writer == requester_id):
        return "customer"
    if row.get("private") and _number(row.get("source", _NOTE)) != _NOTE:
        return "system"  # a forwarded mail and the like: no note that an agent wrote
    return "agent" if writer else "system"


def _is_said(row: Json) -> bool:
    return bool(row.get("id")) and _number(row.get("source")) != _SURVEY


def _description(row: Json, said: Sequence[Comment]) -> tuple[Comment, ...]:
    """Return the ticket's first message as a comment; none where a chat's first conversation says it once more."""
    html = str(row.get("description") or row.get("description_text") or "")
    source = _number(row.get("source"))
    first = next((c for c in said if c.public), None) if _CHANNELS.get(source) == "chat" else None
    repeated = first and digest(visible_text(first.html)) == digest(visible_text(html))
    if not html or repeated:
        return ()
    author: Role = "agent" if source == _OUTBOUND else "customer"
    return (Comment("description", html, author, True, moment(row.get("created_at"))),)


def _people(conversations: Iterable[Json], requester: str) -> tuple[str, ...]:
    """Return the names that stand beside addresses; who wrote a note is only known by number."""
    written = [
        str(address) for c in conversations for address in (c.get("from_email"), *(c.get("cc_emails") or ()))
    ]
    names = (name.strip() for name, address in getaddresses(written) if address)
    return tuple(dict.fromkeys(name for name in names if name and name != requester))


def note(html: str) -> dict[str, Any]:
    """Return the body of a write that leaves an internal note: the documented keys and no others."""
    return {"body": html, "private": True}


def settled_tags(tags: Iterable[str], outcome: str, request_tag: str, *, asked_again: bool = False) -> list[str]:
    """Return a ticket's tags with this outcome's tag in place of earlier ones, and of the request tag.

    The request tag stays, or comes back, where the ticket was `asked_again` meanwhile.
    """
    ours = {request_tag, *OUTCOME_TAG.values()}
    kept = [tag for tag in tags if tag not in ours]
    return [*kept, OUTCOME_TAG[outcome], *([request_tag] if asked_again else [])]


def _id(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
