"""What doctor and setup ask of a helpdesk, shown on the embedded one."""

from __future__ import annotations

import json
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


def failing(setup: Setup, *states: str) -> dict[str, str]:
    """What does not hold, with its mend."""
    return {check.name: check.mend for check in setup.checks() if check.state in (states or ("fails",))}


def test_checks_name_what_is_missing_with_its_mend_and_change_nothing(served, face):
    desk = served.desks[face]
    wanting = failing(asked(served, face), "fails", "warning")
    assert set(wanting) == ({"macro", "view"} if face == "zendesk" else set())
    assert all(wanting.values())
    assert failing(asked(served, face)).keys() == wanting.keys() - {"view"}, "runs do without a view"
    assert {method for _, method, _ in desk.calls} == {"GET"}
    assert (desk.macros, desk.views, desk.tickets) == ({}, {}, {})


def test_refused_credentials_are_told_once_and_nothing_more_is_asked(served, face):
    wrong = {"zendesk": {"ZENDESK_OAUTH_TOKEN": "wrong"}, "freshdesk": {"FRESHDESK_API_KEY": "wrong"}}[face]
    setup = asked(served, face, **wrong)
    assert set(failing(setup)) == {"sign-in"}
    served.desks[face].calls.clear()
    assert len(failing(setup, "unknown")) >= 6
    assert sum(served.desks[face].calls.values()) == 1


def test_a_helpdesk_that_is_away_is_told_once_and_raises_nothing(served, face, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    served.desks[face].faults.append(lambda call, answer: Response("<html>", 503))
    assert set(failing(asked(served, face))) == {"sign-in"}


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
    assert wrong.state == "fails"
    assert "SENT" in wrong.found


def test_a_client_that_may_do_no_more_than_a_run_needs_is_no_fault_and_its_macros_stay_unknown(zendesk):
    known = Credentials(client_scope="tickets:read tickets:write users:read")
    zendesk.desks["zendesk"].credentials = known
    environment = {"ZENDESK_CLIENT_ID": known.client_id, "ZENDESK_CLIENT_SECRET": known.client_secret}
    setup = asked(zendesk, "zendesk", **environment)
    assert failing(setup, "fails", "warning") == {}
    assert {"macro", "view"} <= set(failing(setup, "unknown"))


def answering(desk: Desk, path: str, content: object) -> None:
    """From now on the desk answers a GET of this path so."""

    def fault(call, answer):
        return Response(json.dumps(content), content_type="application/json") if call.path == path else answer()

    desk.faults.append(fault)


@pytest.mark.parametrize(
    ("path", "content", "name", "state", "word"),
    [
        (
            "/oauth/tokens/current",
            {"token": {"scopes": ["tickets:read", "users:read"]}},
            "scopes",
            "fails",
            "write",
        ),
        ("/oauth/tokens/current", {"token": {"scopes": ["read", "write"]}}, "scopes", "holds", "read write"),
        ("/oauth/tokens/current", {"token": None}, "scopes", "unknown", ""),
        ("/account/settings", {"settings": {"tickets": {"tagging": False}}}, "tags", "fails", "switched off"),
        ("/account/settings", {"settings": {}}, "tags", "holds", TAG),
    ],
)
def test_what_zendesk_tells_of_scopes_and_tags_is_understood(zendesk, path, content, name, state, word):
    answering(zendesk.desks["zendesk"], f"/api/v2{path}", content)
    (check,) = (check for check in asked(zendesk, "zendesk").checks() if check.name == name)
    assert (check.state, word in check.found) == (state, True)


@pytest.mark.parametrize(
    ("user", "role", "state"),
    [
        ({"role": "agent"}, {}, "holds"),
        ({"role": "end-user"}, {}, "fails"),
        ({"role": "agent", "ticket_restriction": "groups"}, {}, "warning"),
        ({"role": "agent", "custom_role_id": 7}, {"ticket_editing": True, "ticket_tag_editing": True}, "holds"),
        ({"role": "agent", "custom_role_id": 7}, {"ticket_tag_editing": False}, "fails"),
        ({"role": "agent", "custom_role_id": 7}, None, "holds"),
    ],
)
def test_a_role_that_cannot_do_what_a_run_does_is_found_out_on_zendesk(zendesk, user, role, state):
    desk = zendesk.desks["zendesk"]
    answering(desk, "/api/v2/users/me", {"user": {"id": 1, "name": "Sam", **user}})
    answering(desk, "/api/v2/custom_roles/7", {"custom_role": {"configuration": role}})
    (check,) = (check for check in asked(zendesk, "zendesk").checks() if check.name == "role")
    assert (check.state, bool(check.mend)) == (state, state != "holds")


@pytest.mark.parametrize(
    ("agent", "state"),
    [
        ({"type": "support_agent", "ticket_scope": 1}, "holds"),
        ({"type": "support_agent", "ticket_scope": 2}, "warning"),
        ({"type": "collaborator", "ticket_scope": 1}, "fails"),
        ({}, "holds"),
    ],
)
def test_a_role_that_cannot_do_what_a_run_does_is_found_out_on_freshdesk(agent, state):
    with serve(freshdesk=Desk(limits={})) as served:
        answering(served.desks["freshdesk"], "/api/v2/agents/me", {"id": 1, "contact": {"name": "Sam"}, **agent})
        (check,) = (check for check in asked(served, "freshdesk").checks() if check.name == "role")
    assert (check.state, bool(check.mend)) == (state, state != "holds")


@pytest.mark.parametrize(
    ("scenarios", "state", "steps"),
    [
        ([], "warning", 1),
        ([{"name": "Mine", "actions": [{"name": "add_tag", "value": f"vip,{TAG}"}]}], "holds", 0),
        ([{"name": "Mine", "actions": [{"name": "add_tag", "value": [TAG]}]}], "holds", 0),
        (
            [{"name": "Mine", "actions": [{"name": "add_tag", "value": f"{TAG}_later"}, {"value": None}]}],
            "warning",
            1,
        ),
    ],
)
def test_a_scenario_that_adds_the_tag_is_recognised(scenarios, state, steps):
    with serve(freshdesk=Desk(limits={})) as served:
        answering(served.desks["freshdesk"], "/api/v2/scenario_automations", scenarios)
        setup = asked(served, "freshdesk")
        assert {check.name: check.state for check in setup.checks()}["scenario"] == state
        assert len(setup.plan_setup()) == steps


def test_somebody_without_credentials_is_nobody(zendesk):
    desk = zendesk.desks["zendesk"]
    nobody = Response('{"user":{"id":null,"name":"Anonymous user"}}', content_type="application/json")
    desk.faults.append(lambda call, answer: nobody if call.path.endswith("users/me") else answer())
    assert "sign-in" in failing(asked(zendesk, "zendesk"))
