"""`rewriter demo`: the main job end to end, on an embedded helpdesk on loopback; no account, no key."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from rewriter import service
from rewriter.cli.wiring import House, open_house
from rewriter.helpdesk import connect
from rewriter.integrations.embedded import Served, serve
from rewriter.integrations.embedded.desk import FaceName
from rewriter.integrations.embedded.sample import sample_desk
from rewriter.ledger import Ledger
from rewriter.model import Suggestion
from rewriter.pipeline import Request
from rewriter.service import Handled, Summary
from rewriter.visible import visible_text

FACES: tuple[FaceName, ...] = ("zendesk", "freshdesk")
_OUTCOME_STYLE = {"suggested": "green", "unchanged": "cyan", "declined": "yellow"}
_NAMES = {"zendesk": "Zendesk", "freshdesk": "Freshdesk"}


def demo(
    stay: Annotated[
        bool, typer.Option("--serve", help="Leave the helpdesk up and print the address of its page.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port of the page; 0 takes a free one.")] = 0,
) -> None:
    """Show the main job end to end on a helpdesk of this machine: no account, no key, no network."""
    console = Console(highlight=False)
    house = open_house(engine="phrasebook")
    desks = {face: sample_desk(face, request_tag=house.settings.request_tag) for face in FACES}
    with serve(zendesk=desks["zendesk"], freshdesk=desks["freshdesk"], port=port) as served:
        with tempfile.TemporaryDirectory() as folder, Ledger(f"{folder}/ledger.db") as ledger:
            summaries = [_poll(console, served, face, house, ledger) for face in FACES]
        _tell_where_to_look(console, summaries, served if stay else None)
        if stay:
            _wait(console)
    trouble = next((summary.trouble for summary in summaries if summary.trouble), None)
    if trouble:
        raise trouble
    raise typer.Exit(1 if any(summary.count("failed") + summary.count("left") for summary in summaries) else 0)


@dataclass(frozen=True)
class _Remembering(House):
    """The house, with what was asked and suggested kept for the account of it."""

    suggested: dict[str, tuple[Request, Suggestion]] = field(default_factory=dict)

    def suggest(self, request: Request) -> Suggestion:
        suggestion = super().suggest(request)
        self.suggested[request.key] = (request, suggestion)
        return suggestion


def _poll(console: Console, served: Served, face: FaceName, house: House, ledger: Ledger) -> Summary:
    """Run one poll of a face as `rewriter run` does, and tell of each draft."""
    settings = house.settings
    remembering = _Remembering(settings, house.prompts, house.engine, house.phrasebook)
    where = connect(face, served.environment(face), request_tag=settings.request_tag, rate_share=1.0)
    with closing(where) as helpdesk:
        summary = service.run(
            helpdesk, ledger, remembering.note_for, remembering.failure, request_tag=settings.request_tag
        )
    console.print(Rule(f"[bold]{_NAMES[face]}[/]", style="dim"))
    for handled in sorted(summary.drafts, key=lambda handled: int(handled.ticket)):
        subject = served.desks[face].tickets[int(handled.ticket)].subject
        console.print(_account(handled, subject, remembering.suggested.get(handled.key)))
    return summary


def _account(handled: Handled, subject: str, said: tuple[Request, Suggestion] | None) -> Group:
    """Return one draft's story: the customer's words, the draft, the suggestion, what was added and checked."""
    style = _OUTCOME_STYLE.get(handled.outcome, "red")
    head = Text.assemble((f"{handled.ticket} ", "dim"), (subject, "bold"), "  ", (handled.outcome, style))
    if said is None:
        return Group("", head, Padding(Text(handled.error or ""), (0, 0, 0, 2)))
    request, suggestion = said
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", min_width=8)
    rows.add_column(ratio=1)
    rows.add_row("customer", Text(_shortened(request.customer), style="italic"))
    rows.add_row("before", Text(visible_text(request.source)))
    if suggestion.outcome == "rewritten":
        rows.add_row("after", _marked(suggestion))
    rows.add_row("account", Text(_in_words(suggestion)))
    return Group("", head, Padding(rows, (0, 0, 0, 2)))


def _marked(suggestion: Suggestion) -> Text:
    """Return the suggestion's text with what was added in green and what was rephrased in yellow."""
    text = Text(suggestion.text)
    end = 0
    for part in suggestion.parts:
        begin = suggestion.text.find(part.text, end)
        if begin >= 0:
            end = begin + len(part.text)
            if part.kind != "kept":
                text.stylize("yellow" if part.kind == "rephrased" else "green", begin, end)
    return text


def _in_words(suggestion: Suggestion) -> str:
    """Return one line on what was added, rephrased and kept, and which facts were checked."""
    if suggestion.outcome == "declined":
        return f"declined ({suggestion.reason}): the customer needs a person's own words"
    if suggestion.outcome == "unchanged":
        return "unchanged: the draft needs nothing"
    kinds = Counter(part.kind for part in suggestion.parts)
    kept, rephrased = kinds.pop("kept", 0), kinds.pop("rephrased", 0)
    added = ", ".join(kinds) or "nothing"
    facts = list(dict.fromkeys(fact.text for fact in suggestion.facts))
    said = [f"added: {added} ({suggestion.added_words} words)", f"kept: {kept} of the agent's sentences"]
    if rephrased:
        said.append(f"rephrased: {rephrased}")
    said.append(f"checked: {' · '.join(facts)}" if facts else "no facts to check")
    return "\n".join(said)


def _shortened(text: str, longest: int = 220) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rpartition(' ')[0]} …"


def _tell_where_to_look(console: Console, summaries: list[Summary], served: Served | None) -> None:
    counted: Counter[str] = Counter(handled.outcome for summary in summaries for handled in summary.drafts)
    calls, seconds = sum(s.calls for s in summaries), sum(s.seconds for s in summaries)
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in counted.most_common())
    console.print(Rule(style="dim"))
    console.print(
        f"{sum(counted.values())} drafts: {outcomes}. {calls} calls, {seconds:.1f} s, no model, no network."
    )
    if served:
        console.print(f"\nThe agents' page: [bold]{escape(served.url)}[/]   (Ctrl-C ends it)", soft_wrap=True)
        return
    console.print(
        "\nSee each ticket as an agent does:  [bold]rewriter demo --serve[/]"
        "\nTry a draft of your own:           [bold]rewriter rewrite draft.txt --customer message.txt[/]"
        "\nConnect your own helpdesk:         the README's set-up for Zendesk and for Freshdesk"
        "\nMake the phrases your own:         the folder prompts/ and its README.md",
        soft_wrap=True,
    )


def _wait(console: Console) -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Stopped.")
