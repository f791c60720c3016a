"""The face that speaks Zendesk Support's API: sign-in, search, lists, comments, updates, tags, macros, views."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from . import zendesk_search
from .desk import STATUSES, Person, Row, Spent, Ticket
from .face import JSON, desk, stamp
from .markup import as_html, clean, cut, fill_in
from .zendesk_json import comment_json, shown, ticket_json, user_json
from .zendesk_paging import cursor, cursor_page, number, offset_links, offset_page, paged, read_cursor
from .zendesk_refusals import Refusal, Throttled, forbidden, invalid_record, record_not_found

api = Blueprint("zendesk", __name__)
MOST_RESULTS = 1_000  # that the offset search gives
MOST_COMMENTS = 5_000
CURSOR_LIFE = timedelta(hours=1)  # of a search export's cursor
WRITABLE = {
    "additional_collaborators", "assignee_email", "assignee_id", "attribute_value_ids", "brand_id",
    "collaborator_ids", "comment", "custom_fields", "custom_status_id", "due_at", "email_ccs", "external_id",
    "followers", "group_id", "metadata", "organization_id", "priority", "problem_id", "requester", "requester_id",
    "safe_update", "sharing_agreement_ids", "status", "subject", "tags", "ticket_form_id", "type",
    "updated_stamp",
}  # fmt: skip
COMMENT_WRITABLE = {"author_id", "body", "html_body", "public", "uploads"}
RESOURCES = {
    "tickets", "users", "macros", "triggers", "organizations", "views", "auditlogs", "brands",
    "groups", "ticket_forms",
}  # fmt: skip


@api.app_errorhandler(Refusal)
def _refused(refusal: Refusal) -> ResponseReturnValue:
    return jsonify(refusal.body), refusal.status


@api.app_errorhandler(Throttled)
def _throttled(throttled: Throttled) -> ResponseReturnValue:
    # the body is plain text under the type of a page: a client that parses it unguarded falls over here
    return Response(throttled.sentence, 429, {"Retry-After": str(throttled.seconds)}, content_type="text/html")


@api.app_errorhandler(HTTPException)
def _no_such_endpoint(error: HTTPException) -> ResponseReturnValue:
    if error.code in (404, 405):
        return jsonify(error="InvalidEndpoint", description="Not found"), 404
    return jsonify(error=error.name, description=error.description), error.code or 500


# --- who calls, and how often ------------------------------------------------------------------------------


@api.before_app_request
def _admit() -> None:
    g.headers = {}
    if request.path == "/oauth/tokens":
        return
    g.actor = _actor()
    if g.actor is None and request.path != "/api/v2/users/me":
        raise Refusal(401, {"error": "Couldn't authenticate you"})
    spent = _spend("zendesk account")
    if spent:
        g.headers |= {
            "x-rate-limit": spent.total,
            "x-rate-limit-remaining": spent.remaining,
            "ratelimit-limit": spent.total,
            "ratelimit-remaining": spent.remaining,
            "ratelimit-reset": spent.resets,
        }
        if spent.refused:
            raise Throttled("Number of allowed API requests per minute exceeded", spent.resets)


def _actor() -> Person | None:
    """Return who the call's credentials stand for, None where it brings none."""
    signed = request.authorization
    if signed is None:
        if "Authorization" in request.headers:
            raise Refusal(401, {"error": "Couldn't authenticate you"})
        return None
    known = desk.credentials
    if signed.type == "basic":
        email, _, kind = (signed.username or "").rpartition("/")
        person = next((p for p in desk.people.values() if p.email == email and p.role != "end-user"), None)
        if kind != "token" or signed.password != known.api_token or person is None or person.suspended:
            raise Refusal(401, {"error": "Couldn't authenticate you"})
        return person
    scopes = _scopes(signed.token or "")
    if scopes is None:
        raise Refusal(
            401,
            {
                "error": "invalid_token",
                "error_description": "The access token provided is expired, revoked, malformed or invalid for "
                "other reasons.",
            },
        )
    if not _in_scope(scopes):
        raise forbidden()
    return desk.actor


def _scopes(token: str) -> frozenset[str] | None:
    if token == desk.credentials.oauth_token:
        return frozenset({"read", "write"})
    scopes, ends = desk.issued.get(token, (frozenset(), datetime.min.replace(tzinfo=UTC)))
    return scopes if ends > desk.clock() else None


def _in_scope(scopes: frozenset[str]) -> bool:
    verb = "read" if request.method == "GET" else "write"
    resource = request.path.removeprefix("/api/v2/").partition("/")[0]
    if resource not in RESOURCES:  # no scope is named after search, tags or the account's settings
        return any(scope.rpartition(":")[2] == verb for scope in scopes)
    return verb in scopes or f"{resource}:{verb}" in scopes


def _admins_only() -> None:
    if g.actor.role != "admin":
        raise forbidden()


def _spend(name: str, ticket: int = 0) -> Spent | None:
    return desk.meter.spend(name, desk.clock(), ticket=ticket)


def _spend_endpoint(name: str, sentence: str, ticket: int = 0) -> None:
    """Count a call against an endpoint's own allowance, whose state every answer of that endpoint tells."""
    spent = _spend(f"zendesk {name}", ticket)
    if spent:
        state = f"total={spent.total}; remaining={spent.remaining}; resets={spent.resets}"
        g.headers[f"zendesk-ratelimit-{name}"] = state
        if spent.refused:
            raise Throttled(sentence, spent.resets)


def _spend_update(ticket: Ticket) -> None:
    sentence = "Rate limit for ticket updates exceeded, please wait before updating this ticket again"
    _spend_endpoint("tickets-update", sentence)
    _spend_endpoint("per-ticket-updates", sentence, ticket.id)


@api.post("/oauth/tokens")
def grant() -> ResponseReturnValue:
    """Issue an access token for client credentials, given as JSON or as a form."""
    asked: Mapping[str, Any] = _body() if request.is_json else request.form
    known = desk.credentials
    if asked.get("grant_type") != "client_credentials":
        raise Refusal(400, {"error": "unsupported_grant_type", "error_description": "The grant type is not known."})
    if (asked.get("client_id"), asked.get("client_secret")) != (known.client_id, known.client_secret):
        sentence = "Client authentication failed due to unknown client or wrong secret."
        raise Refusal(401, {"error": "invalid_client", "error_description": sentence})
    scopes = str(asked.get("scope") or known.client_scope).split()
    ceiling = known.client_scope.split()
    names = [s for s in scopes if s in ("read", "write") or s.partition(":")[0] in RESOURCES]  # others go silently
    if not all(s in ceiling or s.rpartition(":")[2] in ceiling for s in names):
        raise Refusal(400, {"error": "invalid_scope", "error_description": "The requested scope is invalid."})
    life = int(asked.get("expires_in") or 1_800)
    if not 300 <= life <= 172_800:
        raise Refusal(400, {"error": "invalid_request", "error_description": "expires_in is out of range."})
    token = secrets.token_hex(32)
    desk.issued[token] = (frozenset(names), desk.clock() + timedelta(seconds=life))
    return jsonify(access_token=token, token_type="bearer", scope=" ".join(names), expires_in=life)  # noqa: S106


def _ticket(ticket_id: int) -> Ticket:
    ticket = desk.tickets.get(ticket_id)
    if ticket is None or not ticket.listed:
        raise record_not_found()
    return ticket


def _sideload(people: Iterable[Person]) -> JSON:
    """Return the `users` that `include=users` asks for; people who were deleted are missing there."""
    if "users" not in request.args.get("include", "").split(","):
        return {}
    return {"users": [user_json(person) for person in {p.id: p for p in people if p.id in desk.people}.values()]}


def _body() -> JSON:
    given = request.get_json(silent=True, force=True)
    if not isinstance(given, dict):
        raise Refusal(400, {"error": "Unparseable", "message": "Server could not parse JSON"})
    return given


# --- finding tickets ---------------------------------------------------------------------------------------


@api.get("/api/v2/search")
def search() -> ResponseReturnValue:
    """Answer a search by offset: 100 a page, 1,000 in all."""
    if any(name.startswith("page[") for name in request.args):
        raise Refusal(400, {"error": {"title": "Invalid attribute", "message": "page must be an integer"}})
    found = _found(request.args.get("query", ""))
    page, size = number("page", 1, 10**9), number("per_page", 100, 100)
    if (page - 1) * size >= MOST_RESULTS:
        sentence = "Invalid search: Requested response size was greater than Search Response Limits"
        raise Refusal(422, {"error": "invalid", "description": sentence})
    if request.args.get("sort_by") in ("updated_at", "created_at"):
        updated = request.args["sort_by"] == "updated_at"
        found.sort(
            key=lambda pair: pair[1].updated_at if updated else pair[0].created_at,
            reverse=request.args.get("sort_order", "desc") != "asc",
        )
    rows = found[(page - 1) * size : page * size]
    return jsonify(
        results=[_result(*pair) for pair in rows],
        facets=None,
        **offset_links(page, size, len(found)),
        **_sideload(ticket.requester for ticket, _ in rows),
    )


@api.get("/api/v2/search/count")
def search_count() -> ResponseReturnValue:
    """Count what a search finds."""
    return jsonify(count=len(_found(request.args.get("query", ""))))


@api.get("/api/v2/search/export")
def search_export() -> ResponseReturnValue:
    """Answer a search by cursor, the first created first; a cursor lives for an hour."""
    _spend_endpoint("search-export", "Number of allowed search export API requests per minute exceeded")
    query = request.args.get("query", "")
    if request.args.get("filter[type]") != "ticket":
        raise Refusal(
            400, {"error": "invalid", "description": "filter[type] is required: only ticket is known here"}
        )
    if "type:" in query:
        raise Refusal(422, {"error": "invalid", "description": "Invalid search: type: belongs into filter[type]"})
    after = read_cursor("page[after]")
    if after and desk.clock() > datetime.fromisoformat(after[2]) + CURSOR_LIFE:
        detail = "The cursor has expired"
        raise Refusal(
            400, {"errors": [{"code": "InvalidPaginationParameter", "title": "Invalid cursor", "detail": detail}]}
        )
    found = sorted(_found(query), key=lambda pair: (pair[0].created_at, pair[0].id))
    began = after[2] if after else stamp(desk.now())
    rows, around = cursor_page(found, lambda pair: (stamp(pair[0].created_at), pair[0].id, began), most=1_000)
    return jsonify(results=[_result(*pair) for pair in rows], facets=None, **around)


def _found(query: str) -> list[tuple[Ticket, Row]]:
    try:
        return zendesk_search.find(desk, query)
    except zendesk_search.BadQuery as error:
        raise Refusal(422, {"error": "invalid", "description": str(error)}) from None


def _result(ticket: Ticket, row: Row) -> JSON:
    """Return a search result: the ticket as the index last saw it."""
    seen = {"tags": sorted(row.tags), "status": row.status, "updated_at": stamp(row.updated_at)}
    return {**ticket_json(ticket), **seen, "result_type": "ticket"}


@api.get("/api/v2/tickets")
def tickets() -> ResponseReturnValue:
    """List tickets, live: by cursor with `page[size]` and `sort`, else by offset with `sort_by`."""
    _spend_endpoint("tickets-index", "Number of allowed API requests per minute exceeded")
    if not any(name.startswith("page[") for name in request.args):
        listed = list(_by(request.args.get("sort_by", "id"), request.args.get("sort_order") == "desc"))
        rows, around = offset_page(listed)
    else:
        sort = request.args.get("sort", "id")  # `sort_by` beside `page[size]` is ignored without a word
        name, descending = sort.removeprefix("-"), sort.startswith("-")
        if name not in ("updated_at", "id", "status"):
            raise Refusal(400, {"error": "InvalidSort", "description": f"sort is not valid: {sort}"})
        rows, around = cursor_page(_by(name, descending), _PLACES[name], descending=descending)
    return jsonify(
        tickets=[ticket_json(ticket) for ticket in rows], **around, **_sideload(row.requester for row in rows)
    )


_PLACES: dict[str, Callable[[Ticket], tuple[Any, ...]]] = {
    "updated_at": lambda ticket: (stamp(ticket.updated_at), ticket.moved),
    "created_at": lambda ticket: (stamp(ticket.created_at), ticket.id),
    "status": lambda ticket: (STATUSES.index(ticket.status), ticket.id),
    "id": lambda ticket: (ticket.id,),
}


def _by(name: str, descending: bool) -> Iterable[Ticket]:
    if name == "updated_at":
        newest_first = (ticket for ticket in desk.by_update() if ticket.listed)
        return newest_first if descending else list(newest_first)[::-1]
    listed = [ticket for ticket in desk.tickets.values() if ticket.listed]
    return sorted(listed, key=_PLACES.get(name, _PLACES["id"]), reverse=descending)


@api.get("/api/v2/tickets/count")
def ticket_count() -> ResponseReturnValue:
    """Count the tickets."""
    listed = sum(ticket.listed for ticket in desk.tickets.values())
    return jsonify(count={"value": listed, "refreshed_at": stamp(desk.now())})


@api.get("/api/v2/tickets/show_many")
def show_many() -> ResponseReturnValue:
    """Return up to 100 tickets by id; in no order that was asked for, and without those that are gone."""
    found = [t for i in sorted(_ids(), reverse=True) if (t := desk.tickets.get(i)) and t.listed]
    return jsonify(
        tickets=[ticket_json(ticket) for ticket in found],
        next_page=None,
        previous_page=None,
        count=len(found),
        **_sideload(ticket.requester for ticket in found),
    )


def _ids() -> list[int]:
    ids = [int(part) for part in request.args.get("ids", "").split(",") if part.strip().isdigit()]
    if len(ids) > 100:
        sentence = "Parameter  cannot specify more than 100 values"
        raise Refusal(400, {"error": "TooManyValues", "description": sentence, "max_count": 100})
    return ids


@api.get("/api/v2/tickets/<int:ticket_id>")
def ticket(ticket_id: int) -> ResponseReturnValue:
    """Return one ticket, as it stands now."""
    found = _ticket(ticket_id)
    return jsonify(ticket=ticket_json(found), **_sideload([found.requester]))


@api.get("/api/v2/incremental/tickets/cursor")
def incremental() -> ResponseReturnValue:
    """Export tickets in the order of their updates, deleted ones too, all but the last minute; for admins."""
    _admins_only()
    _spend_endpoint("incremental-exports", "Number of allowed incremental export API requests per minute exceeded")
    given = read_cursor("cursor")
    size = number("per_page", 1_000, 1_000)
    start = given or [request.args.get("start_time", 0, int), 0]
    until = desk.clock() - timedelta(seconds=60)
    rows: list[Ticket] = [
        ticket
        for ticket in list(desk.by_update())[::-1]
        if ticket.updated_at <= until and [int(ticket.updated_at.timestamp()), ticket.moved] > start
    ]
    page = rows[:size]
    after = cursor([int(page[-1].updated_at.timestamp()), page[-1].moved] if page else start)
    return jsonify(
        tickets=[{**ticket_json(row), **({} if row.listed else {"status": "deleted"})} for row in page],
        after_url=shown(f"/api/v2/incremental/tickets/cursor.json?cursor={after}&per_page={size}"),
        before_url=None,
        after_cursor=after,
        before_cursor=None,
        end_of_stream=len(rows) <= size,
    )


# --- comments ----------------------------------------------------------------------------------------------


@api.get("/api/v2/tickets/<int:ticket_id>/comments")
def comments(ticket_id: int) -> ResponseReturnValue:
    """List a ticket's comments, the oldest first unless `sort=-created_at` or `sort_order=desc`."""
    found = list(enumerate(_ticket(ticket_id).comments))
    if "page[size]" in request.args or "page[after]" in request.args:
        descending = request.args.get("sort") == "-created_at"
        rows, around = cursor_page(
            found[::-1] if descending else found, lambda row: (row[0],), descending=descending
        )
    else:
        rows, around = offset_page(found[::-1] if request.args.get("sort_order") == "desc" else found)
    shown = [comment for _, comment in rows]
    return jsonify(
        comments=[comment_json(comment) for comment in shown],
        **_sideload(comment.author for comment in shown),
        **around,
    )


@api.get("/api/v2/tickets/<int:ticket_id>/comments/count")
def comments_count(ticket_id: int) -> ResponseReturnValue:
    """Count a ticket's comments."""
    return jsonify(count={"value": len(_ticket(ticket_id).comments), "refreshed_at": stamp(desk.now())})


@api.put("/api/v2/tickets/<int:ticket_id>/comments/<int:comment_id>/make_private")
def make_private(ticket_id: int, comment_id: int) -> ResponseReturnValue:
    """Make a comment internal; there is no way back."""
    ticket = _ticket(ticket_id)
    comment = next((c for c in ticket.comments if c.id == comment_id), None)
    if comment is None:
        raise record_not_found()
    comment.public = False
    desk.touch(ticket)
    return jsonify("")


@api.get("/api/v2/tickets/<int:ticket_id>/audits")
def audits(ticket_id: int) -> ResponseReturnValue:
    """List what API calls did to a ticket."""
    found = _ticket(ticket_id).audits
    return jsonify(paged("audits", found, lambda audit: (audit["id"],), lambda audit: audit))


# --- writing -----------------------------------------------------------------------------------------------


@api.put("/api/v2/tickets/<int:ticket_id>")
def update(ticket_id: int) -> ResponseReturnValue:
    """Update a ticket: only what is sent changes, and comment and tags land together or not at all."""
    ticket = _ticket(ticket_id)
    _spend_update(ticket)
    given = _body().get("ticket")
    if not isinstance(given, dict):
        raise Refusal(400, {"error": "RecordInvalid", "description": "ticket is missing"})
    _drop_unknown(given, WRITABLE, "ticket")
    _check_stamp(ticket, given)
    if ticket.status == "closed":
        raise invalid_record("status", "Status: closed prevents ticket update")
    status = given.get("status", ticket.status)
    if status not in STATUSES:
        raise invalid_record("status", f"Status: {status} is not a valid status")
    assignee = _person(given["assignee_id"], "assignee") if given.get("assignee_id") else ticket.assignee
    comment = _new_comment(ticket, given["comment"]) if isinstance(given.get("comment"), dict) else None
    events: list[JSON] = []
    metadata = given.get("metadata") or {}
    audit_id = desk.new_id()
    if comment:
        author, html, public = comment
        said = desk.say(ticket, author, html, public=public, channel="api", metadata=metadata)
        said.audit_id = audit_id
        shown = comment_json(said)
        kept = ("id", "type", "author_id", "body", "html_body", "plain_body", "public", "attachments", "audit_id")
        events.append({key: shown[key] for key in kept})
    if isinstance(given.get("tags"), (list, str)):
        events.append(_change("tags", sorted(ticket.tags), sorted(_set_tags(ticket, given["tags"]))))
    if assignee is not ticket.assignee:
        ticket.assignee = assignee
        status = "open" if status == "new" else status
    if status != ticket.status:
        events.append(_change("status", ticket.status, status))
        ticket.status = status
    for key in ("subject", "priority", "type"):
        if given.get(key) is not None:
            setattr(ticket, key, given[key])
    desk.touch(ticket)
    audit = {
        "id": audit_id,
        "ticket_id": ticket.id,
        "created_at": stamp(desk.now()),
        "author_id": g.actor.id,
        "metadata": {"system": {"client": "embedded", "ip_address": "192.0.2.7"}, "custom": metadata},
        "events": events,
        "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
    }
    ticket.audits.append(audit)
    answer = jsonify(ticket=ticket_json(ticket), audit=audit)
    desk.run_triggers(ticket)
    return answer


def _drop_unknown(given: JSON, known: set[str], place: str) -> None:
    """Drop what may not be written, and say so in a header only, as Zendesk does."""
    unknown = [key for key in given if key not in known]
    if unknown:
        for key in unknown:
            del given[key]
        keys = json.dumps([f"{place}.{key}" for key in unknown])
        warning = f"Removed restricted keys {keys} from parameters according to whitelist"
        g.headers["X-Zendesk-API-Warn"] = warning


def _check_stamp(ticket: Ticket, given: Mapping[str, Any]) -> None:
    """Refuse the write where the ticket moved since `updated_stamp`; `safe_update: false` asks for the same."""
    if "safe_update" not in given:
        return
    try:
        expected = datetime.fromisoformat(str(given.get("updated_stamp")))
    except ValueError:
        raise invalid_record("updated_stamp", "Updated stamp: is needed for a safe update") from None
    if expected != ticket.updated_at:
        sentence = (
            "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data."
        )
        raise Refusal(409, {"error": "UpdateConflict", "description": sentence})


def _new_comment(ticket: Ticket, given: JSON) -> tuple[Person, str, bool] | None:
    """Return author, sanitised HTML and visibility of a comment to be; None where it says nothing.

    Where `public` is left out it is the first comment's: on an e-mail ticket the customer would get it.
    """
    _drop_unknown(given, COMMENT_WRITABLE, "ticket.comment")
    first_name = ticket.requester.name.partition(" ")[0]
    known = {
        "ticket.id": str(ticket.id),
        "ticket.title": ticket.subject,
        "ticket.requester.name": ticket.requester.name,
        "ticket.requester.first_name": first_name,
        "current_user.name": g.actor.name,
    }
    if given.get("html_body"):
        html = clean(fill_in(cut(str(given["html_body"])), known))
    else:
        html = as_html(fill_in(cut(str(given.get("body") or "")), known))
    if not html:
        return None
    if len(ticket.comments) >= MOST_COMMENTS:
        raise invalid_record("base", "Ticket: has reached the maximum number of comments")
    public = given.get("public")
    if public is None:
        public = ticket.comments[0].public if ticket.comments else desk.comments_public_by_default
    author = _person(given["author_id"], "author") if given.get("author_id") else g.actor
    return author, html, public if isinstance(public, bool) else str(public).lower() == "true"


def _person(person_id: Any, role: str) -> Person:
    person = desk.people.get(int(person_id)) if str(person_id).isdigit() else None
    if person is None or person.suspended:
        raise invalid_record(role, f"{role.capitalize()}: is invalid")
    return person


def _change(field: str, before: Any, after: Any) -> JSON:
    return {"id": desk.new_id(), "type": "Change", "field_name": field, "previous_value": before, "value": after}


def _tag_words(given: Any) -> list[str]:
    """Return tags as Zendesk keeps them: lower case, cut at spaces."""
    words = given if isinstance(given, list) else [given]
    return list(dict.fromkeys(tag for word in words for tag in str(word).lower().split()))


def _set_tags(ticket: Ticket, given: Any) -> list[str]:
    ticket.tags = _tag_words(given)
    return ticket.tags


@api.get("/api/v2/tickets/<int:ticket_id>/tags")
def ticket_tags(ticket_id: int) -> ResponseReturnValue:
    """Return a ticket's tags."""
    return jsonify(tags=sorted(_ticket(ticket_id).tags))


@api.route("/api/v2/tickets/<int:ticket_id>/tags", methods=["PUT", "POST", "DELETE"])
def write_tags(ticket_id: int) -> ResponseReturnValue:
    """Add tags (PUT), set them (POST) or take some off (DELETE, with `?tags=a,b` or a body)."""
    ticket = _ticket(ticket_id)
    _spend_update(ticket)
    given = _body() if request.data else {}
    _check_stamp(ticket, given)
    if ticket.status == "closed":
        raise invalid_record("status", "Status: closed prevents ticket update")
    named = _tag_words(given.get("tags") or request.args.get("tags", "").replace(",", " "))
    if request.method == "PUT":
        desk.tag(ticket, *named)
    elif request.method == "POST":
        ticket.tags = named
        desk.touch(ticket)
    else:
        desk.tag(ticket, remove=tuple(named))
    shown = sorted(ticket.tags)
    desk.run_triggers(ticket)
    return jsonify(tags=shown), 201 if request.method == "POST" else 200


# --- people, settings, macros, views -----------------------------------------------------------------------


@api.get("/api/v2/users/me")
def me() -> ResponseReturnValue:
    """Return who is signed in; without credentials that is nobody, under 200."""
    if g.actor is None:
        return jsonify(
            user={"id": None, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user"}
        )
    return jsonify(user=user_json(g.actor))


@api.get("/api/v2/users/<int:person_id>")
def user(person_id: int) -> ResponseReturnValue:
    """Return one user."""
    if person_id not in desk.people:
        raise record_not_found()
    return jsonify(user=user_json(desk.people[person_id]))


@api.get("/api/v2/users/show_many")
def users_show_many() -> ResponseReturnValue:
    """Return up to 100 users by id."""
    found = [user_json(desk.people[i]) for i in _ids() if i in desk.people]
    return jsonify(users=found, next_page=None, previous_page=None, count=len(found))


@api.get("/api/v2/account/settings")
def settings() -> ResponseReturnValue:
    """Return the account's settings that concern tickets and the API."""
    return jsonify(
        settings={
            "tickets": {
                "comments_public_by_default": desk.comments_public_by_default,
                "is_first_comment_private_enabled": True,
                "tagging": True,
            },
            "api": {"accepted_api_agreement": True, "api_token_access": "true", "api_password_access": "false"},
            "localization": {"locale_ids": [1]},
            "active_features": {"markdown": False},
        }
    )


@api.get("/api/v2/brands")
def brands() -> ResponseReturnValue:
    """List the brands."""
    return _named("brands", desk.brands)


@api.get("/api/v2/groups")
def groups() -> ResponseReturnValue:
    """List the groups."""
    return _named("groups", desk.groups)


@api.get("/api/v2/ticket_forms")
def forms() -> ResponseReturnValue:
    """List the ticket forms."""
    return _named("ticket_forms", desk.forms)


def _named(what: str, names: Mapping[int, str]) -> ResponseReturnValue:
    rows = sorted(names.items())
    return jsonify(paged(what, rows, lambda row: (row[0],), lambda row: {"id": row[0], "name": row[1]}))


@api.get("/api/v2/tags")
def tags() -> ResponseReturnValue:
    """List the tags in use, the commonest first."""
    counted: dict[str, int] = {}
    for ticket in desk.tickets.values():
        for tag in ticket.tags:
            counted[tag] = counted.get(tag, 0) + 1
    found = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    return jsonify(
        paged(
            "tags", found, lambda entry: (-entry[1], entry[0]), lambda entry: {"name": entry[0], "count": entry[1]}
        )
    )


@api.get("/api/v2/ticket_fields")
def ticket_fields() -> ResponseReturnValue:
    """List the ticket's fields, which are the system's own."""
    names = ("subject", "description", "status", "priority", "assignee")
    found = [
        {
            "id": number,
            "type": name,
            "title": name.capitalize(),
            "active": True,
            "required": False,
            "removable": False,
        }
        for number, name in enumerate(names, 1)
    ]
    return jsonify(ticket_fields=found, next_page=None, previous_page=None, count=len(found))


@api.get("/api/v2/macros")
def macros() -> ResponseReturnValue:
    """List the macros."""
    return jsonify(paged("macros", list(desk.macros.values()), lambda macro: (macro["id"],), lambda macro: macro))


@api.get("/api/v2/macros/<int:macro_id>")
def macro(macro_id: int) -> ResponseReturnValue:
    """Return one macro."""
    if macro_id not in desk.macros:
        raise record_not_found()
    return jsonify(macro=desk.macros[macro_id])


@api.post("/api/v2/macros")
def create_macro() -> ResponseReturnValue:
    """Create a macro."""
    given = _body().get("macro") or {}
    if not given.get("title"):
        raise invalid_record("title", "Title: cannot be blank")
    if not given.get("actions"):
        raise invalid_record("actions", "Actions: cannot be blank")
    macro = _rule("macros", given, {"actions": given["actions"], "restriction": given.get("restriction")})
    desk.macros[macro["id"]] = macro
    return jsonify(macro=macro), 201


@api.get("/api/v2/views")
def views() -> ResponseReturnValue:
    """List the views."""
    return jsonify(paged("views", list(desk.views.values()), lambda view: (view["id"],), lambda view: view))


@api.post("/api/v2/views")
def create_view() -> ResponseReturnValue:
    """Create a view from `all` and `any` conditions on `status` and `current_tags`."""
    given = _body().get("view") or {}
    if not given.get("title"):
        raise invalid_record("title", "Title: cannot be blank")
    conditions = {
        kind: given.get(kind) or (given.get("conditions") or {}).get(kind) or [] for kind in ("all", "any")
    }
    if not conditions["all"]:
        raise invalid_record("base", "Conditions: at least one must be given under all")
    view = _rule(
        "views", given, {"conditions": conditions, "execution": given.get("output") or {}, "restriction": None}
    )
    desk.views[view["id"]] = view
    return jsonify(view=view), 201


def _rule(kind: str, given: Mapping[str, Any], own: JSON) -> JSON:
    rule_id, now = desk.new_id(), stamp(desk.now())
    return {
        "id": rule_id,
        "url": shown(f"/api/v2/{kind}/{rule_id}.json"),
        "title": given["title"],
        "raw_title": given["title"],
        "active": given.get("active", True),
        "default": False,
        "position": 10_000,
        "description": given.get("description"),
        "created_at": now,
        "updated_at": now,
        **own,
    }


@api.get("/api/v2/views/<int:view_id>")
def view(view_id: int) -> ResponseReturnValue:
    """Return one view."""
    if view_id not in desk.views:
        raise record_not_found()
    return jsonify(view=desk.views[view_id])


@api.get("/api/v2/views/<int:view_id>/tickets")
def view_tickets(view_id: int) -> ResponseReturnValue:
    """List the tickets of a view."""
    if view_id not in desk.views:
        raise record_not_found()
    conditions = desk.views[view_id]["conditions"]
    found = [
        ticket
        for ticket in _by("id", descending=False)
        if all(_meets(ticket, c) for c in conditions["all"])
        and (not conditions["any"] or any(_meets(ticket, c) for c in conditions["any"]))
    ]
    return jsonify(paged("tickets", found, _PLACES["id"], ticket_json))


def _meets(ticket: Ticket, condition: Mapping[str, Any]) -> bool:
    field, operator, value = condition["field"], condition["operator"], str(condition["value"])
    if field == "current_tags":
        carried = set(value.split()) & set(ticket.tags)
        return not carried if operator == "not_includes" else bool(carried)
    if field == "status" and value in STATUSES:
        here, there = STATUSES.index(ticket.status), STATUSES.index(value)
        return {"is": here == there, "is_not": here != there, "less_than": here < there}.get(operator, here > there)
    return True
