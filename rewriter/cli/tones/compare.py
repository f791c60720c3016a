"""`rewriter tones compare`: two profiles over saved drafts: what differs, and what breaks."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from rewriter.cli.terminal import readable
from rewriter.cli.tones.drafts import Saved, house_for, saved_drafts, with_progress
from rewriter.cli.tones.sheets import Column, Piece, Sheet, check_page, column_of, print_sheets, write_page
from rewriter.cli.wiring import House
from rewriter.dose import LONGER_BY, SHORT_DRAFT
from rewriter.errors import InputError, PromptError
from rewriter.guard import added, judge
from rewriter.guard.align import check
from rewriter.language import detect
from rewriter.model import Suggestion, Tone
from rewriter.pipeline import brief_of, case_of
from rewriter.prompting.tones import MOST
from rewriter.settings import load as load_settings

_ENOUGH_TO_TELL = 8  # words from which the language of what was added can be told


@dataclass(frozen=True, slots=True)
class Break:
    """What a suggestion does that none may: in which draft, under which profile, of what kind."""

    id: str
    profile: str
    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.profile}: {self.kind}: {self.detail}"


@dataclass(frozen=True, slots=True)
class _Profile:
    """A tone in a house, under the name that it is compared by."""

    name: str
    house: House
    tone: str


@dataclass(frozen=True, slots=True)
class _Compared:
    """A draft under both profiles."""

    saved: Saved
    suggestions: tuple[Suggestion, Suggestion]
    breaks: tuple[Break, ...]

    @property
    def differs(self) -> bool:
        """Whether the two read differently."""
        one, other = self.suggestions
        return (one.outcome, one.text, one.html, one.reason) != (
            other.outcome,
            other.text,
            other.html,
            other.reason,
        )


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A tone profile.")],
    second: Annotated[str, typer.Argument(metavar="[B]", help="Another one.", show_default=False)] = "",
    against: Annotated[
        str, typer.Option(metavar="GITREF", help="In place of B: A as it was committed there (HEAD, a tag, ...).")
    ] = "",
    drafts: Annotated[
        Path | None, typer.Option(help="JSON objects, one a line, as for rewrite --batch; else the samples.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page here instead.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    prompts: Annotated[Path | None, typer.Option(help="Your folder of prompts; else REWRITER_PROMPTS.")] = None,
    engine: Annotated[str, typer.Option(help="llm or phrasebook.")] = "phrasebook",
) -> None:
    """Run two profiles over saved drafts; show what differs; exit 1 where a fact, a limit or the language breaks.

    `compare warm formal` compares two profiles, `compare warm --against HEAD` one with its last committed version
    where your folder of prompts is under git.
    """
    if bool(second) == bool(against):
        raise InputError("Name two profiles, or one with --against HEAD for its last committed version.")
    check_page(html)
    with ExitStack() as stack:
        now = house_for(prompts, [first, second] if second else [first], engine)
        if against:
            folder = prompts or load_settings().prompts
            before = stack.enter_context(_committed(folder, against, first, engine))
            profiles = (_Profile(f"{first} at {against}", before, first), _Profile(f"{first} now", now, first))
        else:
            profiles = (_Profile(first, now, first), _Profile(second, now, second))
        many = saved_drafts(drafts, now)
        compared = list(with_progress(many, lambda saved: _compared(saved, *profiles), "Comparing"))
    names = (profiles[0].name, profiles[1].name)
    every = [one for each in compared for one in each.breaks]
    broken = _once(every)
    shown = [each for each in compared if each.differs or any(one in broken for one in each.breaks)]
    summary = (
        f"{len(compared)} drafts: {sum(each.differs for each in compared)} differ, "
        f"{sum(not each.differs for each in compared)} read the same; "
        + (
            f"{len(broken)} break{'' if len(broken) == 1 else 's'}"
            if broken
            else "no fact, limit or language breaks"
        )
    )
    if as_json:
        typer.echo(json.dumps(_as_object(names, compared, every), ensure_ascii=False))
    elif html:
        sheets = [_sheet(each, names, broken) for each in shown]
        write_page(html, now.prompts, f"{names[0]} and {names[1]}", sheets, summary)
        typer.echo(f"{summary}: {html}")
    else:
        print_sheets(Console(highlight=False), [_sheet(each, names, broken) for each in shown])
        typer.echo(f"{summary}.")
    if not as_json:
        for one, others in broken.items():
            again = f" (and in {others} other draft{'' if others == 1 else 's'})" if others else ""
            typer.echo(readable(f"BREAKS  {one.id}: {one}{again}"))
    raise typer.Exit(1 if broken else 0)


def _once(breaks: Iterable[Break]) -> dict[Break, int]:
    """Return what breaks in the same way in many drafts once, and in how many others it does."""
    first: dict[str, Break] = {}
    drafts: dict[str, set[str]] = {}
    for one in breaks:
        first.setdefault(str(one), one)
        drafts.setdefault(str(one), set()).add(one.id)
    return {one: len(drafts[said]) - 1 for said, one in first.items()}


def _compared(saved: Saved, *profiles: _Profile) -> _Compared:
    suggestions = [profile.house.suggest(saved.in_tone(profile.tone)) for profile in profiles]
    languages = frozenset(profiles[-1].house.prompts.phrasebooks)
    found = [
        Break(saved.id, profile.name, kind, detail)
        for profile, suggestion in zip(profiles, suggestions, strict=True)
        for kind, detail in (
            *_refused(saved, suggestion, profile),
            *_wrongs(saved, suggestion, profile.house.prompts.tone(profile.tone), languages),
        )
    ]
    return _Compared(saved, (suggestions[0], suggestions[1]), tuple(found))


def _refused(saved: Saved, suggestion: Suggestion, profile: _Profile) -> Iterator[tuple[str, str]]:
    """Yield what the guard has against the phrases that come first to hand, though others take their place.

    A model's slips are mended as a matter of course; a phrasebook has none.
    """
    if suggestion.engine == "phrasebook" and suggestion.outcome != "declined":
        request, house = saved.in_tone(profile.tone), profile.house
        case = case_of(request, house.prompts)
        for violation in judge(case, house.phrasebook.plan(brief_of(request, case)).plan):
            yield violation.kind, f"{violation.detail}; taken out: {violation.rewrite or violation.draft}"


def _wrongs(saved: Saved, suggestion: Suggestion, tone: Tone, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what a suggestion breaks, judged by its text alone.

    Without what was added it says what its draft says; what was added keeps to the limits and the language.
    """
    approved = {*tone.anecdotes, *tone.expertise, *tone.handoff}
    ours = [part.text for part in suggestion.parts if part.kind not in ("kept", "rephrased")]
    text = suggestion.text
    for said in ours:
        text = text.replace(said, "", 1)
    request = saved.request
    verdict = check(saved.text, text, language=suggestion.language, customer=request.customer, name=request.name)
    yield from ((violation.kind, violation.detail) for violation in verdict.violations)
    yield from _beyond_limits(saved, suggestion, ours, approved)
    said = " ".join(text for text in ours if text not in approved)
    yield from _in_another_language(suggestion.language, said, known)


def _beyond_limits(
    saved: Saved, suggestion: Suggestion, ours: list[str], approved: set[str]
) -> Iterator[tuple[str, str]]:
    words, language = len(saved.text.split()), suggestion.language
    if suggestion.added_words > MOST["max_added_words"]:
        yield "length", f"{suggestion.added_words} words added, more than {MOST['max_added_words']}"
    if words >= SHORT_DRAFT and language != "ja" and suggestion.added_words > words * LONGER_BY:
        yield "length", f"{suggestion.added_words} words added to {words}, more than {LONGER_BY:.0%}"
    names = saved.request.name.split()
    said = sum(len(added.sentences(added.without_greeting(text, language, names))) for text in ours)
    if said > MOST["max_added_sentences"]:
        yield "length", f"{said} sentences added, more than {MOST['max_added_sentences']}"
    sorry = [text for text in ours if text not in approved and added.apologises(text, language)]
    if len(sorry) > 1 or (sorry and added.apologises(saved.text, language)):
        yield "length", "a second apology"


def _in_another_language(language: str, said: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield one line where what was added reads as another of the known languages."""
    added_in = detect(said) if len(said.split()) >= _ENOUGH_TO_TELL else ""
    if added_in != language and added_in in known:
        yield "language", f"what was added is in {added_in}, the draft in {language}"


def _sheet(each: _Compared, names: tuple[str, str], broken: Collection[Break]) -> Sheet:
    columns = [column_of(suggestion, name) for suggestion, name in zip(each.suggestions, names, strict=True)]
    draft = Column("the draft", "", (Piece(each.saved.text),))
    breaks = tuple(str(one) for one in each.breaks if one in broken)
    return Sheet(each.saved.id, each.saved.request.customer, (draft, *columns), breaks)


def _as_object(names: tuple[str, str], compared: list[_Compared], broken: list[Break]) -> dict[str, Any]:
    return {
        "profiles": list(names),
        "drafts": len(compared),
        "differ": sum(each.differs for each in compared),
        "breaks": [asdict(one) for one in broken],
        "rows": [
            {
                "id": each.saved.id,
                "differs": each.differs,
                "outcomes": [suggestion.outcome for suggestion in each.suggestions],
                "texts": [suggestion.text for suggestion in each.suggestions],
                "added_words": [suggestion.added_words for suggestion in each.suggestions],
            }
            for each in compared
        ],
    }


# --- a committed version --------------------------------------------------------------------------------


@contextmanager
def _committed(folder: Path | None, ref: str, tone: str, engine: str) -> Iterator[House]:
    """Open the house over a folder of prompts as it was committed at a git ref.

    Raises InputError where the folder is not under git, or has no such version.
    """
    if folder is None:
        raise InputError("--against needs your own folder of prompts: set REWRITER_PROMPTS, or give --prompts.")
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if commit is None:
        raise InputError(
            f"{folder}: git knows no version {ref!r} of this folder; commit it first, or name another."
        )
    packed = _git(folder, "archive", "--format=tar", commit.decode().strip())
    if packed is None:
        raise InputError(f"{folder}: nothing of this folder is committed at {ref!r}; commit it first.")
    with TemporaryDirectory(prefix="rewriter-") as name:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(name, filter="data")
        try:
            house = house_for(Path(name), [], engine)
            if tone not in house.prompts.tones:
                raise InputError(
                    f"There is no tone {tone!r} at {ref}: commit tones/{tone}.toml first, or name another."
                )
            yield house
        except PromptError as error:
            raise PromptError(f"at {ref}: {str(error).replace(name, str(folder))}") from None


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Return what git prints, None where it fails. Raises InputError where there is no git."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603, S607 - the user's own git
    except OSError:
        raise InputError("--against needs git, which is not installed here.") from None
    return done.stdout if done.returncode == 0 else None
