"""Freshdesk, by fixed dialogues: what is asked, what is sent, and what follows from each answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests
import responses
from rewriter.integrations.freshdesk import connect, payloads
from rewriter.integrations.freshdesk.adapter import Freshdesk

from rewriter.errors import HelpdeskError, HelpdeskUnavailable, PublicNote, SettingsError, StaleDraft
from rewriter.handover import find_draft, marker
from rewriter.model import Draft, NoDraft, Ticket

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
        mock.get(AGENTS, status=403, json={"code": "access_denied"})  # no admin's key
        yield mock


AGENTS = re.compile(rf"{re.escape(BASE)}/agents/\d+")


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


def our_note(key: str, outcome: str = "suggested", id_: int = 502, **more: Any) -> dict[str, Any]:
    return said(id_, f"<p>Hi Ana</p><hr><p>{marker(key, outcome)}</p>", minute=9, **more)


def test_a_draft_is_found_with_the_customers_name_and_first_message(http, freshdesk):
    found = draft(http, freshdesk)
    assert found.comment.id == "501"
    assert found.customer == "Where is my parcel?"
    assert found.thread.requester == "Ana Souza"


def test_a_ticket_shown_without_its_tags_gets_none_written(http, freshdesk):
    found = draft(http, freshdesk, row(DRAFT))
    ours = our_note(found.key)
    reads(http, {name: value for name, value in row(DRAFT, ours).items() if name != "tags"})
    http.post(f"{BASE}/tickets/7/notes", json=ours, status=201)
    with pytest.raises(HelpdeskError, match="without its tags"):
        freshdesk.leave(found, "<p>Hi Ana</p>", "suggested")
    assert sent(http, "PUT") == []


def test_a_note_is_posted_private_and_then_the_tag_swapped_with_five_calls_and_one_for_a_name(http, freshdesk):
    found = draft(http, freshdesk, row(DRAFT))
    ours = our_note(found.key)
    reads(http, row(DRAFT, ours), row(DRAFT, ours, tags=["rewrite_suggested", "vip"]))
    http.post(f"{BASE}/tickets/7/notes", json=ours, status=201)
    http.put(f"{BASE}/tickets/7", json=row())
    freshdesk.leave(found, "<p>Hi Ana</p>", "suggested")
    assert sent(http, "POST") == [{"body": "<p>Hi Ana</p>", "private": True}]
    assert sent(http, "PUT") == [{"tags": ["vip", "rewrite_suggested"]}]
    assert freshdesk.calls == 7


# --- the writes ----------------------------------------------------------------------------------------------


def test_a_note_that_comes_back_public_is_removed_at_once_and_said_loudly(http, freshdesk):
    found = draft(http, freshdesk, row(DRAFT))
    http.post(f"{BASE}/tickets/7/notes", json=our_note(found.key, private=False), status=201)
    removed = http.delete(f"{BASE}/conversations/502", status=204)
    with pytest.raises(PublicNote, match="PUBLIC and was removed"):
        freshdesk.leave(found, "<p>Hi</p>", "suggested")
    assert removed.call_count == 1


def test_a_public_note_that_cannot_be_removed_is_said_more_loudly_still(http, freshdesk):
    found = draft(http, freshdesk, row(DRAFT))
    http.post(f"{BASE}/tickets/7/notes", json=our_note(found.key, private=False), status=201)
    http.delete(f"{BASE}/conversations/502", status=403)
    with pytest.raises(PublicNote, match="by hand NOW"):
        freshdesk.leave(found, "<p>Hi</p>", "suggested")


def test_a_post_that_timed_out_may_yet_land_and_is_not_repeated(http, freshdesk):
    found = draft(http, freshdesk, row(DRAFT))
    posted = http.post(f"{BASE}/tickets/7/notes", body=requests.ReadTimeout())
    with pytest.raises(HelpdeskUnavailable):
        freshdesk.leave(found, "<p>Hi</p>", "suggested")
    assert posted.call_count == 1


def test_a_note_that_stands_already_only_gets_its_tag(http, freshdesk):
    found = draft(http, freshdesk)
    ours = our_note(found.key)
    reads(http, row(DRAFT, ours), row(DRAFT, ours, tags=["rewrite_suggested", "vip"]))
    http.put(f"{BASE}/tickets/7", json={})
    freshdesk.leave(found, "<p>Hi</p>", "suggested")
    assert sent(http, "POST") == []
    assert sent(http, "PUT") == [{"tags": ["vip", "rewrite_suggested"]}]


def test_of_two_runs_notes_the_younger_is_removed(http, freshdesk):
    found = draft(http, freshdesk)
    elder, younger = our_note(found.key, id_=502), our_note(found.key, id_=503)
    both = row(DRAFT, younger, elder)
    reads(http, both, row(DRAFT, elder, tags=["rewrite_suggested", "vip"]))
    http.put(f"{BASE}/tickets/7", json={})
    removed = http.delete(f"{BASE}/conversations/503", status=204)
    freshdesk.leave(found, "<p>Hi</p>", "suggested")
    assert removed.call_count == 1


def test_tags_that_somebody_wrote_over_are_swapped_again(http, freshdesk):
    found = draft(http, freshdesk)
    ours = our_note(found.key)
    overwritten = row(DRAFT, ours, tags=["vip", TAG, "urgent"])
    reads(http, row(DRAFT, ours), overwritten, row(DRAFT, ours, tags=["vip", "urgent", "rewrite_suggested"]))
    http.put(f"{BASE}/tickets/7", json={})
    freshdesk.leave(found, "", "suggested")
    assert sent(http, "PUT")[-1] == {"tags": ["vip", "urgent", "rewrite_suggested"]}


def test_a_newer_draft_that_came_meanwhile_keeps_its_request(http, freshdesk):
    found = draft(http, freshdesk)
    ours = our_note(found.key)
    newer = said(510, "#draft<br>It left on March 4.", minute=30)
    swapped = row(DRAFT, ours, newer, tags=["vip", "rewrite_suggested"])
    reads(http, row(DRAFT, ours), swapped, row(DRAFT, ours, newer, tags=["vip", "rewrite_suggested", TAG]))
    http.put(f"{BASE}/tickets/7", json={})
    freshdesk.leave(found, "", "suggested")
    assert sent(http, "PUT")[-1] == {"tags": ["vip", "rewrite_suggested", TAG]}


@pytest.mark.parametrize("status", [404, 405])
def test_a_ticket_that_is_gone_or_spam_is_stale(http, freshdesk, status):
    found = draft(http, freshdesk, row(DRAFT))
    http.post(f"{BASE}/tickets/7/notes", status=status)
    with pytest.raises(StaleDraft):
        freshdesk.leave(found, "<p>Hi</p>", "suggested")


def test_a_field_that_the_form_wants_filled_is_named(http, freshdesk):
    found = draft(http, freshdesk)
    errors = [{"field": "order_number", "message": "Mandatory attribute missing", "code": "missing_field"}]
    http.put(f"{BASE}/tickets/7", status=400, json={"description": "Validation failed", "errors": errors})
    with pytest.raises(HelpdeskError, match="order_number Mandatory attribute missing"):
        freshdesk.leave(found, "", "unchanged")


# --- reading -------------------------------------------------------------------------------------------------


def roles(freshdesk: Freshdesk) -> list[tuple[str, str, bool]]:
    comments = freshdesk.thread(Ticket("7", (), "open", "")).comments
    return [(comment.id, comment.author, comment.public) for comment in comments]


@pytest.mark.parametrize(
    ("conversation", "role"),
    [
        (said(1, "x"), ("agent", False)),
        (said(1, "x", private=False, source=0), ("agent", True)),
        (said(1, "x", private=False, source=2), ("agent", True)),
        (said(1, "x", incoming=True, private=False, source=0, user_id=11), ("customer", True)),
        (said(1, "x", incoming=True, private=True, user_id=12), ("customer", False)),  # from an address not copied
        (said(1, "x", user_id=11), ("customer", False)),
        (said(1, "x", source=8), ("system", False)),  # a forwarded mail
        (said(1, "x", user_id=None), ("system", False)),
    ],
)
def test_who_said_what_is_known_from_the_conversation(http, freshdesk, conversation, role):
    reads(http, row(conversation))
    assert roles(freshdesk)[1:] == [("1", *role)]


@pytest.mark.parametrize("by", [{"automation_id": 5}, {"auto_response": True}])
def test_what_an_automation_wrote_is_no_draft(http, freshdesk, by):
    reads(http, row(said(1, "#draft<br>Rule", **by)))
    found = find_draft(freshdesk.thread(Ticket("7", (TAG,), "open", "")), request_tag=TAG, needs_directive=True)
    assert isinstance(found, NoDraft)


def test_survey_feedback_is_nothing_that_was_said(http, freshdesk):
    reads(http, row(said(1, "Great!", source=6, incoming=True, private=False)))
    assert [id_ for id_, *_ in roles(freshdesk)] == ["description"]


def test_a_chat_that_repeats_its_first_message_says_it_once(http, freshdesk):
    first = said(1, "Where is  my parcel?", incoming=True, private=False, user_id=11)
    reads(http, row(first, source=15))
    assert [id_ for id_, *_ in roles(freshdesk)] == ["1"]


def test_a_ticket_that_an_agent_began_begins_with_the_agents_words(http, freshdesk):
    reads(http, row(source=10))
    assert roles(freshdesk) == [("description", "agent", True)]


def test_a_ticket_with_ten_conversations_or_more_is_read_by_pages(http, freshdesk):
    many = [said(number, str(number), minute=number % 60) for number in range(1, 11)]
    reads(http, row(*many))
    link = '<https://elsewhere.example/api/v2/tickets/7/conversations?page=2>; rel="next"'
    http.get(f"{BASE}/tickets/7/conversations", json=many, headers={"link": link})
    http.get(f"{BASE}/tickets/7/conversations", json=[DRAFT])
    assert len(roles(freshdesk)) == 12
    assert [call.request.params.get("page") for call in http.calls[1:3]] == ["1", "2"]  # type: ignore[attr-defined]
    assert all((call.request.url or "").startswith(BASE) for call in http.calls)


@pytest.mark.parametrize(("contact", "name"), [({"id": 11, "name": "Ana Souza"}, "Ana Souza"), (None, "")])
def test_a_ticket_without_its_requesters_name_is_asked_for_it_elsewhere(http, freshdesk, contact, name):
    reads(http, row(requester=None))
    http.get(f"{BASE}/contacts/11", json=contact, status=200 if contact else 404)
    assert freshdesk.thread(Ticket("7", (), "open", "")).requester == name


def test_an_answer_about_an_agent_that_cannot_be_read_costs_no_ticket(http, freshdesk):
    reads(http, row(DRAFT))
    http.replace("GET", AGENTS, json={"agent": "Sam Okoro"})
    assert freshdesk.thread(Ticket("7", (), "open", "")).people == ()


def test_people_copied_on_the_ticket_itself_are_people_of_it(http, freshdesk):
    reads(http, row(cc_emails=["Eve Marsh <eve@example.com>", "bo@example.com"]))
    assert freshdesk.thread(Ticket("7", (), "open", "")).people == ("Eve Marsh",)


def test_an_agents_name_is_asked_for_once_and_no_more_where_the_key_may_not_see_it(http, freshdesk):
    reads(http, row(DRAFT))
    assert freshdesk.thread(Ticket("7", (), "open", "")).people == ()
    assert freshdesk.thread(Ticket("7", (), "open", "")).people == ()
    http.replace("GET", AGENTS, json={"id": 1, "contact": {"name": "Sam Okoro"}})
    admins = connect(ENVIRONMENT, request_tag=TAG, rate_share=1.0)
    assert admins.thread(Ticket("7", (), "open", "")).people == ("Sam Okoro",)
    assert admins.thread(Ticket("7", (), "open", "")).people == ("Sam Okoro",)
    assert len([call for call in http.calls if "/agents/" in (call.request.url or "")]) == 2


def test_names_beside_addresses_are_people_of_the_ticket(http, freshdesk):
    reads(http, row(said(1, "x", from_email="Bo Lind <bo@example.com>", cc_emails=["Eve Marsh <eve@example.com>"])))
    assert freshdesk.thread(Ticket("7", (), "open", "")).people == ("Bo Lind", "Eve Marsh")


# --- finding -------------------------------------------------------------------------------------------------


def finds(http: responses.RequestsMock, *rows: dict[str, Any], live: list[dict[str, Any]] | None = None) -> None:
    http.get(f"{BASE}/search/tickets", json={"total": len(rows), "results": list(rows)})
    http.get(f"{BASE}/tickets", json=live or [])


def without_tags(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in row(**changes).items() if key != "tags"}


def test_search_rows_that_show_no_tags_carry_the_one_that_was_searched_for(http, freshdesk):
    finds(http, without_tags())
    assert [ticket.tags for ticket in freshdesk.requested()] == [(TAG,)]
    assert http.calls[0].request.params["query"] == f"\"tag:'{TAG}'\""  # type: ignore[attr-defined]


def test_the_live_list_overrules_the_search(http, freshdesk):
    finds(http, without_tags(), live=[row(tags=["vip"])])
    assert list(freshdesk.requested()) == []


def test_a_live_row_that_shows_no_tags_says_nothing_against_the_search(http, freshdesk):
    finds(http, without_tags(), live=[without_tags(), without_tags(id=8)])
    assert [ticket.id for ticket in freshdesk.requested()] == ["7"]


@pytest.mark.parametrize("changes", [{"status": 5}, {"spam": True}, {"deleted": True}])
def test_closed_spam_and_deleted_tickets_are_left_alone(http, freshdesk, changes):
    finds(http, row(**changes), live=[row(**changes)])
    assert list(freshdesk.requested()) == []


def test_a_search_of_more_than_one_page_is_read_to_its_end(http, freshdesk):
    full = [row(id=number) for number in range(1, 31)]
    http.get(f"{BASE}/search/tickets", json={"total": 31, "results": full})
    http.get(f"{BASE}/search/tickets", json={"total": 31, "results": [row(id=31)]})
    http.get(f"{BASE}/tickets", json=[])
    assert len(list(freshdesk.requested())) == 31


def test_the_live_list_is_asked_for_tickets_of_any_age_newest_first(http, freshdesk):
    finds(http)
    list(freshdesk.requested())
    asked = http.calls[-1].request.params  # type: ignore[attr-defined]
    assert asked["order_by"] == "updated_at"
    assert asked["order_type"] == "desc"
    assert asked["updated_since"] < "2015"


# --- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", ["acme", "acme.freshdesk.com", " ACME.freshdesk.com "])
def test_the_domain_is_taken_with_or_without_its_end(http, domain):
    finds(http)
    connected = connect({"FRESHDESK_DOMAIN": domain, "FRESHDESK_API_KEY": "k"}, request_tag=TAG, rate_share=1.0)
    assert list(connected.requested()) == []
    assert http.calls[0].request.headers["Authorization"] == "Basic azpY"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "FRESHDESK_DOMAIN"),
        ({"FRESHDESK_DOMAIN": "acme"}, "FRESHDESK_API_KEY"),
        ({"FRESHDESK_DOMAIN": "support.acme.example", "FRESHDESK_API_KEY": "k"}, "FRESHDESK_DOMAIN"),
        ({"FRESHDESK_DOMAIN": "acme/evil", "FRESHDESK_API_KEY": "k"}, "FRESHDESK_DOMAIN"),
        ({"FRESHDESK_URL": "acme", "FRESHDESK_API_KEY": "k"}, "FRESHDESK_URL"),
        ({"FRESHDESK_DOMAIN": "acme", "FRESHDESK_API_KEY": "k k"}, "FRESHDESK_API_KEY"),
    ],
)
def test_a_setting_that_is_missing_or_malformed_is_named_before_any_call(http, settings, named):
    with pytest.raises(SettingsError, match=named):
        connect(settings, request_tag=TAG, rate_share=1.0)
    assert len(http.calls) == 0


def test_an_agents_reply_with_a_note_of_ours_pasted_into_it_is_no_note_of_ours():
    pasted = {
        "id": 9,
        "user_id": 2,
        "private": False,
        "incoming": False,
        "source": 0,
        "body": "<p>Hi</p><hr><p>rewriter-key: freshdesk:1:2:0123456789abcdef (suggested)</p>",
        "created_at": "2026-11-22T10:00:00Z",
    }
    assert payloads.comment(pasted, "1").marker is None
    assert payloads.comment(pasted | {"source": 2, "private": True}, "1").marker is not None
