"""Freshdesk, by fixed dialogues: what is asked, what is sent, and what follows from each answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
import responses

from rewriter.handover import find_draft, marker
from rewriter.integrations.freshdesk import connect
from rewriter.integrations.freshdesk.adapter import Freshdesk
from rewriter.model import Draft, Ticket

BASE = "https://acme.freshdesk.com/api/v2"
TAG = "rewrite_requested"
ENVIRONMENT = {"FRESHDESK_DOMAIN": "acme.freshdesk.com", "FRESHDESK_API_KEY": "key-123"}


def said(id_: int, html: str, *, minute: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "body": f"<div>{html}</div>",
        "incoming": False,
        "private": True,
        "user_id": 22,
        "source": 2,
        "created_at": f"2024-03-05T09:{minute:02}:00Z",
        "automation_id": None,
        "auto_response": False,
    } | more


DRAFT = said(501, "#draft<br>It left on March 3.")


def row(*conversations: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "status": 2,
        "spam": False,
        "source": 1,
        "priority": 1,
        "tags": ["vip", TAG],
        "updated_at": "2024-03-05T10:00:00Z",
        "created_at": "2024-03-05T09:00:00Z",
        "requester_id": 11,
        "requester": {"id": 11, "name": "Ana Souza"},
        "subject": "Late parcel",
        "description": "<div>Where is my parcel?</div>",
        "conversations": list(conversations),
    } | changes


@pytest.fixture
def http():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def freshdesk() -> Freshdesk:
    return connect(ENVIRONMENT, request_tag=TAG, rate_share=1.0)


@pytest.fixture(autouse=True)
def no_naps(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def reads(http: responses.RequestsMock, *answers: dict[str, Any]) -> None:
    """Let each read of the ticket answer in turn; the last one stays."""
    for answer in answers:
        http.get(f"{BASE}/tickets/7", json=answer)


def draft(http: responses.RequestsMock, freshdesk: Freshdesk, *then: dict[str, Any]) -> Draft:
    reads(http, row(DRAFT), *then)
    thread = freshdesk.thread(Ticket("7", (TAG,), "open", ""))
    found = find_draft(thread, request_tag=TAG, needs_directive=True)
    assert isinstance(found, Draft)
    return found


def sent(http: responses.RequestsMock, method: str) -> list[dict[str, Any]]:
    return [json.loads(call.request.body) for call in http.calls if call.request.method == method]


KEY = "freshdesk:7:501:" + "0" * 16


def our_note(key: str, outcome: str = "suggested", id_: int = 502, **more: Any) -> dict[str, Any]:
    return said(id_, f"<p>Hi Ana</p><hr><p>{marker(key, outcome)}</p>", minute=9, **more)


def test_a_draft_is_found_with_the_customers_name_and_first_message(http, freshdesk):
    found = draft(http, freshdesk)
    assert found.comment.id == "501"
    assert found.customer == "Where is my parcel?"
    assert found.thread.requester == "Ana Souza"


def test_a_note_is_posted_private_and_then_the_tag_is_swapped_with_five_more_calls(http, freshdesk):
    found = draft(http, freshdesk, row(DRAFT))
    ours = our_note(found.key)
    reads(http, row(DRAFT, ours), row(DRAFT, ours, tags=["rewrite_suggested", "vip"]))
    http.post(f"{BASE}/tickets/7/notes", json=ours, status=201)
    http.put(f"{BASE}/tickets/7", json=row())
    freshdesk.leave(found, "<p>Hi Ana</p>", "suggested")
    assert sent(http, "POST") == [{"body": "<p>Hi Ana</p>", "private": True}]
    assert sent(http, "PUT") == [{"tags": ["vip", "rewrite_suggested"]}]
    assert freshdesk.calls == 6
