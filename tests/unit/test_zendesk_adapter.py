"""Zendesk, by fixed dialogues: what is asked, what is sent, and what follows from each answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import responses

from rewriter.errors import HelpdeskDenied, HelpdeskError, HelpdeskUnavailable, PublicNote, SettingsError, StaleDraft
from rewriter.handover import find_draft, marker
from rewriter.integrations.zendesk import connect
from rewriter.integrations.zendesk.adapter import Zendesk
from rewriter.model import Draft, NoDraft, Ticket

BASE = "https://acme.zendesk.com"
TAG = "rewrite_requested"
STAMP = "2024-03-05T10:00:00Z"
ID = 2**41 + 7
ENVIRONMENT = {"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_OAUTH_TOKEN": "tok-123"}

CUSTOMER = {"id": 11, "name": "Ana Souza", "role": "end-user", "locale": "pt-BR"}
AGENT = {"id": 22, "name": "Bo Lind", "role": "agent", "locale": "en-GB"}


def row(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "status": "open",
        "tags": ["vip", TAG],
        "updated_at": STAMP,
        "requester_id": 11,
        "subject": "Late parcel",
        "via": {"channel": "email"},
    } | changes


def comment(id_: int, author: int, html: str, *, public: bool = False, minute: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "Comment",
        "author_id": author,
        "html_body": f'<div class="zd-comment" dir="auto">{html}</div>',
        "public": public,
        "created_at": f"2024-03-05T09:{minute:02}:00Z",
        "via": {"channel": "web"},
        "metadata": {"system": {"ip_address": "203.0.113.9"}, "custom": {}},
    } | more


ASKED = comment(1, 11, "Where is my parcel?", public=True, minute=1)
DRAFT = comment(2, 22, "It left on March 3.", minute=2)


def said(*comments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"comments": list(comments), "users": [CUSTOMER, AGENT], "meta": {"has_more": False}} | more


def accepted(*events: dict[str, Any], **ticket: Any) -> dict[str, Any]:
    return {"ticket": row(**ticket), "audit": {"id": 9, "events": list(events)}}


POSTED = {"id": 99, "type": "Comment", "public": False, "html_body": "<p>ok</p>"}


@pytest.fixture
def http():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def zendesk() -> Zendesk:
    return connect(ENVIRONMENT, request_tag=TAG, rate_share=1.0)


@pytest.fixture(autouse=True)
def no_naps(monkeypatch):
    naps: list[float] = []
    monkeypatch.setattr("time.sleep", naps.append)
    return naps


def of_ticket(what: str) -> str:
    return f"{BASE}/api/v2/tickets/{ID}{what}"


def draft(http: responses.RequestsMock, zendesk: Zendesk, *comments: dict[str, Any]) -> Draft:
    http.get(of_ticket("/comments.json"), json=said(*reversed(comments or (ASKED, DRAFT))))
    thread = zendesk.thread(Ticket(str(ID), ("vip", TAG), "open", STAMP, "11"))
    found = find_draft(thread, request_tag=TAG, needs_directive=False)
    assert isinstance(found, Draft)
    return found


def sent(http: responses.RequestsMock, method: str) -> list[dict[str, Any]]:
    return [json.loads(call.request.body) for call in http.calls if call.request.method == method]


def test_a_draft_is_found_with_the_customers_name_and_message(http, zendesk):
    found = draft(http, zendesk)
    assert found.comment.id == "2"
    assert found.customer == "Where is my parcel?"
    assert found.thread.requester == "Ana Souza"
    assert found.thread.people == ("Bo Lind",)
    assert found.thread.agent_language == "en-GB"


def test_note_and_tag_are_one_write_that_is_internal_and_guarded(http, zendesk):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), json=accepted(POSTED))
    zendesk.leave(found, "<p>Hi {{ticket.id}}</p>", "suggested")
    (body,) = sent(http, "PUT")
    assert body["ticket"] == {
        "comment": {"html_body": "<p>Hi &#123;&#123;ticket.id}}</p>", "public": False},
        "tags": ["vip", "rewrite_suggested"],
        "metadata": {"rewriter_key": found.key, "rewriter_outcome": "suggested"},
        "safe_update": True,
        "updated_stamp": STAMP,
    }
    assert zendesk.calls == 2
