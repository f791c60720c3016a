"""`rewriter doctor` and `rewriter setup` against the embedded helpdesk."""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Response


@pytest.fixture(params=["zendesk", "freshdesk"])
def face(request):
    return request.param


@pytest.fixture
def call(face, served, tmp_path, commands):
    """Runs a command with settings that hold."""
    ledger = {"REWRITER_LEDGER": str(tmp_path / "state" / "ledger.db"), "REWRITER_ENGINE": "phrasebook"}

    def run(*arguments, **settings):
        return commands.run(*arguments, **{**served.environment(face), **ledger, **settings})

    return run


def failures(ended):
    return [
        line.split(":")[0].removeprefix("FAIL").strip() for line in ended.stdout().splitlines() if "FAIL" in line
    ]


def writes(desk):
    return {call for call in desk.calls if call[1] != "GET"}


def test_after_setup_the_doctor_finds_nothing_wrong_and_neither_says_a_secret(call, desk, face) -> None:
    assert call("setup", "--yes").status == 0
    ended = call("doctor")
    assert (ended.status, failures(ended)) == (0, [])
    for name in ("settings", "templates", "ledger", "engine", "sign-in", "clock"):
        assert f"ok    {name}: " in ended.stdout()
    assert "embedded-" not in ended.stdout() + ended.stderr()


def test_the_doctor_changes_nothing(call, desk, tmp_path) -> None:
    call("doctor")
    assert not writes(desk)
    assert list(tmp_path.iterdir()) == []


def test_setup_runs_twice_without_harm(call, desk) -> None:
    call("setup", "--yes")
    macros, views = dict(desk.macros), dict(desk.views)
    ended = call("setup", "--yes")
    assert "Nothing to make" in ended.stdout()
    assert (desk.macros, desk.views) == (macros, views)


def test_setup_makes_nothing_where_nobody_says_yes(call, desk, face) -> None:
    ended = call("setup")
    assert ended.status == (130 if face == "zendesk" else 0)  # Freshdesk has only what is done by hand
    assert not writes(desk)


@pytest.mark.parametrize(
    ("settings", "name", "status"),
    [
        ({"REWRITER_THREADS": "0"}, "settings", 2),
        ({"REWRITER_HELPDESK": "jira"}, "helpdesk", 2),
        ({"REWRITER_TONE": "sparkly"}, "templates", 2),
        ({"REWRITER_LEDGER": "/dev/null/ledger.db"}, "ledger", 2),
        ({"REWRITER_ENGINE": "llm"}, "engine", 2),
        ({"ZENDESK_OAUTH_TOKEN": "wrong", "FRESHDESK_API_KEY": "wrong"}, "sign-in", 3),
        ({"ZENDESK_URL": "http://127.0.0.1:9", "FRESHDESK_URL": "http://127.0.0.1:9"}, "sign-in", 3),
    ],
)
def test_what_is_wrong_is_a_line_with_its_mend_and_an_exit_status(call, settings, name, status) -> None:
    ended = call("doctor", **settings)
    assert ended.status == status
    assert name in failures(ended)
    assert ended.stderr() == ""


def test_a_model_that_does_not_answer_is_found(call, served, desk) -> None:
    ended = call(
        "doctor", REWRITER_ENGINE="llm", OPENAI_API_KEY="sk-hunter2", OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        REWRITER_MODEL="small",
    )  # fmt: skip
    assert "engine" in failures(ended)
    assert "hunter2" not in ended.stdout() + ended.stderr()


def test_a_helpdesk_that_answers_nonsense_is_a_line_and_no_traceback(call, desk) -> None:
    desk.faults.append(lambda call, answer: Response("<h1>Hello</h1>", 200, content_type="text/html"))
    ended = call("doctor")
    assert ended.status in (1, 3)
    assert failures(ended)
    assert "unexpected" not in ended.stderr()
