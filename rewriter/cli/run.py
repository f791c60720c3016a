"""`rewriter run` and `rewriter watch`: polls of a helpdesk."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Annotated, get_args

import typer
from rich.console import Console

from rewriter import log, metrics, service
from rewriter.cli.choice import Names
from rewriter.cli.terminal import readable
from rewriter.cli.wiring import House, open_helpdesk, open_house
from rewriter.errors import (
    EngineUnavailable,
    HelpdeskUnavailable,
    LedgerError,
    PromptError,
    RewriterError,
    SettingsError,
    exit_status,
)
from rewriter.helpdesk import Helpdesk, settings_of_helpdesks
from rewriter.ledger import Ledger
from rewriter.model import RunOutcome
from rewriter.service import Handled, Summary
from rewriter.settings import Settings, load, misspelt

_LONGEST_WAIT = 900.0  # seconds between two polls of a helpdesk that is away
_NAP = 0.2  # seconds after which a waiting `watch` looks whether it was told to stop


def run(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done; write nothing anywhere.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Take up this many drafts at most.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")] = False,
) -> None:
    """Handle every draft that waits in the helpdesk, once: pull, rewrite, check, post. For cron.

    Ends with 0 when all is done, 1 when a draft is left for a later run, 2 when a setting is wrong, 3 when the
    helpdesk refuses or cannot be reached.
    """
    with _until_told() as told, _desk(_settings(), dry_run=dry_run) as desk:
        summary = desk.poll(limit=limit, stop=told)
        typer.echo(json.dumps(summary.as_json()) if as_json else _account(summary, dry_run=dry_run))
        status = _status(summary)
        unmeasured = desk.measure(summary, status)
    if trouble := summary.trouble or unmeasured:
        raise trouble
    raise typer.Exit(status)


def watch(
    every: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="From the end of a poll to the next.")],
) -> None:
    """Poll again and again until stopped; SIGTERM or Ctrl-C finishes the drafts at hand and exits 0."""
    with _until_told() as told, _desk(_settings()) as desk:
        wait, complaint = every, ""
        log.say("watching", helpdesk=desk.helpdesk.name, every=every)
        while not told():
            desk.reload()
            summary = desk.poll(stop=told)
            unmeasured = desk.measure(summary, _status(summary))
            if unmeasured and str(unmeasured) != complaint:
                log.say("no metrics", level=logging.WARNING, error=str(unmeasured))
            complaint = str(unmeasured or "")
            if isinstance(summary.trouble, HelpdeskUnavailable):
                wait = min(max(2 * wait, every), max(_LONGEST_WAIT, every))
            elif summary.trouble and not isinstance(summary.trouble, EngineUnavailable):
                raise summary.trouble
            else:
                wait = every
            if summary.trouble:
                log.say(
                    "trouble", level=logging.WARNING, error=str(summary.trouble), next_poll_in_seconds=round(wait)
                )
            _nap(wait, told)
        log.say("stopped", helpdesk=desk.helpdesk.name)


def _settings() -> Settings:
    """Return the settings; a wrong one is told in the style that the environment asks for."""
    log.start("json" if os.environ.get("REWRITER_LOG") == "json" else "text")
    return load()


@dataclass
class _Desk:
    """A helpdesk, the house and the ledger that the polls of one process share."""

    settings: Settings
    helpdesk: Helpdesk
    house: House
    ledger: Ledger | None
    _seen: object = None
    _complaint: str = ""

    def poll(self, *, stop: Callable[[], bool], limit: int | None = None) -> Summary:
        """Handle what waits, and tell of each draft: to a person at a terminal, or as log lines."""
        with _progress(self.settings) as tell:
            summary = service.run(
                self.helpdesk,
                self.ledger,
                self.house.note_for,
                self.house.failure,
                request_tag=self.settings.request_tag,
                limit=limit,
                threads=self.settings.threads,
                stop=stop,
                progress=tell,
            )
        if summary.drafts or summary.trouble or self._seen is None:
            figures = {name: value for name, value in summary.as_json().items() if name not in ("usage", "drafts")}
            log.say("run", **figures, **asdict(summary.usage), error=summary.trouble)
        return summary

    def measure(self, summary: Summary, status: int) -> RewriterError | None:
        """Write the metrics file where one is asked for; return what kept it from being written."""
        try:
            if self.settings.metrics and self.ledger:
                metrics.write(self.settings.metrics, summary, status, self.ledger.counts())
        except (SettingsError, LedgerError) as error:
            return error
        return None

    def reload(self) -> None:
        """Take up changed tones and templates; keep the last good ones where a change does not lint."""
        now = _files(self.settings.prompts)
        changed, self._seen = self._seen is not None and now != self._seen, now
        try:
            if changed or self.house.engine is not self.house.phrasebook:  # an outage is forgotten with its engine
                fresh = _counted(open_house(settings=self.settings), self.ledger)
                self.house = replace(fresh, names=self.house.names)
                self._complaint = ""
            if changed:
                log.say("reloaded", folder=self.settings.prompts)
        except PromptError as error:
            if str(error) != self._complaint:
                log.say("kept the last good tones and templates", level=logging.WARNING, error=str(error))
            self._complaint = str(error)


@contextmanager
def _desk(settings: Settings, *, dry_run: bool = False) -> Iterator[_Desk]:
    """Check every setting, template and the ledger before any network call; let go of all at the end."""
    at_terminal = sys.stderr.isatty() and settings.log == "text"
    log.start(settings.log, logging.WARNING if at_terminal else logging.INFO)
    for line in misspelt(settings.environment, settings_of_helpdesks()):
        log.say("unknown setting", level=logging.WARNING, error=line)
    with ExitStack() as stack:
        helpdesk = stack.enter_context(closing(open_helpdesk(settings)))
        house = open_house(settings=settings)  # a wrong template is told before a ledger is made
        house = replace(house, names=Names(helpdesk))
        book = None if dry_run else stack.enter_context(Ledger(settings.ledger_url, settings.lease))
        yield _Desk(settings, helpdesk, _counted(house, book), book)


def _counted(house: House, book: Ledger | None) -> House:
    """Return the house with a model whose cost is written down in the ledger, where there is one."""
    return house.spending(book.spend) if book else house


@contextmanager
def _until_told() -> Iterator[Callable[[], bool]]:
    """Tell whether the process was told to stop; told twice, it stops at once and its claims run out."""
    told = False
    signals = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal told
        told = True
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        if before[number] is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, stop)
    try:
        yield lambda: told
    finally:
        for number in signals:
            signal.signal(number, before[number])


@contextmanager
def _progress(settings: Settings) -> Iterator[Callable[[Handled], None]]:
    """Tell of each draft as it ends: a person sees a line and a count, anybody else gets log lines."""
    if not sys.stderr.isatty() or settings.log == "json":
        yield _log
        return
    console = Console(stderr=True, highlight=False)
    number = 0
    with console.status("Looking for drafts ...") as status:

        def show(handled: Handled) -> None:
            nonlocal number
            number += 1
            said = handled.error or (f"tone {handled.tone}" if handled.tone else "")
            line = f"ticket {handled.ticket}: {handled.outcome}{f' ({said})' if said else ''}"
            console.print(readable(line), markup=False)
            status.update(f"{number} handled ...")

        yield show


def _log(handled: Handled) -> None:
    tokens = handled.usage.prompt_tokens + handled.usage.completion_tokens
    log.say(
        "draft",
        level=logging.WARNING if handled.error else logging.INFO,
        key=handled.key,
        outcome=handled.outcome,
        tone=handled.tone or None,
        reverted=handled.reverted or None,
        attempt=handled.attempt or None,
        ms=round(handled.seconds * 1000),
        tokens=tokens or None,
        error=handled.error,
    )


def _account(summary: Summary, *, dry_run: bool) -> str:
    """Return the summary as one line for a person."""
    counted = ", ".join(f"{summary.count(name)} {name}" for name in get_args(RunOutcome) if summary.count(name))
    nothing = "stopped before anything was done" if summary.trouble else "nothing to do"
    done = f"{len(summary.drafts)} pulled: {counted}" if counted else nothing
    written = " Dry run: nothing was written." if dry_run else ""
    tokens = summary.usage.prompt_tokens + summary.usage.completion_tokens
    cost = f" {tokens} tokens," if tokens else ""
    return f"{summary.helpdesk}: {done}; {summary.calls} calls,{cost} {summary.seconds:.1f} s.{written}"


def _status(summary: Summary) -> int:
    return exit_status(summary.trouble) if summary.trouble else 1 if summary.count("left") else 0


def _files(folder: Path | None) -> frozenset[tuple[str, int, int]]:
    """Return what tells whether a folder's files changed."""
    files = [path for path in folder.rglob("*") if path.is_file()] if folder else []
    return frozenset((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def _nap(seconds: float, told: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not told() and (left := end - time.monotonic()) > 0:
        time.sleep(min(_NAP, left))
