from __future__ import annotations

import os
from pathlib import Path

import pytest

from rewriter.errors import SettingsError
from rewriter.model import Usage
from rewriter.settings import load


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("REWRITER_", "OPENAI_", "ZENDESK_", "FRESHDESK_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_with_nothing_set_every_default_is_what_the_documentation_says() -> None:
    settings = load()
    assert (settings.tone, settings.request_tag, settings.on_outage, settings.log) == (
        "warm",
        "rewrite_requested",
        "wait",
        "text",
    )
    assert (settings.threads, settings.lease, settings.rate_share) == (4, 600, 0.5)
    assert settings.engine_name() == "phrasebook"


def test_the_environment_wins_over_the_file_and_an_empty_value_counts_as_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("REWRITER_THREADS=2\nREWRITER_TONE=formal\nZENDESK_SUBDOMAIN=acme\nREWRITER_LEASE=30\n")
    monkeypatch.setenv("REWRITER_THREADS", "8")
    monkeypatch.setenv("REWRITER_TONE", "")
    settings = load()
    assert (settings.threads, settings.tone, settings.lease) == (8, "formal", 30)
    assert settings.environment["ZENDESK_SUBDOMAIN"] == "acme"
    assert settings.environment["REWRITER_THREADS"] == "8"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("REWRITER_THREADS", "many", "a whole number"),
        ("REWRITER_THREADS", "0", "greater than or equal to 1"),
        ("REWRITER_THREADS", "33", "less than or equal to 32"),
        ("REWRITER_RATE_SHARE", "0", "greater than 0"),
        ("REWRITER_RATE_SHARE", "1.5", "less than or equal to 1"),
        ("REWRITER_RATE_SHARE", "half", "a number"),
        ("REWRITER_LEASE", "-1", "greater than 0"),
        ("REWRITER_LEASE", "inf", ""),
        ("REWRITER_ENGINE", "gpt", "'llm' or 'phrasebook'"),
        ("REWRITER_ON_OUTAGE", "panic", "'wait' or 'phrasebook'"),
        ("REWRITER_LOG", "xml", "'text' or 'json'"),
        ("REWRITER_REQUEST_TAG", "Please Rewrite", "one word in lower case"),
        ("REWRITER_PROMPTS", "/no/such/folder", "there is no folder /no/such/folder"),
        ("OPENAI_BASE_URL", "localhost:8080", "http"),
    ],
)
def test_a_malformed_setting_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        load()
    assert str(told.value).startswith(f"{name} is wrong: ")
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("content", [b"REWRITER_TONE=warm\nthis is no setting\n", b"REWRITER_TONE=caf\xe9\n"])
def test_a_file_that_cannot_be_read_is_named(content: bytes) -> None:
    Path(".env").write_bytes(content)
    with pytest.raises(SettingsError, match=r"/\.env:"):
        load()


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hunter2")
    monkeypatch.setenv("REWRITER_LEDGER", "postgresql://rewriter:hunter2@db/rewriter")
    settings = load()
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.ledger_url == "postgresql://rewriter:hunter2@db/rewriter"


def test_a_key_means_a_model_unless_the_phrasebook_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    with pytest.raises(SettingsError, match="REWRITER_MODEL is not set"):
        load().engine_name()
    monkeypatch.setenv("REWRITER_MODEL", "small")
    assert load().engine_name() == "llm"
    assert load().engine_name("phrasebook") == "phrasebook"
    monkeypatch.setenv("REWRITER_ENGINE", "phrasebook")
    assert load().engine_name() == "phrasebook"
    assert load().engine_name("llm") == "llm"


def test_a_model_without_a_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REWRITER_ENGINE", "llm")
    with pytest.raises(SettingsError, match="OPENAI_API_KEY is not set"):
        load().engine_name()


def test_the_ledger_lies_in_the_home_directory_from_a_shell_and_from_cron(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/elsewhere")
    monkeypatch.setenv("HOME", "/home/ana")
    assert load().ledger_url == "/home/ana/.local/state/rewriter/ledger.db"
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", lambda uid: type("Entry", (), {"pw_dir": "/home/ana"}))
    assert load().ledger_url == "/home/ana/.local/state/rewriter/ledger.db"


def test_a_user_without_a_home_is_told_to_name_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    with pytest.raises(SettingsError, match="REWRITER_LEDGER is not set"):
        load().ledger_url  # noqa: B018 - reading it is what is tried


def test_a_limit_in_money_without_prices_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REWRITER_COST_PER_DAY", "5")
    with pytest.raises(SettingsError, match="REWRITER_PROMPT_PRICE and REWRITER_COMPLETION_PRICE are not set"):
        _ = load().budget


def test_limits_and_prices_make_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("COST_PER_DAY", "0.01"), ("PROMPT_PRICE", "2"), ("COMPLETION_PRICE", "8")):
        monkeypatch.setenv(f"REWRITER_{name}", value)
    budget = load().budget
    assert budget.reached(Usage(), Usage(1_000, 999)) == ""
    assert budget.reached(Usage(), Usage(1_000, 1_000)) == "REWRITER_COST_PER_DAY"
