"""An admin's folder over the shipped files: what was copied from which shipped file, and what became of both."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from rewriter.errors import InputError
from rewriter.lexicon import languages
from rewriter.prompting import SHIPPED, Prompts, shipped_files
from rewriter.prompting.declined import read_declined
from rewriter.prompting.folders import passed_over
from rewriter.prompting.tones import WORD_FOR_WORD

COPIED = ".copied.sha256"  # in the admin's folder: digests of the shipped files as they were copied or seen last


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of an admin's folder, what it is to the shipped one, and whether there is something to do."""

    name: str
    said: str
    to_do: bool = False
    same: bool = False


def copy_shipped(folder: Path, names: Iterable[str] = ()) -> list[str]:
    """Copy shipped files, all or those named, into a folder, note what they were, and return their names.

    Raises InputError, and copies nothing, where a name is not known or a file stands there already.
    """
    wanted = list(names) or list(shipped_files())
    for name in wanted:
        _check_known(name)
        if (folder / name).exists():
            raise InputError(f"{folder / name}: this file is there already, and none is overwritten.")
    for name in wanted:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SHIPPED / name, folder / name)
    _note(folder, wanted)
    return wanted


def mark_seen(folder: Path, names: Iterable[str]) -> None:
    """Note that an admin's files are up with the shipped ones, whatever is in them. Raises InputError."""
    for name in names:
        _check_known(name)
        if not (folder / name).exists():
            raise InputError(f"{folder / name}: there is no such file; without --seen it is copied.")
    _note(folder, names)


def layers(folder: Path, prompts: Prompts, *, model: bool) -> Iterator[Layer]:
    """Yield each prompt file of an admin's folder, how it stands to the shipped one, and what it does not do.

    `model` says that a model writes, which needs no phrasebook.
    """
    copied = _copied(folder)
    known = shipped_files()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        ours = name.as_posix() in known or path.suffix in (".toml", ".j2")
        if path.is_dir() or passed_over(name) or not ours:
            continue
        layer = _layer(path, name.as_posix(), known, copied)
        short = [] if layer.same else list(_falls_short(name, prompts, model=model))
        yield replace(layer, said="; ".join((layer.said, *short)), to_do=layer.to_do or bool(short))


def _layer(path: Path, name: str, known: Collection[str], copied: Mapping[str, str]) -> Layer:
    if name in known:
        return _against_shipped(name, _digest(path), _digest(SHIPPED / name), copied.get(name))
    here = Path(name)
    near = [Path(one).stem for one in known if Path(one).parent == here.parent]
    close = get_close_matches(here.stem, near, n=1, cutoff=0.85)
    hint = f" (did you mean {here.with_stem(close[0]).as_posix()}?)" if close else ""
    return Layer(name, f"yours, new{hint}")


def _falls_short(name: Path, prompts: Prompts, *, model: bool) -> Iterator[str]:
    """Yield what a file that holds leaves undone, as its admin may not know."""
    if name.as_posix() == "decline.toml":
        gone = [matter for matter in read_declined(SHIPPED / "decline.toml") if matter not in prompts.declined]
        if gone:
            yield f"NO LONGER DECLINED: {', '.join(gone)}; to decline them, copy them from the shipped file"
    tone = prompts.tones.get(name.stem) if name.parent == Path("tones") else None
    if tone:
        for key, move in WORD_FOR_WORD.items():
            if move in tone.moves and move != "relatability" and not getattr(tone, key):
                yield f"the move {move!r} is never made without texts in {key}"
        mute = [code for code in tone.languages if code not in prompts.phrasebooks]
        if mute and not model:
            yield f"drafts in {', '.join(mute)} stay as they are: without a model that needs a phrasebook"
    if name.parent == Path("phrasebook") and name.stem not in languages("assertions"):
        yield f"nothing of it is ever said: added sentences cannot be checked in the language {name.stem!r}"


def _against_shipped(name: str, ours: str, shipped: str, copied: str | None) -> Layer:
    if ours == shipped:
        return Layer(name, "the same as the shipped one, so needless: remove it", True, same=True)
    if copied and ours == copied:
        return Layer(name, "an unchanged copy of an older shipped one: remove it, or copy it anew", True)
    if copied and copied != shipped:
        return Layer(
            name,
            f"yours; LAGS BEHIND: the shipped one has changed since your copy; compare with {SHIPPED / name}, then "
            f"`rewriter tones copy --seen FOLDER {name}`",
            True,
        )
    known = "" if copied else " (of which version it is a copy is not known)"
    return Layer(name, f"yours, in place of the shipped one{known}")


def _check_known(name: str) -> None:
    known = shipped_files()
    if name not in known:
        named = [one for one in known if Path(one).name.partition(".")[0] == Path(name).name.partition(".")[0]]
        close = sorted(named, key=lambda one: one.startswith("notes/")) or get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"the files are: {', '.join(known)}."
        raise InputError(f"{name}: there is no such shipped file; {hint}")


def _note(folder: Path, names: Iterable[str]) -> None:
    noted = _copied(folder) | {name: _digest(SHIPPED / name) for name in names}
    (folder / COPIED).write_text("".join(f"{noted[name]}  {name}\n" for name in sorted(noted)), encoding="utf-8")


def _copied(folder: Path) -> dict[str, str]:
    path = folder / COPIED
    if not path.exists():
        return {}
    try:
        rows = [line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {name: digest for digest, name in rows}
    except (ValueError, OSError):
        raise InputError(f"{path}: cannot be read; remove it, and lint no longer knows what lags behind.") from None


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
