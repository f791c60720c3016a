"""How Zendesk cuts a list into pages: by cursor, or by offset, which reaches only so deep."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from flask import request

from .face import JSON
from .zendesk_json import shown
from .zendesk_refusals import Refusal

T = TypeVar("T")

DEEPEST_RECORD = 10_000  # that offset paging reaches


def number(name: str, default: int, most: int) -> int:
    """Return a number from the query, at most `most`; refuses what is none."""
    value = request.args.get(name, str(default))
    if not value.isdigit() or int(value) < 1:
        raise Refusal(400, {"error": {"title": "Invalid attribute", "message": f"{name} must be an integer"}})
    return min(int(value), most)


def cursor(value: Sequence[Any]) -> str:
    """Return a place in a list as Zendesk shows it: a word that says nothing to a reader."""
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def read_cursor(name: str) -> list[Any] | None:
    """Return the place that a cursor in the query stands for, None where there is none."""
    given = request.args.get(name)
    if not given:
        return None
    try:
        return cast(list[Any], json.loads(urlsafe_b64decode(given)))
    except ValueError:
        detail = f"{name} is not valid"
        raise Refusal(
            400, {"errors": [{"code": "InvalidPaginationParameter", "title": "Invalid cursor", "detail": detail}]}
        ) from None


def cursor_page(
    items: Iterable[T], place: Callable[[T], Sequence[Any]], *, descending: bool = False, most: int = 100
) -> tuple[list[T], JSON]:
    """Return one page of `items` (already in the order of `place`) and its `meta` and `links`."""
    size = number("page[size]", 100, most)
    after = read_cursor("page[after]")
    rows: list[T] = []
    more = False
    for item in items:
        here = list(place(item))
        if after is not None and (here >= after if descending else here <= after):
            continue
        if len(rows) == size:
            more = True
            break
        rows.append(item)
    first, last = (cursor(place(rows[0])), cursor(place(rows[-1]))) if rows else (None, None)
    path = f"{request.path}.json?page%5Bsize%5D={size}"
    return rows, {
        "meta": {"has_more": more, "after_cursor": last, "before_cursor": first},
        # `next` is there on the last page too: only `has_more` says whether there is more
        "links": {
            "prev": shown(f"{path}&page%5Bbefore%5D={first}") if first else None,
            "next": shown(f"{path}&page%5Bafter%5D={last}") if last else None,
        },
    }


def offset_page(items: Sequence[T], *, most: int = 100) -> tuple[list[T], JSON]:
    """Return one page of `items` and what stands beside it in an offset answer."""
    page, size = number("page", 1, 10**9), number("per_page", 100, most)
    if page > 100 or page * size > DEEPEST_RECORD:
        detail = "Page number is too deep; use cursor pagination"
        raise Refusal(
            400, {"errors": [{"code": "InvalidPaginationDepth", "title": "Invalid page", "detail": detail}]}
        )
    return list(items[(page - 1) * size : page * size]), offset_links(page, size, len(items))


def offset_links(page: int, size: int, total: int) -> JSON:
    """Return the links to the pages around one, and how much there is in all."""

    def link(number: int) -> str:
        return shown(f"{request.path}.json?page={number}&per_page={size}")

    return {
        "next_page": link(page + 1) if page * size < total else None,
        "previous_page": link(page - 1) if page > 1 else None,
        "count": total,
    }


def paged(name: str, items: Sequence[T], place: Callable[[T], Sequence[Any]], show: Callable[[T], JSON]) -> JSON:
    """Return a page of a list, by cursor where the query asks for it so."""
    by_cursor = "page[size]" in request.args or "page[after]" in request.args
    rows, around = cursor_page(items, place) if by_cursor else offset_page(items)
    return {name: [show(row) for row in rows], **around}
