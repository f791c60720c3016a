"""A draft and what became of it, side by side: in a terminal or on a page, marked by more than colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rewriter.cli.terminal import readable
from rewriter.errors import InputError
from rewriter.model import PartKind, Suggestion
from rewriter.prompting import Prompts

SIDE_BY_SIDE = 100  # columns from which texts stand beside each other in a terminal

_MARKS = {"added": ("{+", "+}", "green"), "rephrased": ("{~", "~}", "yellow"), "kept": ("", "", "")}

Mark = Literal["added", "rephrased", "kept"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and what the rewriter did there; `kind` names the move that added it."""

    text: str
    kind: PartKind = "kept"

    @property
    def mark(self) -> Mark:
        """How the piece is marked."""
        return "kept" if self.kind == "kept" else "rephrased" if self.kind == "rephrased" else "added"


@dataclass(frozen=True, slots=True)
class Column:
    """One text of a sheet: its title, a few words on it, and its pieces."""

    title: str
    said: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A draft with what became of it, and what is wrong with that."""

    id: str
    customer: str
    columns: tuple[Column, ...]
    breaks: tuple[str, ...] = ()


def column_of(suggestion: Suggestion, title: str) -> Column:
    """Return a suggestion as a column; a declined draft's holds the reason in place of a text."""
    if suggestion.outcome == "declined":
        return Column(title, "declined", (Piece(suggestion.reason),))
    said = {"unchanged": "unchanged", "rewritten": f"{suggestion.added_words} words added"}[suggestion.outcome]
    if any(part.kind == "rephrased" for part in suggestion.parts):
        said += f", {sum(part.kind == 'rephrased' for part in suggestion.parts)} rephrased"
    return Column(title, said, tuple(pieces(suggestion)))


def pieces(suggestion: Suggestion) -> Iterator[Piece]:
    """Yield the suggestion's text, all of it, cut where something added or rephrased begins and ends."""
    text, end, kept = suggestion.text, 0, 0
    for part in suggestion.parts:
        start = text.find(part.text, end)
        if start < 0:
            continue
        end = start + len(part.text)
        if part.kind != "kept":
            if kept < start:
                yield Piece(text[kept:start])
            yield Piece(part.text, part.kind)
            kept = end
    if kept < len(text):
        yield Piece(text[kept:])


def print_sheets(console: Console, sheets: Sequence[Sheet]) -> None:
    """Print sheets one below the other, their columns side by side where there is room."""
    for sheet in sheets:
        console.rule(Text(readable(sheet.id), style="bold"), align="left", style="dim")
        if sheet.customer:
            console.print(Text(f"the customer: {readable(sheet.customer)}", style="dim"))
        if console.width >= SIDE_BY_SIDE:
            table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_header=False, expand=True)
            for _ in sheet.columns:
                table.add_column(ratio=1, overflow="fold")
            table.add_row(*(_heading(column) for column in sheet.columns))
            table.add_row(*(_marked(column) for column in sheet.columns))
            console.print(table)
        else:
            for column in sheet.columns:
                console.print(_heading(column), _marked(column), sep="\n")
        for line in sheet.breaks:
            console.print(Text(f"BREAKS  {readable(line)}", style="bold red"))
        console.print()
    console.print(
        Text.assemble(("{+added+}", "green"), " · ", ("{~rephrased~}", "yellow"), " · the agent's own words")
    )


def check_page(path: Path | None) -> None:
    """Have a page's folder be there before any draft is rewritten. Raises InputError."""
    if path and not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first.")


def write_page(path: Path, prompts: Prompts, title: str, sheets: Sequence[Sheet], summary: str) -> None:
    """Write sheets as one HTML page that needs nothing else. Raises InputError where it cannot be written."""
    page = prompts.render("preview.html.j2", title=title, summary=summary, sheets=sheets)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        said = (error.strerror or "cannot be written").lower()
        raise InputError(f"{path}: {said}; name a file that can be written.") from None


def _heading(column: Column) -> Text:
    return Text.assemble((column.title, "bold"), (f"  {column.said}" if column.said else "", "dim"))


def _marked(column: Column) -> Text:
    text = Text()
    for piece in column.pieces:
        before, after, style = _MARKS[piece.mark]
        text.append(f"{before}{readable(piece.text)}{after}", style=style)
    return text
