"""What the vendors' faces have in common: a blueprint becomes an application that speaks for a desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, g
from werkzeug.local import LocalProxy

from .desk import Desk

JSON = dict[str, Any]

desk = cast(Desk, LocalProxy(lambda: current_app.config["DESK"]))  # that of the application which answers


def application(api: Blueprint, desk: Desk) -> Flask:
    """Return the WSGI application that speaks an API for a desk; what its calls put into `g.headers` goes along."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["DESK"] = desk
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.after_request(_add_headers)
    app.register_blueprint(api)
    return app


def _add_headers(response: Response) -> Response:
    for name, value in g.get("headers", {}).items():
        response.headers[name] = str(value)
    return response


def stamp(at: datetime) -> str:
    """Return a time as both vendors write it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
