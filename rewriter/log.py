"""What the program says of itself on standard error: one line an event, as key=value or as JSON.

No line holds a customer's text or a secret: events carry draft keys, outcomes, times and figures.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Literal

_LOGGER = logging.getLogger("rewriter")
_BARE = re.compile(r"[^\s\"'=]+")


def start(style: Literal["text", "json"], level: int = logging.INFO) -> None:
    """Send what the program says from `level` on to standard error, in the style asked for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line(style))
    _LOGGER.handlers = [handler]
    _LOGGER.propagate = False
    _LOGGER.setLevel(level)


def tell_the_end(line: str, status: int) -> None:
    """Tell what ended a command: a line for a person, or an event where standard error is JSON."""
    if any(isinstance(handler.formatter, _Line) and handler.formatter.in_json for handler in _LOGGER.handlers):
        say("ended", level=logging.ERROR, error=line, exit=status)
    else:
        print(f"rewriter: {line}", file=sys.stderr)


def say(event: str, *, level: int = logging.INFO, **values: Any) -> None:
    """Log an event with its values; those that are None are left out."""
    _LOGGER.log(level, event, extra={"values": values})


class _Line(logging.Formatter):
    def __init__(self, style: Literal["text", "json"]) -> None:
        super().__init__()
        self.in_json = style == "json"

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, whatever an adapter or a library logged."""
        values = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": " ".join(record.getMessage().split()),
            **{name: value for name, value in getattr(record, "values", {}).items() if value is not None},
        }
        if self.in_json:
            return json.dumps(values, default=str)
        return " ".join(f"{name}={_written(value)}" for name, value in values.items())


def _written(value: Any) -> str:
    text = str(value)
    bare = _BARE.fullmatch(text) and text.isprintable()
    return text if bare else json.dumps(text, ensure_ascii=not text.isprintable())
