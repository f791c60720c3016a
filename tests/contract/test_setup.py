"""What doctor and setup ask of a helpdesk, shown on the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from rewriter.integrations.embedded import Credentials, Desk, Served, serve
from werkzeug.wrappers import Response

from rewriter.errors import HelpdeskError
from rewriter.helpdesk import Setup, connect

TAG = "rewrite_requested"


@pytest.fixture(params=["zendesk", "freshdesk"])
def face(request) -> str:
    return request.param


@pytest.fixture
def served(face) -> Iterator[Served]:
    with serve(**{face: Desk(limits={})}) as served:
        yield served


def asked(served: Served, face: str, **settings: str) -> Setup:
    environment = {**served.environment(face), **settings}  # type: ignore[arg-type]  # a parameter's value
    helpdesk = connect(face, environment, request_tag=TAG, rate_share=1.0)
    assert isinstance(helpdesk, Setup)
    return helpdesk


def failing(setup: Setup) -> dict[str, str]:
    return {check.name: check.mend for check in setup.checks() if not check.holds}


def test_checks_name_what_is_missing_with_its_mend_and_change_nothing(served, face):
    desk = served.desks[face]
    wanting = failing(asked(served, face))
    assert set(wanting) == ({"macro", "view"} if face == "zendesk" else set())
    assert all(wanting.values())
    assert (desk.macros, desk.views, desk.tickets) == ({}, {}, {})


def test_refused_credentials_fail_every_check_that_needs_them_and_raise_nothing(served, face):
    wrong = {"zendesk": {"ZENDESK_OAUTH_TOKEN": "wrong"}, "freshdesk": {"FRESHDESK_API_KEY": "wrong"}}[face]
    assert {"sign-in", "search", "live list"} <= set(failing(asked(served, face, **wrong)))


def test_a_helpdesk_that_is_away_fails_the_checks_and_raises_nothing(served, face, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    served.desks[face].faults.append(lambda call, answer: Response("<html>", 503))
    assert "sign-in" in failing(asked(served, face))


def test_a_clock_that_is_off_is_said(served, face, monkeypatch):
    monkeypatch.setattr("rewriter.integrations.checking.time", SimpleNamespace(time=lambda: 5_000_000.0))
    assert "clock" in failing(asked(served, face))


def test_freshdesk_says_what_to_do_by_hand():
    with serve(freshdesk=Desk(limits={})) as served:
        setup = asked(served, "freshdesk")
        (step,) = setup.plan_setup()
        assert step.by_hand
        assert TAG in step.does
        with pytest.raises(HelpdeskError):
            setup.apply(step)


@pytest.fixture
def zendesk() -> Iterator[Served]:
    with serve(zendesk=Desk(limits={})) as served:
        yield served


def test_setup_creates_a_macro_that_keeps_the_draft_internal_and_a_view_and_then_all_holds(zendesk):
    setup = asked(zendesk, "zendesk")
    for step in setup.plan_setup():
        setup.apply(step)
    (macro,) = zendesk.desks["zendesk"].macros.values()
    assert {"field": "comment_mode_is_public", "value": "false"} in macro["actions"]
    assert {"field": "current_tags", "value": TAG} in macro["actions"]
    assert len(zendesk.desks["zendesk"].views) == 1
    assert failing(setup) == {}


def test_setup_run_twice_creates_nothing_twice(zendesk):
    for _ in range(2):
        setup = asked(zendesk, "zendesk")
        for step in setup.plan_setup():
            setup.apply(step)
    assert len(zendesk.desks["zendesk"].macros) == 1
    assert asked(zendesk, "zendesk").plan_setup() == []


def test_a_step_whose_answer_was_lost_is_not_done_twice(zendesk):
    def lose(call, answer):
        response = answer()
        if call.method == "POST":
            raise ConnectionError
        return response

    setup = asked(zendesk, "zendesk")
    zendesk.desks["zendesk"].faults.append(lose)
    for step in setup.plan_setup():
        setup.apply(step)
    assert len(zendesk.desks["zendesk"].macros) == 1


def test_a_macro_that_would_send_the_draft_to_the_customer_is_found_out(zendesk):
    desk = zendesk.desks["zendesk"]
    actions = [{"field": "current_tags", "value": f"vip {TAG}"}]
    desk.macros[1] = {"id": 1, "title": "Mine", "active": True, "actions": actions}
    (wrong,) = (check for check in asked(zendesk, "zendesk").checks() if check.name == "macro")
    assert not wrong.holds
    assert "SENT" in wrong.found


def test_a_client_that_may_do_no_more_than_a_run_needs_is_enough_for_all_but_macro_and_view(zendesk):
    known = Credentials(client_scope="tickets:read tickets:write users:read")
    zendesk.desks["zendesk"].credentials = known
    environment = {"ZENDESK_CLIENT_ID": known.client_id, "ZENDESK_CLIENT_SECRET": known.client_secret}
    wanting = failing(asked(zendesk, "zendesk", **environment))
    assert set(wanting) == {"macro", "view"}


def test_somebody_without_credentials_is_nobody(zendesk):
    desk = zendesk.desks["zendesk"]
    nobody = Response('{"user":{"id":null,"name":"Anonymous user"}}', content_type="application/json")
    desk.faults.append(lambda call, answer: nobody if call.path.endswith("users/me") else answer())
    assert "sign-in" in failing(asked(zendesk, "zendesk"))


def test_a_customers_account_is_not_an_agents(zendesk):
    zendesk.desks["zendesk"].actor.role = "end-user"
    assert "sign-in" in failing(asked(zendesk, "zendesk"))
