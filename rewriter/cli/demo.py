"""`rewriter demo`: the main job end to end, on an embedded helpdesk on loopback; no account, no key."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from rewriter import service
from rewriter.cli.wiring import House, open_house
from rewriter.errors import InputError
from rewriter.helpdesk import connect
from rewriter.ledger import Ledger
from rewriter.model import Suggestion
from rewriter.pipeline import Request
from rewriter.prompting import Prompts
from rewriter.service import Handled, Summary
from rewriter.settings import untouched
from rewriter.visible import visible_text

if TYPE_CHECKING:
    from rewriter.integrations.embedded import Served
    from rewriter.integrations.embedded.desk import FaceName

_NAMES: dict[FaceName, str] = {"zendesk": "Zendesk", "freshdesk": "Freshdesk"}
_STYLES = {"suggested": "green", "unchanged": "cyan", "declined": "yellow"}
_SIDE_BY_SIDE = 110  # columns from which before and after stand beside each other


def demo(
    stay: Annotated[
        bool, typer.Option("--serve", help="Leave the helpdesk up and print the address of its page.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, metavar="PORT", help="Port of the page; 0 takes a free one.")
    ] = 0,
) -> None:
    """Show the main job end to end on a helpdesk of this machine: no account, no key, no network.

    It reads no settings of yours and leaves nothing behind.
    """
    from rewriter.integrations.embedded import serve  # noqa: PLC0415 - no other command needs a web framework
    from rewriter.integrations.embedded.sample import sample_desk  # noqa: PLC0415 - likewise

    console = Console(highlight=False)
    house = open_house(engine="phrasebook", settings=untouched())
    tag = house.settings.request_tag
    zendesk = sample_desk("zendesk", request_tag=tag, tickets_from=1001)
    freshdesk = sample_desk("freshdesk", request_tag=tag, tickets_from=2001)
    try:
        served = serve(zendesk=zendesk, freshdesk=freshdesk, port=port)
    except OSError as error:
        why = os.strerror(error.errno).lower() if error.errno else "it cannot be had"
        raise InputError(f"Port {port}: {why}. Name another with --port, or 0 for a free one.") from None
    with served:
        console.print(
            f"An embedded helpdesk is up on this machine: {len(zendesk.tickets)} tickets behind Zendesk's API, "
            f"{len(freshdesk.tickets)} behind Freshdesk's."
        )
        with tempfile.TemporaryDirectory() as folder, Ledger(f"{folder}/ledger.db") as ledger:
            summaries = [_poll(console, served, face, house, ledger) for face in _NAMES]
        _tell_where_to_look(console, summaries, served if stay else None)
        if stay:
            _wait(console)
    if trouble := next((summary.trouble for summary in summaries if summary.trouble), None):
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
    tag = house.settings.request_tag
    remembering = _Remembering(house.settings, house.prompts, house.engine, house.phrasebook)
    adapter = connect(face, served.environment(face), request_tag=tag, rate_share=1.0)
    with closing(adapter) as helpdesk, console.status(f"One poll through the {_NAMES[face]} adapter …"):
        summary = service.run(helpdesk, ledger, remembering.note_for, remembering.failure, request_tag=tag)
    console.print()
    console.print(Rule(f"[bold]{_NAMES[face]}[/]", style="dim"))
    for handled in sorted(summary.drafts, key=lambda handled: int(handled.ticket)):
        subject = served.desks[face].tickets[int(handled.ticket)].subject
        said = remembering.suggested.get(handled.key)
        console.print(_story(house, handled, subject, said, console.width >= _SIDE_BY_SIDE))
    return summary


def _story(
    house: House,
    handled: Handled,
    subject: str,
    said: tuple[Request, Suggestion] | None,
    side_by_side: bool,
) -> RenderableType:
    """Return one draft's story: the customer's words, the draft, the suggestion, what was added and checked."""
    style = _STYLES.get(handled.outcome, "red")
    head = Text.assemble((f"{handled.ticket} ", "dim"), (subject, "bold"), "  ", (handled.outcome, style))
    if said is None:
        return Group("", head, Padding(Text(handled.error or ""), (0, 0, 0, 2)))
    request, suggestion = said
    before = Text(visible_text(request.source))
    after = _marked(suggestion) if suggestion.outcome == "rewritten" else None
    rows = _grid("dim", None)
    rows.add_row("customer", Text(_shortened(request.customer), style="italic"))
    if after and side_by_side:
        both = _grid(None, None)
        both.add_row(Text("before", "dim"), Text("after", "dim"))
        both.add_row(before, after)
        story: list[RenderableType] = [rows, both]
    else:
        rows.add_row("before", before)
        if after:
            rows.add_row("after", after)
        story = [rows]
    account = _grid("dim", None)
    for name, words in _account(suggestion, house.prompts):
        account.add_row(name, Text(words))
    return Group("", head, *(Padding(part, (0, 0, 0, 2)) for part in (*story, account)))


def _grid(first: str | None, second: str | None) -> Table:
    """Return two columns; where the first has a style it holds labels, else both are of one width."""
    grid = Table.grid(padding=(0, 3 if first is None else 2), expand=True)
    if first:
        grid.add_column(style=first, width=9)
    else:
        grid.add_column(ratio=1)
    grid.add_column(style=second, ratio=1)
    return grid


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


def _account(suggestion: Suggestion, prompts: Prompts) -> list[tuple[str, str]]:
    """Return what was added, rephrased and kept, and which facts were checked, line by line."""
    if suggestion.outcome == "declined":
        return [("declined", suggestion.reason)]
    if suggestion.outcome == "unchanged":
        spoken = prompts.phrasebook(suggestion.language) is not None
        return [("unchanged", "the draft needs nothing" if spoken else "there is no phrasebook for its language")]
    kinds = Counter(part.kind for part in suggestion.parts)
    kept, rephrased = kinds.pop("kept", 0), kinds.pop("rephrased", 0)
    facts = list(dict.fromkeys(fact.text for fact in suggestion.facts))
    lines = [
        ("added", f"{', '.join(kinds) or 'nothing'} ({suggestion.added_words} words)"),
        ("rephrased", f"{rephrased} sentences" if rephrased else ""),
        ("kept", f"{kept} of the agent's sentences, to the letter"),
        ("checked", " · ".join(facts) or "no facts in this draft"),
    ]
    return [line for line in lines if line[1]]


def _shortened(text: str, longest: int = 220) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rpartition(' ')[0]} …"


def _tell_where_to_look(console: Console, summaries: list[Summary], served: Served | None) -> None:
    counted: Counter[str] = Counter(handled.outcome for summary in summaries for handled in summary.drafts)
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in counted.most_common())
    calls, seconds = sum(s.calls for s in summaries), sum(s.seconds for s in summaries)
    console.print()
    console.print(Rule(style="dim"))
    console.print(
        f"{sum(counted.values())} drafts: {outcomes}. {calls} calls in {seconds:.1f} s. No model was asked."
    )
    if served:
        console.print(f"\nThe agents' page: [bold]{escape(served.url)}[/]   (Ctrl-C ends it)", soft_wrap=True)
        for face, name in _NAMES.items():
            settings = "\n".join(f"{key}={value}" for key, value in served.environment(face).items())
            console.print(f"\nIts {name}, for an .env of your own:\n{escape(settings)}", soft_wrap=True)
        return
    console.print(
        "\nSee each ticket as an agent does:  [bold]rewriter demo --serve[/]"
        "\nTry a draft of your own:           [bold]rewriter rewrite draft.txt --customer message.txt[/]"
        "\nConnect your own helpdesk:         README.md, the set-up for Zendesk and for Freshdesk"
        "\nMake the phrases your own:         the folder prompts and its README.md",
        soft_wrap=True,
    )


def _wait(console: Console) -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Stopped.")
