"""Saved drafts that a tone is tried on: the shipped samples, or a file of JSON objects, one a line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

from rewriter.cli.files import row_id, rows
from rewriter.cli.rewrite import request_from
from rewriter.cli.wiring import House, open_house
from rewriter.datafile import nearest
from rewriter.errors import InputError
from rewriter.pipeline import Request
from rewriter.prompting import SHIPPED
from rewriter.settings import load as load_settings
from rewriter.visible import visible_text

T = TypeVar("T")

KEYS = ("id", "draft", "draft_html", "customer", "name", "channel", "lang", "tone")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved draft with its id."""

    id: str
    request: Request

    @property
    def text(self) -> str:
        """The draft as a reader sees it."""
        return visible_text(self.request.source) if self.request.html else self.request.source

    def in_tone(self, tone: str) -> Request:
        """Return the draft as a request for a tone; its id decides between equally good phrasings."""
        return replace(self.request, tone=tone, key=self.id)


def house_for(folder: Path | None, tones: Sequence[str], engine: str = "phrasebook") -> House:
    """Return the house over a folder of prompts, or over the one that is set; every tone in it is known.

    Raises PromptError, or InputError for an unknown tone.
    """
    settings = load_settings()
    if folder:
        settings = settings.model_copy(update={"prompts": folder})
    house = open_house(engine=engine, settings=settings)
    for tone in tones:
        house.known_tone(tone)
    return house


def saved_drafts(path: Path | None, house: House) -> list[Saved]:
    """Return the drafts of a file, or the samples; a row's own tone does not count.

    Raises InputError with file and line for a row that holds no draft, and for a file without any.
    """
    file = path or next(folder / "samples.jsonl" for folder in house.prompts.folders if _has_samples(folder))
    found = []
    for line, row in rows(str(file)):
        try:
            if isinstance(row, InputError):
                raise row
            for key in sorted(set(row) - set(KEYS)):
                raise InputError(f"{key}: unknown key; {nearest(key, KEYS)}")
            request = request_from({**row, "tone": ""}, house)
        except InputError as error:
            said = str(error).removeprefix(f"line {line} ")
            raise InputError(f"{file}:{line}: {said}") from None
        identity = row_id(row)
        found.append(Saved(str(line if identity is None else identity), request))
    if not found:
        raise InputError(
            f"{file}: there is no draft in it; give JSON objects, one a line: id, draft, customer, name."
        )
    return found


def with_progress(many: Sequence[Saved], work: Callable[[Saved], T], doing: str) -> Iterator[T]:
    """Yield what comes of each draft; a person at a terminal sees how far it is."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        yield from (work(one) for one in progress.track(many, description=doing))


def _has_samples(folder: Path) -> bool:
    return folder == SHIPPED or (folder / "samples.jsonl").exists()
