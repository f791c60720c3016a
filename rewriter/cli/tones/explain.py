"""`rewriter tones explain`: why a ticket gets its tone."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rewriter.cli.choice import Choice, Names, choose, traits_of
from rewriter.cli.terminal import readable
from rewriter.cli.wiring import House, open_helpdesk, open_house
from rewriter.errors import InputError, StaleDraft
from rewriter.handover import find_draft
from rewriter.helpdesk import Directory, Helpdesk, NameKind
from rewriter.language import language_of
from rewriter.model import Directive, Draft, Thread
from rewriter.prompting import Prompts
from rewriter.routing import CONDITIONS, Traits, asks_names, unknown_names
from rewriter.visible import visible_text


@dataclass(frozen=True, slots=True)
class _Explained:
    """A ticket's tone with all that led to it."""

    ticket: str
    helpdesk: str
    draft: bool
    directive: Directive
    traits: Traits
    choice: Choice
    default: str
    notes: tuple[str, ...]  # what keeps a rule from meaning what it says


def explain(
    ticket: Annotated[str, typer.Argument(help="The ticket's number in the helpdesk that is set.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say why a ticket gets its tone: its draft's directive, each rule, the default. Changes nothing."""
    if not ticket.isascii() or not ticket.isdigit():
        raise InputError(f"{ticket!r} is no ticket number: give digits alone, such as 1234.")
    house = open_house(engine="phrasebook")
    settings = house.settings
    with closing(open_helpdesk(settings)) as helpdesk:
        found = _explained(_thread(helpdesk, ticket), helpdesk, house)
    if as_json:
        typer.echo(json.dumps(_as_object(found, house.prompts), ensure_ascii=False))
    else:
        _show(found, house.prompts)


def _thread(helpdesk: Helpdesk, ticket: str) -> Thread:
    if not isinstance(helpdesk, Directory):
        raise InputError(f"Tickets of {helpdesk.name} cannot be looked up one by one.")
    try:
        return helpdesk.find(ticket)
    except StaleDraft:
        raise InputError(f"There is no ticket {ticket} on {helpdesk.name}, or it was deleted.") from None


def _explained(thread: Thread, helpdesk: Helpdesk, house: House) -> _Explained:
    """Return what a run would choose; without a draft the language is that of the customer's last words."""
    prompts, settings = house.prompts, house.settings
    tagged = replace(thread, ticket=replace(thread.ticket, tags=(*thread.ticket.tags, settings.request_tag)))
    found = find_draft(tagged, request_tag=settings.request_tag, needs_directive=helpdesk.needs_directive)
    directive, html, customer = Directive(), "", ""
    if isinstance(found, Draft):
        directive, html, customer = found.directive, found.html, found.customer
    else:
        said = [comment.html for comment in thread.comments if comment.author == "customer" and comment.public]
        customer = visible_text(said[-1]) if said else ""
    known_part, _ = house.understood(directive)
    notes: list[str] = []
    names = Names(helpdesk, notes.append)
    language = language_of(visible_text(html), customer, known_part.language)
    traits = traits_of(thread.ticket, language, names, get_args(NameKind))
    known = {kind: names.all(kind).values() for kind in asks_names(prompts.routing)} if not notes else {}
    return _Explained(
        thread.ticket.id,
        helpdesk.name,
        isinstance(found, Draft),
        directive,
        traits,
        choose(prompts.routing, settings.tone, known_part, traits),
        settings.tone,
        (*notes, *unknown_names(prompts.routing, known)),
    )


def _rules(found: _Explained, prompts: Prompts) -> list[tuple[str, str, bool, str]]:
    """Return where each rule stands, its tone, whether it decided, and why or why not."""
    said = []
    for rule in prompts.routing:
        why = rule.against(found.traits)
        decides = rule is found.choice.rule
        if not why:
            asked = ", ".join(f"{condition} is {' or '.join(values)}" for condition, values in rule.asks)
            why = asked or "it means every ticket"
            if found.choice.by == "directive":
                why += "; but the draft's directive wins"
            elif not decides:
                why += "; but an earlier rule decided"
        said.append((rule.place, rule.tone, decides, why))
    return said


def _as_object(found: _Explained, prompts: Prompts) -> dict[str, Any]:
    return {
        "helpdesk": found.helpdesk,
        "ticket": found.ticket,
        "tone": found.choice.tone,
        "by": found.choice.by,
        "draft": found.draft,
        "directive": found.directive.tone or None,
        "traits": {condition: list(getattr(found.traits, condition)) for condition in CONDITIONS},
        "rules": [
            {"place": place, "tone": tone, "decides": decides, "why": why}
            for place, tone, decides, why in _rules(found, prompts)
        ],
        "default": found.default,
        "notes": list(found.notes),
    }


def _show(found: _Explained, prompts: Prompts) -> None:
    console = Console(highlight=False)
    console.print(
        Text.assemble(f"Ticket {found.ticket} on {found.helpdesk} gets the tone ", (found.choice.tone, "bold"))
    )
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for condition in CONDITIONS:
        values = getattr(found.traits, condition)
        said = readable(" · ".join(values)) or "-"
        if condition == "language" and not found.draft:
            said += " (of the customer's words: there is no draft yet)"
        table.add_row(condition, Text(said))
    console.print(table, "")
    steps = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    directive = found.directive.tone
    said = "" if directive else "the draft names none" if found.draft else "there is no draft"
    if directive and found.choice.by != "directive":
        said = "there is no such tone, so it does not count; the note tells the agent"
    steps.add_row(_tick(found.choice.by == "directive"), "directive", directive or "-", said)
    for place, tone, decides, why in _rules(found, prompts):
        steps.add_row(_tick(decides), place, tone, Text(readable(why)))
    if not prompts.routing:
        steps.add_row("", "routing.toml", "-", "no rules")
    steps.add_row(_tick(found.choice.by == "default"), "default", found.default, "REWRITER_TONE, else warm")
    console.print(steps)
    for note in found.notes:
        console.print(Text(f"note: {readable(note)}"))


def _tick(decides: bool) -> str:
    return "->" if decides else ""
