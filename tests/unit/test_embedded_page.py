"""What the agents' page answers, without a browser; tests/browser shows it in one."""

import pytest
import requests
from rewriter.integrations.embedded import Desk, serve


@pytest.fixture
def ticket(desk):
    ana = desk.add_person("Ana Duarte", "ana@example.com")
    return desk.open_ticket(
        "Refund & more", ana, "<p onclick='x()'>Hi<script>x</script></p>", tags=["rewrite_failed"]
    )


def get(served, path):
    return requests.get(f"{served.url}{path}", timeout=5)


def test_the_front_page_leads_to_the_first_desk(served, ticket):
    answer = get(served, "/")
    assert answer.url.endswith("/tickets/zendesk")
    assert "Refund &amp; more" in answer.text


def test_a_ticket_shows_its_messages_sanitised(served, ticket):
    answer = get(served, "/tickets/freshdesk/1001")
    assert "<p>Hi</p>" in answer.text
    assert "script" not in answer.text
    assert "rewrite_failed" in answer.text


def test_nothing_may_run_or_be_fetched_from_elsewhere(served, ticket):
    policy = get(served, "/tickets/zendesk/1001").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert get(served, "/static/desk.css").headers["Content-Type"].startswith("text/css")


@pytest.mark.parametrize(
    "path", ["/tickets/jira", "/tickets/zendesk/77", "/nowhere", "/static/page.py", "/static/%2e%2e/page.py"]
)
def test_what_is_not_there_is_a_404(served, ticket, path):
    assert get(served, path).status_code == 404


def test_a_deleted_ticket_is_not_shown(served, desk, ticket):
    desk.delete(ticket)
    assert get(served, "/tickets/zendesk/1001").status_code == 404
    assert "Refund" not in get(served, "/tickets/zendesk").text


def test_only_the_desks_that_are_served_are_there():
    with serve(freshdesk=Desk()) as served:
        assert get(served, "/").url.endswith("/tickets/freshdesk")
        assert get(served, "/tickets/zendesk").status_code == 404
        assert get(served, "/zendesk/api/v2/users/me").status_code == 404


def test_the_helpdesk_listens_on_loopback_alone(served):
    assert served.server.server_address[0] == "127.0.0.1"
