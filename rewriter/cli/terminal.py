"""What a person's terminal is shown."""

from __future__ import annotations

_STEERING = {number: None for number in (*range(32), *range(127, 160)) if chr(number) not in "\n\t"}


def readable(text: str) -> str:
    """Return a text without control characters: what a ticket holds is read at a terminal and does not steer it."""
    return text.translate(_STEERING)
