"""An OpenAI-compatible endpoint: one question, one answer, in bounded time, whatever kind of endpoint it is."""

from __future__ import annotations

import json
import math
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast
from urllib.request import getproxies, proxy_bypass

import httpx2
import openai

from rewriter.errors import EngineDenied, EngineError, EngineUnavailable, SettingsError
from rewriter.llm.wire import TRUNCATED, Answer, Form, Question, give_up, read_answer, request_body
from rewriter.model import Usage

T = TypeVar("T")

OPENAI = "https://api.openai.com/v1"
SECONDS = 30.0  # for one question, with every wait and every further attempt
ATTEMPTS = 3
FIRST_WAIT = 0.5  # seconds; doubles from attempt to attempt
MOST_BYTES = 1_000_000  # of an answer

_HAS_RESPONSES = re.compile(r"(?:^|\.)(?:openai\.com|openai\.azure\.com|services\.ai\.azure\.com)$")


class _Refused(Exception):
    """A 400 or its kin that may be about the form of the request rather than about this question."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__()
        self.param, self.message = param, message


class _NoSuchPath(Exception):
    """The endpoint does not have this API; it may have the other one."""


class _Busy(Exception):
    """Worth another attempt: what happened, and how many seconds the endpoint asks to wait, if it says."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.wait = wait


def _address(url: str) -> str:
    """Return the address that is asked, OpenAI's own for ""; raises SettingsError where it is none."""
    try:
        fits = (httpx2.URL(url).port or 0) < 65_536
    except httpx2.InvalidURL:
        fits = False
    if not fits:
        raise SettingsError("OPENAI_BASE_URL is no address: it is of the form https://host/path.")
    return url or OPENAI  # said aloud, because the client takes an empty OPENAI_BASE_URL for an address


def _http(seconds: float) -> httpx2.Client:
    """Return what speaks HTTP; raises SettingsError where proxy or certificates are set in a way it cannot take."""
    try:
        return httpx2.Client(
            timeout=seconds,
            follow_redirects=False,  # what is sent goes to the address that was set, and nowhere else
        )
    except (httpx2.InvalidURL, ImportError, ValueError, OSError) as error:
        raise SettingsError(
            f"The way to the model endpoint cannot be set up ({type(error).__name__}): check HTTPS_PROXY, "
            "HTTP_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR."
        ) from None


@dataclass
class Endpoint:
    """A model behind an OpenAI-compatible endpoint; one for each run, safe to share among threads.

    How the endpoint wants to be asked is found out once. An outage or a refused key is remembered: every later
    question fails at once, without a request.
    """

    api_key: str = field(repr=False)
    model: str
    base_url: str = ""
    seconds: float = SECONDS
    setting: str = "REWRITER_MODEL"  # that names the model
    form: Form = field(init=False)
    _trouble: EngineError | None = field(init=False, default=None, repr=False)
    _client: openai.OpenAI = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.api_key or not self.api_key.isascii() or not self.api_key.isprintable():
            raise SettingsError("OPENAI_API_KEY is missing or is no key: set it to the key of your model endpoint.")
        if not self.model:
            raise SettingsError(f"{self.setting} is missing: set it to a model's name at your endpoint.")
        if self.base_url and not re.match(r"https?://[^\s/]", self.base_url):
            raise SettingsError("OPENAI_BASE_URL is no address: it begins with http:// or https://.")
        self._client = openai.OpenAI(
            api_key=self.api_key,
            base_url=_address(self.base_url),
            max_retries=0,  # this class waits and asks again, within its own time
            http_client=_http(self.seconds),
        )
        self.form = Form(api="responses" if _HAS_RESPONSES.search(self._client.base_url.host) else "chat")

    @property
    def place(self) -> str:
        """Host and port of the endpoint, as a person is told of it: without path, user or password."""
        return self._client.base_url.netloc.decode("ascii", "replace")

    def ask(self, question: Question) -> Answer:
        """Return the model's answer, within `seconds`, further attempts and waits included.

        Raises EngineUnavailable on an outage, EngineDenied on a refused key or model, EngineError where the
        endpoint refuses this question alone.
        """
        if self._trouble:
            raise type(self._trouble)(*self._trouble.args)
        try:
            return self._ask(question, time.monotonic() + self.seconds)
        except (EngineUnavailable, EngineDenied) as trouble:
            self._trouble = trouble
            raise

    def _ask(self, question: Question, deadline: float) -> Answer:
        """Ask in the form that is known to work; give up what the endpoint refuses, and keep what was learnt."""
        form, usage, switched = self.form, Usage(), False
        while True:
            try:
                answer = self._persist(question, form, deadline)
            except _NoSuchPath:
                if switched:
                    raise EngineDenied(
                        f"The model endpoint {self.place} has neither /responses nor /chat/completions: check the "
                        "path in OPENAI_BASE_URL."
                    ) from None
                form, switched = replace(form, api="chat" if form.api == "responses" else "responses"), True
                continue
            except _Refused as refusal:
                form = give_up(form, refusal.param, refusal.message)
                continue
            usage += answer.usage
            if answer.trouble == TRUNCATED and answer.thought and not form.thinks:
                form = replace(form, thinks=True)
                continue
            self.form = form  # only what led to an answer is remembered
            return replace(answer, usage=usage)

    def _persist(self, question: Question, form: Form, deadline: float) -> Answer:
        """Ask up to three times, with waits, where the endpoint is busy or the connection breaks."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _within(deadline - time.monotonic(), lambda: self._once(question, form, deadline))
            except TimeoutError:
                raise EngineUnavailable(
                    f"The model endpoint {self.place} gave no answer within {self.seconds:g} s: try later, or a "
                    "faster model."
                ) from None
            except _Busy as busy:
                wait = FIRST_WAIT * 2 ** (attempt - 1) if busy.wait is None else busy.wait
                if attempt == ATTEMPTS or wait >= deadline - time.monotonic():
                    raise EngineUnavailable(f"The model endpoint {self.place} {busy}.") from None
                time.sleep(wait)
        raise AssertionError("every attempt returns or raises")

    def _once(self, question: Question, form: Form, deadline: float) -> Answer:
        """Make one request; the answer's bytes are counted and timed as they come."""
        create: Callable[..., Any] = (
            self._client.responses.with_streaming_response.create
            if form.api == "responses"
            else self._client.chat.completions.with_streaming_response.create
        )
        body = request_body(self.model, question, form)
        try:
            with create(**body, timeout=max(0.01, deadline - time.monotonic())) as response:
                content = _whole(response.iter_bytes(), deadline)
        except openai.APIStatusError as error:
            raise _meaning(error, self) from None
        except (openai.APITimeoutError, httpx2.TimeoutException):
            raise TimeoutError from None
        except (openai.APIConnectionError, httpx2.TransportError) as error:
            raise _unreached(error, self.place) from None
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError):
            content = None
        return read_answer(content, form, question)


# --- what an endpoint refuses ------------------------------------------------------------------------------

_NO_MODEL = re.compile(
    r"(?:model|deployment)\b.{0,120}?(?:not[ _]found|does(?: not|n't) exist|not exist|unavailable)"
    r"|(?:unknown|invalid|no such) (?:model|deployment)|model_not_found|deploymentnotfound",
    re.I | re.S,
)
_NO_KEY = re.compile(r"api.?key|unauthori[sz]ed|authentication", re.I)
_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window)|maximum context|too (?:long|many tokens)", re.I | re.S
)
_FILTERED = re.compile(r"content.?(?:filter|policy|management)|moderation", re.I)
_NO_SHAPE = re.compile(r"grammar|json.?schema|response_format", re.I)

_UNUSABLE = {400, 415, 422}  # what is wrong is in the request's body


def _meaning(error: openai.APIStatusError, endpoint: Endpoint) -> Exception:
    """Return what a refusal means for the run; the endpoint's own words are read and never repeated."""
    param, said = _said(error.body)
    status, place = error.status_code, endpoint.place
    about_model = not param or "model" in param
    if status in _UNUSABLE | {403, 404} and about_model and _NO_MODEL.search(said):
        return EngineDenied(
            f"The model endpoint {place} does not know the model {endpoint.model!r}: check {endpoint.setting}."
        )
    if status in {401, 403} or (status == 400 and not param and _NO_KEY.search(said)):
        return EngineDenied(f"The model endpoint {place} refuses the key: check OPENAI_API_KEY.")
    if status == 407:
        return EngineDenied(_PROXY.format(place))
    if status in {404, 405, 501}:
        return _NoSuchPath()
    if status in _UNUSABLE or status == 413:
        return _refusal(status, param, said)
    return _outage(status, param, said, error.response.headers)


def _refusal(status: int, param: str, said: str) -> Exception:
    if status == 413 or _TOO_LONG.search(said):
        return EngineError("the draft is too long for the model")
    if _FILTERED.search(said):
        return EngineError("the endpoint's content filter refused the draft")
    return _Refused(param, said)


def _outage(status: int, param: str, said: str, headers: Mapping[str, str]) -> Exception:
    if status == 402 or "insufficient_quota" in said:
        return EngineUnavailable("The account at the model endpoint is used up: add to it, or wait for its quota.")
    if status == 500 and _NO_SHAPE.search(said):
        return _Refused(param, said)
    if status in {408, 409, 425, 429} or status >= 500:
        return _Busy(f"is busy or broken (HTTP {status}): try later", _retry_after(headers))
    return EngineDenied(f"The model endpoint answers with HTTP {status}: check OPENAI_BASE_URL.")


_PROXY = "The proxy on the way to the model endpoint {} wants a sign-in: check HTTPS_PROXY and HTTP_PROXY."


def _unreached(error: BaseException, place: str) -> Exception:
    """Return what a connection that failed means: mostly that it is worth another attempt."""
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return EngineUnavailable(
                f"The certificate of the model endpoint {place} is not trusted here ({cause.verify_message}): "
                "check OPENAI_BASE_URL, or name the file of its authority in SSL_CERT_FILE."
            )
        if isinstance(cause, httpx2.ProxyError) and "407" in str(cause):
            return EngineDenied(_PROXY.format(place))
    if getproxies() and not proxy_bypass(place):
        return _Busy("cannot be reached through the proxy of HTTPS_PROXY or HTTP_PROXY: check them, or try later")
    return _Busy("cannot be reached: check OPENAI_BASE_URL, or try later")


def _said(body: object) -> tuple[str, str]:
    """Return the parameter that an error names, and all its words; endpoints nest and name them differently."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return "", str(inner or "")[:4000]
    words = (str(inner.get(key) or "") for key in ("code", "type", "message", "detail"))
    return str(inner.get("param") or ""), " ".join(words)[:4000]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the endpoint asks to wait; None where it does not say, or not in a way to read."""
    said = headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


# --- bounded time ------------------------------------------------------------------------------------------


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns, or raise what it raises; TimeoutError where that takes longer.

    A thread of its own is the one bound that also holds while a name is looked up and while headers trickle. It
    is a daemon and left to the client's own timeouts, so it never keeps a run from ending.
    """
    outcome: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def work() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as error:
            outcome.put((None, error))

    threading.Thread(target=work, name="model", daemon=True).start()
    try:
        value, error = outcome.get(timeout=max(0.0, seconds))
    except Empty:
        raise TimeoutError from None
    if error:
        raise error
    return cast(T, value)


def _whole(chunks: Iterator[bytes], deadline: float) -> Any:
    """Return the JSON that the chunks make up; None where it is none or too long. Raises TimeoutError."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            return None
        if time.monotonic() > deadline:
            raise TimeoutError
    try:
        return json.loads(bytes(content))
    except (ValueError, RecursionError):
        return None
