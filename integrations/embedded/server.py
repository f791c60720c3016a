"""Puts desks on loopback: `/zendesk` and `/freshdesk` speak the vendors' APIs, `/` is the agents' page."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from io import BytesIO
from types import TracebackType
from typing import Any, Self, cast

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from . import freshdesk_api, page, zendesk_api
from .desk import Call, Desk, FaceName
from .face import application

HOST = "127.0.0.1"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Front:
    """Leads each request to the face its first path segment names, past that desk's faults, under its lock."""

    def __init__(self, desks: Mapping[FaceName, Desk]) -> None:
        apis = {"zendesk": zendesk_api.api, "freshdesk": freshdesk_api.api}
        self._faces = {name: (desk, application(apis[name], desk)) for name, desk in desks.items()}
        self._page = page.application(desks)

    def answer(self, environ: dict[str, Any]) -> Response:
        """Answer one request; ConnectionError means that there is to be no answer."""
        _, first, rest = (environ["PATH_INFO"] + "/").split("/", 2)
        if first not in self._faces:
            return Response.from_app(self._page, environ)
        name = cast(FaceName, first)
        desk, face = self._faces[name]
        path = "/" + rest.removesuffix("/").removesuffix(".json")
        environ |= {"SCRIPT_NAME": f"/{name}", "PATH_INFO": path}
        answer: Callable[[], Response] = partial(_carry_out, desk, face, name, environ)
        if faults := tuple(desk.faults):
            call = _call(name, path, environ)
            for fault in reversed(faults):
                answer = partial(fault, call, answer)
        return answer()


def _carry_out(desk: Desk, face: Flask, name: FaceName, environ: dict[str, Any]) -> Response:
    environ["wsgi.input"].seek(0)
    with desk.lock:
        response = Response.from_app(face, environ, buffered=True)
        desk.calls[name, environ["REQUEST_METHOD"], response.status_code] += 1
    return response


def _call(name: FaceName, path: str, environ: dict[str, Any]) -> Call:
    request = Request(environ)
    try:
        body = json.loads(request.get_data() or "null")
    except ValueError:
        body = None
    return Call(name, environ["REQUEST_METHOD"], path, request.args.to_dict(), body)


class _Handler(WSGIRequestHandler):
    """Speaks HTTP/1.1 with connections that stay open, as the vendors do; werkzeug's own closes each one."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        length = int(self.headers.get("Content-Length") or 0)
        environ["wsgi.input"] = BytesIO(self.rfile.read(length))
        try:
            self._send(self.server.front.answer(environ))
        except ConnectionResetError:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.server.resets.add(self.connection)
            self.close_connection = True
        except ConnectionError:
            self.close_connection = True

    def _send(self, response: Response) -> None:
        """Send an answer as it is, an answer that a fault has cut, slowed or mislabelled too."""
        chunks = response.iter_encoded() if response.is_streamed else list(response.iter_encoded())
        if isinstance(chunks, list) and response.status_code != HTTPStatus.NO_CONTENT:
            response.headers.setdefault("Content-Length", str(sum(map(len, chunks))))
        response.headers.setdefault("Date", self.date_time_string())
        self.send_response_only(response.status_code)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        sent = 0
        for chunk in chunks:
            self.wfile.write(chunk)
            self.wfile.flush()
            sent += len(chunk)
        self.wfile.flush()
        # an answer that is shorter than it said, or that did not say, ends with its connection
        self.close_connection |= int(response.headers.get("Content-Length", 0)) != sent


class _Server(ThreadedWSGIServer):
    def __init__(self, front: Front, port: int) -> None:
        self.front = front
        self.connections: set[socket.socket] = set()
        self.resets: set[socket.socket] = set()
        with socket.create_server((HOST, port), backlog=128) as bound:  # werkzeug's own would end the process
            super().__init__(HOST, port, cast(Any, front), _Handler, fd=bound.fileno())

    def shutdown_request(self, request: Any) -> None:
        if request not in self.resets:  # a shutdown would say goodbye first
            super().shutdown_request(request)
            return
        self.resets.discard(request)
        self.close_request(request)


@dataclass(frozen=True)
class Served:
    """A helpdesk that is up; leave it by `close()` or as a context."""

    desks: Mapping[FaceName, Desk]
    server: _Server

    @property
    def url(self) -> str:
        """The address of the agents' page."""
        return f"http://{HOST}:{self.server.port}"

    def environment(self, face: FaceName) -> dict[str, str]:
        """Return the settings that lead an adapter to one of the faces."""
        known = self.desks[face].credentials
        if face == "zendesk":
            signing = {"ZENDESK_OAUTH_TOKEN": known.oauth_token}
        else:
            signing = {"FRESHDESK_API_KEY": known.api_key}
        return {"REWRITER_HELPDESK": face, f"{face.upper()}_URL": f"{self.url}/{face}", **signing}

    def close(self) -> None:
        """Stop answering, on open connections too."""
        self.server.shutdown()
        self.server.server_close()
        for connection in list(self.server.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # its other end was faster

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(*, zendesk: Desk | None = None, freshdesk: Desk | None = None, port: int = 0) -> Served:
    """Serve one desk or two on loopback, each face under its own prefix; port 0 takes a free one.

    The same desk may stand behind both faces. Raises OSError where the port cannot be had.
    """
    given: dict[FaceName, Desk | None] = {"zendesk": zendesk, "freshdesk": freshdesk}
    desks = {name: desk for name, desk in given.items() if desk is not None}
    server = _Server(Front(desks), port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return Served(desks, server)
