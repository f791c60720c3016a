"""`rewriter doctor` and `rewriter setup` against the embedded helpdesk."""

from __future__ import annotations

import re

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
    things = (
        "settings",
        "templates",
        "ledger",
        "engine",
        "sign-in",
        "role",
        "notes",
        "tags",
        "clock",
        "tone routing",
    )
    assert set(things) <= set(re.findall(r"^ok    ([\w -]+): ", ended.stdout(), re.M))
    assert "embedded-" not in ended.stdout() + ended.stderr()


def test_the_doctor_changes_nothing(call, desk, tmp_path) -> None:
    call("doctor")
    assert not writes(desk)
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_leaves_the_ledger_as_it_is(call, tmp_path) -> None:
    call("run")
    (file,) = (tmp_path / "state").iterdir()
    before = file.read_bytes()
    assert "ok    ledger: can be written" in call("doctor").stdout()
    assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == {"ledger.db": before}
    empty = tmp_path / "empty.db"
    empty.touch()
    assert call("doctor", REWRITER_LEDGER=str(empty)).status in (0, 1)
    assert empty.read_bytes() == b""


def test_setup_runs_twice_without_harm(call, desk, face) -> None:
    call("setup", "--yes")
    macros, views = dict(desk.macros), dict(desk.views)
    ended = call("setup", "--yes")
    told = {
        "zendesk": "Nothing to do: all of it is there.",
        "freshdesk": "do it once, by hand. Nothing was changed.",
    }
    assert ended.stdout().endswith(f"{told[face]}\n")
    assert (desk.macros, desk.views) == (macros, views)


def test_setup_shows_first_what_it_will_make_and_makes_nothing_where_nobody_says_yes(call, desk, face) -> None:
    ended = call("setup")
    assert ended.status == (2 if face == "zendesk" else 0)  # Freshdesk has only what is done by hand
    assert "Rewrite my draft" in ended.stdout()
    assert not writes(desk)
    if face == "zendesk":
        assert "--yes" in ended.stderr()
        assert call("setup", given=b"n\n").stdout().endswith("Nothing was made.\n")
        assert not writes(desk)
        assert "made: the macro" in call("setup", given=b"y\n").stdout()


def test_a_misspelt_variable_is_a_warning_that_names_the_right_one(call, face) -> None:
    ended = call("doctor", REWRITER_TON="formal", OPENAI_KEY="sk-hunter2", REWRITER_COLOUR="red", ZENDESK_HOOK="x")
    warned = [line for line in ended.stdout().splitlines() if line.startswith("warn  settings: ")]
    assert [line.removeprefix("warn  settings: ") for line in warned] == [
        "OPENAI_KEY is no setting: did you mean OPENAI_API_KEY?",
        "REWRITER_COLOUR is no setting and changes nothing: README.md lists those there are.",
        "REWRITER_TON is no setting: did you mean REWRITER_TONE?",
    ]
    assert "hunter2" not in ended.stdout() + ended.stderr()


def test_one_cause_is_told_once(call, served, face) -> None:
    away = f"{face.upper()}_URL"
    ended = call("doctor", **{away: "http://127.0.0.1:9"})
    assert failures(ended) == ["sign-in"]
    assert ended.stdout().count("127.0.0.1:9") == 1
    assert ended.stdout().count("not looked at") >= 6


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
