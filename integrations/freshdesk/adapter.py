"""Freshdesk behind the seam: no lock and no joint write, so it is read before each step and after."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rewriter.errors import HelpdeskDenied, HelpdeskError, HelpdeskUnavailable, PublicNote, StaleDraft
from rewriter.handover import OUTCOME_TAG, find_draft
from rewriter.helpdesk import Check, NameKind, SetupStep
from rewriter.model import Draft, NoDraft, Thread, Ticket

from ..api import AnswerLost, Api, Refused, moment, objects
from ..standing import has_work, is_same, keeps_changing, moved_on, notes_for
from . import payloads
from .setup import Setup

Json = Mapping[str, Any]

LARGEST = 65_536  # bytes of a note: Freshdesk names no limit, so Zendesk's

_SEARCH_PAGES = 10  # of 30: the search gives no more
_SEARCH_ROWS = 30
_LIVE_PAGES = 2  # of 100
_CONVERSATION_PAGES = 50  # of 100
_NAME_PAGES = 20  # of 100 products or groups
_INCLUDED = 10  # conversations at most that come with a ticket
_INDEX_LAG = 600.0  # seconds that the search index may be behind; the live list is read as far back
_EVER = "2010-01-01T00:00:00Z"  # without a date the list holds only tickets of the last 30 days
_TRIES = 4

log = logging.getLogger(__name__)


class Freshdesk:
    """A Freshdesk account, by way of its API v2."""

    name = "freshdesk"
    needs_directive = True

    def __init__(self, api: Api, *, request_tag: str) -> None:
        self._api = api
        self._request_tag = request_tag
        self._agents: dict[str, str] = {}  # names by id
        self._asking = threading.Lock()  # or each thread asks for the same names
        self._sees_agents = True

    @property
    def calls(self) -> int:
        """How many requests were sent so far."""
        return self._api.calls

    def close(self) -> None:
        """Let go of connections."""
        self._api.close()

    def checks(self) -> Iterator[Check]:
        """Look at sign-in and permissions; change nothing."""
        return Setup(self._api, self._request_tag).checks()

    def plan_setup(self) -> list[SetupStep]:
        """Return what a person does once, by hand."""
        return Setup(self._api, self._request_tag).plan_setup()

    def apply(self, step: SetupStep) -> None:
        """Freshdesk's API creates nothing of it."""
        Setup(self._api, self._request_tag).apply(step)

    # --- finding ---------------------------------------------------------------------------------------

    def requested(self) -> Iterator[Ticket]:
        """Yield each ticket that carries the request tag and is not closed, the longest untouched first."""
        self._api.forget_outage()
        tickets = {ticket.id: ticket for ticket in self._found()} | {ticket.id: ticket for ticket in self._live()}
        wanted = [t for t in tickets.values() if self._request_tag in t.tags and t.status in ("open", "solved")]
        yield from sorted(wanted, key=lambda ticket: moment(ticket.stamp))

    def _found(self) -> Iterator[Ticket]:
        for page in range(1, _SEARCH_PAGES + 1):
            asked = {"query": f"\"tag:'{self._request_tag}'\"", "page": str(page)}
            answer = self._api.get("/api/v2/search/tickets", asked, holds="results", ours=True).content
            rows = objects(answer["results"])
            # The documented rows show no tags: they carry the one that was searched for.
            yield from (payloads.ticket(row, tags=(self._request_tag,)) for row in rows)
            if len(rows) < _SEARCH_ROWS:
                return

    def _live(self) -> Iterator[Ticket]:
        asked = {"updated_since": _EVER, "order_by": "updated_at", "order_type": "desc", "per_page": "100"}
        for page in range(1, _LIVE_PAGES + 1):
            answer = self._api.get("/api/v2/tickets", asked | {"page": str(page)}, ours=True)
            tickets = [payloads.ticket(row) for row in objects(answer.content)]
            # A row that shows no tags (older documents have such) says nothing against the search.
            yield from (
                ticket for ticket, row in zip(tickets, objects(answer.content), strict=True) if "tags" in row
            )
            now = self._api.server_time()
            old = tickets and now is not None and moment(tickets[-1].stamp).timestamp() < now - _INDEX_LAG
            if not answer.more or not tickets or old:
                return

    # --- reading ---------------------------------------------------------------------------------------

    def thread(self, ticket: Ticket) -> Thread:
        """Return the ticket with its comments as they stand now. Raises StaleDraft where the ticket is gone."""
        thread = self._read(ticket.id, named=True)
        return thread if thread.requester else replace(thread, requester=self._name(thread.ticket.requester_id))

    def _name(self, contact_id: str) -> str:
        """Return a requester's name where the ticket came without; "" where it cannot be had."""
        if not contact_id:
            return ""
        try:
            return str(self._api.get(f"/api/v2/contacts/{contact_id}", holds="id").content.get("name") or "")
        except Refused:
            return ""  # a name is a courtesy: without it the greeting has none

    def _read(self, ticket_id: str, *, named: bool = False) -> Thread:
        """Return the ticket; with the names of its people where it is read to be written about."""
        asked = {"include": "conversations,requester" if named else "conversations"}
        row = self._ticket_get(ticket_id, "", asked, holds="id", cost=3 if named else 2).content
        if not isinstance(row.get("tags", 0), list | None):  # to write tags is to replace them all
            raise HelpdeskError(f"Freshdesk showed ticket {ticket_id} without its tags: the next run goes on.")
        conversations = objects(row.get("conversations"))
        if len(conversations) >= _INCLUDED or "conversations" not in row:
            conversations = list(self._conversations(ticket_id))
        agents = [self._agent(agent) for agent in payloads.agents(row, conversations)] if named else []
        return payloads.thread(row, conversations, [name for name in agents if name])

    def _agent(self, agent_id: str) -> str:
        """Return an agent's name, asked for once in a run; "" where it cannot be had: only admins' keys see it."""
        with self._asking:
            if agent_id not in self._agents and self._sees_agents:
                try:
                    found = self._api.get(f"/api/v2/agents/{agent_id}", holds="id").content
                    self._agents[agent_id] = payloads.agent_name(found)
                except (HelpdeskDenied, HelpdeskUnavailable):
                    raise
                except HelpdeskError as refused:  # a ticket is read without the name
                    self._agents[agent_id] = ""
                    self._sees_agents = isinstance(refused, Refused) and refused.status == 404
            return self._agents.get(agent_id, "")

    def _conversations(self, ticket_id: str) -> Iterator[Json]:
        for page in range(1, _CONVERSATION_PAGES + 1):
            asked = {"per_page": "100", "page": str(page)}
            answer = self._ticket_get(ticket_id, "/conversations", asked)
            yield from objects(answer.content)
            if not answer.more:
                return

    def _ticket_get(
        self, ticket_id: str, what: str, asked: Mapping[str, str], *, holds: str = "", cost: int = 1
    ) -> Any:
        try:
            return self._api.get(f"/api/v2/tickets/{ticket_id}{what}", asked, holds=holds, cost=cost)
        except Refused as refused:
            raise moved_on(ticket_id) if _is_gone(refused) else refused from None

    def find(self, ticket_id: str) -> Thread:
        """Return a ticket by its id, with its comments. Raises StaleDraft where there is none."""
        return self._read(ticket_id, named=True)

    def names(self, kind: NameKind) -> Mapping[str, str]:
        """Return what the account calls its products (`brand`) or groups, by id; a ticket's type is a name."""
        lists = {"brand": "products", "group": "groups"}
        names: dict[str, str] = {}
        for page in range(1, _NAME_PAGES + 1 if kind in lists else 1):
            answer = self._api.get(f"/api/v2/{lists[kind]}", {"per_page": "100", "page": str(page)})
            names |= payloads.names(objects(answer.content))
            if not answer.more:
                break
        return names

    # --- writing ---------------------------------------------------------------------------------------

    def leave(self, found: Draft | NoDraft, note: str, outcome: str) -> None:
        """Post the note, then swap the tag; the ticket is read before, between and after.

        Where our note stands already, from a run that died or an answer that was lost, only the tag is swapped.
        """
        ticket_id = found.thread.ticket.id
        if len(note.encode()) >= LARGEST:
            raise HelpdeskError(f"The note for ticket {ticket_id} is too long for Freshdesk.")
        thread = self._read(ticket_id)
        if not notes_for(thread, found.key):
            if not is_same(found, self._find(thread)):
                raise moved_on(ticket_id)
            if note:
                self._post(found, note)
                thread = self._read(ticket_id)
                self._see_timely(thread, found, outcome)
        self._swap(thread, found, outcome)

    def withdraw(self, found: Draft | NoDraft) -> bool:
        """Take the request tag off, unless a draft stands behind it; True where the ticket is free of it.

        Closed tickets are left alone.
        """
        ticket_id = found.thread.ticket.id
        for _ in range(_TRIES):
            try:
                thread = self._read(ticket_id)
                ticket = thread.ticket
                if ticket.status in ("closed", "gone") or self._request_tag not in ticket.tags:
                    return True
                if has_work(self._find(thread)):
                    return False
                self._tag(ticket_id, [tag for tag in ticket.tags if tag != self._request_tag])
            except StaleDraft:
                return True
        raise keeps_changing(ticket_id)

    def _find(self, thread: Thread) -> Draft | NoDraft:
        return find_draft(thread, request_tag=self._request_tag, needs_directive=self.needs_directive)

    def _post(self, found: Draft | NoDraft, note: str) -> None:
        """Post the note once: a lost answer is looked up; a write that may yet come is left for the next run."""
        ticket_id = found.thread.ticket.id
        trouble: HelpdeskError | None = None
        for _ in range(_TRIES):
            try:
                made = self._api.write("POST", f"/api/v2/tickets/{ticket_id}/notes", payloads.note(note)).content
                if not isinstance(made, Mapping) or not made.get("id"):
                    raise AnswerLost(f"Freshdesk did not say what became of the note on ticket {ticket_id}.")
            except Refused as refused:
                raise moved_on(ticket_id) if _is_gone(refused) else refused from None
            except AnswerLost as lost:
                trouble = lost.trouble
                thread = self._read(ticket_id)
                if notes_for(thread, found.key):
                    return
                if lost.pending:
                    break
                if not is_same(found, self._find(thread)):
                    raise moved_on(ticket_id) from None
                continue
            if made.get("private") is False:
                self._remove_public(ticket_id, str(made.get("id")))
            return
        raise trouble or keeps_changing(ticket_id)

    def _see_timely(self, thread: Thread, found: Draft | NoDraft, outcome: str) -> None:
        """See that nothing came between the last look and our note; else take the note away: StaleDraft."""
        ours = notes_for(thread, found.key)
        if not ours:
            return  # posted, and not shown yet
        tags = thread.ticket.tags
        if len(ours) > 1 or OUTCOME_TAG[outcome] in tags:  # another run was as far, and may have swapped the tag
            tags = (*tags, self._request_tag)
        before = thread.comments[: thread.comments.index(ours[0])]
        then = self._find(replace(thread, ticket=replace(thread.ticket, tags=tags), comments=before))
        if not is_same(found, then):
            for note in ours:
                self._remove(note.id)
            raise moved_on(thread.ticket.id)

    def _swap(self, thread: Thread, found: Draft | NoDraft, outcome: str) -> None:
        """Put the outcome's tag for the request tag and see that it stayed so; others write tags too."""
        ticket_id = thread.ticket.id
        requested = False
        for _ in range(_TRIES):
            self._tidy(thread, found.key)
            requested = requested or self._request_tag in thread.ticket.tags
            stays = requested and self._is_asked_again(thread, found)
            wanted = payloads.settled_tags(thread.ticket.tags, outcome, self._request_tag, asked_again=stays)
            if set(wanted) == set(thread.ticket.tags):
                return
            self._tag(ticket_id, wanted)
            thread = self._read(ticket_id)
        raise keeps_changing(ticket_id)

    def _tag(self, ticket_id: str, tags: list[str]) -> None:
        """Set a ticket's tags; who calls reads the ticket again, so a lost answer needs no more."""
        try:
            self._api.write("PUT", f"/api/v2/tickets/{ticket_id}", {"tags": tags})
        except AnswerLost:
            time.sleep(0.2)
        except Refused as refused:
            raise moved_on(ticket_id) if _is_gone(refused) else refused from None

    def _is_asked_again(self, thread: Thread, found: Draft | NoDraft) -> bool:
        """Tell whether a newer draft stands on the ticket, whose request the tag is then."""
        asked = replace(thread.ticket, tags=(*thread.ticket.tags, self._request_tag))
        now = self._find(replace(thread, ticket=asked))
        return isinstance(now, Draft) and now.key != found.key

    def _tidy(self, thread: Thread, key: str) -> None:
        """See that our note is internal and stands there once: of two runs' notes the younger goes."""
        ours = notes_for(thread, key)
        for note in ours:
            if note.public:
                self._remove_public(thread.ticket.id, note.id)
        for note in ours[1:]:
            self._remove(note.id)

    def _remove(self, conversation_id: str) -> bool:
        """Delete a note of ours; tell whether it is known to be gone. What is gone may be deleted once more."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._api.write("DELETE", f"/api/v2/conversations/{conversation_id}", mends=True)
            except Refused as refused:
                if _is_gone(refused):
                    return True
                raise
            except AnswerLost:
                time.sleep(0.2 * attempt)
            else:
                return True
        log.warning("helpdesk=freshdesk conversation=%s may not be removed", conversation_id)
        return False

    def _remove_public(self, ticket_id: str, conversation_id: str) -> None:
        self._api.stop_writing()
        try:
            removed = self._remove(conversation_id)
        except HelpdeskError:
            removed = False
        became = "and was removed at once, since Freshdesk cannot make it private"
        if not removed:
            became = "and could not be removed: do so by hand NOW"
        log.critical("helpdesk=freshdesk ticket=%s conversation=%s our note was PUBLIC", ticket_id, conversation_id)
        raise PublicNote(f"The note on Freshdesk ticket {ticket_id} was PUBLIC {became}. The run stops.")


def _is_gone(refused: Refused) -> bool:
    return refused.status in (404, 405, 410)  # 405: spam or deleted
