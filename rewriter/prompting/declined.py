"""What is declined, decline.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from rewriter.datafile import open_toml
from rewriter.prompting.phrases import check_notation


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
    file = open_toml(path)
    file.forbid_empty_lists()
    matters = file.read(_Declined).matters
    for name, matter in matters.items():
        check_notation(file, "matters", name, "phrases")
        if not matter.tell.strip():
            file.wrong("tell is empty; write what the agent reads.", "matters", name, "tell")
        for code in matter.tell_in:
            if not re.fullmatch("[a-z]{2}", code):
                said = f"{code!r} is no language code; write two small letters: tell_in.de."
                file.wrong(said, "matters", name, "tell_in", code)
    file.refuse_wrong()
    return matters
