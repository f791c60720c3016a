"""The ledger: which run holds which draft, how often it was tried, and what became of it.

It is the memory of what was done, not the source of work: with a deleted ledger nothing is posted twice, since
our notes on the tickets say the same. It holds draft keys, outcomes and figures; no customer's text, no secret.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, RowMapping, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from rewriter.errors import LedgerError
from rewriter.model import Usage

Settled = Literal["suggested", "unchanged", "declined", "failed", "stale"]

LEASE = 600  # seconds
_PATIENCE = 10  # seconds that one statement waits for another process

# Each entry brings a ledger one version further; both SQLite and PostgreSQL understand every line.
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE draft (
            key TEXT PRIMARY KEY,
            attempts INTEGER NOT NULL,
            run TEXT,
            claimed DOUBLE PRECISION,
            outcome TEXT,
            error TEXT,
            tone TEXT NOT NULL DEFAULT '',
            reverted INTEGER NOT NULL DEFAULT 0,
            prompt_tokens INTEGER NOT NULL DEFAULT 0,
            completion_tokens INTEGER NOT NULL DEFAULT 0,
            pulled DOUBLE PRECISION NOT NULL,
            settled DOUBLE PRECISION
        )""",
        "CREATE INDEX draft_settled ON draft (settled)",
        "CREATE INDEX draft_run ON draft (run)",
    ),
    (
        """CREATE TABLE spending (
            day TEXT PRIMARY KEY,
            prompt_tokens BIGINT NOT NULL,
            completion_tokens BIGINT NOT NULL
        )""",
    ),
)

# A stale draft was not handled, only overtaken: where it is handed over again it begins anew.
_CLAIM = text("""
    INSERT INTO draft (key, attempts, run, claimed, pulled) VALUES (:key, 1, :run, :now, :now)
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN draft.outcome = 'stale' THEN 1 ELSE draft.attempts + 1 END,
        outcome = NULL, settled = NULL, run = excluded.run, claimed = excluded.claimed
    WHERE (draft.outcome IS NULL OR draft.outcome = 'stale')
      AND (draft.run IS NULL OR draft.claimed NOT BETWEEN :now - :lease AND :now + :lease)
    RETURNING attempts
""")
_KEEP = text("UPDATE draft SET claimed = :now WHERE key = :key AND run = :run AND outcome IS NULL")
_RELEASE = text("""
    UPDATE draft SET run = NULL, attempts = attempts - 1 WHERE key = :key AND run = :run AND outcome IS NULL
""")
_RELEASE_ALL = text("UPDATE draft SET run = NULL, attempts = attempts - 1 WHERE run = :run AND outcome IS NULL")
_FAIL = text("UPDATE draft SET run = NULL, error = :error WHERE key = :key AND run = :run AND outcome IS NULL")
_SETTLE = text("""
    UPDATE draft SET run = NULL, outcome = :outcome, settled = :now, error = COALESCE(:error, error),
        tone = :tone, reverted = :reverted, prompt_tokens = :prompt_tokens, completion_tokens = :completion_tokens
    WHERE key = :key AND run = :run AND outcome IS NULL
""")
_SHOW = text("SELECT * FROM draft WHERE key = :key")
_LIST = text("SELECT * FROM draft ORDER BY COALESCE(settled, claimed) DESC, key LIMIT :limit")
_LIST_OF = text("""
    SELECT * FROM draft WHERE COALESCE(outcome, 'open') = :outcome
    ORDER BY COALESCE(settled, claimed) DESC, key LIMIT :limit
""")
_COUNTS = text("SELECT COALESCE(outcome, 'open'), COUNT(*) FROM draft GROUP BY COALESCE(outcome, 'open')")
_SPEND = text("""
    INSERT INTO spending (day, prompt_tokens, completion_tokens) VALUES (:day, :prompt_tokens, :completion_tokens)
    ON CONFLICT (day) DO UPDATE SET
        prompt_tokens = spending.prompt_tokens + excluded.prompt_tokens,
        completion_tokens = spending.completion_tokens + excluded.completion_tokens
    RETURNING prompt_tokens, completion_tokens
""")
_RETRY = text("""
    UPDATE draft SET attempts = 0, run = NULL, outcome = NULL, settled = NULL, error = NULL
    WHERE key = :key AND (run IS NULL OR claimed NOT BETWEEN :now - :lease AND :now + :lease)
""")
_PRUNE = text("DELETE FROM draft WHERE settled < :before")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger knows of one draft; times are seconds since 1970, `error` is a kind, never a text."""

    key: str
    attempts: int
    outcome: Settled | None  # None: not settled yet
    error: str | None
    tone: str
    reverted: int
    prompt_tokens: int
    completion_tokens: int
    pulled: float
    claimed: float | None
    settled: float | None
    held: bool  # by a run that lives, as far as its lease tells


class Ledger:
    """Claims and outcomes of drafts, in SQLite or PostgreSQL, shared by any number of runs.

    Each `Ledger` is one run: it settles and releases its own claims only. Threads may share it. Every method
    raises LedgerError where the database cannot be read or written.
    """

    def __init__(self, url: str, lease: float = LEASE) -> None:
        """Open the ledger at `url` (a database URL, or the path of an SQLite file), making it where it is new.

        A claim older than `lease` seconds counts as the claim of a run that died.
        """
        self.lease = lease
        self._run = uuid.uuid4().hex
        self._url = _database(url)
        with self._trouble():
            self._engine = _engine(self._url)
            with self._engine.begin() as connection:
                _migrate(connection, self._url)

    def claim(self, key: str) -> int:
        """Take hold of a draft; return the number of this attempt, from 1, or 0 where it is settled or held."""
        with self._trouble(), self._engine.begin() as connection:
            row = connection.execute(_CLAIM, self._values(key)).first()
        return int(row[0]) if row else 0

    def keep(self, key: str) -> bool:
        """Begin the lease of our claim anew; tell whether it is still ours."""
        return self._changed(_KEEP, self._values(key))

    def release(self, key: str) -> bool:
        """Let go of our claim and give the attempt back: nothing was wrong with the draft."""
        return self._changed(_RELEASE, self._values(key))

    def fail(self, key: str, error: str) -> bool:
        """Let go of our claim; the attempt counts. `error` is the kind of trouble, not its text."""
        return self._changed(_FAIL, self._values(key, error=error))

    def settle(
        self, key: str, outcome: Settled, *, tone: str = "", reverted: int = 0, tokens: tuple[int, int] = (0, 0),
        error: str | None = None,
    ) -> bool:  # fmt: skip
        """Write down what became of a draft that we hold; tell whether it was ours to settle.

        `tokens` are those that a model read and wrote.
        """
        figures = {"tone": tone, "reverted": reverted, "prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
        return self._changed(_SETTLE, self._values(key, outcome=outcome, error=error, **figures))

    def outcome(self, key: str) -> Settled | None:
        """Return what became of a draft; None where it is not settled."""
        entry = self.show(key)
        return entry.outcome if entry else None

    def show(self, key: str) -> Entry | None:
        """Return all that is known of a draft; None where it was never pulled."""
        with self._trouble(), self._reading() as connection:
            row = connection.execute(_SHOW, {"key": key}).mappings().first()
        return self._entry(row) if row else None

    def entries(self, outcome: str = "", limit: int = 50) -> tuple[Entry, ...]:
        """Return the latest drafts, the newest first; only those of one outcome, or `open`, where it is given."""
        with self._trouble(), self._reading() as connection:
            rows = connection.execute(_LIST_OF if outcome else _LIST, {"outcome": outcome, "limit": limit})
            return tuple(self._entry(row) for row in rows.mappings())

    def counts(self) -> dict[str, int]:
        """Return how many drafts the ledger knows of each outcome, and how many are `open`."""
        with self._trouble(), self._reading() as connection:
            return {str(outcome): int(number) for outcome, number in connection.execute(_COUNTS)}

    def spend(self, usage: Usage) -> Usage:
        """Add to what the model has cost today (UTC) and return the sum: of all runs, whatever became of drafts."""
        today = datetime.now(UTC).date().isoformat()
        with self._trouble(), self._engine.begin() as connection:
            return Usage(*map(int, connection.execute(_SPEND, {"day": today, **asdict(usage)}).one()))

    def retry(self, key: str) -> bool:
        """Forget what became of a draft, so that it is handled where it is handed over again.

        Tells whether there is such a draft and no run holds it.
        """
        return self._changed(_RETRY, self._values(key))

    def prune(self, older_than: float) -> int:
        """Forget drafts that were settled more than `older_than` seconds ago; return how many."""
        with self._trouble(), self._engine.begin() as connection:
            return connection.execute(_PRUNE, {"before": time.time() - older_than}).rowcount

    def close(self) -> None:
        """Release every claim that this run still holds, and let go of the database."""
        try:
            with self._trouble(), self._engine.begin() as connection:
                connection.execute(_RELEASE_ALL, {"run": self._run})
        finally:
            self._engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _values(self, key: str, **more: Any) -> dict[str, Any]:
        return {"key": key, "run": self._run, "now": time.time(), "lease": self.lease, **more}

    def _changed(self, statement: Any, values: dict[str, Any]) -> bool:
        with self._trouble(), self._engine.begin() as connection:
            return bool(connection.execute(statement, values).rowcount)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection that takes no lock: readers never hold up a run."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def _entry(self, row: RowMapping) -> Entry:
        values = dict(row)
        holder = values.pop("run")
        held = holder is not None and abs(time.time() - values["claimed"]) <= self.lease
        return Entry(**values, held=held)

    def _trouble(self) -> AbstractContextManager[None]:
        return _told(self._url)


def examine(url: str) -> dict[str, int]:
    """Return how many drafts a ledger knows by outcome, and change nothing: what opening it takes is taken back.

    Empty where there is none yet. Raises LedgerError where it cannot be made, opened, read or written.
    """
    named = _database(url)
    if (file := file_of(url)) and not file.exists():
        _check_can_be_made(file)
        return {}
    with _told(named):
        engine = _engine(named, examined=True)
        try:
            with engine.connect() as connection:  # what is not committed is taken back
                _migrate(connection, named)
                return {str(outcome): int(number) for outcome, number in connection.execute(_COUNTS)}
        finally:
            engine.dispose()


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite ledger; None where a server holds it. Raises LedgerError for no such URL."""
    named = _database(url)
    return Path(named.database or "") if named.drivername.startswith("sqlite") else None


def _database(url: str) -> URL:
    """Return the database that a setting names; raises LedgerError where it names none."""
    if "://" not in url:
        return URL.create("sqlite", database=str(Path(url).expanduser()))
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise LedgerError(
            "REWRITER_LEDGER is no database URL: sqlite:////path/ledger.db, postgresql://…, or the path of a file."
        ) from None
    if "@" in f"{named.host}{named.database}":  # what comes after the first @ would be shown in errors
        raise LedgerError("REWRITER_LEDGER: write an @ in the password as %40, and a / as %2F.")
    if named.drivername in ("postgres", "postgresql"):
        return named.set(drivername="postgresql+psycopg")
    if named.get_backend_name() != "sqlite":
        return named
    if not named.database or named.database == ":memory:":
        raise LedgerError("REWRITER_LEDGER: a ledger in memory forgets what was done: name a file.")
    return named.set(database=str(Path(named.database).expanduser()), query={})


def _engine(url: URL, *, examined: bool = False) -> Engine:
    """Return the way to a database; where it is only `examined`, an SQLite file keeps the journal that it has."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _PATIENCE})
    _make_folder(url)
    engine = create_engine(url, connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # this driver would begin a transaction only at its first write
        if not examined:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_folder(url: URL) -> None:
    folder = Path(url.database or "").absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise LedgerError(
            f"The ledger's folder {folder} cannot be made ({(error.strerror or 'no access').lower()}): "
            "name another place in REWRITER_LEDGER."
        ) from None


def _check_can_be_made(file: Path) -> None:
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise LedgerError(f"The ledger {file} cannot be made in {folder}: name another place in REWRITER_LEDGER.")


def _shown(url: URL) -> str:
    """Return where a ledger lies, without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(query={}).render_as_string(hide_password=True)


def _said(trouble: str) -> str:
    """Return what is wrong and what to do, from the database's own words."""
    known = (
        (("locked", "busy"), f"was locked by another process for {_PATIENCE} seconds: see what holds it."),
        (
            ("not a database", "malformed"),
            "is damaged: move it away. The next run makes a new one, and nothing is posted twice.",
        ),
        (("full", "no space"), "cannot be written, the disk is full: make room."),
        (("i/o error",), "cannot be read or written: see whether the disk is full or failing, or a limit is set."),
        (
            ("readonly", "read-only", "unable to open", "permission denied"),
            "cannot be opened for writing: check the rights on it and its folder, or set REWRITER_LEDGER.",
        ),
    )
    for words, advice in known:
        if any(word in trouble.lower() for word in words):
            return advice
    return "cannot be reached or refused a statement: check REWRITER_LEDGER and the database."


def _migrate(connection: Connection, url: URL) -> None:
    """Bring the tables to this version, one process at a time, in the transaction that the connection is in."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(726577726974)"))
    connection.execute(text("CREATE TABLE IF NOT EXISTS ledger_version (version INTEGER NOT NULL)"))
    version = connection.execute(text("SELECT version FROM ledger_version")).scalar()
    if version is None:
        connection.execute(text("INSERT INTO ledger_version VALUES (0)"))
        version = 0
    if version > len(_MIGRATIONS):
        raise LedgerError(
            f"The ledger {_shown(url)} was written by a newer version of this program: upgrade it, or name another "
            "ledger in REWRITER_LEDGER."
        )
    for statement in _flat(_MIGRATIONS[version:]):
        connection.execute(text(statement))
    connection.execute(text("UPDATE ledger_version SET version = :version"), {"version": len(_MIGRATIONS)})


@contextmanager
def _told(url: URL) -> Iterator[None]:
    """Tell any trouble of the database as one line: where the ledger lies and what to do."""
    try:
        yield
    except (ArgumentError, ModuleNotFoundError, NoSuchModuleError):
        raise LedgerError(
            f"REWRITER_LEDGER: no driver for {_shown(url)}: name an SQLite file, or a postgresql:// URL "
            "(install reply-rewriter[postgres])."
        ) from None
    except DBAPIError as error:
        raise LedgerError(f"The ledger {_shown(url)} {_said(str(error.orig))}") from None
    except SQLAlchemyError as error:
        raise LedgerError(
            f"The ledger {_shown(url)} cannot be used ({type(error).__name__}): see REWRITER_LEDGER."
        ) from None


def _flat(migrations: Sequence[Sequence[str]]) -> Iterator[str]:
    for migration in migrations:
        yield from migration
