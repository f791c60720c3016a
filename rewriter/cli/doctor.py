"""`rewriter doctor`: is everything as a run needs it?  `rewriter setup`: make what agents hand drafts over with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated

import typer

from rewriter.cli.wiring import open_house
from rewriter.errors import HelpdeskDenied, LedgerError, RewriterError, exit_status
from rewriter.helpdesk import Helpdesk, Setup, connect
from rewriter.ledger import Ledger, file_of
from rewriter.settings import Settings, load


@dataclass(frozen=True)
class _Finding:
    """One line of the doctor's: what was looked at, what was found, and the exit status that it stands for."""

    name: str
    said: str
    status: int = 0


def doctor() -> None:
    """Check settings, templates, ledger, model and helpdesk, one line each, with the mend; change nothing."""
    worst = 0
    for finding in _findings():
        typer.echo(f"{'FAIL' if finding.status else 'ok':<5} {finding.name}: {finding.said}")
        worst = max(worst, finding.status)
    raise typer.Exit(worst)


def setup(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Make the macro, tags and view that agents hand drafts over with; show first what will be made."""
    settings = load()
    with closing(_connect(settings)) as helpdesk:
        if not isinstance(helpdesk, Setup):
            typer.echo(f"There is nothing to set up on {helpdesk.name}.")
            return
        steps = helpdesk.plan_setup()
        to_make = [step for step in steps if not step.by_hand]
        for step in steps:
            typer.echo(f"{'by hand' if step.by_hand else 'to make'}: {step.kind} {step.name!r}: {step.does}")
        if not to_make:
            typer.echo("Nothing to make: all that can be made is there.")
            return
        if not yes:
            typer.confirm(f"Make this on {helpdesk.name}?", abort=True)
        for step in to_make:
            helpdesk.apply(step)
            typer.echo(f"made: {step.kind} {step.name!r}")


def _findings() -> Iterator[_Finding]:
    try:
        settings = load()
    except RewriterError as error:
        yield _Finding("settings", str(error), exit_status(error))
        return
    yield _Finding("settings", f"read; {settings.threads} drafts side by side, lease {settings.lease:g} s")
    for name, look in (("templates", _templates), ("ledger", _ledger), ("engine", _engine)):
        yield _tried(name, look, settings)
    try:
        helpdesk = _connect(settings)
    except RewriterError as error:
        yield _Finding("helpdesk", str(error), exit_status(error))
        return
    with closing(helpdesk):
        if isinstance(helpdesk, Setup):
            for check in helpdesk.checks():
                said = check.found if check.holds else f"{check.found.rstrip('.')}. {check.mend}".strip()
                denied = exit_status(HelpdeskDenied()) if check.name == "sign-in" else 1
                yield _Finding(check.name, said, 0 if check.holds else denied)
        else:
            yield _tried("helpdesk", lambda _: _first_ticket(helpdesk), settings)


def _tried(name: str, look: Callable[[Settings], str], settings: Settings) -> _Finding:
    try:
        return _Finding(name, look(settings))
    except RewriterError as error:
        return _Finding(name, str(error), exit_status(error) or 1)


def _templates(settings: Settings) -> str:
    house = open_house(engine="phrasebook", settings=settings)
    tones = ", ".join(sorted(house.prompts.tones))
    return f"all hold; tones {tones}; {settings.tone} where a draft names none"


def _ledger(settings: Settings) -> str:
    file = file_of(settings.ledger_url)
    if file and not file.exists():
        folder = next(parent for parent in file.absolute().parents if parent.exists())
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise LedgerError(f"{folder} cannot be written: set REWRITER_LEDGER to another place.")
        return f"none yet; the first run makes {file}"
    with Ledger(settings.ledger_url, settings.lease) as ledger:
        counted = ", ".join(f"{number} {outcome}" for outcome, number in sorted(ledger.counts().items()))
    return f"can be written; {counted or 'no draft yet'}"


def _engine(settings: Settings) -> str:
    if settings.engine_name() == "phrasebook":
        return "phrasebook; nothing leaves this machine but to the helpdesk"
    from rewriter.llm.endpoint import Endpoint  # noqa: PLC0415 - the model's client takes a second to import
    from rewriter.llm.wire import Question  # noqa: PLC0415 - likewise

    shape = {
        "type": "object",
        "properties": {"ready": {"type": "boolean"}},
        "required": ["ready"],
        "additionalProperties": False,
    }
    endpoint = Endpoint(settings.openai_api_key.get_secret_value(), settings.model, settings.openai_base_url)
    answer = endpoint.ask(Question("Answer in JSON.", 'Say {"ready": true}.', "ready", shape, room=20))
    return f"llm; {settings.model} answers ({answer.usage.prompt_tokens + answer.usage.completion_tokens} tokens)"


def _first_ticket(helpdesk: Helpdesk) -> str:
    next(helpdesk.requested(), None)
    return "reached; requested drafts can be listed"


def _connect(settings: Settings) -> Helpdesk:
    return connect(
        settings.helpdesk,
        settings.environment,
        request_tag=settings.request_tag,
        rate_share=settings.rate_share,
    )
