"""`rewriter rewrite`: one draft, or a file of them, without a helpdesk."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Annotated, Any, get_args

import typer

from rewriter.cli.files import read_text, refused, row_id, rows, text_field
from rewriter.cli.terminal import readable
from rewriter.cli.wiring import House, open_house
from rewriter.errors import EngineError, InputError
from rewriter.handover import split_directive
from rewriter.model import Channel, Directive, Suggestion
from rewriter.pipeline import Request
from rewriter.visible import digest


def rewrite(
    file: Annotated[str, typer.Argument(help="The draft; - reads standard input.")] = "-",
    batch: Annotated[str, typer.Option(help="JSON objects, one a line: id, draft or draft_html, ...")] = "",
    customer: Annotated[str, typer.Option(help="A file with the customer's latest message.")] = "",
    name: Annotated[str, typer.Option(help="The requester's full name.")] = "",
    tone: Annotated[str, typer.Option(help="A tone profile; see `rewriter tones list`.")] = "",
    lang: Annotated[str, typer.Option(help="The draft's language (en, es, ...); else it is detected.")] = "",
    channel: Annotated[str, typer.Option(help="email, web, chat or social.")] = "email",
    engine: Annotated[str, typer.Option(help="llm or phrasebook; else as REWRITER_ENGINE says.")] = "",
    html: Annotated[bool, typer.Option("--html", help="The files hold HTML.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Print what would leave the machine, and stop.")
    ] = False,
) -> None:
    """Rewrite one draft, or with --batch many, and print the result; nothing is sent anywhere but to the engine."""
    house = open_house(engine=engine, tone=tone)
    if batch:
        raise typer.Exit(_rewrite_rows(house, batch, {"tone": tone, "lang": lang, "channel": channel}))
    given = {"draft_html" if html else "draft": read_text(file), "name": name, "tone": tone, "lang": lang}
    given |= {"channel": channel, "customer": read_text(customer) if customer else ""}
    request = request_from(given, house)
    if show_prompt:
        typer.echo(house.prompt_of(request))
        return
    suggestion = house.suggest(request)
    if as_json:
        typer.echo(json.dumps(as_object(suggestion, file), ensure_ascii=False))
        return
    said = suggestion.html if html else suggestion.text
    typer.echo(readable(said) if sys.stdout.isatty() else said, color=True)  # a file gets it to the letter
    typer.echo(f"rewriter: {_account(suggestion, house)}", err=True)


def request_from(row: Mapping[str, Any], house: House) -> Request:
    """Return the request that an input object makes; raises InputError naming what is wrong with it.

    A first line `#draft formal` counts as in a helpdesk, beneath what the row itself asks for.
    """
    html, text = text_field(row, "draft_html"), text_field(row, "draft")
    if bool(html) == bool(text):
        raise InputError(
            "Both 'draft' and 'draft_html' are given: give one." if html else "The draft is empty: give 'draft'."
        )
    directive, written = split_directive(html or text) or (Directive(), html or text)
    channel = text_field(row, "channel") or "email"
    if channel not in get_args(Channel):
        raise InputError(f"{channel!r} is no channel: give one of {', '.join(get_args(Channel))}.")
    asked = text_field(row, "lang") or directive.language
    language = asked.lower().partition("-")[0]  # pt-BR is written with the words of pt
    if language and not re.fullmatch(r"[a-z]{2,3}", language):
        raise InputError(f"{asked!r} is no language: give its code, such as en or de.")
    customer = text_field(row, "customer")
    return Request(
        written,
        html=bool(html),
        key=digest(f"{written} {customer}"),
        customer=customer,
        name=text_field(row, "name"),
        tone=house.known_tone(text_field(row, "tone") or directive.tone),
        language=language,
        channel=channel,  # type: ignore[arg-type]  # checked just above
    )


def as_object(suggestion: Suggestion, identity: Any) -> dict[str, Any]:
    """Return a suggestion as the JSON object that the documentation promises."""
    shown: dict[str, Any] = {
        "id": identity,
        "outcome": suggestion.outcome,
        "engine": suggestion.engine,
        "tone": suggestion.tone,
        "language": suggestion.language,
        "text": suggestion.text,
        "html": suggestion.html,
        "sentences": [
            {"text": part.text, "kind": part.kind, "carries": list(part.carries)} for part in suggestion.parts
        ],
        "facts": [{"kind": fact.kind, "text": fact.text} for fact in suggestion.facts],
        "reverted": [
            {"sentence": violation.sentence, "violation": violation.kind, "detail": violation.detail}
            for violation in suggestion.reverted
        ],
        "added_words": suggestion.added_words,
        "usage": {
            "prompt_tokens": suggestion.usage.prompt_tokens,
            "completion_tokens": suggestion.usage.completion_tokens,
        },
    }
    if suggestion.outcome == "declined":
        shown["reason"] = suggestion.reason
    return shown


def _rewrite_rows(house: House, path: str, defaults: Mapping[str, str]) -> int:
    """Print an object for each row, in order; return the exit status."""
    status = 0
    for number, row in rows(path):
        try:
            if isinstance(row, InputError):
                raise row
            shown = as_object(house.suggest(request_from({**defaults, **row}, house)), row_id(row))
        except (InputError, EngineError) as error:
            shown = refused(number, row, error)
            status = 2 if isinstance(error, InputError) else status or 1
        typer.echo(json.dumps(shown, ensure_ascii=False))
    return status


def _account(suggestion: Suggestion, house: House) -> str:
    mute = suggestion.engine == "phrasebook" and house.prompts.phrasebook(suggestion.language) is None
    added = sum(1 for part in suggestion.parts if part.kind not in ("kept", "rephrased"))
    said = {
        "rewritten": f"{added} added, {sum(p.kind == 'rephrased' for p in suggestion.parts)} rephrased, "
        f"{sum(p.kind == 'kept' for p in suggestion.parts)} kept; {len(suggestion.facts)} facts unchanged.",
        "unchanged": f"unchanged: there is no phrasebook for its language ({suggestion.language})."
        if mute
        else "unchanged: the draft needs nothing.",
        "declined": f"declined. {suggestion.reason}",
    }
    return said[suggestion.outcome]
