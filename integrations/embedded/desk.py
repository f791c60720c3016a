"""What the embedded helpdesk remembers: people, tickets and comments, and a search index that lags behind."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import RLock
from typing import Any, Literal, Protocol

from werkzeug.wrappers import Response

FaceName = Literal["zendesk", "freshdesk"]
Role = Literal["end-user", "agent", "admin"]
Status = Literal["new", "open", "pending", "hold", "solved", "closed"]
STATUSES: tuple[Status, ...] = ("new", "open", "pending", "hold", "solved", "closed")

BEYOND_2_40 = 33_144_692_244_000  # ids of people and comments begin here: they do not fit into a double's habits


@dataclass(slots=True)
class Person:
    """Somebody with a name and an address; `suspended` people can sign in no more."""

    id: int
    name: str
    email: str
    role: Role
    language: str = "en-US"  # BCP-47
    time_zone: str = "Europe/London"  # IANA
    suspended: bool = False
    signature: str = ""


@dataclass(slots=True)
class Comment:
    """One comment as it is stored: `html` is without the wrapper that either vendor shows it in."""

    id: int
    author: Person
    html: str
    public: bool
    at: datetime
    channel: str = "web"  # web, email, chat, api, rule
    audit_id: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    edited_at: datetime | None = None
    editor: Person | None = None


@dataclass(slots=True)
class Ticket:
    """A ticket; its first comment is what Freshdesk calls the description."""

    id: int
    subject: str
    requester: Person
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    status: Status = "open"
    channel: str = "email"  # email, web, chat, phone, social
    priority: str = "normal"
    comments: list[Comment] = field(default_factory=list)
    audits: list[dict[str, Any]] = field(default_factory=list)
    assignee: Person | None = None
    group_id: int | None = None
    brand_id: int | None = None
    form_id: int | None = None
    type: str | None = None
    deleted: bool = False
    spam: bool = False
    moved: int = 0  # orders tickets that were updated in one second

    @property
    def listed(self) -> bool:
        """Whether lists show the ticket."""
        return not (self.deleted or self.spam)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the embedded helpdesk accepts; invented, and good for nothing else."""

    client_id: str = "reply-rewriter"
    client_secret: str = "embedded-secret"  # noqa: S105 - stands here to be known
    client_scope: str = "read write"
    oauth_token: str = "embedded-oauth-token"  # noqa: S105 - as above
    api_token: str = "embedded-api-token"  # noqa: S105 - as above
    api_key: str = "embedded-api-key"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many calls (on Freshdesk: credits) in so many seconds."""

    total: int
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Spent:
    """How an allowance stands after a call; `refused` where the call was one too many."""

    total: int
    remaining: int
    resets: int  # seconds
    refused: bool


# Zendesk Suite Professional and Freshdesk Pro. `Desk(limits={})` lifts them all.
PLAN: Mapping[str, Allowance] = {
    "zendesk account": Allowance(400),
    "zendesk tickets-update": Allowance(100),
    "zendesk per-ticket-updates": Allowance(30, 600),
    "zendesk tickets-index": Allowance(100),
    "zendesk search-export": Allowance(100),
    "zendesk incremental-exports": Allowance(10),
    "freshdesk account": Allowance(400),
    "freshdesk update": Allowance(160),
    "freshdesk list": Allowance(100),
}


class Meter:
    """Counts calls against allowances, in windows that begin on the clock's own full minutes."""

    def __init__(self, allowances: Mapping[str, Allowance]) -> None:
        self.allowances = allowances
        self.spent: Counter[str] = Counter()  # by the name of the allowance, since the beginning
        self._used: dict[tuple[str, int], tuple[int, int]] = {}  # (name, ticket) -> (window, used)

    def spend(self, name: str, now: datetime, *, cost: int = 1, ticket: int = 0) -> Spent | None:
        """Count `cost` against an allowance; None where that allowance is lifted."""
        allowance = self.allowances.get(name)
        if allowance is None:
            return None
        self.spent[name] += cost
        seconds = int(now.timestamp())
        window = seconds // allowance.seconds
        began, used = self._used.get((name, ticket), (window, 0))
        used = used + cost if began == window else cost
        if len(self._used) > 20_000:  # one entry for each ticket written to: forget them all at once
            self._used.clear()
        self._used[name, ticket] = (window, used)
        left = max(0, allowance.total - used)
        return Spent(allowance.total, left, allowance.seconds - seconds % allowance.seconds, used > allowance.total)


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket as the search index holds it."""

    tags: frozenset[str] = frozenset()
    status: str = "new"
    updated_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    listed: bool = True


class Index:
    """The search index: each ticket as it was a while ago, its status perhaps a while longer ago."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self._by_tag: defaultdict[str, set[int]] = defaultdict(set)
        self._waiting: list[tuple[datetime, int, int, dict[str, Any]]] = []
        self._order = count()

    def learn(self, ticket_id: int, due: datetime, **changes: Any) -> None:
        """Take in what changed of a ticket, to be seen from `due` on."""
        heapq.heappush(self._waiting, (due, next(self._order), ticket_id, changes))

    def catch_up(self, now: datetime) -> None:
        """Show all that is due by `now`."""
        while self._waiting and self._waiting[0][0] <= now:
            _, _, ticket_id, changes = heapq.heappop(self._waiting)
            before = self.rows.get(ticket_id, Row())
            row = self.rows[ticket_id] = replace(before, **changes)
            for tag in before.tags - row.tags:
                self._by_tag[tag].discard(ticket_id)
            for tag in row.tags - before.tags:
                self._by_tag[tag].add(ticket_id)

    def tagged(self, tag: str) -> set[int]:
        """Return the ids of the tickets that carry a tag, as the index knows it."""
        return self._by_tag.get(tag, set())


@dataclass(frozen=True, slots=True)
class Call:
    """One API call as a fault sees it; `path` is without the `.json` that Zendesk lets one leave out."""

    face: FaceName
    method: str
    path: str
    query: Mapping[str, str]
    body: Any  # parsed JSON, else None


class Fault(Protocol):
    """Stands between a call and its answer.

    It may return an answer of its own, return `answer()` (which carries the call out), raise ConnectionError to
    drop the connection before or after `answer()`, or wait.
    """

    def __call__(self, call: Call, answer: Callable[[], Response]) -> Response:
        """Answer the call."""


@dataclass
class Desk:
    """A helpdesk in memory. Its methods act as people at its screens do; the API faces act on it as programs do.

    Times are UTC and stamps have whole seconds, as with both vendors. Every method takes `lock`; hold it yourself
    around several that belong together.
    """

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lag: float = 0.0  # seconds until the search index shows a change
    status_lag: float = 0.0  # seconds more until it shows a change of status
    limits: Mapping[str, Allowance] = field(default_factory=lambda: dict(PLAN))
    credentials: Credentials = field(default_factory=Credentials)
    language: str = "en"
    comments_public_by_default: bool = True
    tickets_from: int = 1001  # the first ticket's id
    shown_host: str = "https://z3n-embedded.zendesk.example"  # in links and urls; nobody answers there
    faults: list[Fault] = field(default_factory=list)
    triggers: list[Callable[[Desk, Ticket], None]] = field(default_factory=list)  # run after each write by API

    def __post_init__(self) -> None:
        self.lock = RLock()
        self.meter = Meter(self.limits)
        self.calls: Counter[tuple[FaceName, str, int]] = Counter()  # (face, method, status) -> how many
        self.people: dict[int, Person] = {}
        self.tickets: dict[int, Ticket] = {}
        self.ticket_of: dict[int, int] = {}  # comment id -> ticket id
        self.brands: dict[int, str] = {}  # names by id; what Freshdesk calls products
        self.groups: dict[int, str] = {}
        self.forms: dict[int, str] = {}
        self.macros: dict[int, dict[str, Any]] = {}
        self.views: dict[int, dict[str, Any]] = {}
        self.issued: dict[str, tuple[frozenset[str], datetime]] = {}  # OAuth tokens: scopes, end
        self.index = Index()
        self._ids = count(BEYOND_2_40 + 1)
        self._ticket_ids = count(self.tickets_from)
        self._moves = count(1)
        self._recent: dict[int, None] = {}  # ticket ids, the last updated last
        self._in_order = True
        self.actor = self.add_person("Robin Vale", "robin.vale@example.com", role="admin")

    def now(self) -> datetime:
        """Return the desk's time, cut to whole seconds."""
        return self.clock().replace(microsecond=0)

    def new_id(self) -> int:
        """Return an id that nothing else has, above 2^40."""
        return next(self._ids)

    # --- people at their screens ---------------------------------------------------------------------------

    def add_person(self, name: str, email: str, *, role: Role = "end-user", **more: Any) -> Person:
        """Add somebody. `actor`, an admin, is there from the start: keys and tokens act as `actor`."""
        with self.lock:
            person = Person(more.pop("id", None) or self.new_id(), name, email, role, **more)
            self.people[person.id] = person
            return person

    def open_ticket(
        self,
        subject: str,
        requester: Person,
        html: str,
        *,
        at: datetime | None = None,
        public: bool = True,
        **more: Any,
    ) -> Ticket:
        """Open a ticket with its first comment; `more` are a Ticket's own fields."""
        with self.lock:
            at = (at or self.now()).replace(microsecond=0)
            tags = list(more.pop("tags", ()))
            ticket_id = more.pop("id", None) or next(self._ticket_ids)
            ticket = Ticket(ticket_id, subject, requester, at, at, tags, **more)
            self.tickets[ticket.id] = ticket
            self.say(ticket, requester, html, public=public, channel=ticket.channel, at=at)
            return ticket

    def say(
        self,
        ticket: Ticket,
        author: Person,
        html: str,
        *,
        public: bool,
        channel: str = "web",
        at: datetime | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Comment:
        """Add a comment. The ticket's stamp moves to it, as it does on both vendors."""
        with self.lock:
            at = (at or self.now()).replace(microsecond=0)
            comment = Comment(self.new_id(), author, html, public, at, channel, self.new_id(), metadata or {})
            ticket.comments.append(comment)
            self.ticket_of[comment.id] = ticket.id
            self.touch(ticket, at)
            return comment

    def edit(self, ticket: Ticket, comment: Comment, html: str, editor: Person) -> None:
        """Put other words into a note; only Freshdesk can."""
        with self.lock:
            comment.html, comment.editor, comment.edited_at = html, editor, self.now()
            self.touch(ticket)

    def tag(self, ticket: Ticket, *add: str, remove: tuple[str, ...] = ()) -> None:
        """Add tags to a ticket and take others off."""
        with self.lock:
            kept = [tag for tag in ticket.tags if tag not in remove]
            ticket.tags = list(dict.fromkeys([*kept, *add]))
            self.touch(ticket)

    def set_status(self, ticket: Ticket, status: Status) -> None:
        """Solve, close or reopen a ticket."""
        with self.lock:
            ticket.status = status
            self.touch(ticket)

    def delete(self, ticket: Ticket) -> None:
        """Delete a ticket: Zendesk answers 404 from now on, Freshdesk shows it as deleted."""
        with self.lock:
            ticket.deleted = True
            self.touch(ticket)

    def mark_spam(self, ticket: Ticket) -> None:
        """Mark a ticket as spam: Zendesk answers 404 from now on, Freshdesk refuses writes."""
        with self.lock:
            ticket.spam = True
            self.touch(ticket)

    # --- what both faces need ------------------------------------------------------------------------------

    def touch(self, ticket: Ticket, at: datetime | None = None) -> None:
        """Move a ticket's stamp, and tell the search index, which shows it later."""
        at = at or self.now()
        newest = self.tickets[next(reversed(self._recent))].updated_at if self._recent else at
        self._in_order = self._in_order and at >= newest
        ticket.updated_at = max(at, ticket.updated_at)
        ticket.moved = next(self._moves)
        self._recent.pop(ticket.id, None)
        self._recent[ticket.id] = None
        due = at + timedelta(seconds=self.lag)
        listed = ticket.listed
        self.index.learn(ticket.id, due, tags=frozenset(ticket.tags), updated_at=ticket.updated_at, listed=listed)
        self.index.learn(ticket.id, due + timedelta(seconds=self.status_lag), status=ticket.status)

    def searched(self) -> Index:
        """Return the search index as it stands now."""
        self.index.catch_up(self.clock())
        return self.index

    def by_update(self) -> Iterator[Ticket]:
        """Yield all tickets, the last updated first (of one second too)."""
        if not self._in_order:
            ordered = sorted(self._recent, key=lambda i: (self.tickets[i].updated_at, self.tickets[i].moved))
            self._recent = dict.fromkeys(ordered)
            self._in_order = True
        return (self.tickets[ticket_id] for ticket_id in reversed(self._recent))

    def run_triggers(self, ticket: Ticket) -> None:
        """Let the business rules act on a ticket that an API call has just written to."""
        for trigger in self.triggers:
            trigger(self, ticket)
