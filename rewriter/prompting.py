"""Everything that admins edit: tone profiles, phrasebooks, templates, what is declined; all checked on loading."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

import rewriter.prompts
from rewriter import routing
from rewriter.datafile import line_of, read_toml
from rewriter.errors import PromptError
from rewriter.handover import marker, marker_of
from rewriter.model import AccountabilityLevel, Feeling, MoveKind, Reading, Tone
from rewriter.routing import Rule
from rewriter.wording import either, slots, slotted

SHIPPED = Path(rewriter.prompts.__file__).parent  # wherever the package lies: installed, or a checkout

GREETING_WORDS = frozenset({"name", "family_name"})
NOTE_WORDS = {  # the variables of the note's lines, by key
    "added": {"list"}, "rephrased": {"list"}, "kept": {"count", "total"}, "facts": {"list"}, "put_back": {"list"},
    "left_out": {"list"}, "tone": {"tone", "others", "directive"}, "quote": {"text"}, "declined": {"reason"},
    "refused": {"error"}, "gave_up": {"error"}, "no_tone": {"tone"}, "no_language": {"language", "read", "others"},
}  # fmt: skip
PASSAGE_WORDS = frozenset({"the_topic", "with_the_topic", "topic", "told", "times", "the_trouble", "plight"})
TOPIC_WORDS = frozenset({"topic", "address"})
NAME_WORDS = frozenset({"first_name", "family_name", "title"})
_WORD_FOR_WORD = ("anecdotes", "expertise", "handoff")  # what a tone says as it stands
_MOST = {"max_added_words": 60, "max_added_sentences": 3}  # more is no dose of kindness
_DECLARED = re.compile(r"\{#-?\s*variables:\s*([^#]*?)\s*-?#\}")

T = TypeVar("T")

Habit = Literal["apologises", "validates", "thanks", "offers", "owns", "acts", "denies", "courtesy", "agrees"]
Address = Literal["", "informal", "formal"]
Called = Literal["plain", "informal", "formal", "titled"]  # by the draft's form of address, or with a title
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
    asked: bool | None = None  # they have written about it before
    urgent: bool | None = None
    level: AccountabilityLevel = "experience"  # accountability from which it may be said
    where: tuple[Habit, ...] = ()  # only where the draft does all of these
    address: Address = ""
    tones: tuple[str, ...] = ()  # the tone profiles that say it, before all else; empty: all


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
    becomes: dict[str, dict[str, str]] = field(default_factory=dict)  # slot -> word found -> word put back
    names: dict[Feeling, tuple[str, ...]] = field(default_factory=dict)  # words by which a phrase names a feeling
    called: dict[Called, str] = field(default_factory=dict)  # the name in a greeting; else the first name


@dataclass(frozen=True, slots=True)
class NoteWords:
    """The words of the note that agents read, in one language; each line is a template of its own variables."""

    suggested: str
    no_tone: str
    no_language: str
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
    routing: tuple[Rule, ...]
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
        with _told_as(template):
            return self._environment.get_template(template).render(**variables)

    def say(self, phrase: str, **variables: str) -> str:
        """Return a phrase of a phrasebook filled in, white space folded."""
        with _told_as(repr(phrase)):
            return " ".join(_phrase(phrase).render(**variables).split())

    def mentions(self, phrase: str) -> frozenset[str]:
        """Return the variables that a phrase mentions."""
        return _mentions(phrase)


def load(overlay: Path | None = None) -> Prompts:
    """Return the shipped prompts with the admin's folder laid over them file by file, everything checked.

    Raises PromptError with file, line and the mend for whatever is wrong, before any draft is touched.
    """
    read, wrong = _read(overlay)
    if wrong:
        raise wrong[0]
    return read


def faults(overlay: Path | None = None) -> tuple[PromptError, ...]:
    """Return what `load` would refuse: the first fault of each file, with file, line and the mend."""
    return _read(overlay)[1]


def _read(overlay: Path | None) -> tuple[Prompts, tuple[PromptError, ...]]:
    """Return all files read, as far as they hold, and the first fault of each that does not."""
    if overlay is not None and not overlay.is_dir():
        raise PromptError(f"{overlay}: there is no such folder; REWRITER_PROMPTS names one with prompt files.")
    folders = (overlay, SHIPPED) if overlay else (SHIPPED,)
    environment = _sandbox(folders)
    wrong: list[PromptError] = []

    def read(pattern: str, reader: Callable[[Path], T]) -> dict[str, T]:
        found: dict[str, T] = {}
        for path in _files(folders, pattern):
            try:
                found[path.stem] = reader(path)
            except PromptError as error:
                wrong.append(error)
        return found

    for path in sorted(overlay.rglob("*")) if overlay else ():
        try:
            _check_name(path, overlay or path)
        except PromptError as error:
            wrong.append(error)
    read("**/*.j2", lambda path: _check_template(path, folders, environment))
    tones = read("tones/*.toml", _tone)
    named = {path.stem for path in _files(folders, "tones/*.toml")}  # a wrong profile is told once
    prompts = Prompts(
        tones,
        read("phrasebook/*.toml", lambda path: _book(path, named)),
        read("notes/*.toml", _note_words),
        read("decline.toml", _declined).get("decline", {}),
        read("routing.toml", lambda path: routing.read(path, named)).get("routing", ()),
        folders,
        environment,
    )
    return prompts, tuple(wrong)


def _sandbox(folders: Sequence[Path]) -> SandboxedEnvironment:
    texts = {}  # read now: an admin who edits a file changes the next load, not a run that is under way
    for path in _files(folders, "**/*.j2"):
        folder = next(folder for folder in folders if path.is_relative_to(folder))
        texts[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8", errors="replace")
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


def shipped_files() -> tuple[str, ...]:
    """Return the paths of the files that admins may lay others over, below the shipped folder."""
    files = (path.relative_to(SHIPPED) for path in SHIPPED.rglob("*") if path.is_file())
    return tuple(sorted(path.as_posix() for path in files if path.suffix not in (".py", ".pyc")))


def _check_name(path: Path, overlay: Path) -> None:
    """Refuse a file that would never be read."""
    name = path.relative_to(overlay)
    hidden = any(part.startswith((".", "__")) for part in name.parts)
    if path.is_dir() or hidden or path.suffix in (".md", ".jsonl") or name.as_posix() in shipped_files():
        return
    if re.fullmatch(r"(tones|phrasebook|notes)/[\w-]+\.toml", name.as_posix()):
        return
    close = get_close_matches(name.as_posix(), shipped_files(), n=1)
    hint = (
        f"did you mean {close[0]}?" if close else "new ones go into tones/, phrasebook/ or notes/, as .toml files."
    )
    raise PromptError(f"{path}: no prompt file has this name; {hint}")


def _check_template(path: Path, folders: Sequence[Path], environment: SandboxedEnvironment) -> None:
    """Have a .j2 file parse, and use only variables that the shipped file of its name knows."""
    folder = next(folder for folder in folders if path.is_relative_to(folder))
    shipped = SHIPPED / path.relative_to(folder)
    if not shipped.exists():
        return  # its name is refused already
    used = _used(environment, path)
    known = _variables(shipped, environment)
    _forbid_unknown(used - known, known, path, path.read_text(encoding="utf-8"))
    if "marker" in known:
        _check_marked(path, path.relative_to(folder).as_posix(), environment)


def _check_marked(path: Path, name: str, environment: SandboxedEnvironment) -> None:
    """Have a note's template render, and its note be known as ours: else each run would post it once more."""
    line = marker("helpdesk:1:1:0123456789abcdef", "suggested")
    with _told_as(path):
        note = environment.get_template(name).render(html="<p>…</p>", account=("…",), lines=("…",), marker=line)
    if marker_of(note) is None:
        raise PromptError(
            f"{path}:1: end the note with {{{{ marker }}}} in a paragraph of its own: it is known by that."
        )


@contextmanager
def _told_as(template: object) -> Iterator[None]:
    """Tell whatever a template's own expressions raise as its fault, without the values they were about."""
    try:
        yield
    except TemplateError as error:
        raise PromptError(f"{template}:{getattr(error, 'lineno', None) or 1}: {error}.") from None
    except Exception as error:
        raise PromptError(f"{template}:1: it cannot be filled in ({type(error).__name__}).") from None


def template_variables(name: str) -> frozenset[str]:
    """Return the variables that a template may use: those that the shipped file declares, or else uses itself."""
    return frozenset(_variables(SHIPPED / name, _sandbox((SHIPPED,))))


def _variables(shipped: Path, environment: SandboxedEnvironment) -> set[str]:
    declared = _DECLARED.search(shipped.read_text(encoding="utf-8"))
    return set(re.split(r"[,\s]+", declared[1])) if declared else _used(environment, shipped)


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
    for key in ("prefer", "ban", "never_apologise"):
        _check_notation(getattr(tone, key), path)
    for key in ("prefer", *_WORD_FOR_WORD):
        _forbid_banned(getattr(tone, key), tone.ban, path)
    for key, most in _MOST.items():
        if not 1 <= getattr(tone, key) <= most:
            raise PromptError(f"{path}:{_line(path, key)}: {key} is 1 to {most}; take moves out to add nothing.")
    for text in (text for key in _WORD_FOR_WORD for text in getattr(tone, key)):
        if len(text.split()) > tone.max_added_words:
            most = tone.max_added_words
            raise PromptError(
                f"{path}:{_line(path, text)}: longer than max_added_words ({most}), so it would never be said: "
                "shorten it."
            )
    for code in tone.languages:
        if not re.fullmatch("[a-z]{2}", code):
            raise PromptError(
                f"{path}:{_line(path, 'languages')}: {code!r} is no language code; write two small letters: en, de."
            )
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


def _book(path: Path, tones: Collection[str]) -> Phrasebook:
    book = read_toml(path, Phrasebook, language=path.stem)
    _forbid_empty_lists(path)
    for greeting in book.greeting.values():
        _forbid_banned((*greeting.named, *greeting.nameless), book.ban, path)
        _check_phrases(greeting.named, GREETING_WORDS, path)
        _check_phrases(greeting.nameless, frozenset(), path)
    for register in ("casual", "neutral", "formal"):
        if register not in book.greeting:
            raise PromptError(f"{path}:{_line(path, '[greeting')}: [greeting.{register}] is missing; add it.")
    _check_phrases((*book.topic.values(), *book.with_topic.values()), TOPIC_WORDS, path)
    _check_phrases(tuple(book.called.values()), NAME_WORDS, path)
    for words in (*book.address.values(), *book.names.values()):
        _check_notation(words, path)
    for passage in book.passage:
        for tone in passage.tones:
            if tone not in tones:
                known, quoted = ", ".join(sorted(tones)), f'"{tone}"'
                raise PromptError(f"{path}:{_line(path, quoted)}: there is no tone {tone!r}; name one of {known}.")
        _check_phrases(passage.say, PASSAGE_WORDS, path)
        _forbid_banned(passage.say, book.ban, path)
    for habit in book.does.values():
        _check_notation(habit, path)
    cold_wordings = tuple(replace(cold, find=_with_choices(cold.find, book.becomes)) for cold in book.cold)
    for cold in cold_wordings:
        _check_notation((cold.find, *cold.unless), path)
        _check_phrases((cold.say,), slots(cold.find), path)
        _forbid_banned((cold.say,), book.ban, path)
    return replace(book, cold=cold_wordings)


def _with_choices(find: str, becomes: Mapping[str, Mapping[str, str]]) -> str:
    """Return a cold wording in which each slot of `becomes` names the words that it stands for."""
    for slot, words in becomes.items():
        find = find.replace(f"<{slot}>", f"<{slot}={'|'.join(words)}>")
    return find


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
        if not phrase.strip():
            raise PromptError(f"{path}:{_line(path, phrase)}: an empty phrase; fill it or take it out.")
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
    parsed = _BARE.parse(phrase)
    for statement in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends):
        if other := parsed.find(statement):
            raise TemplateSyntaxError("a phrase cannot take in another file", other.lineno)
    if inner := next((one for one in parsed.find_all(nodes.Getattr) if one.attr.startswith("_")), None):
        raise TemplateSyntaxError(f"{inner.attr!r} is no part of a phrase's variables", inner.lineno)
    return frozenset(meta.find_undeclared_variables(parsed))


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
