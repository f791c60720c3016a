"""`rewriter check`: the guard alone, over one rewrite or a file of them."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from rewriter.cli.files import read_text, refused, row_id, rows, text_field
from rewriter.cli.terminal import readable
from rewriter.errors import InputError
from rewriter.guard.align import Verdict, check
from rewriter.visible import visible_text


def check_files(
    draft: Annotated[str, typer.Argument(help="The agent's draft; - reads standard input.")] = "",
    rewrite: Annotated[str, typer.Argument(help="What was made of it.")] = "",
    pairs: Annotated[str, typer.Option(help="JSON lines: id, draft, rewrite; - for standard input.")] = "",
    customer: Annotated[str, typer.Option(help="A file with the customer's latest message.")] = "",
    name: Annotated[str, typer.Option(help="The requester's full name.")] = "",
    lang: Annotated[str, typer.Option(help="The draft's language; else it is detected.")] = "",
    html: Annotated[bool, typer.Option("--html", help="The files hold HTML.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell whether a rewrite says what its draft says; exit 1 where it does not."""
    if pairs:
        raise typer.Exit(_check_rows(pairs, lang))
    if not draft or not rewrite:
        raise InputError("Give a draft and its rewrite, or --pairs FILE.jsonl.")
    before, after = read_text(draft), read_text(rewrite)
    message = read_text(customer) if customer else ""
    verdict = check(before, after, html=html, language=lang, customer=message, name=name)
    if as_json:
        typer.echo(json.dumps(_as_object(verdict, draft), ensure_ascii=False))
    else:
        _show(verdict, *((visible_text(before), visible_text(after)) if html else (before, after)))
    raise typer.Exit(0 if verdict.faithful else 1)


def _check_rows(path: str, language: str) -> int:
    """Print a verdict for each row, in order; return the exit status. Only one row is held at a time."""
    status = 0
    columns = SpinnerColumn(), TextColumn("Checking: {task.completed} pairs"), TimeElapsedColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=None)
        for number, row in rows(path):
            try:
                verdict = _verdict(row, language)
                answer = _as_object(verdict, row_id(row))
                status = status or (0 if verdict.faithful else 1)
            except InputError as error:
                answer = refused(number, row, error)
                status = 2
            typer.echo(json.dumps(answer, ensure_ascii=False))
            progress.advance(task)
    return status


def _verdict(row: Mapping[str, Any] | InputError, language: str) -> Verdict:
    if isinstance(row, InputError):
        raise row
    for field in ("draft", "rewrite"):
        if not text_field(row, field).strip():
            raise InputError(f"{field!r} is missing or empty: give both texts.")
    return check(
        text_field(row, "draft"),
        text_field(row, "rewrite"),
        language=text_field(row, "lang") or language,
        customer=text_field(row, "customer"),
        name=text_field(row, "name"),
    )


def _as_object(verdict: Verdict, identity: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "faithful": verdict.faithful,
        "violations": [
            {"kind": v.kind, "detail": v.detail, "draft": v.draft, "rewrite": v.rewrite} for v in verdict.violations
        ],
    }


def _show(verdict: Verdict, before: str, after: str) -> None:
    """Print the verdict for a person: both texts word by word, then each violation with its kind."""
    console = Console(highlight=False)
    old, new = readable(before).split(), readable(after).split()
    both = Text()
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            both.append(" ".join(old[i:j]) + " ")
            continue
        if i < j:
            both.append("[-" + " ".join(old[i:j]) + "-]", style="red strike").append(" ")
        if k < m:
            both.append("{+" + " ".join(new[k:m]) + "+}", style="green").append(" ")
    console.print(both)
    for violation in verdict.violations:
        console.print(Text.assemble((violation.kind, "bold red"), f": {readable(violation.detail)}"))
    if verdict.faithful:
        console.print("Faithful: the rewrite says what the draft says.", style="green")
