"""Everything that admins edit: tone profiles, phrasebooks, templates, what is declined; all checked on loading."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

import rewriter.prompts
from rewriter.datafile import line_of, read_toml
from rewriter.errors import PromptError
from rewriter.model import AccountabilityLevel, Feeling, MoveKind, Tone
from rewriter.wording import either, slots, slotted

SHIPPED = Path(rewriter.prompts.__file__).parent  # wherever the package lies: installed, or a checkout

GREETING_WORDS = frozenset({"name", "family_name"})
NOTE_WORDS = {  # the variables of the note's lines, by key
    "added": {"list"}, "rephrased": {"list"}, "kept": {"count", "total"}, "facts": {"list"}, "put_back": {"list"},
    "left_out": {"list"}, "tone": {"tone", "others", "directive"}, "quote": {"text"}, "declined": {"reason"},
    "refused": {"error"}, "gave_up": {"error"},
}  # fmt: skip
PASSAGE_WORDS = frozenset({"the_topic", "with_the_topic", "topic", "told", "the_trouble"})
TOPIC_WORDS = frozenset({"topic", "address"})
_NEVER_EMPTY = {"moves", "say", "named", "nameless", "phrases"}
_DECLARED = re.compile(r"\{#-?\s*variables:\s*([^#]*?)\s*-?#\}")

Habit = Literal["apologises", "validates", "thanks", "offers", "owns", "acts", "denies"]
Address = Literal["", "informal", "formal"]
Register = Literal["casual", "neutral", "formal"]
Reason = Literal["fact", "negation", "condition", "certainty", "promise", "fault", "actor", "time", "wording"]


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a register greets: with a name, and where no name is safe."""

    named: tuple[str, ...]
    nameless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Phrases that make one move, and when they fit; an empty condition always holds."""

    move: MoveKind
    say: tuple[str, ...]
    place: Literal["opening", "close"] = "opening"
    trouble: tuple[str, ...] = ()
    feeling: tuple[Feeling, ...] = ()
    strength: int = 0  # the least strength of feeling
    below: int = 4  # the strength of feeling from which it no longer fits
    repeated: bool | None = None
    urgent: bool | None = None
    level: AccountabilityLevel = "experience"  # accountability from which it may be said
    where: tuple[Habit, ...] = ()  # only where the draft does all of these
    address: Address = ""


@dataclass(frozen=True, slots=True)
class Cold:
    """A cold wording and a kinder one that says the same; `<name>` in `find` is a slot that `say` puts back."""

    find: str
    say: str
    unless: tuple[str, ...] = ()  # where one of these stands in the sentence, it stays


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The phrases of one language for the engine without a model."""

    language: str
    greeting: dict[Register, Greeting]
    topic: dict[str, str]
    does: dict[Habit, tuple[str, ...]]
    passage: tuple[Passage, ...]
    cold: tuple[Cold, ...] = ()
    with_topic: dict[str, str] = field(default_factory=dict)  # where "with" asks for another case
    address: dict[Address, tuple[str, ...]] = field(default_factory=dict)  # words that show it in a draft
    full_forms: dict[str, str] = field(default_factory=dict)
    ban: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteWords:
    """The words of the note that agents read, in one language; each line is a template of its own variables."""

    suggested: str
    added: str
    rephrased: str
    kept: str
    facts: str
    put_back: str
    left_out: str
    tone: str
    quote: str
    declined: str
    untouched: str
    missing: str
    refused: str
    gave_up: str
    moves: dict[MoveKind, str]
    reasons: dict[Reason, str]


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that is declined: what the agent is told, in other languages too, and the phrases that show it."""

    tell: str
    phrases: tuple[str, ...]
    tell_in: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Prompts:
    """All prompts, checked: the admin's folder laid file by file over the shipped one."""

    tones: Mapping[str, Tone]
    phrasebooks: Mapping[str, Phrasebook]
    notes: Mapping[str, NoteWords]
    declined: Mapping[str, Matter]
    folders: tuple[Path, ...]  # the admin's first
    _environment: SandboxedEnvironment = field(repr=False, compare=False)

    def tone(self, name: str) -> Tone:
        """Return the tone profile of that name; raises PromptError naming the known ones."""
        if name not in self.tones:
            raise PromptError(f"There is no tone {name!r}; the known ones are: {', '.join(sorted(self.tones))}.")
        return self.tones[name]

    def phrasebook(self, language: str) -> Phrasebook | None:
        """Return the phrasebook of a language (ISO 639-1); None where it has none."""
        return self.phrasebooks.get(language)

    @property
    def matters(self) -> dict[str, tuple[str, ...]]:
        """What is declined, as reading.read takes it: what the agent is told -> phrases that show it."""
        return {matter.tell: matter.phrases for matter in self.declined.values()}

    def render(self, template: str, **variables: object) -> str:
        """Return a .j2 file (path below prompts/) filled in; raises PromptError with file and line."""
        try:
            return self._environment.get_template(template).render(**variables)
        except TemplateError as error:
            raise PromptError(f"{template}:{getattr(error, 'lineno', None) or 1}: {error}.") from None

    def say(self, phrase: str, **variables: str) -> str:
        """Return a phrase of a phrasebook filled in, white space folded."""
        return " ".join(_phrase(phrase).render(**variables).split())

    def mentions(self, phrase: str) -> frozenset[str]:
        """Return the variables that a phrase mentions."""
        return _mentions(phrase)


def load(overlay: Path | None = None) -> Prompts:
    """Return the shipped prompts with the admin's folder laid over them file by file, everything checked.

    Raises PromptError with file, line and the mend for whatever is wrong, before any draft is touched.
    """
    if overlay is not None and not overlay.is_dir():
        raise PromptError(f"{overlay}: there is no such folder; REWRITER_PROMPTS names one with prompt files.")
    folders = (overlay, SHIPPED) if overlay else (SHIPPED,)
    if overlay:
        _check_names(overlay)
    _check_templates(folders)
    tones = {path.stem: _tone(path) for path in _files(folders, "tones/*.toml")}
    books = {path.stem: _book(path) for path in _files(folders, "phrasebook/*.toml")}
    notes = {path.stem: _note_words(path) for path in _files(folders, "notes/*.toml")}
    declined = _declined(_files(folders, "decline.toml")[0])
    return Prompts(tones, books, notes, declined, folders, _sandbox(folders))


def _sandbox(folders: Sequence[Path]) -> SandboxedEnvironment:
    texts = {}  # read now: an admin who edits a file changes the next load, not a run that is under way
    for path in _files(folders, "**/*.j2"):
        folder = next(folder for folder in folders if path.is_relative_to(folder))
        texts[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    loader = DictLoader(texts)
    return SandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _files(folders: Sequence[Path], pattern: str) -> list[Path]:
    """Return the files that match, by their path below a folder; an earlier folder's stands for a later one's."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found.update({str(path.relative_to(folder)): path for path in sorted(folder.glob(pattern))})
    return [found[name] for name in sorted(found)]


def _check_names(overlay: Path) -> None:
    known = [str(path.relative_to(SHIPPED)) for path in SHIPPED.rglob("*") if path.is_file()]
    for path in sorted(overlay.rglob("*")):
        name = str(path.relative_to(overlay))
        if (
            path.is_dir()
            or any(part.startswith(".") for part in Path(name).parts)
            or path.suffix in (".md", ".jsonl")
        ):
            continue
        if name in known or re.fullmatch(r"(tones|phrasebook|notes)/[\w-]+\.toml", name):
            continue
        close = get_close_matches(name, known, n=1)
        hint = (
            f"did you mean {close[0]}?"
            if close
            else "new files go into tones/, phrasebook/ or notes/ and end in .toml."
        )
        raise PromptError(f"{path}: no prompt file has this name; {hint}")


def _check_templates(folders: Sequence[Path]) -> None:
    """Have every .j2 file parse, and use only variables that the shipped file of its name knows."""
    environment = _sandbox(folders)
    for path in _files(folders, "**/*.j2"):
        folder = next(folder for folder in folders if path.is_relative_to(folder))
        shipped = SHIPPED / path.relative_to(folder)
        used = _used(environment, path)
        declared = _DECLARED.search(shipped.read_text(encoding="utf-8"))
        known = set(re.split(r"[,\s]+", declared[1])) if declared else _used(environment, shipped)
        _forbid_unknown(used - known, known, path, path.read_text(encoding="utf-8"))


def _used(environment: SandboxedEnvironment, path: Path) -> set[str]:
    try:
        text = path.read_text(encoding="utf-8")
        return meta.find_undeclared_variables(environment.parse(text))
    except TemplateSyntaxError as error:
        raise PromptError(f"{path}:{error.lineno}: {error.message}.") from None
    except UnicodeDecodeError:
        raise PromptError(f"{path}: cannot be read as UTF-8 text.") from None


def _forbid_unknown(
    unknown: set[str] | frozenset[str], known: set[str] | frozenset[str], path: Path, text: str
) -> None:
    for name in sorted(unknown):
        place = re.search(rf"\b{re.escape(name)}\b", text)
        line = text.count("\n", 0, place.start()) + 1 if place else 1
        raise PromptError(f"{path}:{line}: unknown variable {name!r}; known here: {', '.join(sorted(known))}.")


# --- tone profiles --------------------------------------------------------------------------------------


def _tone(path: Path) -> Tone:
    tone = read_toml(path, Tone, name=path.stem)
    _forbid_empty_lists(path)
    for key in ("prefer", "anecdotes", "expertise", "handoff"):
        _forbid_banned(getattr(tone, key), tone.ban, path)
    if tone.max_added_words < 1 or tone.max_added_sentences < 1:
        raise PromptError(f"{path}:{_line(path, 'max_added')}: must be at least 1; drop the moves to add nothing.")
    if len(set(tone.moves)) < len(tone.moves):
        raise PromptError(f"{path}:{_line(path, 'moves')}: a move stands here twice; name each once.")
    for move, key in (("expertise", "expertise"), ("hand-off", "handoff")):
        if getattr(tone, key) and move not in tone.moves:
            raise PromptError(f"{path}:{_line(path, key)}: {key} is never said: add {move!r} to moves.")
    return tone


def _forbid_empty_lists(path: Path) -> None:
    def empty(value: Any, place: list[str]) -> list[str] | None:
        if value == []:
            return place
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in pairs:
            found = empty(inner, [*place, str(key)])
            if found:
                return found
        return None

    text = path.read_text(encoding="utf-8")
    place = empty(tomllib.loads(text), [])
    if place:
        raise PromptError(
            f"{path}:{line_of(text, place)}: {place[-1]!r} is an empty list; fill it or take the line out."
        )


def _forbid_banned(phrases: Sequence[str], ban: Sequence[str], path: Path) -> None:
    banned = either(ban)
    for phrase in phrases:
        found = banned.search(phrase)
        if found:
            raise PromptError(
                f"{path}:{_line(path, phrase)}: {found[0]!r} is banned in this very file; say it otherwise."
            )


def _line(path: Path, words: str) -> int:
    """Return the line (from 1) of a file on which some words stand; 1 where they do not stand as they are."""
    text = path.read_text(encoding="utf-8")
    return text.count("\n", 0, max(0, text.find(words))) + 1


# --- phrasebooks ----------------------------------------------------------------------------------------


def _book(path: Path) -> Phrasebook:
    book = read_toml(path, Phrasebook, language=path.stem)
    _forbid_empty_lists(path)
    for greeting in book.greeting.values():
        _check_phrases(greeting.named, GREETING_WORDS, path)
        _check_phrases(greeting.nameless, frozenset(), path)
    for register in ("casual", "neutral", "formal"):
        if register not in book.greeting:
            raise PromptError(f"{path}:{_line(path, '[greeting')}: [greeting.{register}] is missing; add it.")
    _check_phrases((*book.topic.values(), *book.with_topic.values()), TOPIC_WORDS, path)
    for words in book.address.values():
        _check_notation(words, path)
    for passage in book.passage:
        _check_phrases(passage.say, PASSAGE_WORDS, path)
        _forbid_banned(passage.say, book.ban, path)
    for habit in book.does.values():
        _check_notation(habit, path)
    for cold in book.cold:
        _check_notation((cold.find, *cold.unless), path)
        _check_phrases((cold.say,), slots(cold.find), path)
        _forbid_banned((cold.say,), book.ban, path)
    return book


def _check_phrases(phrases: Sequence[str], known: frozenset[str], path: Path) -> None:
    for phrase in phrases:
        if not phrase.strip():
            raise PromptError(f"{path}:{_line(path, phrase)}: an empty phrase; fill it or take it out.")
        try:
            unknown = _mentions(phrase) - known
        except TemplateSyntaxError as error:
            raise PromptError(f"{path}:{_line(path, phrase)}: {error.message}.") from None
        if unknown:
            said = ", ".join(sorted(known)) or "none"
            raise PromptError(
                f"{path}:{_line(path, phrase)}: unknown variable {min(unknown)!r}; known here: {said}."
            )


def _check_notation(phrases: Sequence[str], path: Path) -> None:
    for phrase in phrases:
        try:
            slotted(phrase)
        except re.error as error:
            raise PromptError(f"{path}:{_line(path, phrase)}: {phrase!r}: {error.msg}.") from None


_BARE = SandboxedEnvironment(undefined=StrictUndefined)


@cache
def _phrase(phrase: str) -> Template:
    return _BARE.from_string(phrase)


@cache
def _mentions(phrase: str) -> frozenset[str]:
    return frozenset(meta.find_undeclared_variables(_BARE.parse(phrase)))


# --- the words of the note ------------------------------------------------------------------------------


def _note_words(path: Path) -> NoteWords:
    words = read_toml(path, NoteWords)
    for key in NoteWords.__dataclass_fields__:
        if isinstance(said := getattr(words, key), str):
            _check_phrases((said,), frozenset(NOTE_WORDS.get(key, ())), path)
    for table, keys in (("moves", get_args(MoveKind)), ("reasons", get_args(Reason))):
        named = getattr(words, table)
        _check_phrases(tuple(named.values()), frozenset(), path)
        for missing in (key for key in keys if key not in named):
            raise PromptError(
                f"{path}:{_line(path, f'[{table}]')}: {missing!r} is missing below [{table}]; add it."
            )
    return words


# --- what is declined -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Declined:
    matters: dict[str, Matter]


def _declined(path: Path) -> dict[str, Matter]:
    matters = read_toml(path, _Declined).matters
    _forbid_empty_lists(path)
    for matter in matters.values():
        _check_notation(matter.phrases, path)
    return matters
