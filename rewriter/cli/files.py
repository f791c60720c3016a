"""Reading what a person hands to a command: a text, or JSON objects line by line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from rewriter.errors import InputError


def read_text(path: str) -> str:
    """Return the text of a file, or of standard input for `-`; line ends stay as they are.

    Raises InputError where it cannot be read or is not UTF-8.
    """
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: {(error.strerror or 'cannot be read').lower()}; name a file that can be read."
        ) from None
    return _decoded(content, "standard input" if path == "-" else path)


def rows(path: str) -> Iterator[tuple[int, Mapping[str, Any] | InputError]]:
    """Yield each line's number and JSON object, in order; an InputError in the place of a line that holds none.

    Blank lines are skipped. Raises InputError where the file cannot be opened.
    """
    try:
        source: BinaryIO = sys.stdin.buffer if path == "-" else Path(path).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(
            f"{path}: {(error.strerror or 'cannot be read').lower()}; name a file that can be read."
        ) from None
    with source:
        for number, line in enumerate(source, start=1):
            if line.strip():
                yield number, _row(line, f"line {number}")


def text_field(row: Mapping[str, Any], field: str) -> str:
    """Return a row's text under `field`, "" where it has none; raises InputError where it is no text."""
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"{field!r} must be a text, not {type(value).__name__}.")
    return value


def row_id(row: Mapping[str, Any] | InputError) -> Any:
    """Return a row's id as it was given, None where it has none."""
    return None if isinstance(row, InputError) else row.get("id")


def refused(number: int, row: Mapping[str, Any] | InputError, error: Exception) -> dict[str, Any]:
    """Return the object that answers a row which could not be done: its id, and what is wrong with which line."""
    said = str(error) if error is row else f"line {number}: {error}"
    return {"id": row_id(row), "error": said}


def _row(line: bytes, place: str) -> Mapping[str, Any] | InputError:
    try:
        row = json.loads(_decoded(line, place))
    except InputError as error:
        return error
    except (ValueError, RecursionError):
        return InputError(f"{place} is not JSON: give one object a line.")
    if not isinstance(row, dict):
        return InputError(f"{place} is not a JSON object: give one object a line.")
    return row


def _decoded(content: bytes, place: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{place} is not UTF-8 text (byte {error.start}): save it as UTF-8.") from None
