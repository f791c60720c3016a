"""The mutation suite: wrong rewrites made by a grammar of edits over drafts of our own, and right ones."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent
FILLS = 14  # times that each sentence is filled with values

SLOT = re.compile(r"\{(\w+)\}")
SWAPPED = re.compile(r"«([^»]*)»(.*?)«([^»]*)»")
ENTITY, DATE = {"product", "person", "card"}, {"date"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A draft and its rewrite, one sentence of which was edited."""

    kind: str  # of the edit
    language: str
    sentence: str  # of the draft, as written
    edited: str  # what was made of it
    before: str = ""  # the sentences around it
    after: str = ""
    wrong: bool = True

    @property
    def draft(self) -> str:
        return f"{self.before} {self.sentence} {self.after}".strip()

    @property
    def rewrite(self) -> str:
        return f"{self.before} {self.edited} {self.after}".strip()


@dataclass(frozen=True, slots=True)
class Claim:
    """An added sentence: one that says more than it may, or a warm one that may stand."""

    language: str
    text: str
    customer: str
    topic: str
    wrong: bool = True


def languages() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("??.toml"))


def pairs(language: str) -> Iterator[Pair]:
    """Yield wrong rewrites, then right ones; the same ones every time."""
    data = _data(language)
    random = Random(language)  # noqa: S311 - the same cases every time, no secret
    spaced = "" if language == "ja" else " "
    for template in data["sentences"]:
        for _ in range(FILLS):
            values = {slot: random.choice(many) for slot, many in data["slots"].items()}
            around = [_fill(_plain(random.choice(data["sentences"])), values) for _ in range(2)]
            for kind, edited in _edits(template, data, values, random, spaced):
                sentence, wrong = _fill(_plain(template), values), _fill(edited, values)
                wrong = wrong[:1].upper() + wrong[1:]
                if wrong != sentence:
                    yield Pair(kind, language, sentence, wrong, *around)
    for kind, good in data["good"].items():
        for draft, rewrite in good:
            yield Pair(kind, language, draft, rewrite, wrong=False)
        if kind == "light":
            for template in data["sentences"]:
                values = {slot: random.choice(many) for slot, many in data["slots"].items()}
                sentence = _fill(_plain(template), values)
                yield Pair(
                    "carried", language, sentence, sentence, "", _fill(_plain(data["sentences"][0]), values), False
                )


def claims(language: str) -> Iterator[Claim]:
    """Yield claims slipped into added sentences, then warm sentences that claim nothing."""
    data = _data(language)["claims"]
    for said, wrong in [*((said, True) for said in data["say"]), *((said, False) for said in data.get("warm", ()))]:
        topics = data["topics"] if "{topic}" in said else data["topics"][:1]
        for topic in topics:
            customer = data["customer"].replace("{topic}", topic)
            yield Claim(language, said.replace("{topic}", topic), customer, topic, wrong)


def _data(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def _edits(
    template: str, data: dict[str, Any], values: dict[str, str], random: Random, space: str
) -> Iterator[tuple[str, str]]:
    plain = _plain(template)
    for kind, edits in data["edits"].items():
        for find, put in edits:
            if find in plain:
                yield kind, plain.replace(find, put, 1)
    for found in SLOT.finditer(plain):
        slot = found[1]
        others = [value for value in data["slots"][slot] if value != values[slot]]
        kind = "entity" if slot in ENTITY else "date" if slot in DATE else "number"
        yield kind, plain.replace(found[0], random.choice(others), 1)
    if "<" in template:
        yield "deletion", _plain(re.sub(r"<[^>]*>", "", template))
    end = len(plain.rstrip(".。"))
    yield "insertion", plain[:end] + random.choice(data["insertions"]) + plain[end:]
    if swapped := SWAPPED.search(template):
        turned = template[: swapped.start()] + swapped[3] + swapped[2] + swapped[1] + template[swapped.end() :]
        yield "order", turned


def _plain(template: str) -> str:
    return re.sub("[<>«»]", "", template)


def _fill(template: str, values: dict[str, str]) -> str:
    return SLOT.sub(lambda found: values[found[1]], template)
