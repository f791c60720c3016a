"""Zendesk behind the seam: search and live list, one read of the comments, one guarded write."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rewriter.errors import HelpdeskError, PublicNote, StaleDraft
from rewriter.handover import OUTCOME_TAG, find_draft
from rewriter.helpdesk import Check, NameKind, SetupStep
from rewriter.model import Comment, Draft, NoDraft, Thread, Ticket

from ..api import AnswerLost, Api, Refused, moment, objects
from ..standing import has_work, is_same, keeps_changing, moved_on, notes_for
from . import payloads
from .setup import Setup

Json = Mapping[str, Any]

LARGEST = 65_536  # bytes of a comment's body; what is longer is cut without a word

_SEARCH_PAGES = 10  # of 100: the search gives no more
_LIVE_PAGES = 2  # of 100
_COMMENT_PAGES = 50  # of 100: a ticket has no more
_NAME_PAGES = 20  # of 100 brands, groups or forms
_INDEX_LAG = 600.0  # seconds that the search index may be behind; the live list is read as far back
_TRIES = 4
_BEGIN_WITHIN = 25.0  # seconds in which a write may be begun once more

log = logging.getLogger(__name__)


class Zendesk:
    """A Zendesk account, by way of its Support API v2."""

    name = "zendesk"
    needs_directive = False

    def __init__(self, api: Api, *, request_tag: str, wide: Api | None = None, reader: Api | None = None) -> None:
        self._api = api
        self._wide = wide or api
        self._reader = reader or api
        self._request_tag = request_tag.lower()  # as Zendesk keeps tags

    @property
    def calls(self) -> int:
        """How many requests were sent so far, sign-in included."""
        return self._api.calls + (self._reader.calls if self._reader is not self._api else 0)

    def close(self) -> None:
        """Let go of connections."""
        for api in (self._api, self._wide, self._reader):
            api.close()

    def checks(self) -> Iterator[Check]:
        """Look at sign-in, permissions, macro and view; change nothing."""
        return self._setup.checks()

    def plan_setup(self) -> list[SetupStep]:
        """Return which of macro and view are missing."""
        return self._setup.plan_setup()

    def apply(self, step: SetupStep) -> None:
        """Create what a step names."""
        self._setup.apply(step)

    @property
    def _setup(self) -> Setup:
        return Setup(self._api, self._wide, self._request_tag)

    # --- finding ---------------------------------------------------------------------------------------

    def requested(self) -> Iterator[Ticket]:
        """Yield each ticket that carries the request tag and is not closed, the longest untouched first.

        The search finds, its rows may be minutes old: what the live list does not show is read by its id.
        """
        self._api.forget_outage()
        found = self._found()
        live = {ticket.id: (ticket, read) for ticket, read in self._live()}
        known = found | {id_: ticket for id_, (ticket, _) in live.items()}
        settled = {id_: ticket for id_, (ticket, read) in live.items() if not self._may_change_unseen(ticket, read)}
        tickets = settled | self._shown({id_: ticket for id_, ticket in known.items() if id_ not in settled})
        wanted = [t for t in tickets.values() if self._request_tag in t.tags and t.status in ("open", "solved")]
        yield from sorted(wanted, key=lambda ticket: moment(ticket.stamp))

    def _found(self) -> dict[str, Ticket]:
        query = f"type:ticket tags:{self._request_tag} status<closed"
        found: dict[str, Ticket] = {}
        for page in range(1, _SEARCH_PAGES + 1):
            answer = self._api.get(
                "/api/v2/search.json",
                {
                    "query": query,
                    "sort_by": "updated_at",
                    "sort_order": "asc",
                    "per_page": "100",
                    "page": str(page),
                },
                holds="results",
                ours=True,
            ).content
            rows = objects(answer["results"])
            found |= {t.id: t for t in map(payloads.ticket, rows) if t.id}
            if not answer.get("next_page") or not rows:
                break
        return found

    def _live(self) -> Iterator[tuple[Ticket, float | None]]:
        """Yield the tickets of the live list's newest pages, and when each was read by the server's clock."""
        asked = {"sort": "-updated_at", "page[size]": "100"}
        for _ in range(_LIVE_PAGES):
            answer = self._api.get("/api/v2/tickets.json", asked, holds="tickets", ours=True).content
            read = self._api.server_time()
            tickets = [payloads.ticket(row) for row in objects(answer["tickets"])]
            yield from ((ticket, read) for ticket in tickets)
            cursor = payloads.next_cursor(answer)
            old = tickets and read is not None and moment(tickets[-1].stamp).timestamp() < read - _INDEX_LAG
            if not cursor or not tickets or old:
                break
            asked = asked | {"page[after]": cursor}

    def _may_change_unseen(self, ticket: Ticket, read: float | None) -> bool:
        """Tell whether a requested ticket was read in the second of its stamp, which may hold another change."""
        young = read is None or read < moment(ticket.stamp).timestamp() + 1
        return young and self._request_tag in ticket.tags

    def _shown(self, known: Mapping[str, Ticket]) -> dict[str, Ticket]:
        """Return tickets as they stand now, by their ids; as they are known where ids cannot be asked for."""
        ids = list(known)
        tickets: dict[str, Ticket] = {}
        if ids:
            self._let_pass(max((ticket.stamp for ticket in known.values()), key=moment))
        for first in range(0, len(ids), 100):
            asked = {"ids": ",".join(ids[first : first + 100])}
            try:
                answer = self._api.get("/api/v2/tickets/show_many", asked, holds="tickets").content
            except Refused:
                return dict(known)
            tickets |= {ticket.id: ticket for ticket in map(payloads.ticket, objects(answer["tickets"]))}
        return tickets

    # --- reading ---------------------------------------------------------------------------------------

    def thread(self, ticket: Ticket) -> Thread:
        """Return the ticket with its comments, read when the second of its stamp was over.

        So a write guarded by that stamp is refused where anything happened since. Raises StaleDraft where the
        ticket is gone.
        """
        self._let_pass(ticket.stamp)
        rows, users = self._comments(ticket)
        unknown = payloads.people_of(ticket, rows) - {str(user.get("id")) for user in users}
        if unknown:
            wrote_notes = {str(row.get("author_id")) for row in rows if row.get("public") is False}
            users = [*users, *self._users(sorted(unknown)[:100], needed=bool(unknown & wrote_notes))]
        return payloads.thread(ticket, rows, users)

    def _comments(self, ticket: Ticket) -> tuple[list[Json], list[Json]]:
        """Return a ticket's comments and their authors: all, or the newest pages where nothing older matters."""
        rows: list[Json] = []
        users: list[Json] = []
        asked = {"include": "users", "sort": "-created_at", "page[size]": "100"}
        for _ in range(_COMMENT_PAGES):
            answer = self._ticket_get(ticket.id, "/comments.json", asked, holds="comments")
            rows += objects(answer["comments"])
            users += objects(answer.get("users"))
            cursor = payloads.next_cursor(answer)
            if cursor:
                asked = asked | {"page[after]": cursor}
            elif "meta" not in answer and answer.get("next_page") and answer["comments"]:
                asked = {"include": "users", "per_page": "100", "page": str(int(asked.get("page", "1")) + 1)}
            else:
                break
            if _newest_first(rows) and _tells_enough(payloads.comments(rows, users, ticket.requester_id)):
                break
        return rows, users

    def _users(self, ids: Sequence[str], *, needed: bool) -> list[Json]:
        """Return people by their ids; none where they cannot be asked for and nothing but a name depends on it."""
        try:
            answer = self._api.get("/api/v2/users/show_many.json", {"ids": ",".join(ids)}, holds="users")
        except Refused:
            if needed:  # whether a note is an agent's: without knowing that no draft can be said to be missing
                raise
            return []
        return objects(answer.content["users"])

    def _ticket(self, ticket_id: str) -> Ticket:
        answer = self._ticket_get(ticket_id, "", {}, holds="ticket")
        return payloads.ticket(answer["ticket"])

    def _ticket_get(self, ticket_id: str, what: str, asked: Mapping[str, str], *, holds: str) -> Any:
        try:
            return self._api.get(f"/api/v2/tickets/{ticket_id}{what}", asked, holds=holds).content
        except Refused as refused:
            raise moved_on(ticket_id) if refused.status in (404, 410) else refused from None

    def _again(self, ticket_id: str) -> Thread:
        return self.thread(self._ticket(ticket_id))

    def _let_pass(self, stamp: str) -> None:
        """Wait until the server's clock has left the second of a stamp; stamps have whole seconds."""
        now = self._api.server_time()
        if stamp and now is not None:
            time.sleep(min(2.0, max(0.0, moment(stamp).timestamp() + 1 - now)))

    def find(self, ticket_id: str) -> Thread:
        """Return a ticket by its id, with its comments. Raises StaleDraft where there is none."""
        return self._again(ticket_id)

    def names(self, kind: NameKind) -> Mapping[str, str]:
        """Return what the account calls its brands, groups or forms, by id."""
        lists = {"brand": "brands", "group": "groups", "form": "ticket_forms"}
        names: dict[str, str] = {}
        asked = {"page[size]": "100"}
        for _ in range(_NAME_PAGES):
            answer = self._reader.get(f"/api/v2/{lists[kind]}", asked, holds=lists[kind]).content
            names |= payloads.names(objects(answer[lists[kind]]))
            cursor = payloads.next_cursor(answer)
            if not cursor:
                break
            asked = asked | {"page[after]": cursor}
        return names

    # --- writing ---------------------------------------------------------------------------------------

    def leave(self, found: Draft | NoDraft, note: str, outcome: str) -> None:
        """Post the note and swap the tag in one write that is refused where the ticket changed since it was read.

        After a refusal, or a lost answer, the ticket is read again: our note there, all is done; the same draft
        there still, the write goes round again; else StaleDraft.
        """
        if len(payloads.escaped(note).encode()) >= LARGEST:
            raise HelpdeskError(f"The note for ticket {found.thread.ticket.id} is too long for Zendesk.")
        thread = found.thread
        trouble: HelpdeskError | None = None
        began = time.monotonic()
        for attempt in range(1, _TRIES + 1):
            body = payloads.suggestion(thread.ticket, found.key, note, outcome, self._request_tag)
            trouble = self._write(thread.ticket.id, body, found.key if note else "")
            if trouble is None:
                return
            thread = self._again(thread.ticket.id)
            if self._is_done(thread, found.key, note, outcome):
                return
            now = self._find(thread)
            if not is_same(found, now):
                raise moved_on(thread.ticket.id)
            if time.monotonic() - began > _BEGIN_WITHIN:
                break
            time.sleep(0.2 * attempt)
        raise trouble or keeps_changing(found.thread.ticket.id)

    def withdraw(self, found: Draft | NoDraft) -> bool:
        """Take the request tag off, unless a draft stands behind it; True where the ticket is free of it.

        Closed tickets take no change and are asked for no more.
        """
        trouble: HelpdeskError | None = None
        for _ in range(_TRIES):
            try:
                thread = self._again(found.thread.ticket.id)
            except StaleDraft:
                return True
            ticket = thread.ticket
            if ticket.status in ("closed", "gone") or self._request_tag not in ticket.tags:
                return True
            if has_work(self._find(thread)):
                return False
            body = payloads.tags(ticket, payloads.without(ticket.tags, self._request_tag))
            try:
                trouble = self._write(ticket.id, body, "")
            except StaleDraft:
                return True
            if trouble is None:
                return True
        raise trouble or keeps_changing(found.thread.ticket.id)

    def _find(self, thread: Thread) -> Draft | NoDraft:
        return find_draft(thread, request_tag=self._request_tag, needs_directive=self.needs_directive)

    def _write(self, ticket_id: str, body: Json, key: str) -> HelpdeskError | None:
        """Change a ticket under its stamp; return the trouble after which to look again, or None.

        With a `key` the write leaves a note, which is then known to be internal.
        """
        try:
            answer = self._api.write("PUT", f"/api/v2/tickets/{ticket_id}.json", body).content
        except AnswerLost as lost:
            return lost.trouble
        except Refused as refused:
            if refused.status == 409:
                return keeps_changing(ticket_id)
            if refused.status in (404, 410) or "closed prevents" in refused.reason:
                raise moved_on(ticket_id) from None
            raise
        events = payloads.comment_events(answer)
        if key and not events:
            return AnswerLost(f"Zendesk did not say what became of the note on ticket {ticket_id}.")
        ours = [event for event in events if payloads.says_key(event, key)] or events[:1]
        for event in ours if key else ():
            if event["public"] is not False:
                self._make_private(ticket_id, str(event.get("id")))
        return None

    def _is_done(self, thread: Thread, key: str, note: str, outcome: str) -> bool:
        """Tell whether the write was carried out, by the note's marker or, without a note, by the tags."""
        ours = notes_for(thread, key)
        for comment in ours:
            self._see_internal(thread.ticket.id, comment)
        tags = thread.ticket.tags
        return bool(ours) if note else self._request_tag not in tags and OUTCOME_TAG[outcome] in tags

    def _see_internal(self, ticket_id: str, comment: Comment) -> None:
        if comment.public:
            self._make_private(ticket_id, comment.id)

    def _make_private(self, ticket_id: str, comment_id: str) -> None:
        self._api.stop_writing()
        became = "and could not be made private: do so by hand NOW"
        for attempt in range(1, _TRIES + 1):  # it can only be made private, so asking twice does no harm
            try:
                path = f"/api/v2/tickets/{ticket_id}/comments/{comment_id}/make_private"
                self._api.write("PUT", path, mends=True)
            except HelpdeskError:
                time.sleep(0.2 * attempt)
            else:
                became = "and was made private at once"
                break
        log.critical("helpdesk=zendesk ticket=%s comment=%s a note of ours was PUBLIC", ticket_id, comment_id)
        raise PublicNote(f"The note on Zendesk ticket {ticket_id} was PUBLIC {became}. The run stops.", stands=True)


def _newest_first(rows: Sequence[Json]) -> bool:
    """Tell whether rows came newest first, as asked; a helpdesk that ignores the order is read to the end."""
    order = [(moment(row.get("created_at")), int(row["id"])) for row in rows if str(row.get("id")).isdigit()]
    return len(order) > 1 and all(newer >= older for newer, older in pairwise(order))


def _tells_enough(comments: Sequence[Comment]) -> bool:
    """Tell whether nothing older than these comments can be, or decide about, the draft."""
    after = any(
        (c.marker and c.marker.outcome == "suggested") or (c.public and c.author == "agent" and not c.rule)
        for c in comments
    )
    return after and any(c.public and c.author == "customer" for c in comments)
