"""The folders that prompt files lie in: the shipped one, and an admin's laid over it file by file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import rewriter.prompts
from rewriter.errors import PromptError

SHIPPED = Path(rewriter.prompts.__file__).parent  # wherever the package lies: installed, or a checkout


def files(folders: Sequence[Path], pattern: str) -> list[Path]:
    """Return the files that match, by their path below a folder; an earlier folder's stands for a later one's."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found.update({str(path.relative_to(folder)): path for path in sorted(folder.glob(pattern))})
    return [found[name] for name in sorted(found)]


def shipped_files() -> tuple[str, ...]:
    """Return the paths of the files that admins may lay others over, below the shipped folder."""
    files = (path.relative_to(SHIPPED) for path in SHIPPED.rglob("*") if path.is_file())
    return tuple(sorted(path.as_posix() for path in files if path.suffix not in (".py", ".pyc")))


def check_name(path: Path, overlay: Path) -> None:
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
