"""Speak HTTP with a helpdesk: sign, pace, retry, and say what went wrong in the words of `rewriter.errors`.

A GET is tried again on connection errors, unreadable answers and 5xx; anything on 429, after the wait it asks for,
by all threads. A write whose answer is lost raises AnswerLost: whoever wrote looks before writing again.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import requests
from requests.utils import parse_header_links
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError, ReadTimeoutError

from rewriter.errors import HelpdeskDenied, HelpdeskError, HelpdeskUnavailable, Unanswered

from .pace import Pace, is_of_one_ticket

CONNECT = 5.0  # seconds to a connection
READ = 15.0  # seconds to an answer, and between two pieces of it
OUTAGE = 30.0  # seconds without any answer after which the helpdesk is away
LAST_TRY = 2.0  # seconds to an answer once it is
LARGEST_ANSWER = 100_000_000  # bytes, unpacked: a page of a hundred comments has a tenth of that at most
PATIENCE = 180.0  # seconds of 429s in all that one request waits out: three of a limit's minutes

_ATTEMPTS = 4
_PAUSE = 10.0  # seconds after a 429 that does not say how long: what Zendesk's own client waits
_SHORTEST_PAUSE = 0.5
_SAID = 200  # letters of a vendor's own words that are told
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_AWAY = (502, 503, 504)  # the service, not this one request

log = logging.getLogger(__name__)


class Refused(HelpdeskError):
    """The helpdesk understood a request and refused it: with which HTTP status, and the vendor's own words."""

    def __init__(self, message: str, status: int, reason: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class AnswerLost(HelpdeskError):
    """A write was sent and no readable answer came back: it may have been carried out, and may yet be.

    `pending` says that it may still be under way.
    """

    def __init__(self, message: str, *, away: bool = False, pending: bool = False) -> None:
        super().__init__(message)
        self.away = away
        self.pending = pending

    @property
    def trouble(self) -> HelpdeskError:
        """What it comes to where it turns out not to have been carried out."""
        return Unanswered(str(self)) if self.away else self


class _Again(Exception):  # an inner signal, never seen outside
    """This GET may pass at a second attempt; `error` is what it comes to if it does not."""

    def __init__(self, error: HelpdeskError, pause: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Answer:
    """What the helpdesk answered: its JSON (None for an empty body) and whether a next page is linked."""

    status: int
    content: Any
    more: bool = False


class Authorization(Protocol):
    """Signs requests."""

    def header(self, api: Api) -> str:
        """Return the Authorization header's value, signing in where that must come first."""

    def renew(self, header: str) -> bool:
        """Tell, after a 401 to a request signed with `header`, whether a fresh one may pass."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A key or token that stays the same."""

    value: str

    def header(self, api: Api) -> str:
        """Return the header."""
        return self.value

    def renew(self, header: str) -> bool:
        """There is no other."""
        return False

    def __repr__(self) -> str:
        return "Fixed(...)"  # a secret is no part of a traceback


class Api:
    """One helpdesk's API at `base`, spoken to by any number of threads, each with a session of its own."""

    def __init__(self, base: str, authorization: Authorization, *, vendor: str, rate_share: float) -> None:
        self._base = base
        self._authorization = authorization
        self._vendor = vendor
        self._pace = Pace(rate_share)
        self._mine = threading.local()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._calls = 0
        self._clock_ahead: float | None = None  # server's clock less our monotonic one, never too much
        self._away_since: float | None = None
        self._stopped = False

    @property
    def calls(self) -> int:
        """How many requests were sent, sign-in and retries included."""
        return self._calls

    def get(
        self,
        path: str,
        parameters: Mapping[str, str] | None = None,
        *,
        holds: str = "",
        cost: int = 1,
        ours: bool = False,
    ) -> Answer:
        """Return the answer to a GET whose JSON is an object with the key `holds` ("" for a list of objects).

        `cost` is in the vendor's credits. With `ours`, a refusal concerns the whole run and not one ticket.
        """
        asked = _Request("GET", path, parameters or {}, cost=cost)
        retrying = Retrying(
            retry=retry_if_exception_type(_Again), wait=_pause, stop=self._gives_up, sleep=time.sleep, reraise=True
        )
        try:
            return retrying(self._get_once, asked, holds, ours)
        except _Again as failed:
            if ours and not isinstance(failed.error, HelpdeskUnavailable):
                raise HelpdeskUnavailable(str(failed.error)) from None
            raise failed.error from None

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        signed: bool = True,
        form: bool = False,
        mends: bool = False,
    ) -> Answer:
        """Return the answer to a write of JSON, or of a form; one that `mends` begins after `stop_writing` too.

        Raises AnswerLost where it may have been carried out and nobody heard of it.
        """
        data = None if body is None else (urlencode(body) if form else json.dumps(body)).encode()
        asked = _Request(method, path, data=data, form=form, signed=signed, changes=signed and not mends)
        answer = self._send(asked, ours=False)
        if answer.status >= 300:
            raise AnswerLost(
                f"{self._vendor} answered a write with HTTP {answer.status}.", away=answer.status in _AWAY
            )
        try:
            return Answer(answer.status, json.loads(answer.body) if answer.body.strip() else None)
        except ValueError:
            raise AnswerLost(f"{self._vendor} answered a write with something that is not JSON.") from None

    def server_time(self) -> float | None:
        """Return a time (seconds since 1970) that the helpdesk's own clock has surely reached, or None."""
        return None if self._clock_ahead is None else self._clock_ahead + time.monotonic()

    def stop_writing(self) -> None:
        """Let no further write begin, in whatever thread, but those that mend: a note was seen to be public."""
        self._stopped = True

    def forget_outage(self) -> None:
        """Give a helpdesk that was away another chance."""
        self._away_since = None

    def close(self) -> None:
        """Let go of all threads' connections."""
        for session in list(self._sessions):
            session.close()

    # --- one request ---------------------------------------------------------------------------------

    def _get_once(self, asked: _Request, holds: str, ours: bool) -> Answer:
        try:
            answer = self._send(asked, ours=ours)
        except AnswerLost as lost:
            raise _Again(Unanswered(str(lost))) from None
        except _NotSent as lost:
            raise _Again(lost) from None
        if answer.status >= 500:
            error = Unanswered if answer.status in _AWAY else HelpdeskError
            line = f"{self._vendor} answered with HTTP {answer.status}."
            raise _Again(error(line), min(_retry_after(answer.headers) or 0.0, OUTAGE / 3))
        if answer.status >= 300:
            line = (
                f"{self._vendor} at {self._base} answered with a redirect (HTTP {answer.status}), "
                "which is not followed: check the address."
            )
            raise HelpdeskUnavailable(line) if ours else HelpdeskError(line)
        try:
            content = json.loads(answer.body)
        except ValueError:
            content = None
        if not _is_readable(content, holds):
            raise _Again(HelpdeskError(f"{self._vendor} answered with something that cannot be read."))
        return Answer(answer.status, content, _links_next(answer.headers))

    def _send(self, asked: _Request, *, ours: bool) -> _Raw:
        """Return the first answer that is no 429; what else is refused (4xx) raises."""
        waited = 0.0
        renewed = False
        while True:
            header = self._authorization.header(self) if asked.signed else ""
            answer = self._exchange(asked, header)
            if answer.status == 429 and not is_of_one_ticket(answer.headers):
                waited += self._throttle(answer, waited)
            elif answer.status == 401 and asked.signed and not renewed and self._authorization.renew(header):
                renewed = True
            elif 400 <= answer.status < 500:
                raise self._refusal(answer, ours, header)
            else:
                return answer

    def _throttle(self, answer: _Raw, waited: float) -> float:
        """Let all threads pause for what a 429 asks, and return the seconds; too long in all is too long."""
        told = _retry_after(answer.headers)
        pause = _PAUSE if told is None else max(told, _SHORTEST_PAUSE)
        log.warning("helpdesk=%s status=429 pause=%.0f", self._vendor.lower(), pause)
        if waited + pause > PATIENCE:
            raise HelpdeskUnavailable(
                f"{self._vendor} asks to wait {pause:.0f} s (HTTP 429): the next run goes on."
            )
        self._pace.pause(pause)
        return pause

    def _exchange(self, asked: _Request, header: str) -> _Raw:
        leave = self._pace.take(f"{asked.method} {re.sub(r'/[0-9]+', '/{}', asked.path)}", asked.cost)
        headers: Mapping[str, str] | None = None
        began = time.monotonic()
        if asked.changes and self._stopped:
            self._pace.answered(leave, None)
            raise HelpdeskUnavailable("A note was seen to be public, so nothing more is written.")
        with self._lock:
            self._calls += 1
        # Prepared without the session, so that neither a cookie nor a .netrc adds anything to it.
        url, query = self._base + asked.path, urlencode(asked.parameters)
        asking = requests.Request(asked.method, url, _headers(asked, header), data=asked.data, params=query)
        timeout = CONNECT, self._patience(began)
        try:
            session, way = self._session()
            with session.send(asking.prepare(), timeout=timeout, allow_redirects=False, **way) as response:
                body = _read(response, began + CONNECT + READ)
                headers = {key.lower(): value for key, value in response.headers.items()}
                self._answered(headers, away=response.status_code in _AWAY, began=began)
                return _Raw(response.status_code, headers, body)
        except (requests.RequestException, HTTPError, TimeoutError) as error:
            self._answered(None, away=True, began=began)
            raise self._lost(error) from None
        finally:
            self._pace.answered(leave, headers)

    def _session(self) -> tuple[requests.Session, Mapping[str, Any]]:
        """Return this thread's session, and the proxies and certificates that the environment has for our base."""
        if not hasattr(self._mine, "session"):
            session = requests.Session()
            # A proxy from the environment has no business between us and loopback.
            session.trust_env = not _is_loopback(self._base)
            self._mine.session = session, session.merge_environment_settings(self._base, {}, True, None, None)
            self._sessions.add(session)
        found: tuple[requests.Session, Mapping[str, Any]] = self._mine.session
        return found

    # --- what is known of the other side ---------------------------------------------------------------

    def _answered(self, headers: Mapping[str, str] | None, *, away: bool, began: float) -> None:
        now = time.monotonic()
        with self._lock:
            if away:
                self._away_since = began if self._away_since is None else self._away_since
            else:
                self._away_since = None
            if headers and (date := _date(headers.get("date", ""))) is not None:
                ahead = date - now
                self._clock_ahead = ahead if self._clock_ahead is None else max(ahead, self._clock_ahead)

    def _patience(self, now: float) -> float:
        since = self._away_since
        return READ if since is None else max(LAST_TRY, min(READ, since + OUTAGE - now))

    def _gives_up(self, state: RetryCallState) -> bool:
        since = self._away_since
        out_of_time = since is not None and time.monotonic() + _pause(state) >= since + OUTAGE
        return state.attempt_number >= _ATTEMPTS or out_of_time

    # --- saying what went wrong ------------------------------------------------------------------------

    def _lost(self, error: Exception) -> HelpdeskError:
        host = urlsplit(self._base).netloc
        reason = getattr(error.args[0], "reason", None) if error.args else None
        if isinstance(error, requests.exceptions.SSLError):
            return HelpdeskUnavailable(f"{self._vendor} at {host}: the TLS certificate could not be verified.")
        if isinstance(reason, NameResolutionError):
            return _NotSent(f"{self._vendor} at {host}: the host name is not known. Check the address.")
        if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError) or isinstance(
            reason, NewConnectionError
        ):
            return _NotSent(f"{self._vendor} at {host} cannot be reached.")
        late = isinstance(error, requests.Timeout | ReadTimeoutError | TimeoutError)
        what = "did not answer in time" if late else "broke off its answer"
        return AnswerLost(f"{self._vendor} at {host} {what}.", away=late, pending=late)

    def _refusal(self, answer: _Raw, ours: bool, header: str) -> HelpdeskError:
        reason = _words(answer.body, _secrets(header))
        said = reason[:_SAID].rstrip(". ")
        line = f"{self._vendor} refused (HTTP {answer.status}{': ' + said if said else ''})"
        if answer.status == 401:
            return HelpdeskDenied(f"{line}: check the credentials.")
        if answer.status == 403 and ours:
            return HelpdeskDenied(f"{line}: check the role and scopes of these credentials.")
        if ours:
            return HelpdeskUnavailable(f"{line} at {self._base}{': check the address' * (answer.status == 404)}.")
        return Refused(f"{line}.", answer.status, reason)


class _NotSent(HelpdeskUnavailable):
    """No connection came about, so nothing was carried out."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None
    cost: int = 1
    form: bool = False
    signed: bool = True
    changes: bool = False  # a write that `stop_writing` stops


@dataclass(frozen=True, slots=True)
class _Raw:
    status: int
    headers: Mapping[str, str]  # keys in lower case
    body: bytes


def _headers(asked: _Request, authorization: str) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": "reply-rewriter"}
    headers |= {"Accept-Encoding": "gzip, deflate"} | ({"Authorization": authorization} if authorization else {})
    if asked.data is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded" if asked.form else "application/json"
    return headers


def _is_readable(content: Any, holds: str) -> bool:
    """Tell whether an answer is a list of objects, or an object that holds an id, an object or such a list."""
    if holds:
        content = content.get(holds) if isinstance(content, dict) else None
    if isinstance(content, list):
        return all(isinstance(row, dict) for row in content)
    return isinstance(content, int | str) if holds == "id" else isinstance(content, dict) and bool(holds)


def _read(response: requests.Response, deadline: float) -> bytes:
    """Return the whole body; one that drips in past the deadline raises TimeoutError, a vast one HTTPError."""
    pieces, size = [], 0
    while piece := response.raw.read1(1 << 16, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > deadline:
            raise TimeoutError
        if size > LARGEST_ANSWER:
            raise HTTPError("larger than any answer is")
    return b"".join(pieces)


def _pause(state: RetryCallState) -> float:
    failed = state.outcome.exception() if state.outcome else None
    asked = failed.pause if isinstance(failed, _Again) else 0.0
    return max(asked, 0.5 * 2.0 ** (state.attempt_number - 1))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that an answer asks to wait: `Retry-After` holds seconds or a date."""
    value = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        date, now = _date(value), _date(headers.get("date", ""))
        if date is None:
            return None
        return max(0.0, date - (time.time() if now is None else now))


def _date(value: str) -> float | None:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def _links_next(headers: Mapping[str, str]) -> bool:
    """Tell whether a `link` header names a next page; where it points is not followed."""
    links = parse_header_links(headers["link"]) if headers.get("link") else []
    return any("next" in link.get("rel", "").split() for link in links)


def _secrets(header: str) -> list[str]:
    """Return what an Authorization header holds that nobody is to read, as it is sent and as it was set."""
    sent = header.rpartition(" ")[2]
    try:
        pair = base64.b64decode(sent, validate=True).decode()
    except ValueError:  # a token, and no pair
        return [sent]
    return [sent, pair, *(part for part in pair.split(":") if len(part) > 1)]


def _words(body: bytes, secrets: Iterable[str] = ()) -> str:
    """Return a vendor's own words of refusal in one line: its error codes and descriptions.

    No values, and where its words repeat an address or one of the `secrets`, not these.
    """
    try:
        content = json.loads(body)
    except ValueError:
        return ""
    said: list[str] = []

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("error", "code", "title", "description", "message", "field") and isinstance(value, str):
                    said.append(value)
                else:
                    collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(content)
    words = " ".join(" ".join(dict.fromkeys(said)).split())
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return _ADDRESS.sub("…", words)


def _is_loopback(base: str) -> bool:
    return urlsplit(base).hostname in ("localhost", "127.0.0.1", "::1")


def objects(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a JSON list, none where it is no list."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def moment(value: object) -> datetime:
    """Return a vendor's time stamp as a time; the beginning of 1970 where it holds none."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
