"""`rewriter ledger`: what the runs wrote down of each draft."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, get_args

import typer

from rewriter.cli.terminal import readable
from rewriter.errors import InputError
from rewriter.ledger import Entry, Ledger, Settled
from rewriter.settings import load

app = typer.Typer(help="What was pulled, rewritten and posted.", no_args_is_help=True)

_OUTCOMES = (*get_args(Settled), "open")


@app.command("list")
def list_drafts(
    outcome: Annotated[str, typer.Option(help=f"Only one of: {', '.join(_OUTCOMES)}.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The latest so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """List the latest drafts, the newest first.

    A line holds when it was settled or begun (UTC), what became of it, its key, and the last trouble with it.
    """
    if outcome and outcome not in _OUTCOMES:
        raise InputError(f"There is no outcome {outcome!r}: name one of {', '.join(_OUTCOMES)}.")
    with _ledger() as book:
        entries = book.entries(outcome, limit)
    for entry in entries:
        typer.echo(json.dumps(asdict(entry)) if as_json else readable(_row(entry)))
    if not entries:
        typer.echo(f"rewriter: the ledger holds no {outcome or ''}{' ' if outcome else ''}draft yet.", err=True)


@app.command("show")
def show_draft(
    key: Annotated[str, typer.Argument(help="A draft's key, as `rewriter ledger list` shows it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show all that is known of one draft; times are UTC."""
    with _ledger() as book:
        entry = _known(book, key)
    if as_json:
        typer.echo(json.dumps(asdict(entry)))
        return
    for name, value in asdict(entry).items():
        typer.echo(readable(f"{name.replace('_', ' ')}: {_told(name, value)}"))


@app.command("retry")
def retry_draft(
    key: Annotated[str, typer.Argument(help="A draft's key, as `rewriter ledger list` shows it.")],
) -> None:
    """Forget what became of a draft, to have it handled again.

    It is taken up when its ticket carries the request tag; a note that stands there already is not posted twice.
    """
    with _ledger() as book:
        if not book.retry(key):
            _known(book, key)
            raise InputError(f"A run holds the draft {key} now: try again when that run has ended.")
    typer.echo(f"{key}: forgotten. Set the request tag on its ticket to have it handled again.")


@app.command("prune")
def prune_drafts(
    older_than: Annotated[
        float, typer.Option(min=0, metavar="DAYS", help="Forget what was settled so many days ago, or longer.")
    ],
) -> None:
    """Forget old drafts.

    Their notes and tags in the helpdesk stay as they are.
    """
    with _ledger() as book:
        number = book.prune(older_than * 86_400)
    typer.echo(f"{number} {'draft' if number == 1 else 'drafts'} forgotten.")


@contextmanager
def _ledger() -> Iterator[Ledger]:
    settings = load()
    with Ledger(settings.ledger_url, settings.lease) as book:
        yield book


def _known(book: Ledger, key: str) -> Entry:
    entry = book.show(key)
    if entry is None:
        raise InputError(f"The ledger knows no draft {key!r}: `rewriter ledger list` shows the latest.")
    return entry


def _row(entry: Entry) -> str:
    state = entry.outcome or ("held" if entry.held else "open")
    error = f"  {entry.error}" if entry.error else ""
    return f"{_moment(entry.settled or entry.claimed)}  {state:<9}  {entry.key}{error}"


def _told(name: str, value: object) -> str:
    if name in ("pulled", "claimed", "settled"):
        return _moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in (None, "") else str(value)


def _moment(seconds: object) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if isinstance(seconds, float) else "-"
