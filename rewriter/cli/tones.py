"""`rewriter tones`: what admins' tone profiles and phrases say, whether they hold, and how they sound."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rewriter.errors import InputError
from rewriter.model import PartKind, Suggestion, Tone
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import SHIPPED, Prompts, load
from rewriter.settings import load as load_settings
from rewriter.visible import visible_text

app = typer.Typer(help="Admins' tone profiles and templates.", no_args_is_help=True)

Folder = Annotated[Path | None, typer.Option("--prompts", help="Your folder of prompts; else REWRITER_PROMPTS.")]

_STYLES = {"kept": "", "rephrased": "yellow"}


@app.command("list")
def list_tones(prompts: Folder = None) -> None:
    """List the tone profiles."""
    table = Table("tone", "what it is", "moves", box=None, pad_edge=False)
    for name, tone in sorted(_load(prompts).tones.items()):
        table.add_row(name, tone.description, ", ".join(tone.moves))
    Console().print(table)


@app.command()
def show(
    tone: Annotated[str, typer.Argument(help="The name of a tone profile.")],
    prompts: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show everything that a tone profile sets."""
    profile = _tone(_load(prompts), tone)
    if as_json:
        typer.echo(json.dumps(asdict(profile), ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in asdict(profile).items():
        table.add_row(key, ", ".join(value) if isinstance(value, (tuple, list)) else str(value))
    Console().print(table)


@app.command()
def lint(prompts: Folder = None) -> None:
    """Check every tone profile, phrasebook and template, and say which of yours stand for shipped ones."""
    house = _load(prompts)
    books = ", ".join(sorted(house.phrasebooks))
    typer.echo(f"{len(house.tones)} tone profiles and {len(house.phrasebooks)} phrasebooks ({books}) hold.")
    for folder in house.folders[:-1]:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".toml", ".j2"):
                name = path.relative_to(folder)
                typer.echo(
                    f"{name}: {'yours, in place of the shipped one' if (SHIPPED / name).exists() else 'yours'}"
                )


@app.command()
def copy(folder: Annotated[Path, typer.Argument(help="A new folder, to be named by REWRITER_PROMPTS.")]) -> None:
    """Copy the shipped tone profiles, phrasebooks and templates into a folder of your own, for a start."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder}: this folder is not empty; name a new one.")
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    typer.echo(
        f"Copied to {folder}. Set REWRITER_PROMPTS={folder}, and remove the files that you leave as they are."
    )


@app.command()
def preview(
    tone: Annotated[str, typer.Argument(help="The name of a tone profile.")] = "warm",
    drafts: Annotated[Path | None, typer.Option(help="JSON objects, one a line, as for rewrite --batch.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page here instead.")] = None,
    prompts: Folder = None,
) -> None:
    """Show drafts before and after, with what was added and rephrased marked: the shipped samples, or --drafts."""
    house = _load(prompts)
    _tone(house, tone)
    engine = PhrasebookEngine(house)
    pairs = [
        (row, suggest(_request(row, tone), engine, house)) for row in _rows(drafts or SHIPPED / "samples.jsonl")
    ]
    if html:
        html.write_text(house.render("preview.html.j2", tone=tone, pairs=_shown(pairs)), encoding="utf-8")
        typer.echo(f"{len(pairs)} drafts before and after: {html}")
        return
    console = Console(highlight=False)
    for row, suggestion in pairs:
        console.rule(f"{row['id']} · {suggestion.outcome}", style="dim")
        console.print(Text(str(row.get("customer", "")), style="dim"))
        console.print(Text("before", style="bold"), Text(_draft(row)), sep="\n")
        if suggestion.outcome == "rewritten":
            console.print(Text("after", style="bold"), _marked(suggestion), sep="\n")
        elif suggestion.reason:
            console.print(Text(suggestion.reason))
    console.rule("added: green · rephrased: yellow · the agent's own words: plain", style="dim")


def _load(folder: Path | None) -> Prompts:
    return load(folder or load_settings().prompts)


def _tone(prompts: Prompts, name: str) -> Tone:
    if name not in prompts.tones:
        raise InputError(f"There is no tone {name!r}: name one of {', '.join(sorted(prompts.tones))}.")
    return prompts.tone(name)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path}: cannot be read as UTF-8 text.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict) or not (row.get("draft") or row.get("draft_html")):
            raise InputError(f"{path}:{number}: not a JSON object with a draft.")
        rows.append({"id": str(number), **row})
    return rows


def _request(row: dict[str, Any], tone: str) -> Request:
    return Request(
        row.get("draft_html") or row["draft"],
        html="draft_html" in row,
        key=str(row["id"]),
        customer=row.get("customer", ""),
        name=row.get("name", ""),
        tone=tone,
        language=row.get("lang", ""),
        channel=row.get("channel", "email"),
    )


def _pieces(suggestion: Suggestion) -> Iterator[tuple[str, PartKind]]:
    """Yield the suggestion's text, all of it, cut where something added or rephrased begins and ends."""
    rest = suggestion.text
    for part in suggestion.parts:
        if part.kind != "kept" and part.text in rest:
            kept, _, rest = rest.partition(part.text)
            yield kept, "kept"
            yield part.text, part.kind
    yield rest, "kept"


def _marked(suggestion: Suggestion) -> Text:
    return Text.assemble(*((text, _STYLES.get(kind, "green")) for text, kind in _pieces(suggestion)))


def _draft(row: dict[str, Any]) -> str:
    """Return the draft as a reader sees it."""
    return str(row.get("draft") or visible_text(row["draft_html"]))


def _shown(pairs: Sequence[tuple[dict[str, Any], Suggestion]]) -> list[dict[str, Any]]:
    return [
        {
            "id": row["id"],
            "customer": row.get("customer", ""),
            "draft": _draft(row),
            "outcome": suggestion.outcome,
            "reason": suggestion.reason,
            "pieces": list(_pieces(suggestion)),
            "added": suggestion.added_words,
        }
        for row, suggestion in pairs
    ]
