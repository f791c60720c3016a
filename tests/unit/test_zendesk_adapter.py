"""Zendesk, by fixed dialogues: what is asked, what is sent, and what follows from each answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import responses
from rewriter.integrations.api import Api
from rewriter.integrations.zendesk import connect, payloads
from rewriter.integrations.zendesk.adapter import Zendesk
from rewriter.integrations.zendesk.sign_in import ClientCredentials

from rewriter.errors import (
    HelpdeskDenied,
    HelpdeskError,
    HelpdeskUnavailable,
    PublicNote,
    SettingsError,
    StaleDraft,
)
from rewriter.handover import find_draft, marker
from rewriter.model import Draft, Ticket

Json = dict[str, Any]

BASE = "https://acme.zendesk.com"
TAG = "rewrite_requested"
STAMP = "2024-03-05T10:00:00Z"
ID = 2**41 + 7
ENVIRONMENT = {"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_OAUTH_TOKEN": "tok-123"}

CUSTOMER = {"id": 11, "name": "Ana Souza", "role": "end-user", "locale": "pt-BR"}
AGENT = {"id": 22, "name": "Bo Lind", "role": "agent", "locale": "en-GB"}


def row(**changes: Any) -> Json:
    return {
        "id": ID,
        "status": "open",
        "tags": ["vip", TAG],
        "updated_at": STAMP,
        "requester_id": 11,
        "subject": "Late parcel",
        "via": {"channel": "email"},
    } | changes


def comment(id_: int, author: int, html: str, *, public: bool = False, minute: int = 0, **more: Any) -> Json:
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


def said(*comments: Json, **more: Any) -> Json:
    return {"comments": list(comments), "users": [CUSTOMER, AGENT], "meta": {"has_more": False}} | more


def accepted(*events: Json, **ticket: Any) -> Json:
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


def draft(http: responses.RequestsMock, zendesk: Zendesk, *comments: Json) -> Draft:
    http.get(of_ticket("/comments.json"), json=said(*reversed(comments or (ASKED, DRAFT))))
    thread = zendesk.thread(Ticket(str(ID), ("vip", TAG), "open", STAMP, "11"))
    found = find_draft(thread, request_tag=TAG, needs_directive=False)
    assert isinstance(found, Draft)
    return found


def sent(http: responses.RequestsMock, method: str) -> list[Json]:
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


# --- the write -----------------------------------------------------------------------------------------------


def test_without_a_note_no_comment_is_sent(http, zendesk):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), json=accepted())
    zendesk.leave(found, "", "unchanged")
    (body,) = sent(http, "PUT")
    assert "comment" not in body["ticket"]
    assert body["ticket"]["tags"] == ["vip", "rewrite_unchanged"]


def test_an_outcome_of_an_earlier_round_goes(http, zendesk):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), status=409, json={"error": "UpdateConflict"})
    http.get(
        of_ticket(""), json={"ticket": row(tags=["rewrite_failed", "vip", TAG], updated_at="2024-03-05T11:00:00Z")}
    )
    http.put(of_ticket(".json"), json=accepted(POSTED))
    zendesk.leave(found, "<p>Hi</p>", "suggested")
    first, second = sent(http, "PUT")
    assert second["ticket"]["tags"] == ["vip", "rewrite_suggested"]
    assert (first["ticket"]["updated_stamp"], second["ticket"]["updated_stamp"]) == (STAMP, "2024-03-05T11:00:00Z")


def test_a_ticket_that_conflicts_each_time_is_left_for_the_next_run(http, zendesk):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), status=409, json={"error": "UpdateConflict"})
    http.get(of_ticket(""), json={"ticket": row()})
    with pytest.raises(HelpdeskError, match="next run"):
        zendesk.leave(found, "<p>Hi</p>", "suggested")
    assert 2 <= len(sent(http, "PUT")) <= 5


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"error": "RecordNotFound"}),
        (
            422,
            {
                "error": "RecordInvalid",
                "details": {"status": [{"description": "Status: closed prevents ticket update"}]},
            },
        ),
        (
            422,
            {
                "error": "RecordInvalid",
                "details": {"status": [{"description": "Status closed prevents ticket update"}]},
            },
        ),
        (
            422,
            {
                "error": "RecordInvalid",
                "details": {
                    "base": [
                        {"description": f"Field {number}: is required when a ticket is solved"}
                        for number in range(9)
                    ],
                    "status": [{"description": "Status: closed prevents ticket update"}],
                },
            },
        ),
    ],
)
def test_a_ticket_that_is_closed_or_gone_is_stale(http, zendesk, status, body):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), status=status, json=body)
    with pytest.raises(StaleDraft):
        zendesk.leave(found, "<p>Hi</p>", "suggested")


def test_a_field_that_zendesk_wants_filled_is_the_tickets_own_trouble_and_is_named(http, zendesk):
    found = draft(http, zendesk)
    details = {"base": [{"description": "Order number: is required"}]}
    http.put(of_ticket(".json"), status=422, json={"error": "RecordInvalid", "details": details})
    with pytest.raises(HelpdeskError, match="Order number: is required") as raised:
        zendesk.leave(found, "<p>Hi</p>", "suggested")
    assert not isinstance(raised.value, StaleDraft | HelpdeskUnavailable)


@pytest.mark.parametrize("answer", [{"ticket": {}}, {"ticket": {}, "audit": None}, {"audit": {"events": []}}, []])
def test_an_answer_that_does_not_tell_of_the_note_is_looked_up(http, zendesk, answer):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), json=answer)
    http.get(of_ticket(""), json={"ticket": row(tags=["vip", "rewrite_suggested"])})
    ours = comment(3, 22, f"<p>Hi</p><hr><p>{marker(found.key, 'suggested')}</p>", minute=5)
    http.replace("GET", of_ticket("/comments.json"), json=said(ours, DRAFT, ASKED))
    zendesk.leave(found, "<p>Hi</p>", "suggested")
    assert [call.request.method for call in http.calls] == ["GET", "PUT", "GET", "GET"]


def test_a_note_is_known_by_its_metadata_alone(http, zendesk):
    custom = {"system": {}, "custom": {"rewriter_key": "zendesk:1:2:" + "0" * 16, "rewriter_outcome": "suggested"}}
    ours = comment(3, 22, "<p>cut off</p>", minute=5, metadata=custom)
    http.get(of_ticket("/comments.json"), json=said(ours, DRAFT, ASKED))
    thread = zendesk.thread(Ticket(str(ID), (TAG,), "open", STAMP, "11"))
    assert [c.marker.outcome for c in thread.comments if c.marker] == ["suggested"]


def test_a_rules_comment_in_the_same_audit_is_not_taken_for_our_note(http, zendesk):
    found = draft(http, zendesk)
    note = f"<p>Hi</p><hr><p>{marker(found.key, 'suggested')}</p>"
    reply = {"id": 98, "type": "Comment", "public": True, "html_body": "<p>We are on it.</p>"}
    http.put(of_ticket(".json"), json=accepted(reply, {**POSTED, "html_body": note}))
    zendesk.leave(found, note, "suggested")


def test_a_public_note_is_made_private_by_its_id_and_said_loudly(http, zendesk, caplog):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), json=accepted({**POSTED, "public": True}))
    private = http.put(of_ticket("/comments/99/make_private"), body='""')
    with pytest.raises(PublicNote, match="made private at once"):
        zendesk.leave(found, "<p>Hi</p>", "suggested")
    assert private.call_count == 1
    assert "PUBLIC" in caplog.text


def test_a_public_note_that_cannot_be_made_private_is_said_more_loudly_still(http, zendesk):
    found = draft(http, zendesk)
    http.put(of_ticket(".json"), json=accepted({**POSTED, "public": True}))
    http.put(of_ticket("/comments/99/make_private"), status=403, json={})
    with pytest.raises(PublicNote, match="by hand NOW"):
        zendesk.leave(found, "<p>Hi</p>", "suggested")


# --- reading, whatever the answer's shape --------------------------------------------------------------------


def pages(http: responses.RequestsMock, *answers: Json) -> None:
    for answer in answers:
        http.get(of_ticket("/comments.json"), json=answer)


def read(zendesk: Zendesk) -> Any:
    return zendesk.thread(Ticket(str(ID), (TAG,), "open", STAMP, "11"))


def test_paging_goes_by_has_more_and_the_cursor_and_never_by_a_link(http, zendesk):
    links = {"next": "https://z3n-other.zendesk.com/api/v2/tickets/1/comments.json?page=2", "prev": None}
    more = {"has_more": True, "after_cursor": "abc=="}
    pages(http, said(DRAFT, meta=more, links=links), said(ASKED, links=links))
    assert [c.id for c in read(zendesk).comments] == ["1", "2"]
    assert "page%5Bafter%5D=abc%3D%3D" in (http.calls[1].request.url or "")
    assert all((call.request.url or "").startswith(BASE) for call in http.calls)


def test_a_helpdesk_that_ignores_the_order_is_read_to_its_end(http, zendesk):
    reply = comment(2, 22, "Done.", public=True, minute=2)
    newest = comment(3, 22, "#draft Newer", minute=3)
    pages(http, said(ASKED, reply, meta={"has_more": True, "after_cursor": "a"}), said(newest))
    assert [c.id for c in read(zendesk).comments] == ["1", "2", "3"]


def test_of_a_long_thread_only_what_can_matter_is_read(http, zendesk):
    newest = [comment(9, 22, "Draft", minute=9), comment(8, 11, "And?", public=True, minute=8)]
    reply = comment(7, 22, "Sent.", public=True, minute=7)
    pages(http, said(*newest, reply, meta={"has_more": True, "after_cursor": "a"}))
    assert [c.id for c in read(zendesk).comments] == ["7", "8", "9"]
    assert len(http.calls) == 1


def test_offset_pages_are_read_too(http, zendesk):
    pages(
        http,
        {"comments": [ASKED], "users": [CUSTOMER], "next_page": "https://elsewhere.example/x", "count": 2},
        {"comments": [DRAFT], "users": [AGENT], "next_page": None, "count": 2},
    )
    assert [c.id for c in read(zendesk).comments] == ["1", "2"]


def test_people_whom_the_answer_leaves_out_are_asked_for_once(http, zendesk):
    pages(http, said(DRAFT, ASKED, users=[]))
    asked = http.get(f"{BASE}/api/v2/users/show_many.json", json={"users": [AGENT, CUSTOMER]})
    thread = read(zendesk)
    assert (thread.requester, [c.author for c in thread.comments]) == ("Ana Souza", ["customer", "agent"])
    assert asked.call_count == 1


def test_without_names_the_thread_is_read_all_the_same(http, zendesk):
    pages(http, said(DRAFT, ASKED, users=[AGENT]))
    http.get(f"{BASE}/api/v2/users/show_many.json", status=403, json={})
    thread = read(zendesk)
    assert (thread.requester, [c.author for c in thread.comments]) == ("", ["customer", "agent"])


def test_whether_a_note_is_an_agents_is_not_guessed(http, zendesk):
    pages(http, said(DRAFT, ASKED, users=[CUSTOMER]))
    http.get(f"{BASE}/api/v2/users/show_many.json", status=403, json={})
    with pytest.raises(HelpdeskError, match="403"):
        read(zendesk)


def test_a_comment_without_html_is_read_from_its_text_as_text(http, zendesk):
    plain = comment(1, 11, "", public=True, html_body=None, plain_body="1 < 2\n& more")
    pages(http, said(plain))
    assert read(zendesk).comments[0].html == "1 &lt; 2<br>&amp; more"


def test_nothing_of_a_writers_place_or_device_is_kept(http, zendesk):
    pages(http, said(DRAFT, ASKED))
    assert "203.0.113.9" not in repr(read(zendesk))


def test_the_second_of_a_stamp_is_waited_for_by_the_servers_own_clock(http, zendesk, no_naps):
    http.get(of_ticket(""), json={"ticket": row()}, headers={"Date": "Tue, 05 Mar 2024 10:00:00 GMT"})
    pages(http, said(DRAFT, ASKED))
    zendesk._again(str(ID))
    assert no_naps == [pytest.approx(1.0, abs=0.05)]


@pytest.mark.parametrize("date", ["Tue, 05 Mar 2024 08:00:00 GMT", "Tue, 05 Mar 2024 12:00:00 GMT", "rubbish"])
def test_a_clock_that_is_wrong_costs_two_seconds_at_most(http, zendesk, no_naps, date):
    http.get(of_ticket(""), json={"ticket": row()}, headers={"Date": date})
    pages(http, said(DRAFT, ASKED))
    zendesk._again(str(ID))
    assert sum(no_naps) <= 2.0


# --- finding -------------------------------------------------------------------------------------------------


def finds(http: responses.RequestsMock, *pages: Json, live: Json | None = None) -> None:
    for page in pages:
        http.get(f"{BASE}/api/v2/search.json", json=page)
    http.get(f"{BASE}/api/v2/tickets.json", json=live or {"tickets": [], "meta": {"has_more": False}})


def test_the_search_is_paged_by_number_to_its_end(http, zendesk):
    finds(
        http,
        {"results": [row(id=1)], "next_page": "https://elsewhere.example/"},
        {"results": [row(id=2)], "next_page": None},
    )
    http.get(f"{BASE}/api/v2/tickets/show_many", json={"tickets": [row(id=2), row(id=1)]})
    assert sorted(ticket.id for ticket in zendesk.requested()) == ["1", "2"]
    queries = [call.request.url for call in http.calls if "search" in (call.request.url or "")]
    assert [re.search(r"[?&]page=(\d+)", url or "")[1] for url in queries] == ["1", "2"]  # type: ignore[index]
    assert f"tags%3A{TAG}" in (queries[0] or "")


def test_the_search_is_believed_where_tickets_cannot_be_asked_for_by_id(http, zendesk):
    finds(http, {"results": [row()], "next_page": None})
    http.get(f"{BASE}/api/v2/tickets/show_many", status=404, json={"error": "InvalidEndpoint"})
    assert [ticket.id for ticket in zendesk.requested()] == [str(ID)]


def test_the_live_list_overrules_the_search(http, zendesk):
    finds(http, {"results": [row()], "next_page": None}, live={"tickets": [row(tags=["vip"])], "meta": {}})
    assert list(zendesk.requested()) == []


def test_a_row_read_in_the_second_of_its_stamp_is_read_again_when_that_second_is_over(http, zendesk, no_naps):
    http.get(f"{BASE}/api/v2/search.json", json={"results": [], "next_page": None})
    now = {"Date": "Tue, 05 Mar 2024 10:00:00 GMT"}
    http.get(f"{BASE}/api/v2/tickets.json", json={"tickets": [row()], "meta": {}}, headers=now)
    http.get(f"{BASE}/api/v2/tickets/show_many", json={"tickets": [row(tags=["vip", "late", TAG])]})
    assert [ticket.tags for ticket in zendesk.requested()] == [("vip", "late", TAG)]
    assert no_naps == [pytest.approx(1.0, abs=0.05)]


def test_a_row_whose_second_is_over_is_not_read_again(http, zendesk):
    http.get(f"{BASE}/api/v2/search.json", json={"results": [], "next_page": None})
    now = {"Date": "Tue, 05 Mar 2024 10:00:01 GMT"}
    http.get(f"{BASE}/api/v2/tickets.json", json={"tickets": [row()], "meta": {}}, headers=now)
    assert len(list(zendesk.requested())) == 1
    assert zendesk.calls == 2


def test_a_search_that_cannot_be_done_ends_the_run_in_its_own_words(http, zendesk):
    sentence = "Sorry, we could not complete your search query. Please try again in a moment."
    finds(http, {"error": "unavailable", "description": sentence})
    with pytest.raises(HelpdeskUnavailable):
        list(zendesk.requested())


# --- signing in ----------------------------------------------------------------------------------------------

CLIENT = {"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_CLIENT_ID": "bot", "ZENDESK_CLIENT_SECRET": "s3cret"}
SCOPES = "tickets:read tickets:write users:read"


def signs_in(http: responses.RequestsMock, **more: Any) -> responses.BaseResponse:
    grant = {"access_token": "tok-1", "token_type": "bearer", "scope": SCOPES, "expires_in": 172_800} | more
    return http.post(f"{BASE}/oauth/tokens", json=grant)


def client() -> Zendesk:
    return connect(CLIENT, request_tag=TAG, rate_share=1.0)


def test_one_sign_in_serves_the_whole_run_and_is_counted(http):
    token = signs_in(http)
    finds(http, {"results": [], "next_page": None})
    zendesk = client()
    list(zendesk.requested())
    list(zendesk.requested())
    assert token.call_count == 1
    assert zendesk.calls == 5
    assert sent(http, "POST") == [
        {
            "grant_type": "client_credentials",
            "client_id": "bot",
            "client_secret": "s3cret",
            "scope": SCOPES,
            "expires_in": 172_800,
        }
    ]
    assert http.calls[-1].request.headers["Authorization"] == "Bearer tok-1"


def test_a_token_that_was_revoked_is_replaced_once(http):
    signs_in(http)
    signs_in(http, access_token="tok-2")
    search = f"{BASE}/api/v2/search.json"
    http.get(search, status=401, json={"error": "invalid_token"})
    http.get(search, json={"results": [], "next_page": None})
    http.get(f"{BASE}/api/v2/tickets.json", json={"tickets": []})
    list(client().requested())
    assert [
        call.request.headers.get("Authorization") for call in http.calls if "search" in (call.request.url or "")
    ] == [
        "Bearer tok-1",
        "Bearer tok-2",
    ]


def test_a_fresh_token_that_is_refused_too_needs_a_person(http):
    token = signs_in(http)
    http.get(f"{BASE}/api/v2/search.json", status=401, json={"error": "invalid_token"})
    with pytest.raises(HelpdeskDenied):
        list(client().requested())
    assert token.call_count == 2


@pytest.mark.parametrize(("lifetime", "signed_in"), [(300, 2), (1_800, 1), (None, 1)])
def test_a_token_is_renewed_before_it_ends(http, monkeypatch, lifetime, signed_in):
    now = [0.0]
    credentials = ClientCredentials("bot", "s3cret", clock=lambda: now[0])
    token = signs_in(http, expires_in=lifetime)
    api = Api(BASE, credentials, vendor="Zendesk", rate_share=1.0)
    credentials.header(api)
    now[0] = 250.0
    credentials.header(api)
    assert token.call_count == signed_in


@pytest.mark.parametrize(
    ("granted", "enough"),
    [(SCOPES, True), ("read write", True), ("tickets:read users:read", False), ("read", False)],
)
def test_a_token_that_was_silently_narrowed_is_refused_at_once(http, granted, enough):
    signs_in(http, scope=granted)
    finds(http, {"results": [], "next_page": None})
    if enough:
        list(client().requested())
    else:
        with pytest.raises(HelpdeskDenied, match="tickets:write"):
            list(client().requested())


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, "invalid_client"), (400, "invalid_client"), (400, "invalid_scope"), (403, "Forbidden")],
)
def test_a_refused_sign_in_needs_a_person_and_names_the_variables(http, status, error):
    http.post(f"{BASE}/oauth/tokens", status=status, json={"error": error})
    with pytest.raises(HelpdeskDenied, match="ZENDESK_CLIENT_ID") as raised:
        list(client().requested())
    assert "s3cret" not in str(raised.value)


def test_a_refused_sign_in_is_told_without_the_secret_that_it_repeats(http):
    words = {"error": "invalid_grant", "message": "client bot with secret s3cret is not allowed"}
    http.post(f"{BASE}/oauth/tokens", status=400, json=words)
    with pytest.raises(HelpdeskDenied, match=r"refused the sign-in \(invalid_grant\)") as raised:
        next(client().requested())
    assert "s3cret" not in str(raised.value)


def test_a_sign_in_that_takes_no_json_is_tried_as_a_form(http):
    http.post(f"{BASE}/oauth/tokens", status=415, body="")
    signs_in(http)
    finds(http, {"results": [], "next_page": None})
    list(client().requested())
    assert "grant_type=client_credentials" in str(http.calls[1].request.body)


def test_a_sign_in_whose_answer_is_lost_is_tried_once_more(http):
    http.post(f"{BASE}/oauth/tokens", status=503, body="<html>")
    signs_in(http)
    finds(http, {"results": [], "next_page": None})
    assert list(client().requested()) == []


# --- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "ZENDESK_SUBDOMAIN"),
        ({"ZENDESK_SUBDOMAIN": "acme.zendesk.com", "ZENDESK_OAUTH_TOKEN": "t"}, "ZENDESK_SUBDOMAIN"),
        ({"ZENDESK_SUBDOMAIN": "acme/evil", "ZENDESK_OAUTH_TOKEN": "t"}, "ZENDESK_SUBDOMAIN"),
        ({"ZENDESK_URL": "acme", "ZENDESK_OAUTH_TOKEN": "t"}, "ZENDESK_URL"),
        ({"ZENDESK_SUBDOMAIN": "acme"}, "ZENDESK_CLIENT_ID"),
        ({"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_CLIENT_ID": "bot"}, "ZENDESK_CLIENT_SECRET"),
        ({"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_CLIENT_SECRET": "s"}, "ZENDESK_CLIENT_ID"),
        ({"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_EMAIL": "a@b.example"}, "ZENDESK_API_TOKEN"),
        ({"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_EMAIL": "ana", "ZENDESK_API_TOKEN": "s"}, "ZENDESK_EMAIL"),
        ({"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_OAUTH_TOKEN": "a b"}, "ZENDESK_OAUTH_TOKEN"),
    ],
)
def test_a_setting_that_is_missing_or_malformed_is_named_before_any_call(http, settings, named):
    with pytest.raises(SettingsError, match=named) as raised:
        connect(settings, request_tag=TAG, rate_share=1.0)
    assert "\n" not in str(raised.value)
    assert len(http.calls) == 0


@pytest.mark.parametrize(
    ("settings", "header"),
    [
        ({"ZENDESK_OAUTH_TOKEN": "tok"}, "Bearer tok"),
        ({"ZENDESK_EMAIL": "a@b.example", "ZENDESK_API_TOKEN": "key"}, "Basic YUBiLmV4YW1wbGUvdG9rZW46a2V5"),
    ],
)
def test_a_token_signs_every_request(http, settings, header):
    finds(http, {"results": [], "next_page": None})
    list(connect({"ZENDESK_SUBDOMAIN": "acme", **settings}, request_tag=TAG, rate_share=1.0).requested())
    assert {call.request.headers["Authorization"] for call in http.calls} == {header}


def test_an_agents_public_reply_with_a_note_of_ours_pasted_into_it_is_no_note_of_ours():
    pasted = {
        "id": 9,
        "author_id": 2,
        "public": True,
        "html_body": "<p>Hi</p><hr><p>rewriter-key: zendesk:1:2:0123456789abcdef (suggested)</p>",
        "created_at": "2026-11-22T10:00:00Z",
        "via": {"channel": "web"},
    }
    users = [{"id": 2, "role": "agent"}]
    (reply,) = payloads.comments([pasted], users, "1")
    (by_api,) = payloads.comments([pasted | {"via": {"channel": "api"}}], users, "1")
    assert reply.marker is None
    assert by_api.marker is not None
