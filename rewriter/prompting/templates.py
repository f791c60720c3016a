"""The .j2 files: sandboxed, checked against the variables that the shipped file of the same name knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

from rewriter.datafile import read_text
from rewriter.errors import PromptError
from rewriter.handover import marker, marker_of
from rewriter.prompting.folders import SHIPPED, files

_SUGGESTION = "<p>…</p>"
_RULE = re.compile(r"<hr\b[^>]*>", re.I)
_REMARK = re.compile(r"\{#.*?#\}", re.S)
_ALONE = re.compile(r"\{\{-?\s*html\s*\|\s*safe\s*-?\}\}|<hr\b[^>]*>")
_DECLARED = re.compile(r"\{#-?\s*variables:\s*([^#]*?)\s*-?#\}")


def sandbox(folders: Sequence[Path]) -> SandboxedEnvironment:
    """Return where the .j2 files of these folders are filled in: they reach neither files nor objects' insides."""
    texts = {}  # read now: an admin who edits a file changes the next load, not a run that is under way
    for path in files(folders, "**/*.j2"):
        folder = next(folder for folder in folders if path.is_relative_to(folder))
        texts[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8-sig", errors="replace")
    loader = DictLoader(texts)
    return SandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template_variables(name: str) -> frozenset[str]:
    """Return the variables that a template may use: those that the shipped file declares, or else uses itself."""
    return frozenset(_variables(SHIPPED / name, sandbox((SHIPPED,))))


def check_template(path: Path, folders: Sequence[Path], environment: SandboxedEnvironment) -> None:
    """Have a .j2 file parse, and use only variables that the shipped file of its name knows."""
    folder = next(folder for folder in folders if path.is_relative_to(folder))
    shipped = SHIPPED / path.relative_to(folder)
    if not shipped.exists():
        return  # its name is refused already
    used = _used(environment, path)
    known = _variables(shipped, environment)
    text = read_text(path)
    _forbid_unknown(used - known, known, path, text)
    if "marker" in known:
        _check_note(path, path.relative_to(folder).as_posix(), environment, text)


def _check_note(path: Path, name: str, environment: SandboxedEnvironment, text: str) -> None:
    """Have a note's template render, and its note be known as ours: else each run would post it once more."""
    line = marker("helpdesk:1:1:0123456789abcdef", "suggested")
    with told_as(path):
        note = environment.get_template(name).render(
            html=_SUGGESTION, account=("…", "…"), lines=("…", "…"), marker=line
        )
    if marker_of(note) is None:
        raise PromptError(
            f"{path}:1: end the note with {{{{ marker }}}} in a paragraph of its own: it is known by that."
        )
    if name == "note.html.j2":
        _check_parted(path, note, _without_remarks(text))


def _check_parted(path: Path, note: str, text: str) -> None:
    """Have the suggestion stand alone above the one rule of a note."""
    above, *below = _RULE.split(note)
    rules = [text.count("\n", 0, rule.start()) + 1 for rule in _RULE.finditer(text)]
    if len(below) != 1:
        at = rules[1] if len(rules) > 1 else 1
        raise PromptError(f"{path}:{at}: a note has one <hr>, below the suggestion; here are {len(below)}.")
    if above.strip() != _SUGGESTION:
        rows = enumerate(text.split("\n")[: rules[0] if rules else None], start=1)
        at = next((number for number, row in rows if row.strip() and not _ALONE.fullmatch(row.strip())), 1)
        said = "above the <hr> stands {{ html | safe }} and nothing else: an agent may send what is there."
        raise PromptError(f"{path}:{at}: {said}")


def _without_remarks(text: str) -> str:
    """Return a template's text without its remarks; every line keeps its number."""
    return _REMARK.sub(lambda remark: "\n" * remark[0].count("\n"), text)


@contextmanager
def told_as(template: object) -> Iterator[None]:
    """Tell whatever a template's own expressions raise as its fault, without the values they were about."""
    try:
        yield
    except TemplateError as error:
        said = (error.message or "it cannot be filled in").rstrip(".")
        raise PromptError(f"{template}:{getattr(error, 'lineno', None) or 1}: {said}.") from None
    except Exception as error:
        raise PromptError(f"{template}:1: it cannot be filled in ({type(error).__name__}).") from None


def _variables(shipped: Path, environment: SandboxedEnvironment) -> set[str]:
    declared = _DECLARED.search(shipped.read_text(encoding="utf-8"))
    return set(re.split(r"[,\s]+", declared[1])) if declared else _used(environment, shipped)


def _used(environment: SandboxedEnvironment, path: Path) -> set[str]:
    try:
        return meta.find_undeclared_variables(environment.parse(read_text(path)))
    except TemplateSyntaxError as error:
        said = (error.message or "").rstrip(".")
        raise PromptError(
            f"{path}:{error.lineno}: the marks {{{{ }}}} or {{% %}} are not as they should be ({said})."
        ) from None


def _forbid_unknown(unknown: set[str], known: set[str], path: Path, text: str) -> None:
    """Refuse variables that the shipped template does not know; raises PromptError with a line for each."""
    lines, text = [], _without_remarks(text)
    for name in sorted(unknown):
        place = re.search(rf"\b{re.escape(name)}\b", text)
        line = text.count("\n", 0, place.start()) + 1 if place else 1
        said = f"known here: {', '.join(sorted(known))}" if known else "this template has none"
        lines.append(f"{path}:{line}: unknown variable {name!r}; {said}.")
    if lines:
        raise PromptError(*lines)
