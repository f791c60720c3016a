"""TOML files that people edit, read strictly into frozen values: a wrong entry is one line with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from rewriter.errors import PromptError

T = TypeVar("T")

_SAID = {
    "unexpected_keyword_argument": "unknown key; the known ones are: {known}",
    "extra_forbidden": "unknown key; the known ones are: {known}",
    "missing": "this key is missing",
    "missing_argument": "this key is missing",
}


def read_toml(path: Path, shape: type[T], **given: Any) -> T:
    """Return the file's content as a `shape`, a frozen dataclass whose fields are the file's keys.

    `given` fills fields that do not stand in the file (its name, say). Raises PromptError with file and line
    where the file is no TOML, a key is unknown or missing, or a value has the wrong type.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path}: cannot be read as UTF-8 text ({error.__class__.__name__}).") from None
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{path}: not valid TOML: {error}.") from None
    clash = sorted(set(content) & set(given))
    if clash:
        raise PromptError(f"{path}:{line_of(text, clash)}: {clash[0]!r} is not a key of this file.")
    _forbid_unknown_keys(shape)
    try:
        value = TypeAdapter(shape).validate_python({**content, **given})
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"]]
        known = ", ".join(sorted(_keys(shape, first["loc"])))
        said = _SAID.get(first["type"], first["msg"][0].lower() + first["msg"][1:]).format(known=known)
        raise PromptError(f"{path}:{line_of(text, place)}: {'.'.join(place)}: {said}.") from None
    return value


def _keys(shape: Any, place: Sequence[str | int]) -> Sequence[str]:
    """Return the keys of the dataclass that holds the last part of `place`, a way into a `shape`."""
    for part in place[:-1]:
        inner = get_type_hints(shape).get(part, shape) if is_dataclass(shape) and isinstance(part, str) else shape
        while not is_dataclass(inner) and get_args(inner):
            inner = next((one for one in reversed(get_args(inner)) if is_dataclass(one) or get_args(one)), None)
        shape = inner
    return list(getattr(shape, "__dataclass_fields__", {}))


def _forbid_unknown_keys(shape: Any) -> None:
    """Have pydantic refuse keys that a dataclass, or one nested in it, does not name."""
    if is_dataclass(shape):
        dataclass: Any = shape
        dataclass.__pydantic_config__ = ConfigDict(extra="forbid")  # pydantic's own hook
        for hint in get_type_hints(shape).values():
            _forbid_unknown_keys(hint)
    for inner in get_args(shape):
        _forbid_unknown_keys(inner)


def line_of(text: str, place: list[str]) -> int:
    """Return the line (from 1) on which the deepest named key of `place` stands, as far as it can be found."""
    line = 1
    for part in place:
        if part.isdigit():
            continue
        key = re.compile(rf'^\s*(?:\[+[^\]\n]*\b{re.escape(part)}"?\s*\]+|"?{re.escape(part)}"?\s*[.=])', re.M)
        found = key.search(text, sum(len(row) + 1 for row in text.splitlines()[: line - 1]))
        if found:
            line = text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1
    return line
