"""A model endpoint on loopback that plays every kind of endpoint, every failure and every attack.

It keeps a log of each request as it came in, so that a test can look for what should not have left the machine.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Fault = Literal["hang", "trickle", "trickle headers", "reset", "reset midway"]


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    raw: bytes
    at: float

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def api(self) -> str:
        return "responses" if self.path.endswith("/responses") else "chat"

    @property
    def system(self) -> str:
        body = self.body
        if self.api == "responses":
            return body.get("instructions", "")
        return "".join(m["content"] for m in body["messages"] if m["role"] == "system")

    @property
    def user(self) -> str:
        body = self.body
        return body["input"] if self.api == "responses" else body["messages"][-1]["content"]

    @property
    def sentences(self) -> dict[int, str]:
        """The draft's sentences, as the prompt shows them: number -> sealed text."""
        draft = self.user.split("sentence by sentence\n", 1)[-1].split("\n===", 1)[0]
        return {int(number): text for number, text in re.findall(r"^\[(\d+)\](?: \(keep\))? (.*)$", draft, re.M)}

    @property
    def moves(self) -> list[str]:
        """The moves that may be used, as in ["P personalisation", "V validation"]."""
        found = re.search(r"Moves that you may use here: (.*?)\. No others", self.user)
        return found[1].split(", ") if found else []


@dataclass(frozen=True)
class Reply:
    """What the server answers: a text as an answer of the model, or a status with a body, or a fault."""

    text: str | None = None
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    finish: str = "stop"
    refusal: str = ""
    usage: Any = None
    fault: Fault | None = None
    seconds: float = 0.0  # before the answer begins


def error(status: int, message: str = "", *, param: str = "", code: str = "", **headers: str) -> Reply:
    body = {"error": {"message": message, "param": param or None, "code": code or None, "type": "error"}}
    return Reply(status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})


@dataclass(frozen=True)
class Kind:
    """A kind of endpoint: which APIs it has, and the error it gives for each parameter it does not take."""

    apis: frozenset[str] = frozenset({"chat"})
    refuses: Mapping[str, Reply] = field(default_factory=dict)  # "temperature", "json_schema", "role:system", ...

    def refusal(self, asked: Asked) -> Reply | None:
        if asked.api not in self.apis:
            return error(404, f"Invalid URL (POST {asked.path})")
        body = asked.body
        shape = body.get("response_format") or body.get("text", {}).get("format") or {}
        used = {*body, shape.get("type"), *(f"role:{m['role']}" for m in body.get("messages", []))}
        used |= {"pattern"} & set(re.findall(r"\w+", json.dumps(shape)))
        return next((reply for name, reply in self.refuses.items() if name in used), None)


Answers = Callable[[Asked], Reply]


class ModelServer:
    """`with ModelServer(answers) as server:` serves on server.url until the block ends; server.asked is the log."""

    def __init__(self, answers: Answers, kind: Kind | None = None) -> None:
        self.answers, self.kind, self.asked = answers, kind or Kind(), list[Asked]()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> ModelServer:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._http.shutdown()
        self._http.server_close()

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler below has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                asked = Asked(self.path, dict(self.headers), raw, time.monotonic())
                with server._lock:
                    server.asked.append(asked)
                reply = server.kind.refusal(asked) or server.answers(asked)
                if reply.seconds:
                    server._over.wait(reply.seconds)
                self.send(asked, reply)

            def send(self, asked: Asked, reply: Reply) -> None:
                content = reply.body if reply.text is None else _envelope(asked, reply)
                payload = content if isinstance(content, bytes) else json.dumps(content).encode()
                head = {"content-type": "application/json", **reply.headers, "content-length": str(len(payload))}
                try:
                    match reply.fault:
                        case "hang":
                            server._over.wait()
                        case "reset":
                            self.reset()
                        case "trickle headers":
                            self.trickle(b"HTTP/1.1 200 OK\r\n" + b"x-slow: 1\r\n" * 1000)
                        case _:
                            self.send_response(reply.status)
                            for name, value in head.items():
                                self.send_header(name, value)
                            self.end_headers()
                            self.wfile.flush()
                            if reply.fault == "trickle":
                                self.trickle(payload)
                            elif reply.fault == "reset midway":
                                self.wfile.write(payload[: len(payload) // 2])
                                self.wfile.flush()
                                self.reset()
                            else:
                                self.wfile.write(payload)
                except OSError:
                    self.close_connection = True  # the client went away

            def trickle(self, payload: bytes) -> None:
                for byte in payload:
                    if server._over.wait(0.05):
                        return
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()

            def reset(self) -> None:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RD)
                self.connection.close()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _envelope(asked: Asked, reply: Reply) -> dict[str, Any]:
    """Return the model's text as the API asked for wraps it."""
    if asked.api == "responses":
        part = (
            {"type": "refusal", "refusal": reply.refusal}
            if reply.refusal
            else {"type": "output_text", "text": reply.text, "annotations": []}
        )
        cut = reply.finish != "stop"
        why = {"length": "max_output_tokens"}.get(reply.finish, reply.finish)
        return {
            "id": "resp_1",
            "object": "response",
            "status": "incomplete" if cut else "completed",
            "incomplete_details": {"reason": why} if cut else None,
            "output": [{"type": "message", "role": "assistant", "content": [part]}],
            "usage": reply.usage or {"input_tokens": 900, "output_tokens": 40, "total_tokens": 940},
        }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": reply.text, "refusal": reply.refusal or None},
                "finish_reason": reply.finish,
            }
        ],
        "usage": reply.usage or {"prompt_tokens": 900, "completion_tokens": 40, "total_tokens": 940},
    }


def plan(*steps: object) -> Reply:
    return Reply(json.dumps({"steps": steps}, ensure_ascii=False, separators=(",", ":")))


def kind_words(asked: Asked) -> Reply:
    """Answer as a good model would: a greeting and a validation where they may be, every sentence carried."""
    steps = []
    if "P personalisation" in asked.moves:
        steps.append("P Hi [[NAME]]," if "write [[NAME]]" in asked.user else "P Hello,")
    if "V validation" in asked.moves:
        steps.append("V I understand how frustrating this is.")
    return plan(*steps, f"1-{len(asked.sentences)}")
