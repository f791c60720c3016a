"""`rewriter doctor`: is everything as a run needs it?  `rewriter setup`: make what agents hand drafts over with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from rewriter.cli.choice import check_names
from rewriter.cli.terminal import readable
from rewriter.cli.wiring import open_helpdesk, open_house
from rewriter.errors import HelpdeskDenied, InputError, RewriterError, SettingsError, exit_status
from rewriter.helpdesk import CheckState, Helpdesk, Setup, settings_of_helpdesks
from rewriter.ledger import examine, file_of
from rewriter.prompting import load as load_prompts
from rewriter.settings import Settings, load, misspelt

_SHOWN: dict[CheckState, str] = {"holds": "ok", "warning": "warn", "fails": "FAIL", "unknown": "-"}


@dataclass(frozen=True)
class _Finding:
    """One line of the doctor's: what was looked at, what was found, and the exit status that it stands for."""

    name: str
    said: str
    state: CheckState = "holds"
    status: int = 0
    mend: str = ""  # where `said` does not name it


def doctor() -> None:
    """Check all that a run needs, one line each, with the mend; change nothing.

    ok holds, warn is something that a run does without, FAIL wants mending, - could not be looked at. Ends with 0
    where nothing fails, else with the highest of 1, 2 (a setting is wrong) and 3 (the helpdesk refuses).
    """
    worst = 0
    told: dict[str, str] = {}
    for finding in _findings():
        state, said = finding.state, finding.said
        if state == "fails" and told.setdefault(said, finding.name) != finding.name:
            state, said = "unknown", f"not looked at: the same as {told[said]}"
        elif finding.mend:
            said = f"{said.rstrip('.')}. {finding.mend}"
        typer.echo(f"{_SHOWN[state]:<5} {finding.name}: {readable(' '.join(said.split()))}")
        worst = max(worst, finding.status)
    raise typer.Exit(worst)


def setup(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Make the macro and the view that agents hand drafts over with.

    Shows first what it will make, and asks. What is there already stays as it is; tags come with their first use.
    Freshdesk's API can make nothing of it: there it says what to do by hand.
    """
    settings = load()
    with closing(open_helpdesk(settings)) as helpdesk:
        if not isinstance(helpdesk, Setup):
            typer.echo(f"There is nothing to set up on {helpdesk.name}.")
            return
        steps = helpdesk.plan_setup()
        to_make = [step for step in steps if not step.by_hand]
        for step in steps:
            typer.echo(f"{'by hand' if step.by_hand else 'to make'}: the {step.kind} {step.name!r}: {step.does}.")
        if not steps:
            typer.echo("Nothing to do: all of it is there.")
        elif not to_make:
            typer.echo(f"{helpdesk.name}'s API can make none of it: do it once, by hand. Nothing was changed.")
        elif not (yes or _agreed(f"Make this on {helpdesk.name}?")):
            typer.echo("Nothing was made.")
        else:
            for step in to_make:
                helpdesk.apply(step)
                typer.echo(f"made: the {step.kind} {step.name!r}")


def _agreed(question: str) -> bool:
    try:
        return typer.confirm(question)
    except typer.Abort:
        raise InputError("Nobody said yes, and nothing was made: `rewriter setup --yes` does not ask.") from None


def _findings() -> Iterator[_Finding]:
    try:
        settings = load()
    except RewriterError as error:
        yield _failure("settings", error)
        return
    yield _Finding("settings", f"read; {settings.threads} drafts side by side, lease {settings.lease:g} s")
    for line in misspelt(settings.environment, settings_of_helpdesks()):
        yield _Finding("settings", line, "warning")
    for name, look in (("templates", _templates), ("ledger", _ledger), ("engine", _engine)):
        yield _tried(name, partial(look, settings))
    if settings.metrics:
        yield _tried("metrics", partial(_metrics, settings.metrics))
    try:
        helpdesk = open_helpdesk(settings)
    except RewriterError as error:
        yield _failure("helpdesk", error)
        return
    with closing(helpdesk):
        reached = True
        if isinstance(helpdesk, Setup):
            for check in helpdesk.checks():
                reached = reached and not (check.name == "sign-in" and check.state == "fails")
                status = 0 if check.state != "fails" else 1 if reached else exit_status(HelpdeskDenied())
                yield _Finding(check.name, check.found, check.state, status, check.mend)
        else:
            yield _tried("helpdesk", partial(_first_ticket, helpdesk))
        if reached:
            yield _tried("tone routing", partial(_routing, settings, helpdesk))
        else:
            yield _Finding("tone routing", "not looked at: signing in comes first", "unknown")


def _failure(name: str, error: RewriterError) -> _Finding:
    return _Finding(name, str(error), "fails", exit_status(error))


def _tried(name: str, look: Callable[[], str]) -> _Finding:
    try:
        return _Finding(name, look())
    except RewriterError as error:
        return _failure(name, error)


def _templates(settings: Settings) -> str:
    house = open_house(engine="phrasebook", settings=settings)
    tones = ", ".join(sorted(house.prompts.tones))
    return f"all hold; tones {tones}; {settings.tone} where a draft names none"


def _ledger(settings: Settings) -> str:
    found = examine(settings.ledger_url)
    file = file_of(settings.ledger_url)
    if file and not file.exists():
        return f"none yet; the first run makes {file}"
    return (
        f"can be written; {', '.join(f'{n} {outcome}' for outcome, n in sorted(found.items())) or 'no draft yet'}"
    )


def _metrics(file: Path) -> str:
    if not os.access(file.absolute().parent, os.W_OK | os.X_OK):
        raise SettingsError(f"REWRITER_METRICS: {file} cannot be written: see to its folder and the rights on it.")
    return f"each run writes {file}"


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


def _routing(settings: Settings, helpdesk: Helpdesk) -> str:
    return check_names(load_prompts(settings.prompts).routing, helpdesk)


def _first_ticket(helpdesk: Helpdesk) -> str:
    next(helpdesk.requested(), None)
    return "reached; requested drafts can be listed"
