"""The Freshdesk face, checked against what Freshdesk documents; shapes stand here in our own words."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from rewriter.integrations.embedded import Allowance, Desk, serve

TICKET_KEYS = {
    "association_type", "associated_tickets_count", "cc_emails", "company_id", "created_at", "custom_fields",
    "due_by", "email_config_id", "fr_due_by", "fr_escalated", "fwd_emails", "group_id", "id", "is_escalated",
    "priority", "product_id", "reply_cc_emails", "requester_id", "responder_id", "source", "spam", "status",
    "subject", "support_email", "tags", "ticket_cc_emails", "to_emails", "type", "updated_at",
}  # fmt: skip
CONVERSATION_KEYS = {
    "attachments", "auto_response", "automation_id", "automation_type_id", "bcc_emails", "body", "body_text",
    "category", "cc_emails", "created_at", "email_failure_count", "from_email", "id", "incoming", "last_edited_at",
    "last_edited_user_id", "outgoing_failures", "private", "source", "source_additional_info", "support_email",
    "thread_id", "thread_message_id", "ticket_id", "to_emails", "updated_at", "user_id",
}  # fmt: skip
CONTACT_KEYS = {
    "active",
    "email",
    "id",
    "language",
    "name",
    "time_zone",
    "custom_fields",
    "created_at",
    "updated_at",
}
AGENT_KEYS = {"available", "contact", "id", "occasional", "signature", "ticket_scope", "type", "created_at"}


class Caller:
    """Somebody who calls the API."""

    def __init__(self, served, key="embedded-api-key"):
        self.root = f"{served.url}/freshdesk/api/v2"
        self.session = requests.Session()
        self.session.auth = (key, "X") if key else None

    def __call__(self, method, path, **more):
        return self.session.request(method, f"{self.root}/{path}", timeout=5, **more)

    def get(self, path):
        return self("GET", path)

    def note(self, ticket_id=1001, **note):
        return self("POST", f"tickets/{ticket_id}/notes", json=note)

    def update(self, ticket_id=1001, **ticket):
        return self("PUT", f"tickets/{ticket_id}", json=ticket)


def error(answer):
    """Return status, field and code of a refusal."""
    said = answer.json()["errors"][0]
    return answer.status_code, said["field"], said["code"]


@pytest.fixture
def ana(desk):
    return desk.add_person("Ana Duarte", "ana@example.com", time_zone="Asia/Kolkata", language="en-GB")


@pytest.fixture
def sam(desk):
    return desk.add_person("Sam Okoro", "sam@example.com", role="agent")


@pytest.fixture
def ticket(desk, ana, sam):
    ticket = desk.open_ticket("Refund", ana, "<p>Where is my money?</p>", tags=["vip", "asked"])
    desk.say(ticket, sam, "<p>#draft</p><p>It went out.</p>", public=False)
    return ticket


@pytest.fixture
def call(served):
    return Caller(served)


# --- shapes ------------------------------------------------------------------------------------------------


def test_lists_are_bare_arrays_of_whole_tickets(call, ticket):
    rows = call.get("tickets").json()
    assert isinstance(rows, list)
    assert set(rows[0]) == TICKET_KEYS
    assert set(call.get("tickets?include=requester,stats,description").json()[0]) == TICKET_KEYS | {
        "requester", "stats", "description", "description_text",
    }  # fmt: skip


def test_people_notes_and_settings_have_the_documented_keys(call, ticket, ana, sam):
    assert set(call.get("tickets/1001/conversations").json()[0]) == CONVERSATION_KEYS
    assert set(call.get(f"contacts/{ana.id}").json()) >= CONTACT_KEYS
    assert set(call.get(f"agents/{sam.id}").json()) >= AGENT_KEYS
    assert set(call.get("agents/me").json()) >= AGENT_KEYS
    assert call.get("settings/helpdesk").json()["primary_language"] == "en"


def test_a_contacts_time_zone_is_a_city_and_its_language_has_no_region(call, ticket, ana):
    contact = call.get(f"contacts/{ana.id}").json()
    assert (contact["time_zone"], contact["language"]) == ("Kolkata", "en")


def test_what_an_agent_types_carries_the_editors_junk(call, ticket):
    note = call.get("tickets/1001/conversations").json()[0]
    assert note["body"].startswith("<div style=")
    assert '<img id="cursor"' in note["body"]
    assert (note["private"], note["incoming"], note["source"], note["category"]) == (True, False, 2, 2)
    assert note["body_text"] == "#draft\nIt went out."


# --- sign-in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "guessed"])
def test_a_call_without_the_key_is_a_401_in_json(served, key):
    answer = Caller(served, key).get("agents/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_agents_but_oneself_are_for_admins(desk, call, sam):
    desk.actor = sam
    assert call.get("agents/me").status_code == 200
    assert (call.get(f"agents/{sam.id}").status_code, call.get(f"agents/{sam.id}").json()["code"]) == (
        403,
        "access_denied",
    )


# --- lists -------------------------------------------------------------------------------------------------


def test_a_list_reaches_back_thirty_days_unless_told_otherwise(desk, ana, call, ticket):
    old = desk.open_ticket("Old", ana, "<p>Hi</p>", at=datetime.now(UTC) - timedelta(days=31))
    assert [row["id"] for row in call.get("tickets").json()] == [1001]
    rows = call.get("tickets?updated_since=2020-01-01T00:00:00Z&order_by=updated_at&order_type=asc").json()
    assert [row["id"] for row in rows] == [old.id, 1001]


def test_the_link_header_leads_on_and_is_absent_on_the_last_page(desk, ana, call):
    for _ in range(5):
        desk.open_ticket("T", ana, "<p>Hi</p>")
    first = call.get("tickets?per_page=2&order_by=updated_at&order_type=asc")
    last = call.get("tickets?per_page=2&page=3&order_by=updated_at&order_type=asc")
    assert [row["id"] for row in first.json() + last.json()] == [1001, 1002, 1005]
    assert first.links["next"]["url"].endswith("page=2")
    assert "link" not in last.headers
    whole = call.get("tickets?per_page=5")
    assert (len(whole.json()), "link" in whole.headers) == (5, False)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("tickets?per_page=101", "per_page"),
        ("tickets?page=301", "page"),
        ("tickets?include=tags", "include"),
        ("tickets?order_by=subject", "order_by"),
        ("tickets?updated_since=yesterday", "updated_since"),
        ("tickets?tag=asked", "tag"),
        ("tickets/1001?include=everything", "include"),
        ("search/tickets?query=tag:'asked'", "query"),
        ("search/tickets?query=\"subject:'Refund'\"", "query"),
        ("search/tickets?query=\"tag:'asked' AND\"", "query"),
        ("search/tickets?query=\"(tag:'asked'\"", "query"),
        ("search/tickets?query=\"tag:'asked'\"&per_page=100", "per_page"),
        ("search/tickets?query=\"tag:'asked'\"&page=11", "page"),
        (f"search/tickets?query=\"tag:'{'a' * 510}'\"", "query"),
    ],
)
def test_a_wrong_parameter_is_a_400_that_names_it(call, ticket, path, field):
    answer = call.get(path)
    assert answer.status_code == 400
    assert answer.json()["description"] == "Validation failed"
    assert answer.json()["errors"][0]["field"] == field


def test_a_ticket_has_its_description_and_its_ten_oldest_conversations(desk, ana, call, ticket):
    for number in range(15):
        desk.say(ticket, ana, f"<p>{number}</p>", public=True)
    shown = call.get("tickets/1001?include=conversations,requester").json()
    assert shown["description"] == "<div><p>Where is my money?</p></div>"
    assert [c["body_text"] for c in shown["conversations"]][1:] == [str(n) for n in range(9)]
    assert shown["requester"]["name"] == "Ana Duarte"


def test_conversations_are_paged_and_leave_out_the_description(desk, ana, call, ticket):
    for number in range(40):
        desk.say(ticket, ana, f"<p>{number}</p>", public=True)
    first = call.get("tickets/1001/conversations")
    assert (len(first.json()), "next" in first.links) == (30, True)
    assert not any("Where is my money" in row["body"] for row in first.json())
    second = call.get("tickets/1001/conversations?per_page=100")
    assert (len(second.json()), "next" in second.links) == (41, False)


def test_a_chat_repeats_its_first_message_among_the_conversations(desk, ana, call):
    desk.open_ticket("Chat", ana, "<p>Hello?</p>", channel="chat")
    rows = call.get("tickets/1001/conversations").json()
    assert [row["body_text"] for row in rows] == ["Hello?"]
    assert rows[0]["structured_body"]["body_contents"][0]["data"]["content"] == "Hello?"
    assert call.get("tickets/1001").json()["source"] == 15


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag:'a'", {1, 3}),
        ("tag:'a' AND status:5", {3}),
        ("tag:'a' OR tag:'b'", {1, 2, 3}),
        ("tag:'b' AND (status:2 OR status:3)", {2}),
        ("status:5 OR tag:'b' AND status:2", {2, 3}),
        ("created_at:>'2026-11-21'", {2, 3}),
        ("created_at:<'2026-11-20'", {1, 4}),
        ("tag:null", {4}),
        ("tag:'a' OR status:4", {1, 3, 4}),
        ("tag:'nowhere'", set()),
    ],
)
def test_a_search_finds_what_its_query_says(query, found):
    desk = Desk(limits={}, clock=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))
    ana = desk.add_person("Ana Duarte", "ana@example.com")
    for number, tags in enumerate((["a"], ["b"], ["a", "b"], []), 1):
        at = datetime(2026, 11, (20, 21, 22, 20)[number - 1], 9, tzinfo=UTC)
        status = {3: "closed", 4: "solved"}.get(number, "open")
        desk.open_ticket("T", ana, "<p>Hi</p>", id=number, tags=tags, at=at, status=status)
    with serve(freshdesk=desk) as served:
        answer = Caller(served)("GET", "search/tickets", params={"query": f'"{query}"'}).json()
    assert {row["id"] for row in answer["results"]} == found
    assert answer["total"] == len(found)


def test_a_search_gives_thirty_a_page(desk, ana, call):
    for _ in range(35):
        desk.open_ticket("T", ana, "<p>Hi</p>", tags=["asked"])
    first = call.get("search/tickets?query=\"tag:'asked'\"").json()
    second = call.get("search/tickets?query=\"tag:'asked'\"&page=2").json()
    assert (first["total"], len(first["results"]), len(second["results"])) == (35, 30, 5)


def test_the_search_shows_a_change_late(desk, ana, call):
    desk.lag = 3600
    desk.open_ticket("T", ana, "<p>Hi</p>", tags=["asked"])
    assert call.get("search/tickets?query=\"tag:'asked'\"").json() == {"total": 0, "results": []}
    assert call.get("tickets").json()[0]["tags"] == ["asked"], "the list is live"


# --- writing -----------------------------------------------------------------------------------------------


def test_a_note_is_private_by_default_and_moves_the_stamp(desk, call, ticket):
    before = ticket.updated_at
    desk.clock = lambda: datetime.now(UTC) + timedelta(seconds=5)
    answer = call.note(body="<p>Hi</p>")
    assert answer.status_code == 201
    assert answer.json()["private"] is True
    assert answer.json()["body"] == "<div><p>Hi</p></div>"
    assert answer.headers["Location"].endswith(str(answer.json()["id"]))
    assert ticket.updated_at > before
    assert ticket.updated_at == ticket.comments[-1].at


def test_a_note_can_be_public(call, ticket):
    assert call.note(body="<p>Hi</p>", private=False).json()["private"] is False
    assert ticket.comments[-1].public is True


def test_a_note_is_sanitised_and_an_html_comment_is_gone(call, ticket):
    call.note(body='<p onclick="x()">Hi<script>x</script><!-- marker --></p>', private=True)
    assert ticket.comments[-1].html == "<p>Hi</p>"


@pytest.mark.parametrize(
    ("note", "refused"),
    [
        ({"body": "<p>Hi</p>", "metadata": {}}, (400, "metadata", "invalid_field")),
        ({"body": "<p>Hi</p>", "private": "true"}, (400, "private", "datatype_mismatch")),
        ({"private": True}, (400, "body", "missing_field")),
        ({"body": "<p>Hi</p>", "user_id": 5}, (400, "user_id", "invalid_value")),
        ({"body": "<p>Hi</p>", "structured_body": {}}, (400, "structured_body", "incompatible_field")),
    ],
)
def test_a_wrong_note_is_refused_and_nothing_is_written(call, ticket, note, refused):
    assert error(call.note(**note)) == refused
    assert len(ticket.comments) == 2


def test_tags_are_replaced_and_the_whole_ticket_answers(call, ticket):
    answer = call.update(tags=["x"])
    assert answer.status_code == 200
    assert answer.json()["tags"] == ticket.tags == ["x"]
    assert answer.json()["description"]
    assert error(call.update(tags=["a" * 33])) == (400, "tags", "invalid_value")
    assert error(call.update(tag="x")) == (400, "tag", "invalid_field")
    assert error(call.update(tags="x")) == (400, "tags", "datatype_mismatch")


def test_only_what_is_sent_changes(call, ticket):
    call.update(status=4)
    assert (ticket.status, ticket.tags) == ("solved", ["vip", "asked"])


def test_a_closed_ticket_can_still_be_written_to(desk, call, ticket):
    desk.set_status(ticket, "closed")
    assert call.note(body="<p>Hi</p>").status_code == 201
    assert call.update(tags=["x"]).json()["status"] == 5


@pytest.mark.parametrize("end", ["delete", "mark_spam"])
def test_spam_and_deleted_tickets_refuse_writes_with_405(desk, call, ticket, end):
    getattr(desk, end)(ticket)
    assert call.update(tags=["x"]).status_code == 405
    assert call.note(body="<p>Hi</p>").status_code == 405
    assert call.get("tickets").json() == []
    assert call.get("tickets/1001").status_code == 200


def test_a_ticket_that_is_gone_is_a_404_without_a_body(desk, call, ticket):
    del desk.tickets[1001]
    for answer in (call.get("tickets/1001"), call.note(body="<p>Hi</p>"), call.get("nowhere")):
        assert (answer.status_code, answer.text) == (404, "")


def test_a_note_can_be_edited_and_deleted_and_a_reply_can_only_be_deleted(desk, call, ticket, sam):
    note = ticket.comments[1]
    edited = call("PUT", f"conversations/{note.id}", json={"body": "<p>Other</p>"})
    assert (edited.status_code, edited.json()["last_edited_user_id"]) == (200, desk.actor.id)
    assert (note.html, edited.json()["last_edited_at"] is None) == ("<p>Other</p>", False)
    reply = desk.say(ticket, sam, "<p>Sent</p>", public=True)
    assert call("PUT", f"conversations/{reply.id}", json={"body": "x"}).status_code == 403
    assert call("DELETE", f"conversations/{note.id}").status_code == 204
    assert call("DELETE", f"conversations/{note.id}").status_code == 404
    assert [comment.html for comment in ticket.comments] == ["<p>Where is my money?</p>", "<p>Sent</p>"]


def test_deleting_a_note_moves_the_stamp(desk, call, ticket):
    before = ticket.updated_at
    desk.clock = lambda: datetime.now(UTC) + timedelta(seconds=5)
    call("DELETE", f"conversations/{ticket.comments[1].id}")
    assert ticket.updated_at > before


def test_the_first_message_is_no_conversation_that_could_be_deleted(call, ticket):
    assert call("DELETE", f"conversations/{ticket.comments[0].id}").status_code == 404


def test_a_write_must_be_json(call, ticket):
    assert call("POST", "tickets/1001/notes", data="body=Hi").status_code == 415
    answer = call("POST", "tickets/1001/notes", data="{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


# --- limits ------------------------------------------------------------------------------------------------


def at_nine():
    desk = Desk(clock=lambda: datetime(2026, 11, 22, 9, 0, 20, tzinfo=UTC))
    desk.open_ticket("Refund", desk.add_person("Ana", "ana@example.com"), "<p>Hi</p>", tags=["asked"])
    return desk


@pytest.mark.parametrize(
    ("path", "price"),
    [
        ("tickets", "1"),
        ("tickets?include=requester", "3"),
        ("tickets?include=requester,stats", "5"),
        ("tickets/1001", "1"),
        ("tickets/1001?include=conversations,requester", "3"),
    ],
)
def test_an_include_costs_credits(path, price):
    with serve(freshdesk=at_nine()) as served:
        headers = Caller(served).get(path).headers
    assert headers["X-RateLimit-Used-CurrentRequest"] == price
    assert int(headers["X-RateLimit-Remaining"]) == 400 - int(price)
    assert headers["X-RateLimit-Total"] == "400"


def test_a_call_too_many_is_a_429_without_a_body():
    with serve(freshdesk=at_nine()) as served:
        call = Caller(served)
        codes = [call.get("tickets").status_code for _ in range(100)]
        answer = call.get("tickets")
    assert set(codes) == {200}
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (429, "", "40")


def test_an_older_accounts_allowance_may_be_counted_by_the_hour():
    desk = at_nine()
    desk.meter.allowances = {"freshdesk account": Allowance(3, 3600)}
    with serve(freshdesk=desk) as served:
        call = Caller(served)
        answers = [call.get("agents/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == str(3600 - 20)
