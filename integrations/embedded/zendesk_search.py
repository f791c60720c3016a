"""The part of Zendesk's search language that finds tickets: `tags:`, `status<`, `updated>`, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from .desk import STATUSES, Desk, Row, Ticket

_TERM = re.compile(r'(?P<no>-)?(?:(?P<key>[a-z_]+)(?P<op>:|[<>]=?))?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')


class BadQuery(ValueError):
    """The search cannot read this query."""


def find(desk: Desk, query: str) -> list[tuple[Ticket, Row]]:
    """Return the tickets that a query finds, each with what the index holds of it, in no order.

    Several `tags:` are alternatives; `tags:"a b"` asks for both.
    """
    index = desk.searched()
    terms = list(_terms(query))
    wanted = [set(value.split()) for no, key, op, value in terms if key == "tags" and not no]
    unwanted = {tag for no, key, _, value in terms if key == "tags" and no for tag in value.split()}
    alternatives = [set.intersection(*map(index.tagged, tags)) for tags in wanted]
    ids = set().union(*alternatives) if wanted else set(index.rows)
    rest = [term for term in terms if term[1] != "tags"]
    found = ((desk.tickets[i], index.rows[i]) for i in ids if i in desk.tickets)
    return [
        (ticket, row)
        for ticket, row in found
        if row.listed and not unwanted & row.tags and all(_holds(ticket, row, *term) for term in rest)
    ]


def _terms(query: str) -> Iterator[tuple[bool, str, str, str]]:
    for term in _TERM.finditer(query):
        value = term["quoted"] if term["quoted"] is not None else term["bare"]
        yield bool(term["no"]), term["key"] or "", term["op"] or "", value.lower()


def _holds(ticket: Ticket, row: Row, no: bool, key: str, op: str, value: str) -> bool:
    return _term_holds(ticket, row, key, op, value) is not no


def _term_holds(ticket: Ticket, row: Row, key: str, op: str, value: str) -> bool:
    match key:
        case "type":
            return value == "ticket"
        case "status":
            names: tuple[str, ...] = STATUSES
            if value not in names:
                raise BadQuery(f"Invalid search: {value} is no status")
            return _compare(names.index(row.status), op, names.index(value))
        case "updated":
            return _compare_times(row.updated_at, op, value)
        case "created":
            return _compare_times(ticket.created_at, op, value)
        case "requester":
            return value in (str(ticket.requester.id), ticket.requester.email, ticket.requester.name.lower())
        case "order_by" | "sort":
            return True
        case "":
            return value in ticket.subject.lower()
        case _:
            raise BadQuery(f"Invalid search: {key} is no field of tickets")


def _compare_times(left: datetime, op: str, value: str) -> bool:
    try:
        right = datetime.fromisoformat(value.upper())
    except ValueError:
        raise BadQuery(f"Invalid search: {value} is no date") from None
    if op == ":":
        return left.date() == right.date()
    return _compare(left.timestamp(), op, (right if right.tzinfo else right.replace(tzinfo=UTC)).timestamp())


def _compare(left: float, op: str, right: float) -> bool:
    return {":": left == right, "<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[op]
