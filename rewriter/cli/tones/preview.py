"""`rewriter tones preview`: drafts before and after, so that a change is seen before it is live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rewriter.cli.tones.drafts import Saved, house_for, saved_drafts, with_progress
from rewriter.cli.tones.sheets import Column, Piece, Sheet, check_page, column_of, print_sheets, write_page


def preview(
    tone: Annotated[str, typer.Argument(help="The name of a tone profile.")] = "warm",
    drafts: Annotated[Path | None, typer.Option(help="JSON objects, one a line, as for rewrite --batch.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page here instead.")] = None,
    prompts: Annotated[Path | None, typer.Option(help="Your folder of prompts; else REWRITER_PROMPTS.")] = None,
    engine: Annotated[str, typer.Option(help="llm or phrasebook.")] = "phrasebook",
) -> None:
    """Show drafts before and after, with what was added and rephrased marked: the shipped samples, or --drafts."""
    check_page(html)
    house = house_for(prompts, [tone], engine)

    def sheet(saved: Saved) -> Sheet:
        suggestion = house.suggest(saved.in_tone(tone))
        before = Column("before", "", (Piece(saved.text),))
        if suggestion.outcome == "unchanged":
            before = Column("the draft", "unchanged", before.pieces)
        shown = (before,) if suggestion.outcome == "unchanged" else (before, column_of(suggestion, "after"))
        return Sheet(saved.id, saved.request.customer, shown)

    many = saved_drafts(drafts, house)
    sheets = list(with_progress(many, sheet, "Rewriting"))
    if html:
        write_page(html, house.prompts, f"Preview of the tone “{tone}”", sheets, f"{len(sheets)} drafts")
        typer.echo(f"{len(sheets)} drafts before and after: {html}")
    else:
        print_sheets(Console(highlight=False), sheets)
