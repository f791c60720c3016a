"""The face that speaks Freshdesk's API v2: bare arrays, a link header, credits, notes that can be edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from . import freshdesk_search
from .desk import Comment, Person, Role, Spent, Status, Ticket
from .face import JSON, desk, stamp
from .freshdesk_json import agent_json, contact_json, conversation_json, conversations_of, ticket_json
from .markup import clean, fill_in
from .numbers import PRIORITY, STATUS

api = Blueprint("freshdesk", __name__, url_prefix="/api/v2")
DEEPEST_PAGE = 300
FIRST_DAYS = timedelta(days=30)  # what a list without `updated_since` reaches back
LONGEST_TAG = 32
LONGEST_QUERY = 512
RESULTS_A_PAGE, RESULT_PAGES = 30, 10
WORD: dict[int, Status] = {2: "open", 3: "pending", 4: "solved", 5: "closed", 6: "hold"}
PRIORITY_WORD = {number: word for word, number in PRIORITY.items()}
LIST_KEYS = {
    "company_id", "email", "filter", "include", "order_by", "order_type", "page", "per_page", "requester_id",
    "unique_external_id", "updated_since",
}  # fmt: skip
UPDATE_KEYS = {
    "attachments", "company_id", "custom_fields", "description", "due_by", "email", "email_config_id",
    "facebook_id", "fr_due_by", "group_id", "internal_agent_id", "internal_group_id", "lookup_parameter", "name",
    "parent_id", "phone", "priority", "product_id", "requester_id", "responder_id",
    "source", "status", "subject", "tags", "twitter_id",
    "type", "unique_external_id",
}  # fmt: skip
NOTE_KEYS = {"body", "incoming", "notify_emails", "private", "structured_body", "user_id"}
REPLY_KEYS = {"bcc_emails", "body", "cc_emails", "from_email", "user_id"}


class Refusal(Exception):
    """The API refuses a call; without a body where Freshdesk sends none."""

    def __init__(self, status: int, body: JSON | None = None, **headers: str) -> None:
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def invalid(field: str, code: str, message: str) -> Refusal:
    """Return the refusal of a call with a wrong field."""
    error = {"field": field, "message": message, "code": code}
    return Refusal(400, {"description": "Validation failed", "errors": [error]})


@api.app_errorhandler(Refusal)
def _refused(refusal: Refusal) -> ResponseReturnValue:
    if refusal.body is None:
        return Response("", refusal.status, refusal.headers)
    return jsonify(refusal.body), refusal.status, refusal.headers


@api.app_errorhandler(HTTPException)
def _no_such_endpoint(error: HTTPException) -> ResponseReturnValue:
    if error.code == 405:
        message = f"{request.method} method is not allowed."
        return jsonify(message=message), 405
    return Response("", error.code or 500)


# --- who calls, and how often ------------------------------------------------------------------------------


@api.before_app_request
def _admit() -> None:
    g.headers = {"X-Freshdesk-Api-Version": "latest=v2; requested=v2"}
    _spend("account", _credits())
    signed = request.authorization
    if signed is None or signed.type != "basic" or signed.username != desk.credentials.api_key:
        message = "You have to be logged in to perform this action."
        raise Refusal(401, {"code": "invalid_credentials", "message": message})
    g.actor = desk.actor
    if request.method in ("POST", "PUT") and not request.is_json:
        raise Refusal(
            415, {"code": "invalid_content_type", "message": "Content-Type header must be application/json."}
        )
    if request.accept_mimetypes and not request.accept_mimetypes.accept_json:
        raise Refusal(406)


def _credits() -> int:
    """Return what a call costs: an `include` is two more on the list and one more on a single ticket."""
    included = len([part for part in request.args.get("include", "").split(",") if part])
    path = request.path.removeprefix("/api/v2/")
    return 1 + included * (2 if path == "tickets" else 1)


def _spend(name: str, cost: int = 1) -> None:
    spent: Spent | None = desk.meter.spend(f"freshdesk {name}", desk.clock(), cost=cost)
    if spent is None:
        return
    if name == "account":
        g.headers["X-RateLimit-Total"] = str(spent.total)
        g.headers["X-RateLimit-Remaining"] = str(spent.remaining)
        g.headers["X-RateLimit-Used-CurrentRequest"] = str(cost)
    if spent.refused:
        raise Refusal(429, Retry_After=str(spent.resets))


# --- reading what was sent ---------------------------------------------------------------------------------


def _number(name: str, default: int, most: int, message: str) -> int:
    value = request.args.get(name, str(default))
    if not value.isdigit() or not 1 <= int(value) <= most:
        raise invalid(name, "invalid_value", message)
    return int(value)


def _include(*known: str) -> list[str]:
    named = [part for part in request.args.get("include", "").split(",") if part]
    if not set(named) <= set(known):
        raise invalid("include", "invalid_value", f"It should be one of these values: '{','.join(known)}'")
    return named


def _time(name: str) -> datetime | None:
    value = request.args.get(name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise invalid(
            name, "invalid_value", "It should be in the 'combined date and time ISO8601' format"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _page_of(rows: list[Any], most: int = 1_000_000) -> tuple[list[Any], dict[str, str]]:
    """Return a page of rows and the link header, which is absent on the last page."""
    size = _number("per_page", 30, 100, "It should be a Positive Integer less than or equal to 100")
    deeper = "You cannot access tickets beyond the 300th page. Please provide a smaller page number."
    page = _number("page", 1, most, deeper)
    link = {}
    if page * size < len(rows):
        query = "&".join(f"{key}={value}" for key, value in request.args.items() if key != "page")
        following = f"{desk.shown_host}{request.path}?{query}{'&' if query else ''}page={page + 1}"
        link = {"link": f'<{following}>;rel="next"'}
    return rows[(page - 1) * size : page * size], link


def _body(known: set[str]) -> JSON:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Refusal(400, {"code": "invalid_json", "message": "Request body has invalid json format"})
    unknown = sorted(set(given) - known)
    if unknown:
        errors = [
            {"field": key, "message": "Unexpected/invalid field in request", "code": "invalid_field"}
            for key in unknown
        ]
        raise Refusal(400, {"description": "Validation failed", "errors": errors})
    return given


def _typed(given: Mapping[str, Any], key: str, kind: type, name: str) -> Any:
    value = given.get(key)
    if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        raise invalid(
            key, "datatype_mismatch", f"Value set is of type {type(value).__name__}. It should be a/an {name}"
        )
    return value


def _ticket(ticket_id: int, *, writing: bool = False) -> Ticket:
    ticket = desk.tickets.get(ticket_id)
    if ticket is None:
        raise Refusal(404)
    if writing and not ticket.listed:
        message = f"{request.method} method is not allowed. It should be one of these method(s): GET"
        raise Refusal(405, {"message": message}, Allow="GET")
    return ticket


# --- tickets -----------------------------------------------------------------------------------------------


@api.get("/tickets")
def tickets() -> ResponseReturnValue:
    """List tickets, live: those created in the last 30 days, unless `updated_since` says otherwise."""
    _spend("list")
    for key in request.args:
        if key not in LIST_KEYS:
            raise invalid(key, "invalid_field", "Unexpected/invalid field in request")
    include = _include("requester", "stats", "description", "company")
    since = _time("updated_since")
    wanted = request.args.get("filter", "")
    earliest = desk.now() - FIRST_DAYS
    order = request.args.get("order_by", "created_at")
    if order not in ("created_at", "due_by", "updated_at", "status"):
        raise invalid("order_by", "invalid_value", "It should be one of 'created_at,due_by,updated_at,status'")
    ascending = request.args.get("order_type", "desc") == "asc"
    rows = [
        ticket
        for ticket in desk.by_update()
        if (ticket.deleted if wanted == "deleted" else ticket.spam if wanted == "spam" else ticket.listed)
        and (ticket.updated_at >= since if since else ticket.created_at >= earliest)
    ]
    if order == "updated_at":
        rows = rows[::-1] if ascending else rows
    else:
        number = order == "status"
        rows.sort(key=lambda t: (STATUS[t.status] if number else 0, t.created_at, t.id), reverse=not ascending)
    page, link = _page_of(rows, DEEPEST_PAGE)
    return jsonify([ticket_json(row, *include) for row in page]), 200, link


@api.get("/tickets/<int:ticket_id>")
def ticket(ticket_id: int) -> ResponseReturnValue:
    """Return one ticket with its description; `include=conversations` gives the ten oldest."""
    include = _include("conversations", "requester", "company", "stats")
    return jsonify({**ticket_json(_ticket(ticket_id), "description", *include), "attachments": []})


@api.put("/tickets/<int:ticket_id>")
def update(ticket_id: int) -> ResponseReturnValue:
    """Update a ticket, whatever its status; tags are replaced, and nothing tells of a write in between."""
    _spend("update")
    ticket = _ticket(ticket_id, writing=True)
    given = _body(UPDATE_KEYS)
    tags = _typed(given, "tags", list, "Array")
    if tags is not None and any(not isinstance(tag, str) or len(tag) > LONGEST_TAG for tag in tags):
        raise invalid(
            "tags",
            "invalid_value",
            f"It should only contain elements that have maximum of {LONGEST_TAG} characters",
        )
    status, priority = _typed(given, "status", int, "Integer"), _typed(given, "priority", int, "Integer")
    if status is not None and status not in WORD:
        raise invalid("status", "invalid_value", f"It should be one of these values: '{','.join(map(str, WORD))}'")
    if priority is not None and priority not in PRIORITY_WORD:
        raise invalid("priority", "invalid_value", "It should be one of these values: '1,2,3,4'")
    ticket.tags = list(dict.fromkeys(tags)) if tags is not None else ticket.tags
    ticket.status = WORD[status] if status is not None else ticket.status
    ticket.priority = PRIORITY_WORD[priority] if priority is not None else ticket.priority
    ticket.subject = given.get("subject") or ticket.subject
    ticket.assignee = _colleague(given["responder_id"]) if given.get("responder_id") else ticket.assignee
    desk.touch(ticket)
    answer = jsonify({**ticket_json(ticket, "description"), "attachments": []})
    desk.run_triggers(ticket)
    return answer


@api.get("/search/tickets")
def search() -> ResponseReturnValue:
    """Answer a query in double quotes: 30 a page, ten pages, as the lagging index has it."""
    for key in request.args:
        if key not in ("query", "page"):
            raise invalid(key, "invalid_field", "Unexpected/invalid field in request")
    page = _number("page", 1, RESULT_PAGES, "It should be a Positive Integer less than or equal to 10")
    query = request.args.get("query", "")
    if len(query) < 2 or not (query.startswith('"') and query.endswith('"')) or len(query) > LONGEST_QUERY:
        raise invalid("query", "invalid_value", "Given query is invalid; put it in double quotes")
    try:
        found = freshdesk_search.find(desk, query[1:-1])
    except freshdesk_search.BadQuery:
        raise invalid("query", "invalid_value", "Given query is invalid") from None
    rows = found[(page - 1) * RESULTS_A_PAGE : page * RESULTS_A_PAGE]
    results = [
        {
            **ticket_json(ticket, "description"),
            "tags": sorted(row.tags),
            "status": STATUS[row.status],
            "updated_at": stamp(row.updated_at),
        }
        for ticket, row in rows
    ]
    return jsonify(total=len(found), results=results)


# --- conversations -----------------------------------------------------------------------------------------


@api.get("/tickets/<int:ticket_id>/conversations")
def conversations(ticket_id: int) -> ResponseReturnValue:
    """List what was said on a ticket after its description, the oldest first."""
    ticket = _ticket(ticket_id)
    page, link = _page_of(conversations_of(ticket))
    return jsonify([conversation_json(ticket, comment) for comment in page]), 200, link


@api.post("/tickets/<int:ticket_id>/notes")
def note(ticket_id: int) -> ResponseReturnValue:
    """Add a note, private unless told otherwise; the ticket's stamp moves."""
    ticket = _ticket(ticket_id, writing=True)
    given = _body(NOTE_KEYS)
    private = _typed(given, "private", bool, "Boolean")
    _typed(given, "incoming", bool, "Boolean")
    _typed(given, "notify_emails", list, "Array")
    private = True if private is None else private
    if "structured_body" in given and (private or ticket.channel != "chat"):
        raise invalid("structured_body", "incompatible_field", "It is for public notes on web chat tickets only")
    author = _colleague(given["user_id"]) if given.get("user_id") is not None else g.actor
    return _said(ticket, given, author, public=not private)


@api.post("/tickets/<int:ticket_id>/reply")
def reply(ticket_id: int) -> ResponseReturnValue:
    """Send a public reply: the customer gets it."""
    return _said(_ticket(ticket_id, writing=True), _body(REPLY_KEYS), g.actor, public=True, channel="email")


def _said(
    ticket: Ticket, given: JSON, author: Person, *, public: bool, channel: str = "api"
) -> ResponseReturnValue:
    body = _typed(given, "body", str, "String")
    if not body:
        raise invalid("body", "missing_field", "It should be a/an String")
    known = {"ticket.id": str(ticket.id), "ticket.requester.name": ticket.requester.name}
    comment = desk.say(ticket, author, clean(fill_in(body, known)), public=public, channel=channel)
    shown = conversation_json(ticket, comment)
    desk.run_triggers(ticket)
    return jsonify(shown), 201, {"Location": f"{desk.shown_host}/api/v2/conversations/{comment.id}"}


def _colleague(person_id: Any) -> Person:
    person = desk.people.get(person_id) if isinstance(person_id, int) else None
    if person is None or person.role == "end-user":
        raise invalid("user_id", "invalid_value", "There is no agent matching the given user_id")
    return person


def _conversation(comment_id: int) -> tuple[Ticket, Comment]:
    ticket_id = desk.ticket_of.get(comment_id, 0)
    if ticket_id not in desk.tickets:
        raise Refusal(404)
    ticket = _ticket(ticket_id, writing=True)
    for comment in conversations_of(ticket):
        if comment.id == comment_id:
            return ticket, comment
    raise Refusal(404)


@api.put("/conversations/<int:comment_id>")
def edit(comment_id: int) -> ResponseReturnValue:
    """Put other words into a note."""
    given = _body({"attachments", "body"})
    body = _typed(given, "body", str, "String")
    if not body:
        raise invalid("body", "missing_field", "It should be a/an String")
    ticket, comment = _conversation(comment_id)
    if comment.public:
        raise Refusal(403, {"code": "access_denied", "message": "You are not authorized to perform this action."})
    desk.edit(ticket, comment, clean(body), g.actor)
    return jsonify(conversation_json(ticket, comment))


@api.delete("/conversations/<int:comment_id>")
def remove(comment_id: int) -> ResponseReturnValue:
    """Delete a note or a reply for good."""
    ticket, comment = _conversation(comment_id)
    ticket.comments.remove(comment)
    desk.touch(ticket)
    return Response("", 204)


# --- people and settings -----------------------------------------------------------------------------------


@api.get("/agents/me")
def me() -> ResponseReturnValue:
    """Return the agent whose key this is; open to everybody with a key."""
    return jsonify(agent_json(g.actor))


@api.get("/agents/<int:person_id>")
def agent(person_id: int) -> ResponseReturnValue:
    """Return a colleague; for admins."""
    _admins_only()
    return jsonify(agent_json(_known(person_id, "agent", "admin")))


@api.get("/contacts/<int:person_id>")
def contact(person_id: int) -> ResponseReturnValue:
    """Return a customer."""
    return jsonify(contact_json(_known(person_id, "end-user")))


def _known(person_id: int, *roles: Role) -> Person:
    person = desk.people.get(person_id)
    if person is None or person.role not in roles:
        raise Refusal(404)
    return person


def _admins_only() -> None:
    if g.actor.role != "admin":
        raise Refusal(403, {"code": "access_denied", "message": "You are not authorized to perform this action."})


@api.get("/groups")
def groups() -> ResponseReturnValue:
    """List the groups; for admins."""
    return _named(desk.groups)


@api.get("/products")
def products() -> ResponseReturnValue:
    """List the products; for admins."""
    return _named(desk.brands)


def _named(names: Mapping[int, str]) -> ResponseReturnValue:
    _admins_only()
    page, link = _page_of(sorted(names.items()), DEEPEST_PAGE)
    return jsonify([{"id": number, "name": name, "description": None} for number, name in page]), 200, link


@api.get("/settings/helpdesk")
def settings() -> ResponseReturnValue:
    """Return the account's languages."""
    return jsonify(primary_language=desk.language, supported_languages=[], portal_languages=[])


@api.get("/ticket_fields")
def ticket_fields() -> ResponseReturnValue:
    """List the ticket's fields; for admins."""
    _admins_only()
    choices = {str(number): [word.capitalize(), word.capitalize()] for number, word in WORD.items()}
    return jsonify([{"id": 1, "name": "status", "label": "Status", "type": "default_status", "choices": choices}])
