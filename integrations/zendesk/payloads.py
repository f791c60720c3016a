"""Zendesk's JSON to our model and back: pure, and tolerant of keys that are missing or null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from rewriter.handover import OUTCOME_TAG, marker_of
from rewriter.model import Channel, Comment, Marker, Role, Status, Thread, Ticket

from ..api import moment

Json = Mapping[str, Any]

_CHANNELS: Mapping[str, Channel] = {
    "email": "email",
    "chat": "chat",
    "native_messaging": "chat",
    "messaging": "chat",
    "sms": "chat",
    "whatsapp": "chat",
    "twitter": "social",
    "facebook": "social",
    "instagram_dm": "social",
    "any_channel": "social",
}
_STATUSES: Mapping[str, Status] = {"solved": "solved", "closed": "closed", "deleted": "gone"}


def ticket(row: Json) -> Ticket:
    """Return the ticket that a list, a search or the ticket itself shows."""
    via = str((row.get("via") or {}).get("channel") or "")
    return Ticket(
        id=_id(row.get("id")),
        tags=tuple(str(tag) for tag in row.get("tags") or ()),
        status=_STATUSES.get(str(row.get("status")), "open"),
        stamp=str(row.get("updated_at") or ""),
        requester_id=_id(row.get("requester_id")),
        subject=str(row.get("subject") or ""),
        channel=_CHANNELS.get(via, "web"),
        brand=_id(row.get("brand_id")),
        group=_id(row.get("group_id")),
        form=_id(row.get("ticket_form_id")),
        priority=str(row.get("priority") or ""),
    )


def comments(rows: Iterable[Json], users: Iterable[Json], requester_id: str) -> tuple[Comment, ...]:
    """Return comments oldest first, each once; what the vendor notes of a writer's place and device is dropped."""
    roles = {_id(user.get("id")): str(user.get("role")) for user in users}
    read = {_id(row.get("id")): _comment(row, roles, requester_id) for row in rows}
    return tuple(sorted(read.values(), key=lambda comment: (comment.at, comment.id.zfill(24))))


def _comment(row: Json, roles: Mapping[str, str], requester_id: str) -> Comment:
    rule = (row.get("via") or {}).get("channel") == "rule"
    author = _author(_id(row.get("author_id")), roles, requester_id)
    public = row.get("public") is not False
    html = str(row.get("html_body") or "")
    if not html:
        html = escape(str(row.get("plain_body") or row.get("body") or ""), quote=False).replace("\n", "<br>")
    return Comment(
        id=_id(row.get("id")),
        html=html,
        author=author,
        public=public,
        at=moment(row.get("created_at")),
        rule=rule,
        marker=None if rule or author == "customer" else _marker(row, html, public),
    )


def _author(author_id: str, roles: Mapping[str, str], requester_id: str) -> Role:
    if roles.get(author_id) in ("agent", "admin"):
        return "agent"
    return "customer" if roles.get(author_id) == "end-user" or author_id == requester_id else "system"


def _marker(row: Json, html: str, public: bool) -> Marker | None:
    """Return the marker of our own note; an agent's reply into which a whole note was pasted is no note of ours."""
    custom = (row.get("metadata") or {}).get("custom") or {}
    if isinstance(custom, Mapping) and custom.get("rewriter_key"):
        return Marker(str(custom["rewriter_key"]), str(custom.get("rewriter_outcome") or ""))
    pasted = public and (row.get("via") or {}).get("channel") != "api"
    return None if pasted else marker_of(html)


def thread(ticket: Ticket, rows: Sequence[Json], users: Sequence[Json]) -> Thread:
    """Return the ticket with these comments and the people whom they name."""
    by_id = {_id(user.get("id")): user for user in users}
    notes = [row for row in rows if row.get("public") is False]
    newest = max(notes, key=lambda row: (str(row.get("created_at")), _id(row.get("id")).zfill(24)), default={})
    writer = by_id.get(_id(newest.get("author_id")), {})
    names = {_id(user.get("id")): str(user.get("name") or "") for user in users}
    return Thread(
        helpdesk="zendesk",
        ticket=ticket,
        comments=comments(rows, users, ticket.requester_id),
        requester=names.get(ticket.requester_id, ""),
        people=tuple(dict.fromkeys(name for who, name in names.items() if name and who != ticket.requester_id)),
        agent_language=str(writer.get("locale") or "") if writer.get("role") in ("agent", "admin") else "",
    )


def people_of(ticket: Ticket, rows: Iterable[Json]) -> set[str]:
    """Return the ids of the requester and of everyone who wrote a comment; Zendesk itself has none above zero."""
    ids = {ticket.requester_id, *(_id(row.get("author_id")) for row in rows)}
    return {id_ for id_ in ids if id_.isdigit() and int(id_) > 0}


def without(tags: Iterable[str], request_tag: str) -> list[str]:
    """Return a ticket's tags without the request tag."""
    return [tag for tag in tags if tag != request_tag]


def settled_tags(tags: Iterable[str], outcome: str, request_tag: str) -> list[str]:
    """Return a ticket's tags with this outcome's tag in place of the request tag and of earlier outcomes."""
    ours = {request_tag, *OUTCOME_TAG.values()}
    return [*(tag for tag in tags if tag not in ours), OUTCOME_TAG[outcome]]


def suggestion(ticket: Ticket, key: str, note: str, outcome: str, request_tag: str) -> dict[str, Any]:
    """Return the body of the one write that leaves a note and swaps the tag, if the ticket is as we read it."""
    change = tags(ticket, settled_tags(ticket.tags, outcome, request_tag))
    change["ticket"]["metadata"] = {"rewriter_key": key, "rewriter_outcome": outcome}
    if note:
        change["ticket"]["comment"] = {"html_body": escaped(note), "public": False}
    return change


def escaped(note: str) -> str:
    """Return a note's HTML in which Zendesk finds no placeholder to fill in; a reader sees no difference."""
    return note.replace("{{", "&#123;&#123;")


def tags(ticket: Ticket, wanted: Sequence[str]) -> dict[str, Any]:
    """Return the body of a write that sets a ticket's tags, if the ticket is as we read it."""
    return {"ticket": {"tags": list(wanted), "safe_update": True, "updated_stamp": ticket.stamp}}


def names(rows: Iterable[Json]) -> dict[str, str]:
    """Return brands, groups or forms as names by id."""
    return {_id(row.get("id")): str(row.get("name") or "") for row in rows}


def next_cursor(answer: Json) -> str:
    """Return the next page's cursor: `meta` says whether there is one, links name one even on the last page."""
    meta = answer.get("meta") or {}
    return str(meta.get("after_cursor") or "") if meta.get("has_more") else ""


def comment_events(answer: object) -> tuple[Json, ...]:
    """Return the comments that a write's answer says it made, by its audit; empty where it does not say."""
    audit = answer.get("audit") if isinstance(answer, Mapping) else None
    events = audit.get("events") if isinstance(audit, Mapping) else None
    return tuple(e for e in events or () if isinstance(e, Mapping) and e.get("type") == "Comment" and "public" in e)


def says_key(event: Json, key: str) -> bool:
    """Tell whether a comment event's note bears this key; a trigger may add comments to the same audit."""
    marker = marker_of(str(event.get("html_body") or ""))
    return marker is not None and marker.key == key


def _id(value: object) -> str:
    return "" if value is None else str(value)
