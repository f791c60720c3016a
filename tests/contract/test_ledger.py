"""What every ledger holds to, on SQLite and, where REWRITER_TEST_POSTGRES names a database, on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rewriter.errors import LedgerError
from rewriter.ledger import Ledger
from rewriter.model import Usage

POSTGRES = os.environ.get("REWRITER_TEST_POSTGRES", "")
KEY = "zendesk:1001:5501:9f2c9f2c9f2c9f2c"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.db")
        return
    if not POSTGRES:
        pytest.skip("REWRITER_TEST_POSTGRES names no database")
    import psycopg

    schema = f"ledger_{uuid.uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
        try:
            yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger(url) as ledger:
        yield ledger


@pytest.fixture
def other(url: str) -> Iterator[Ledger]:
    with Ledger(url) as other:
        yield other


def test_a_draft_is_claimed_by_one_run_only(ledger: Ledger, other: Ledger) -> None:
    assert ledger.claim(KEY) == 1
    assert ledger.claim(KEY) == other.claim(KEY) == 0


def test_a_settled_draft_is_never_claimed_again(ledger: Ledger, other: Ledger) -> None:
    ledger.claim(KEY)
    assert ledger.settle(KEY, "suggested", tone="warm", reverted=2, tokens=(30, 7))
    assert ledger.claim(KEY) == other.claim(KEY) == 0
    assert other.outcome(KEY) == "suggested"
    entry = other.show(KEY)
    assert entry is not None
    assert (entry.tone, entry.reverted, entry.prompt_tokens, entry.completion_tokens) == ("warm", 2, 30, 7)


def test_a_stale_draft_that_is_handed_over_again_begins_anew(ledger: Ledger) -> None:
    ledger.claim(KEY)
    ledger.fail(KEY, "EngineError")
    ledger.claim(KEY)
    ledger.settle(KEY, "stale")
    assert ledger.outcome(KEY) == "stale"
    assert ledger.claim(KEY) == 1
    assert ledger.outcome(KEY) is None


def test_a_release_gives_the_attempt_back_and_a_failure_counts_it(ledger: Ledger, other: Ledger) -> None:
    ledger.claim(KEY)
    assert ledger.release(KEY)
    assert ledger.claim(KEY) == 1
    assert ledger.fail(KEY, "EngineError")
    assert other.claim(KEY) == 2
    entry = other.show(KEY)
    assert entry is not None
    assert entry.error == "EngineError"


def test_only_the_run_that_holds_a_draft_may_settle_keep_fail_or_release_it(ledger: Ledger, other: Ledger) -> None:
    ledger.claim(KEY)
    assert not other.settle(KEY, "suggested")
    assert not other.release(KEY)
    assert not other.fail(KEY, "EngineError")
    assert not other.keep(KEY)
    assert ledger.keep(KEY)
    assert ledger.settle(KEY, "unchanged")
    assert not ledger.settle(KEY, "suggested")
    assert ledger.outcome(KEY) == "unchanged"


def test_the_claim_of_a_dead_run_is_taken_over_after_its_lease_and_counts(url: str) -> None:
    dead, other = Ledger(url, lease=60), Ledger(url, lease=0)
    assert dead.claim(KEY) == 1
    assert Ledger(url, lease=60).claim(KEY) == 0
    assert other.claim(KEY) == 2
    assert not dead.keep(KEY)
    assert not dead.settle(KEY, "suggested")


def test_a_claim_from_a_clock_that_ran_ahead_does_not_hold_a_draft_for_ever(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Ledger(url)
    with monkeypatch.context() as ahead:
        ahead.setattr("rewriter.ledger.time.time", lambda: 4_000_000_000.0)
        dead.claim(KEY)
    assert Ledger(url).claim(KEY) == 2


def test_a_run_that_ends_releases_all_it_holds_and_nothing_else(url: str, other: Ledger) -> None:
    other.claim("zendesk:1:1:a")
    with Ledger(url) as run:
        run.claim(KEY)
        run.claim("zendesk:2:2:b")
        run.settle("zendesk:2:2:b", "suggested")
    assert other.claim(KEY) == 1
    with Ledger(url) as third:
        assert third.claim("zendesk:1:1:a") == third.claim("zendesk:2:2:b") == 0


def test_a_retried_draft_can_be_claimed_again_but_not_while_a_run_holds_it(ledger: Ledger, other: Ledger) -> None:
    assert not ledger.retry(KEY)
    ledger.claim(KEY)
    assert not other.retry(KEY)
    ledger.settle(KEY, "failed", error="EngineError")
    assert other.retry(KEY)
    assert other.claim(KEY) == 1


def test_pruning_forgets_what_was_settled_long_ago_and_keeps_what_is_open(ledger: Ledger) -> None:
    ledger.claim(KEY)
    ledger.claim("zendesk:2:2:b")
    ledger.settle("zendesk:2:2:b", "suggested")
    assert ledger.prune(older_than=3600) == 0
    assert ledger.prune(older_than=-1) == 1
    assert [entry.key for entry in ledger.entries()] == [KEY]


def test_entries_come_newest_first_and_by_outcome(ledger: Ledger) -> None:
    for number in range(3):
        ledger.claim(f"zendesk:{number}:1:a")
    ledger.settle("zendesk:0:1:a", "failed")
    ledger.settle("zendesk:1:1:a", "suggested")
    assert [entry.key for entry in ledger.entries("failed")] == ["zendesk:0:1:a"]
    assert [entry.key for entry in ledger.entries("open")] == ["zendesk:2:1:a"]
    assert next(iter(ledger.entries())).key == "zendesk:1:1:a"
    assert len(ledger.entries(limit=2)) == 2
    assert ledger.counts() == {"failed": 1, "suggested": 1, "open": 1}


def test_what_the_model_cost_today_is_one_sum_of_all_runs(ledger: Ledger, other: Ledger) -> None:
    assert ledger.spend(Usage()) == Usage()
    assert ledger.spend(Usage(30, 7)) == Usage(30, 7)
    assert other.spend(Usage(5, 1)) == ledger.spend(Usage()) == Usage(35, 8)


def test_threads_that_spend_at_once_lose_nothing(ledger: Ledger, other: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: (ledger, other)[n % 2].spend(Usage(1, 2)), range(40)))
    assert ledger.spend(Usage()) == Usage(40, 80)


def test_threads_of_one_run_share_a_ledger(ledger: Ledger) -> None:
    claimed: list[str] = []

    def work() -> None:
        for number in range(40):
            if ledger.claim(f"zendesk:{number}:1:a"):
                claimed.append(f"zendesk:{number}:1:a")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted({f"zendesk:{number}:1:a" for number in range(40)})


RACER = """
import sys
from rewriter.ledger import Ledger
ledger = Ledger(sys.argv[1])  # never closed, so that nothing is released
print(*(key for key in (f"zendesk:{number}:1:a" for number in range(300)) if ledger.claim(key)))
"""


def test_six_processes_race_for_three_hundred_drafts_and_each_is_claimed_once(url: str) -> None:
    command = [sys.executable, "-c", RACER, url]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    claims = [key for racer in racers for key in racer.communicate(timeout=60)[0].split()]
    assert len(claims) == len(set(claims)) == 300


# --- what is wrong with a ledger is said in one line -------------------------------------------------------


def _trouble(url: str) -> str:
    with pytest.raises(LedgerError) as told:
        Ledger(url).claim(KEY)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_damaged_ledger_is_named_and_may_be_moved_away(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    assert f"{path} is damaged: move it away" in _trouble(str(path))


def test_a_locked_ledger_is_waited_for_and_then_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rewriter.ledger._PATIENCE", 0.2)
    path = tmp_path / "ledger.db"
    Ledger(str(path)).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert "locked by another process" in _trouble(str(path))


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(str(path))
    with sqlite3.connect(path) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    with ledger._engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    keys = (f"zendesk:{number}:1:{'a' * 64}" for number in range(2000))
    with pytest.raises(LedgerError, match="the disk is full: make room"):
        list(map(ledger.claim, keys))


def test_a_ledger_that_cannot_be_made_or_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be made" in _trouble(str(tmp_path / "file" / "ledger.db"))
    (tmp_path / "folder.db").mkdir()
    assert "cannot be opened" in _trouble(str(tmp_path / "folder.db"))


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(str(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ledger_version SET version = 99")
    assert "newer version" in _trouble(str(path))


def test_a_ledger_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE ledger_version (version INTEGER NOT NULL)")
        connection.execute("INSERT INTO ledger_version VALUES (0)")
    with Ledger(str(path)) as ledger:
        ledger.claim(KEY)
        ledger.settle(KEY, "suggested")
    with Ledger(str(path)) as ledger:
        assert ledger.outcome(KEY) == "suggested"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "oracle://user:hunter2@host/db",
        "nonsense://x",
        "postgresql://u:hunter2@127.0.0.1:1/x",
        "postgresql://u:hunter2@127.0.0.1:port/x",
        "postgresql://u:wrong@hunter2@127.0.0.1:1/x",
        "postgresql://u:wrong@hunter2/3@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?user=u&password=hunter2",
    ],
)
def test_a_url_that_leads_to_no_ledger_is_one_line_without_its_password(url: str) -> None:
    said = _trouble(url)
    assert "hunter2" not in said
    assert "REWRITER_LEDGER" in said


def test_a_ledger_holds_no_words_of_customers_or_agents(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger(str(path)) as ledger:
        ledger.claim(KEY)
        ledger.settle(KEY, "suggested", tone="warm")
    with sqlite3.connect(path) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(draft)")}
    assert columns == {
        "key", "attempts", "run", "claimed", "outcome", "error", "tone", "reverted", "prompt_tokens",
        "completion_tokens", "pulled", "settled",
    }  # fmt: skip
