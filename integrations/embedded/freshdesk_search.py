"""Freshdesk's ticket query: `field:value` joined by AND, OR and parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from .desk import Desk, Row, Ticket
from .numbers import PRIORITY, STATUS

Test = Callable[[Ticket, Row], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[()])|(?P<word>AND|OR)\b|(?P<key>[a-z_]+):(?P<op>[<>]?)(?P<value>'[^']*'|[^\s()']+))"
)


class BadQuery(ValueError):
    """The search cannot read this query."""


def find(desk: Desk, query: str) -> list[tuple[Ticket, Row]]:
    """Return the tickets that a query finds, each with what the index holds of it, the newest first."""
    tokens = _tokens(query)
    test = _either(tokens)
    if tokens:
        raise BadQuery(query)
    index = desk.searched()
    named = re.findall(r"\btag:'([^']+)'", query)
    ids = set.union(*map(index.tagged, named)) if named and " OR " not in query else set(index.rows)
    found = ((desk.tickets[i], index.rows[i]) for i in ids if i in desk.tickets)
    return sorted(
        ((ticket, row) for ticket, row in found if row.listed and test(ticket, row)),
        key=lambda pair: (pair[0].created_at, pair[0].id),
        reverse=True,
    )


def _tokens(query: str) -> list[re.Match[str]]:
    tokens, at = [], 0
    while query[at:].strip():
        token = _TOKEN.match(query, at)
        if token is None:
            raise BadQuery(query)
        tokens.append(token)
        at = token.end()
    return tokens


def _either(tokens: list[re.Match[str]]) -> Test:
    left = _both(tokens)
    while tokens and tokens[0]["word"] == "OR":
        tokens.pop(0)
        left = _joined(any, left, _both(tokens))
    return left


def _both(tokens: list[re.Match[str]]) -> Test:
    left = _one(tokens)
    while tokens and tokens[0]["word"] == "AND":
        tokens.pop(0)
        left = _joined(all, left, _one(tokens))
    return left


def _joined(how: Callable[[tuple[bool, ...]], bool], left: Test, right: Test) -> Test:
    return lambda ticket, row: how((left(ticket, row), right(ticket, row)))


def _one(tokens: list[re.Match[str]]) -> Test:
    if not tokens:
        raise BadQuery("it ends too early")
    token = tokens.pop(0)
    if token["mark"] == "(":
        inner = _either(tokens)
        if not tokens or tokens.pop(0)["mark"] != ")":
            raise BadQuery("a parenthesis is not closed")
        return inner
    if not token["key"]:
        raise BadQuery(token[0])
    return _term(token["key"], token["op"], token["value"])


def _term(key: str, op: str, value: str) -> Test:
    bare = value.strip("'")
    absent = bare == "null" and value == bare
    match key:
        case "tag":
            return lambda _, row: not row.tags if absent else bare.lower() in row.tags
        case "status" if bare.isdigit():
            return lambda _, row: str(STATUS[row.status]) == bare
        case "priority" if bare.isdigit():
            return lambda ticket, _: str(PRIORITY.get(ticket.priority)) == bare
        case "agent_id":
            return lambda ticket, _: (str(ticket.assignee.id) if ticket.assignee else "null") == bare
        case "type":
            return lambda ticket, _: (ticket.type or "null") == bare
        case "created_at" | "updated_at":
            day = _day(bare)
            return lambda ticket, row: _falls(
                ticket.created_at.date() if key == "created_at" else row.updated_at.date(), op, day
            )
        case _:
            raise BadQuery(key)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadQuery(value) from None


def _falls(day: date, op: str, other: date) -> bool:
    """Compare days; `:>` and `:<` include the day itself, as Freshdesk documents them."""
    return day >= other if op == ">" else day <= other if op == "<" else day == other
