"""The figures of the last run as a file for Prometheus' node_exporter (its textfile collector)."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from rewriter.errors import SettingsError
from rewriter.model import RunOutcome
from rewriter.service import Summary


def write(path: Path, summary: Summary, status: int, ledger: Mapping[str, int]) -> None:
    """Replace the file at once, so that a reader never sees half of it.

    `status` is the run's exit status, `ledger` how many drafts it knows by outcome. Raises SettingsError where
    the file cannot be written.
    """
    text = "".join(line + "\n" for line in _lines(summary, status, ledger))
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise SettingsError(
            f"REWRITER_METRICS: {path} cannot be written ({(error.strerror or 'no access').lower()})."
        ) from None


def _lines(summary: Summary, status: int, ledger: Mapping[str, int]) -> Iterator[str]:
    desk = f'helpdesk="{summary.helpdesk}"'
    yield from _gauge("last_run_timestamp_seconds", "When the last run ended.", {desk: time.time()})
    yield from _gauge("last_run_duration_seconds", "How long it took.", {desk: round(summary.seconds, 3)})
    yield from _gauge("last_run_exit_status", "0 done, 1 drafts left, 2 configuration, 3 helpdesk.", {desk: status})
    yield from _gauge("last_run_helpdesk_calls", "Requests to the helpdesk.", {desk: summary.calls})
    outcomes = {f'{desk},outcome="{name}"': summary.count(name) for name in get_args(RunOutcome)}
    yield from _gauge("last_run_drafts", "What became of the drafts.", outcomes)
    tokens = {"prompt": summary.usage.prompt_tokens, "completion": summary.usage.completion_tokens}
    yield from _gauge(
        "last_run_tokens", "Tokens a model read and wrote.", {f'{desk},kind="{k}"': n for k, n in tokens.items()}
    )
    yield from _gauge(
        "ledger_drafts", "Drafts that the ledger knows.", {f'outcome="{k}"': n for k, n in sorted(ledger.items())}
    )


def _gauge(name: str, meaning: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP rewriter_{name} {meaning}"
    yield f"# TYPE rewriter_{name} gauge"
    for labels, value in values.items():
        yield f"rewriter_{name}{{{labels}}} {value}"
