"""The plan as a model writes it, and a judge's refusals: their JSON schemas, and the strict reading of answers."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any, get_args

from rewriter.model import Carry, Move, MoveKind, Plan, Rephrase, Step

MOVES: dict[str, MoveKind] = {kind[0].upper(): kind for kind in get_args(MoveKind)}  # no two begin alike
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # marks that turn the direction of writing
MOST_ADDED = 12  # steps beyond the draft's sentences; more is no plan, whatever they say


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


# A step is a short string, because an object for each would cost more than many a sentence retyped:
# "2-5" carries sentences 2 to 5, "4 ..." rephrases sentence 4, "V ..." adds a validation. A colon after the label
# is habit, and harmless.
_STEP = re.compile(
    r"(?P<first>[0-9]{1,6})(?:-(?P<last>[0-9]{1,6}))?"
    rf"|(?P<label>[0-9]{{1,6}}|[{''.join(MOVES)}]):? (?P<text>.+)",
    re.S,
)

# The same bytes for every draft: endpoints keep what they made of a schema.
# The pattern has no quotes in texts because some endpoints match it against the JSON itself.
_PATTERN = rf'^([0-9]+(-[0-9]+)?|([0-9]+|[{"".join(MOVES)}]) [^"\\]+)$'
PLAN = _object(steps={"type": "array", "items": {"type": "string", "pattern": _PATTERN}})
REFUSALS = _object(refused={"type": "array", "items": {"type": "integer"}})


def read_plan(answer: str, sentences: int) -> Plan:
    """Return the plan that an answer holds, for a draft of so many sentences.

    Nothing is guessed: an answer that is not wholly a plan raises ValueError with the reason in words that a
    model can act on and that hold nothing of the answer. The order and number of sentences is the guard's matter.
    """
    content = read_object(answer)
    if set(content) != {"steps"} or not isinstance(content["steps"], list):
        raise ValueError('the answer must be one JSON object with the single key "steps", a list')
    plan: list[Step] = []
    for place, step in enumerate(content["steps"], 1):
        plan += _read_step(step, place, sentences)
        if len(plan) > sentences + MOST_ADDED:
            raise ValueError(f"the plan has more steps than a draft of {sentences} sentences can take")
    if not plan:
        raise ValueError("the plan has no steps")
    return tuple(plan)


def read_refusals(answer: str, asked: int) -> tuple[int, ...]:
    """Return the numbers that a judge refuses, of the 1 to `asked` it was asked about; raises ValueError."""
    content = read_object(answer)
    refused = content.get("refused")
    if set(content) != {"refused"} or not isinstance(refused, list):
        raise ValueError('the answer must be one JSON object with the single key "refused", a list')
    if any(type(number) is not int or not 1 <= number <= asked for number in refused):
        raise ValueError("the list of refusals holds what is no number of an item")
    return tuple(refused)


def read_object(answer: str) -> dict[str, Any]:
    """Return the one JSON object that an answer is; a code fence or a model's thinking around it is passed over.

    Raises ValueError with the reason.
    """
    text = re.sub(r"\A\s*<think>.*?</think>", "", answer, flags=re.S).strip()
    fenced = re.fullmatch(r"```(?:json)?\s*\n(.*?)\n?```", text, re.S)
    if not text:
        raise ValueError("the answer was empty")
    try:
        content = json.loads(fenced[1] if fenced else text, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        raise ValueError("the answer was not one JSON object and nothing else") from None
    if not isinstance(content, dict):
        raise ValueError("the answer was not one JSON object and nothing else")
    return content


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _read_step(step: object, place: int, sentences: int) -> list[Step]:
    found = _STEP.fullmatch(step.strip()) if isinstance(step, str) else None
    if not found:
        raise ValueError(f'step {place} is none of "2-5", "4 ..." and "V ..."')
    first, last, label, text = found["first"], found["last"], found["label"], found["text"]
    if first:
        run = range(int(first), int(last or first) + 1)
        if not run or run[0] < 1 or run[-1] > sentences:
            raise ValueError(f"step {place} names sentences that the draft does not have; it has 1 to {sentences}")
        return [Carry(number) for number in run]
    if label in MOVES:
        return [Move(MOVES[label], _text(text, place))]
    if not 1 <= int(label) <= sentences:
        raise ValueError(f"step {place} names a sentence that the draft does not have; it has 1 to {sentences}")
    return [Rephrase(int(label), _text(text, place))]


def _text(text: str, place: int) -> str:
    if not text.strip():
        raise ValueError(f"step {place} has no text")
    if any(_unseen(character) for character in text.strip()):
        raise ValueError(f"step {place} holds line breaks or characters that cannot be seen")
    return text.strip()


def _unseen(character: str) -> bool:
    """Tell control characters, lone surrogates, line separators and marks that turn the direction of writing."""
    return unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"} or character in _TURNING
