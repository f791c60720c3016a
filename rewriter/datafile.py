"""TOML files that people edit, read strictly into frozen values: a wrong entry is one line with file and line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from rewriter.errors import PromptError
from rewriter.tomltext import Lines, Place, in_plain_words

T = TypeVar("T")

_SHOWN = 60  # letters of a wrong value that are shown


@dataclass(frozen=True, slots=True)
class DataFile:
    """A TOML file that is being checked: its text, its content, and what was found wrong so far."""

    path: Path
    text: str
    content: Mapping[str, Any]
    _found: dict[Place, str] = field(default_factory=dict)

    def wrong(self, said: str, *place: str | int) -> None:
        """Note what is wrong with an entry, and the mend; of one entry the first fault is told."""
        self._found.setdefault(place, said)

    @property
    def holds(self) -> bool:
        """Whether nothing wrong was found so far."""
        return not self._found

    def line(self, *place: str | int) -> int:
        """Return the line on which an entry stands, or the nearest that holds it."""
        lines = _places(self.text)
        return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), 1)

    def at(self, *place: str | int) -> Any:
        """Return the entry of a place; None where there is none."""
        value: Any = self.content
        for part in place:
            value = dict(_inside(value)).get(part)
        return value

    def texts(self, *place: str | int) -> Iterator[tuple[Place, str]]:
        """Yield each text at a place or below it, with its own place."""
        found = self.at(*place)
        for below, value in ((), found), *_entries(found):
            if isinstance(value, str):
                yield (*place, *below), value

    def refuse_wrong(self) -> None:
        """Raise PromptError with all that was found, by line; nothing where all holds."""
        if self._found:
            told = sorted((self.line(*place), said) for place, said in self._found.items())
            raise PromptError(*(f"{self.path}:{line}: {said}" for line, said in told))

    def forbid_empty_lists(self) -> None:
        """Note each list that is empty."""
        for place, value in _entries(self.content):
            if value == []:
                self.wrong(f"{place[-1]!r} is an empty list; fill it or take the line out.", *place)

    def read(self, shape: type[T], **given: Any) -> T:
        """Return the content as a `shape`, a frozen dataclass whose fields are the file's keys.

        `given` fills fields that do not stand in the file (its name, say). Raises PromptError with all that was
        found where a key is unknown or missing, or a value has the wrong type: nothing is converted.
        """
        for key in sorted(set(self.content) & set(given)):
            self.wrong(f"{key!r} is not a key of this file; take it out.", key)
        _forbid_unknown_keys(shape)
        try:
            entries = json.dumps({**self.content, **given}, default=lambda moment: {"": str(moment)})
            return TypeAdapter(shape).validate_json(entries, strict=True)  # JSON's arrays may be tuples
        except ValidationError as error:
            for one in error.errors(include_url=False):
                place = tuple(part for part in one["loc"] if part != "[key]")
                known = [key for key in _keys(shape, place) if key not in given]
                kind = "key" if place != one["loc"] else one["type"]
                self._found[place] = _said(kind, one.get("ctx", {}), place, self.at(*place), known)
        self.refuse_wrong()
        raise AssertionError("a file that does not fit holds something wrong")


def open_toml(path: Path) -> DataFile:
    """Return a file for checking; raises PromptError with file, line and the mend where it is no TOML."""
    text = read_text(path)
    try:
        return DataFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line, said = in_plain_words(str(error), text)
        raise PromptError(f"{path}:{line}: {said}") from None
    except RecursionError:
        raise PromptError(f"{path}: its brackets stand too deep within one another; close them.") from None


def read_toml(path: Path, shape: type[T], **given: Any) -> T:
    """Return the file's content as a `shape`; raises PromptError with file, line and the mend."""
    file = open_toml(path)
    value = file.read(shape, **given)
    file.refuse_wrong()
    return value


def read_text(path: Path) -> str:
    """Return a file's text, without the mark that Notepad puts before it; raises PromptError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PromptError(f"{path}: {(error.strerror or 'it cannot be read').lower()}.") from None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PromptError(f"{path}:{line}: this is no UTF-8 text; save it as UTF-8 in your editor.") from None


@lru_cache(maxsize=1)
def _places(text: str) -> Mapping[Place, int]:
    return Lines(text).places


def nearest(word: str, known: Sequence[str]) -> str:
    """Return "did you mean 'formal'? The known ones are: …", the first half only where one is near."""
    close = get_close_matches(word, known, n=1)
    names = ", ".join(known) or "none"
    return f"did you mean {close[0]!r}? The known ones are: {names}." if close else f"the known ones are: {names}."


# --- entries of the wrong shape -------------------------------------------------------------------------


def _said(kind: str, more: Mapping[str, Any], place: Place, value: Any, keys: Sequence[str]) -> str:
    """Return what is wrong with an entry, and the mend."""
    named = [part for part in place if isinstance(part, str)]
    key = named[-1] if named else ""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    known = [one for one in re.findall(r"'([^']*)'", more.get("expected", "")) if one]
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{key}: unknown key; {nearest(key, sorted(keys))}"
    if kind == "key":
        return f"{key}: unknown key below {named[-2]!r}; {nearest(key, known)}"
    if kind in ("missing", "missing_argument"):
        return f"{key}: this key is missing; add it."
    if kind == "literal_error":
        return f"{key}: {shown} is not known; {nearest(str(value), known)}"
    meant = "false" if str(value).lower() in ("no", "false", "off", "0") else "true"
    bare = value if isinstance(value, str) and re.fullmatch(r"\d+", value) else "20"
    written = shown if isinstance(value, str) else json.dumps(str(value), ensure_ascii=False)
    table = ".".join(named)
    table = f"[[{table}]]" if place and isinstance(place[-1], int) else f"[{table}]"
    mend = {
        "bool_type": f"write true or false, without quotes: {key} = {meant}",
        "int_type": f"write a whole number, without quotes: {key} = {bare}",
        "string_type": "write a text in quotes" + (f": {written}" if not isinstance(value, list | dict) else ""),
        "tuple_type": f"write a list: [{written}]",
        "dict_type": f"write a table of its own, under a line {table}",
        "dataclass_type": f"write a table of its own, under a line {table}",
    }.get(kind, "this value cannot be")
    if kind == "tuple_type" and isinstance(value, dict):
        return f'{key}: this is one table; write [[{key}]] for one of several, or a list: {key} = ["…"].'
    return f"{key}: {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}: {mend}."


def _keys(shape: Any, place: Place) -> Sequence[str]:
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


def _entries(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    for key, inner in _inside(value):
        yield (*place, key), inner
        yield from _entries(inner, (*place, key))


def _inside(value: Any) -> Iterable[tuple[Any, Any]]:
    """Return what a table holds by its keys, and what a list holds by its numbers."""
    return value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
