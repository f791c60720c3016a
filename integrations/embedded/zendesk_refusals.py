"""How Zendesk says no: a status and a JSON body, each with its own words."""

from __future__ import annotations

from .face import JSON


class Refusal(Exception):
    """The API refuses a call, with a status and a JSON body."""

    def __init__(self, status: int, body: JSON) -> None:
        self.status, self.body = status, body


class Throttled(Exception):
    """An allowance is used up."""

    def __init__(self, sentence: str, seconds: int) -> None:
        self.sentence, self.seconds = sentence, seconds


def record_not_found() -> Refusal:
    """Return the refusal for a ticket, comment or user that is not there."""
    return Refusal(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid_record(key: str, sentence: str) -> Refusal:
    """Return the refusal for a write that a record does not allow; the details stand under a field's name."""
    details = {key: [{"description": sentence}]}
    return Refusal(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})


def forbidden() -> Refusal:
    """Return the refusal for a plan, role or scope that does not reach this far."""
    sentence = (
        "You do not have access to this page. Please contact the account owner of this help desk for further help."
    )
    return Refusal(403, {"error": {"title": "Forbidden", "message": sentence}})
