"""What is declined, decline.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rewriter.datafile import read_toml
from rewriter.prompting.phrases import check_notation, forbid_empty_lists


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that is declined: what the agent is told, in other languages too, and the phrases that show it."""

    tell: str
    phrases: tuple[str, ...]
    tell_in: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Declined:
    matters: dict[str, Matter]


def read_declined(path: Path) -> dict[str, Matter]:
    """Return what is declined by its name, checked; raises PromptError likewise."""
    matters = read_toml(path, _Declined).matters
    forbid_empty_lists(path)
    for matter in matters.values():
        check_notation(matter.phrases, path)
    return matters
