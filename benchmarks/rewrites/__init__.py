"""Replies and rewrites of our own, as people who support customers write them: right ones and wrong ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A draft and its rewrite; `kind` is "light", "good", or what a wrong one does."""

    language: str
    kind: str
    draft: str
    text: str
    name: str  # the requester's, "" where unknown
    aside: bool  # kept aside: no rule and no list was made with it in sight

    @property
    def wrong(self) -> bool:
        return self.kind not in ("light", "good")


def languages() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("??.toml"))


def rewrites(language: str) -> Iterator[Rewrite]:
    """Yield every rewrite of a language, in the order of its file."""
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    for reply in data["reply"]:
        for kind, texts in {"light": reply["light"], "good": reply["good"], **reply["wrong"]}.items():
            for text in texts:
                yield Rewrite(language, kind, reply["draft"], text, reply["name"], reply.get("aside", False))
