"""The words of each language that rules work with: one folder a language, data that anyone can read and extend."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

from rewriter.datafile import read_toml

T = TypeVar("T")

FOLDER = Path(__file__).parent / "lexicons"


@cache
def load(part: str, language: str, shape: type[T]) -> T | None:
    """Return `lexicons/<language>/<part>.toml` as a `shape`; None where that language has no such file.

    Raises PromptError with file and line on a bad entry.
    """
    path = FOLDER / language / f"{part}.toml"
    return read_toml(path, shape) if path.exists() else None


def languages(part: str) -> tuple[str, ...]:
    """Return the languages (ISO 639-1) that have this part, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{part}.toml")))
