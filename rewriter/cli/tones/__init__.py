"""`rewriter tones`: what admins' tone profiles and phrases say, whether they hold, and how they sound."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rewriter.cli.tones.compare import compare
from rewriter.cli.tones.drafts import house_for
from rewriter.cli.tones.explain import explain
from rewriter.cli.tones.layers import copy_shipped, layers, mark_seen
from rewriter.cli.tones.preview import preview
from rewriter.cli.tones.sayable import unsayable
from rewriter.errors import InputError, SettingsError
from rewriter.prompting import SHIPPED, checked, load
from rewriter.settings import load as load_settings

app = typer.Typer(help="Admins' tone profiles and templates.", no_args_is_help=True)

Folder = Annotated[Path | None, typer.Option("--prompts", help="Your folder of prompts; else REWRITER_PROMPTS.")]


@app.command("list")
def list_tones(prompts: Folder = None) -> None:
    """List the tone profiles."""
    table = Table("tone", "what it is", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    house = load(prompts or load_settings().prompts)
    for name, tone in sorted(house.tones.items()):
        table.add_row(Text(name, style="bold"), Text(tone.description or ", ".join(tone.moves)))
    Console(highlight=False).print(table)


@app.command()
def show(
    tone: Annotated[str, typer.Argument(help="The name of a tone profile.")],
    prompts: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show everything that a tone profile sets, and the file that it stands in."""
    house = house_for(prompts, [tone]).prompts
    profile = asdict(house.tone(tone))
    if as_json:
        typer.echo(json.dumps(profile, ensure_ascii=False))
        return
    file = next(path for folder in house.folders if (path := folder / "tones" / f"{tone}.toml").exists())
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("file", Text(f"{'shipped' if file.is_relative_to(SHIPPED) else file}"))
    for key, value in profile.items():
        lines = [str(one) for one in value] if isinstance(value, tuple) else [_said(value)]
        table.add_row(key, Text("\n".join(lines) or "-"))
    Console(highlight=False).print(table)


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


@app.command()
def lint(prompts: Folder = None) -> None:
    """Check every prompt file, name all that is wrong, and say how your files stand to the shipped ones."""
    folder = prompts or load_settings().prompts
    house, found = checked(folder)
    faults = [*map(str, found), *(unsayable(folder, house) if folder else ())]
    for fault in faults:
        typer.echo(f"FAIL  {fault}")
    for layer in layers(folder, house, model=_asks_a_model()) if folder else ():
        if not any(fault.startswith(f"{folder / layer.name}:") for fault in faults if folder):
            typer.echo(f"{'note' if layer.to_do else 'ok':<5} {layer.name}: {layer.said}")
    if faults:
        files = {fault.partition(":")[0] for fault in faults}
        raise InputError(f"{len(files)} of the files {'is' if len(files) == 1 else 'are'} wrong; see above.")
    books = ", ".join(sorted(house.phrasebooks))
    rules = f"{len(house.routing)} routing rule{'' if len(house.routing) == 1 else 's'}"
    typer.echo(
        f"{len(house.tones)} tone profiles, {len(house.phrasebooks)} phrasebooks ({books}) and {rules} hold."
    )


def _asks_a_model() -> bool:
    try:
        return load_settings().engine_name() == "llm"
    except SettingsError:
        return True  # one is set, and not yet all that it needs


@app.command()
def copy(
    folder: Annotated[Path, typer.Argument(help="Your folder, to be named by REWRITER_PROMPTS.")],
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Only these, such as tones/warm.toml; else all.")
    ] = None,
    seen: Annotated[
        bool, typer.Option("--seen", help="Copy nothing: note that your FILEs are up with the shipped ones.")
    ] = False,
) -> None:
    """Copy shipped files into a folder of your own, for a start; no file is ever overwritten."""
    if seen:
        if not files:
            raise InputError("--seen needs the names of the files that are up with the shipped ones.")
        mark_seen(folder, files)
        typer.echo(f"Noted: {', '.join(files)}.")
        return
    if not files and folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder}: this folder is not empty; name a new one, or the files to copy into it.")
    copied = copy_shipped(folder, files or ())
    typer.echo(
        f"Copied {len(copied)} file{'' if len(copied) == 1 else 's'} to {folder}. Set REWRITER_PROMPTS={folder}."
    )
    if not files:
        typer.echo("Remove the files that you leave as they are: `rewriter tones lint` names them.")


app.command()(preview)
app.command()(compare)
app.command()(explain)
