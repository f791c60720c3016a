"""The JSON that goes to a model endpoint and comes back, in each of the ways that endpoints speak; no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from rewriter.errors import EngineError
from rewriter.model import Usage

TEMPERATURE = 0.4
ROOM_TO_THINK = 8_000  # tokens a reasoning model may think in, beyond its answer
MOST_TOKENS = 1_000_000  # that one answer can have cost; a report beyond it is not believed


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked: the part that never changes, the part that does, and the shape of the answer."""

    system: str
    user: str
    schema_name: str
    schema: dict[str, Any]
    room: int  # tokens that the answer may take
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its text, what it cost, and why it is no whole answer ("" where it is one)."""

    text: str
    usage: Usage
    trouble: str = ""
    thought: bool = False  # part of the tokens went into reasoning


# --- how to ask --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Form:
    """How an endpoint wants to be asked: it begins with the modern way and gives up what the endpoint refuses."""

    api: Literal["responses", "chat"] = "responses"
    shape: Literal["schema", "object", "text"] = "schema"
    pattern: bool = True  # a schema may say what its strings look like
    limit: Literal["max_completion_tokens", "max_tokens", ""] = "max_completion_tokens"
    temperature: bool = True
    seed: bool = True
    store: bool = True  # says store: false
    system: bool = True  # a message of its own for the part that never changes
    thinks: bool = False  # needs room to reason before it answers


def request_body(model: str, question: Question, form: Form) -> dict[str, Any]:
    """Return the request's JSON, exactly as it is sent."""
    user = question.user if form.system else f"{question.system}\n\n{question.user}"
    room = question.room + (ROOM_TO_THINK if form.thinks else 0)
    body: dict[str, Any] = {"model": model}
    if form.api == "responses":
        if form.system:
            body["instructions"] = question.system
        body["input"] = user
        if form.limit:
            body["max_output_tokens"] = room
    else:
        system = [{"role": "system", "content": question.system}] if form.system else []
        body["messages"] = [*system, {"role": "user", "content": user}]
        if form.limit:
            body[form.limit] = room
        if form.seed:
            body["seed"] = question.seed
    if form.temperature:
        body["temperature"] = TEMPERATURE
    if form.store:
        body["store"] = False
    asked = question.schema if form.pattern else _without_patterns(question.schema)
    schema = {"name": question.schema_name, "strict": True, "schema": asked}
    match form.api, form.shape:
        case "responses", "schema":
            body["text"] = {"format": {"type": "json_schema", **schema}}
        case "responses", "object":
            body["text"] = {"format": {"type": "json_object"}}
        case "chat", "schema":
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        case "chat", "object":
            body["response_format"] = {"type": "json_object"}
    return body


def _without_patterns(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _without_patterns(value) for key, value in schema.items() if key != "pattern"}
    return schema


_FEATURES = {
    "pattern": re.compile(r"\bpattern\b", re.I),
    "shape": re.compile(r"response_format|text\.format|json_?(?:schema|object|mode)|grammar|structured", re.I),
    "limit": re.compile(r"max_(?:completion_|output_)?tokens", re.I),
    "temperature": re.compile(r"temperature", re.I),
    "seed": re.compile(r"\bseed\b", re.I),
    "store": re.compile(r"\bstore\b", re.I),
    "system": re.compile(r"system.{0,20}role|role.{0,20}system|\binstructions\b|messages\[0\]", re.I),
}
_NEXT: dict[str, dict[Any, Any]] = {
    "shape": {"schema": "object", "object": "text"},
    "limit": {"max_completion_tokens": "max_tokens", "max_tokens": ""},
    **{feature: {True: False} for feature in ("pattern", "temperature", "seed", "store", "system")},
}


def give_up(form: Form, param: str, message: str) -> Form:
    """Return the form without what a refusal names; where it names nothing of ours, without the next extras.

    `param` and `message` are the endpoint's words. Raises EngineError where nothing is left to give up: then it
    is the question that is refused.
    """
    for said in (param, message):
        places = {feature: found.start() for feature, name in _FEATURES.items() if (found := name.search(said))}
        for feature in sorted(places, key=lambda named: (named != "pattern", places[named])):
            now = getattr(form, feature)
            if now in _NEXT[feature]:
                return replace(form, **{feature: _NEXT[feature][now]})
    for plainer in (
        replace(form, temperature=False, seed=False, store=False),
        replace(form, limit="max_tokens" if form.limit else ""),
        replace(form, shape="text", system=False),
    ):
        if plainer != form:
            return plainer
    raise EngineError("the model endpoint refuses this request")


# --- what comes back ---------------------------------------------------------------------------------------

TRUNCATED = "the answer was cut off before it ended; answer with fewer words"
REFUSED = "the model refused to answer"
NOTHING = "the answer was empty"
UNREADABLE = "the endpoint's answer could not be read"


def read_answer(content: Any, form: Form, question: Question) -> Answer:
    """Return what a response's JSON says, whatever it is; None stands for a response that was no JSON.

    Where no believable usage is reported it is estimated at four characters a token, so that budgets hold.
    """
    answer = _read_responses(content) if form.api == "responses" else _read_chat(content)
    if answer.usage != Usage():
        return answer
    asked = len(question.system) + len(question.user)
    return replace(answer, usage=Usage(asked // 4 + 1, len(answer.text) // 4 + 1))


def _read_chat(content: Any) -> Answer:
    choice = _at(content, "choices", 0)
    message = _at(choice, "message")
    text = _at(message, "content")
    ended = _at(choice, "finish_reason")
    if not isinstance(message, dict):
        trouble = UNREADABLE
    elif message.get("refusal") or ended == "content_filter":
        trouble = REFUSED
    else:
        trouble = TRUNCATED if ended == "length" else ""
    thought = (
        _at(content, "usage", "completion_tokens_details", "reasoning_tokens")
        or _at(message, "reasoning_content")
        or _at(message, "reasoning")
        or (isinstance(text, str) and text.lstrip().startswith("<think>"))
    )
    return _answer(text, _usage(_at(content, "usage"), "prompt_tokens", "completion_tokens"), trouble, thought)


def _read_responses(content: Any) -> Answer:
    output, status = _at(content, "output"), _at(content, "status")
    items = [item for item in output if _at(item, "type") == "message"] if isinstance(output, list) else []
    parts = [part for item in items if isinstance(item.get("content"), list) for part in item["content"]]
    said = [_at(part, "text") for part in parts if _at(part, "type") == "output_text"]
    text = "".join(piece for piece in said if isinstance(piece, str))
    filtered = _at(content, "incomplete_details", "reason") == "content_filter"
    if not isinstance(output, list) or status not in ("completed", "incomplete", None):
        trouble = UNREADABLE
    elif filtered or any(_at(part, "type") == "refusal" for part in parts):
        trouble = REFUSED
    else:
        trouble = TRUNCATED if status == "incomplete" else ""
    thought = _at(content, "usage", "output_tokens_details", "reasoning_tokens")
    return _answer(text, _usage(_at(content, "usage"), "input_tokens", "output_tokens"), trouble, thought)


def _answer(text: Any, usage: Usage, trouble: str, thought: object) -> Answer:
    whole = text if isinstance(text, str) else ""
    return Answer(whole, usage, trouble or ("" if whole.strip() else NOTHING), bool(thought))


def _at(content: Any, *path: str | int) -> Any:
    """Return what stands at the end of a path through JSON; None where the path ends early."""
    for key in path:
        if isinstance(content, dict) and isinstance(key, str):
            content = content.get(key)
        elif isinstance(content, list) and isinstance(key, int) and key < len(content):
            content = content[key]
        else:
            return None
    return content


def _usage(content: Any, prompt: str, completion: str) -> Usage:
    counts = _at(content, prompt), _at(content, completion)
    believable = all(type(count) is int and 0 <= count <= MOST_TOKENS for count in counts)
    return Usage(*counts) if believable else Usage()
