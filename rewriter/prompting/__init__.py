"""Everything that admins edit: tone profiles, phrasebooks, templates, what is declined; all checked on loading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from jinja2.sandbox import SandboxedEnvironment

from rewriter import routing
from rewriter.datafile import nearest
from rewriter.errors import PromptError
from rewriter.model import Reading, Tone
from rewriter.prompting.books import (
    NAME_WORDS,
    Address,
    Called,
    Cold,
    Greeting,
    Habit,
    Passage,
    Phrasebook,
    Place,
    Register,
    read_book,
)
from rewriter.prompting.declined import Matter, read_declined
from rewriter.prompting.folders import SHIPPED, check_name, files, shipped_files
from rewriter.prompting.notes import NoteWords, Reason, read_note_words
from rewriter.prompting.phrases import filled_in, mentions
from rewriter.prompting.templates import check_template, sandbox, template_variables, told_as
from rewriter.prompting.tones import read_tone
from rewriter.routing import Rule
from rewriter.wording import either

__all__ = [
    "SHIPPED",
    "Address",
    "Called",
    "Cold",
    "Greeting",
    "Habit",
    "Matter",
    "NoteWords",
    "Passage",
    "Phrasebook",
    "Place",
    "Prompts",
    "Reason",
    "Register",
    "checked",
    "load",
    "shipped_files",
    "template_variables",
]

T = TypeVar("T")


@dataclass(frozen=True)
class Prompts:
    """All prompts, checked: the admin's folder laid file by file over the shipped one."""

    tones: Mapping[str, Tone]
    phrasebooks: Mapping[str, Phrasebook]
    notes: Mapping[str, NoteWords]
    declined: Mapping[str, Matter]
    routing: tuple[Rule, ...]
    folders: tuple[Path, ...]  # the admin's first
    _environment: SandboxedEnvironment = field(repr=False, compare=False)

    def tone(self, name: str) -> Tone:
        """Return the tone profile of that name; raises PromptError naming the known ones."""
        if name not in self.tones:
            raise PromptError(f"There is no tone {name!r}; {nearest(name, sorted(self.tones))}")
        return self.tones[name]

    def phrasebook(self, language: str) -> Phrasebook | None:
        """Return the phrasebook of a language (ISO 639-1); None where it has none."""
        return self.phrasebooks.get(language)

    def address(self, language: str, text: str) -> Address:
        """Return how a text in this language addresses its reader; "" where it does not show."""
        book = self.phrasebook(language)
        shown = (address for address, words in book.address.items() if either(words).search(text)) if book else ()
        return next(iter(shown), "")

    def called(self, language: str, reading: Reading, text: str) -> str:
        """Return the name by which a reply of this text greets the customer; "" for none."""
        book = self.phrasebook(language)
        if book is None or not reading.has_name:
            return reading.first_name
        called: Called = "titled" if reading.title else self.address(language, text) or "plain"
        form = book.called.get(called) or book.called.get("plain", "{{ first_name }}")
        return self.say(form, **{name: getattr(reading, name) for name in sorted(NAME_WORDS)})

    @property
    def matters(self) -> dict[str, tuple[str, ...]]:
        """What is declined, as reading.read takes it: what the agent is told -> phrases that show it."""
        return {matter.tell: matter.phrases for matter in self.declined.values()}

    def render(self, template: str, **variables: object) -> str:
        """Return a .j2 file (path below prompts/) filled in; raises PromptError with file and line."""
        with told_as(template):
            return self._environment.get_template(template).render(**variables)

    def say(self, phrase: str, **variables: str) -> str:
        """Return a phrase of a phrasebook filled in, white space folded."""
        with told_as(repr(phrase)):
            return filled_in(phrase, **variables)

    def mentions(self, phrase: str) -> frozenset[str]:
        """Return the variables that a phrase mentions."""
        return mentions(phrase)


def load(overlay: Path | None = None) -> Prompts:
    """Return the shipped prompts with the admin's folder laid over them file by file, everything checked.

    Raises PromptError with file, line and the mend for whatever is wrong, before any draft is touched.
    """
    prompts, wrong = checked(overlay)
    if wrong:
        raise wrong[0]
    return prompts


def checked(overlay: Path | None = None) -> tuple[Prompts, tuple[PromptError, ...]]:
    """Return all files as far as they hold, and each fault for which `load` refuses them, with line and mend."""
    if overlay is not None and not overlay.is_dir():
        raise PromptError(f"{overlay}: there is no such folder; REWRITER_PROMPTS names one with prompt files.")
    folders = (overlay, SHIPPED) if overlay else (SHIPPED,)
    environment = sandbox(folders)
    wrong: list[PromptError] = []
    misnamed: set[Path] = set()

    def read(pattern: str, reader: Callable[[Path], T]) -> dict[str, T]:
        found: dict[str, T] = {}
        for path in files(folders, pattern):
            if path in misnamed:
                continue
            try:
                found[path.stem] = reader(path)
            except PromptError as error:
                wrong.extend(map(PromptError, error.lines))
        return found

    for path in sorted(overlay.rglob("*")) if overlay else ():
        try:
            check_name(path, overlay or path)
        except PromptError as error:
            misnamed.add(path)
            wrong.append(error)
    read("**/*.j2", lambda path: check_template(path, folders, environment))
    tones = read("tones/*.toml", read_tone)
    named = {path.stem for path in files(folders, "tones/*.toml")}  # a wrong profile is told once
    prompts = Prompts(
        tones,
        read("phrasebook/*.toml", lambda path: read_book(path, named)),
        read("notes/*.toml", read_note_words),
        read("decline.toml", read_declined).get("decline", {}),
        read("routing.toml", lambda path: routing.read(path, named)).get("routing", ()),
        folders,
        environment,
    )
    return prompts, tuple(wrong)
