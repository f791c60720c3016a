"""The .j2 files: sandboxed, checked against the variables that the shipped file of the same name knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

from rewriter.errors import PromptError
from rewriter.handover import marker, marker_of
from rewriter.prompting.folders import SHIPPED, files

_DECLARED = re.compile(r"\{#-?\s*variables:\s*([^#]*?)\s*-?#\}")


def sandbox(folders: Sequence[Path]) -> SandboxedEnvironment:
    """Return where the .j2 files of these folders are filled in: they reach neither files nor objects' insides."""
    texts = {}  # read now: an admin who edits a file changes the next load, not a run that is under way
    for path in files(folders, "**/*.j2"):
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
    _forbid_unknown(used - known, known, path, path.read_text(encoding="utf-8"))
    if "marker" in known:
        _check_marked(path, path.relative_to(folder).as_posix(), environment)


def _check_marked(path: Path, name: str, environment: SandboxedEnvironment) -> None:
    """Have a note's template render, and its note be known as ours: else each run would post it once more."""
    line = marker("helpdesk:1:1:0123456789abcdef", "suggested")
    with told_as(path):
        note = environment.get_template(name).render(html="<p>…</p>", account=("…",), lines=("…",), marker=line)
    if marker_of(note) is None:
        raise PromptError(
            f"{path}:1: end the note with {{{{ marker }}}} in a paragraph of its own: it is known by that."
        )


@contextmanager
def told_as(template: object) -> Iterator[None]:
    """Tell whatever a template's own expressions raise as its fault, without the values they were about."""
    try:
        yield
    except TemplateError as error:
        raise PromptError(f"{template}:{getattr(error, 'lineno', None) or 1}: {error}.") from None
    except Exception as error:
        raise PromptError(f"{template}:1: it cannot be filled in ({type(error).__name__}).") from None


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
