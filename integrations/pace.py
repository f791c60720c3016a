"""Keep under a vendor's limits, and under our share of them, across threads."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from rewriter.errors import HelpdeskUnavailable

LONGEST_WAIT = 300.0  # seconds that one request waits for a limit before its work is left for the next run

_MINUTE = 60.0
_HOUR = 3600.0
_MARGIN = 1.0  # a request may be on its way for longer than the one that opened the window
_UNKNOWN_RESET = 5.0  # where nothing says when a limit is lifted, ask again after this
_HOURLY = 3000  # Freshdesk's older accounts: 3,000 or 5,000 an hour, and no plan has so much a minute
_ENDPOINT = re.compile(r"zendesk-rate-?limit-.+")
_FIELD = re.compile(r"(total|remaining|resets)\s*=\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Limit:
    """What an answer's headers tell of one limit: how much in all, how much is left, seconds to its reset."""

    total: int
    remaining: int | None = None
    resets: float | None = None
    window: float = _MINUTE  # seconds over which `total` counts


def account_limit(headers: Mapping[str, str]) -> Limit | None:
    """Return the whole account's limit, in whichever spelling the headers have it; keys are lower case."""
    if freshdesk := _first_number(headers, "x-ratelimit-total"):
        remaining = _first_number(headers, "x-ratelimit-remaining")
        return Limit(freshdesk, remaining, window=_HOUR if freshdesk >= _HOURLY else _MINUTE)
    if zendesk := _first_number(headers, "x-rate-limit", "ratelimit-limit", "rate-limit", "rate-limit-limit"):
        remaining = _first_number(headers, "x-rate-limit-remaining", "ratelimit-remaining", "rate-limit-remaining")
        return Limit(zendesk, remaining, _first_number(headers, "ratelimit-reset", "rate-limit-reset"))
    return None


def endpoint_limit(headers: Mapping[str, str]) -> Limit | None:
    """Return the tightest limit of the endpoint that answered; what counts for one ticket alone paces nobody."""
    found = []
    for key, value in headers.items():
        told = dict(_FIELD.findall(value)) if _ENDPOINT.fullmatch(key) and "per-ticket" not in key else {}
        if int(told.get("total", 0)) > 0:
            total, remaining, resets = (
                int(told[k]) if k in told else None for k in ("total", "remaining", "resets")
            )
            found.append(Limit(total or 1, remaining, resets, max(_MINUTE, resets or 0)))
    return min(found, key=lambda limit: limit.total, default=None)


def is_of_one_ticket(headers: Mapping[str, str]) -> bool:
    """Tell whether a 429 is for one ticket that was written to too often, and everything else may go on."""
    used_up = [key for key, value in headers.items() if "remaining=0" in value and _ENDPOINT.fullmatch(key)]
    return bool(used_up) and all("per-ticket" in key for key in used_up)


def credits_used(headers: Mapping[str, str]) -> int | None:
    """Return what the request cost, where the vendor says so (Freshdesk: two more for an `include`)."""
    return _first_number(headers, "x-ratelimit-used-currentrequest")


def _first_number(headers: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        value = headers.get(name, "").strip()
        if value.isdigit():
            return int(value)
    return None


@dataclass(slots=True)
class Leave:
    """One request's leave to go: when it was given, and what the request costs."""

    route: str
    at: float
    cost: int
    answered: bool = False


@dataclass(slots=True)
class _Use:
    """What we used of one limit in its window, and what the vendor says is left of it."""

    spent: deque[Leave] = field(default_factory=deque)
    limit: Limit | None = None
    window: float = _MINUTE
    counted: float = 0.0  # requests that left later are not in what the vendor says remains
    lifted: float = 0.0  # when what it says is out of date

    def wait(self, now: float, cost: int, share: float) -> float:
        """Return the seconds until `cost` more keeps within our share of the limit."""
        window = self.window + _MARGIN
        while self.spent and self.spent[0].at <= now - window:
            self.spent.popleft()
        if self.limit is None:
            return 0.0
        longest = 0.0
        room = max(int(self.limit.total * share), cost, 1) - cost
        over = sum(leave.cost for leave in self.spent) - room
        for leave in self.spent:
            if over <= 0:
                break
            over -= leave.cost
            longest = leave.at + window - now
        if self.limit.remaining is not None:
            on_the_way = sum(leave.cost for leave in self.spent if not leave.answered or leave.at > self.counted)
            if self.limit.remaining - on_the_way < cost:
                longest = max(longest, self.lifted - now)
        return longest

    def told(self, limit: Limit, leave: Leave, now: float) -> None:
        """Take in what the answer to a request says of this limit."""
        self.limit, self.counted = limit, leave.at
        self.window = max(self.window, limit.window)
        self.lifted = now + (_UNKNOWN_RESET if limit.resets is None else limit.resets + _MARGIN)


class Pace:
    """Decides when a request may go: one for all threads of an adapter.

    Over any minute we use at most `share` of what the account, and each endpoint, allows; where the headers say
    that nothing is left we wait for the reset; after a 429 everyone waits for what it said.
    """

    def __init__(
        self, share: float, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._share = share
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._account = _Use()
        self._routes: dict[str, _Use] = {}
        self._resumes = 0.0

    def take(self, route: str, cost: int = 1) -> Leave:
        """Wait until a request of this route may go. Raises HelpdeskUnavailable where that takes too long."""
        began = self._clock()
        while True:
            with self._lock:
                now = self._clock()
                wait = max(self._resumes - now, *(use.wait(now, cost, self._share) for use in self._uses(route)))
                if wait <= 0:
                    leave = Leave(route, now, cost)
                    for use in self._uses(route):
                        use.spent.append(leave)
                    return leave
            if now - began + wait > LONGEST_WAIT:
                raise HelpdeskUnavailable(
                    f"The helpdesk's rate limit lets nothing through for {wait:.0f} s: the next run goes on."
                )
            self._sleep(wait)

    def answered(self, leave: Leave, headers: Mapping[str, str] | None) -> None:
        """Learn from an answer's headers (lower-case keys), or from there being no answer (None)."""
        with self._lock:
            leave.answered = True
            if headers is None:
                return
            used = credits_used(headers)
            leave.cost = leave.cost if used is None else used
            limits = account_limit(headers), endpoint_limit(headers)
            for use, limit in zip(self._uses(leave.route), limits, strict=True):
                if limit:
                    use.told(limit, leave, self._clock())

    def pause(self, seconds: float) -> None:
        """Let no request go for so long."""
        with self._lock:
            self._resumes = max(self._resumes, self._clock() + seconds)

    def _uses(self, route: str) -> Iterator[_Use]:
        yield self._account
        yield self._routes.setdefault(route, _Use())
