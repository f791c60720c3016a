"""The folders that prompt files lie in: the shipped one, and an admin's laid over it file by file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import rewriter.prompts
from rewriter.errors import PromptError

_LEFT_BY_EDITORS = (".swp", ".swo", ".bak", ".orig", ".tmp")
SHIPPED = Path(rewriter.prompts.__file__).parent  # wherever the package lies: installed, or a checkout


def files(folders: Sequence[Path], pattern: str) -> list[Path]:
    """Return the files that match, by their path below a folder; an earlier folder's stands for a later one's."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        paths = (path for path in sorted(folder.glob(pattern)) if not passed_over(path.relative_to(folder)))
        found.update({str(path.relative_to(folder)): path for path in paths})
    return [found[name] for name in sorted(found)]


def shipped_files() -> tuple[str, ...]:
    """Return the paths of the files that admins may lay others over, below the shipped folder."""
    files = (path.relative_to(SHIPPED) for path in SHIPPED.rglob("*") if path.is_file())
    return tuple(sorted(path.as_posix() for path in files if path.suffix not in (".py", ".pyc")))


def passed_over(name: Path) -> bool:
    """Say whether a file is none of ours: hidden, or what an editor leaves beside the one that it writes."""
    hidden = any(part.startswith((".", "__")) for part in name.parts)
    return hidden or name.name.endswith("~") or name.name.startswith("#") or name.suffix in _LEFT_BY_EDITORS


def check_name(path: Path, overlay: Path) -> None:
    """Refuse a file that would never be read."""
    name = path.relative_to(overlay)
    if path.is_dir() or passed_over(name) or path.suffix in (".md", ".jsonl") or name.as_posix() in shipped_files():
        return
    if re.fullmatch(r"(tones|phrasebook|notes)/[\w-]+\.toml", name.as_posix()):
        return
    raise PromptError(f"{path}: {_renamed(name)}")


def _renamed(name: Path) -> str:
    """Return why a name is none of a prompt file's, and the mend."""
    if name.suffix not in (".toml", ".j2"):
        bare = name.with_suffix("").as_posix()
        known = next((one for one in shipped_files() if bare in (one, one.rpartition(".")[0])), "")
        mend = f"save it as {known}" if known else "take it out of the folder"
        return f"prompt files are plain .toml and .j2 files; {mend}."
    if name.suffix == ".toml" and name.parent.as_posix() in ("tones", "phrasebook", "notes"):
        better = re.sub(r"[^\w-]+", "-", name.stem).strip("-") or "house"
        return f"a name is made of letters, digits, - and _; rename it to {better}.toml."
    close = get_close_matches(name.as_posix(), shipped_files(), n=1)
    hint = (
        f"did you mean {close[0]}?" if close else "new ones go into tones/, phrasebook/ or notes/, as .toml files."
    )
    return f"no prompt file has this name; {hint}"
