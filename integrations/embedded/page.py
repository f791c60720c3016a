"""The page on which a person sees tickets as an agent does: the conversation, the notes, the tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import nh3
from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from .desk import Comment, Desk, FaceName

page = Blueprint("page", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

NAMES: Mapping[FaceName, str] = {"zendesk": "Zendesk", "freshdesk": "Freshdesk"}
_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area"}  # a picture would be fetched from somewhere
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_WORD = re.compile(r"\b\w")


def application(desks: Mapping[FaceName, Desk]) -> Flask:
    """Return the WSGI application that shows the desks' tickets; it writes nothing and needs no script."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["DESKS"] = desks
    app.register_blueprint(page)
    app.jinja_env.filters |= {"shown": shown, "when": when, "initials": initials}
    app.jinja_env.globals |= {"names": NAMES}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app


@page.after_app_request
def _nothing_from_elsewhere(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; base-uri 'none'"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@page.get("/")
def index() -> ResponseReturnValue:
    """Lead to the first desk."""
    desks: Mapping[FaceName, Desk] = current_app.config["DESKS"]
    return redirect(url_for("page.tickets", name=next(iter(desks)))) if desks else abort(404)


@page.get("/tickets/<name>")
def tickets(name: str) -> ResponseReturnValue:
    """Show a desk's tickets, the last updated first."""
    return _rendered(name, None)


@page.get("/tickets/<name>/<int:ticket_id>")
def ticket(name: str, ticket_id: int) -> ResponseReturnValue:
    """Show one ticket beside the list."""
    return _rendered(name, ticket_id)


def _rendered(name: str, ticket_id: int | None) -> ResponseReturnValue:
    desks: Mapping[str, Desk] = current_app.config["DESKS"]
    if name not in desks:
        abort(404)
    desk = desks[name]
    with desk.lock:
        listed = [ticket for ticket in desk.by_update() if ticket.listed]
        opened = desk.tickets.get(ticket_id) if ticket_id is not None else None
        if ticket_id is not None and (opened is None or not opened.listed):
            abort(404)
        return render_template(
            "tickets.html",
            desks=desks,
            name=name,
            rows=listed,
            opened=opened,
            now=desk.now(),
        )


def shown(comment: Comment) -> Markup:
    """Return a comment as a browser may show it: sanitised once more, and with nothing to be fetched."""
    return Markup(nh3.clean(comment.html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel="noreferrer noopener"))  # noqa: S704 - clean by then


def when(at: datetime, now: datetime) -> str:
    """Return how long ago something was: "just now", "12 min", "5 h", "3 d"."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def initials(name: str) -> str:
    """Return a person's initials, two at most."""
    letters = _WORD.findall(name)
    return (letters[0] + letters[-1] if len(letters) > 1 else "".join(letters)).upper()
