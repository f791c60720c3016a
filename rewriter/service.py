"""One run: every requested draft is pulled, claimed, rewritten, posted and settled, a few side by side.

Whatever happens, a draft ends in one of three ways: settled with one note at most, left for a later run, or left
to the run that holds it. Nothing here knows which helpdesk, which engine or which database is behind it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from rewriter.errors import (
    EngineDenied,
    EngineUnavailable,
    HelpdeskDenied,
    HelpdeskError,
    HelpdeskUnavailable,
    InputError,
    LedgerError,
    PromptError,
    PublicNote,
    RewriterError,
    StaleDraft,
    Unanswered,
)
from rewriter.handover import find_draft
from rewriter.helpdesk import Helpdesk
from rewriter.ledger import Ledger
from rewriter.model import Draft, Failure, NoDraft, Note, NoteOutcome, RunOutcome, Ticket, Usage

ATTEMPTS = 5  # then the draft is `rewrite_failed`
LOOKS = 3  # how many newer drafts of one ticket are followed in one run
IN_A_ROW = 3  # tickets that get no answer, one after the other: then it is the helpdesk that is away

_SHARED = (HelpdeskUnavailable, HelpdeskDenied, EngineUnavailable, EngineDenied, PromptError, LedgerError)
_HELD = "another run holds it"

Writer = Callable[[Draft | NoDraft, Failure, str], Note]  # of a note that says why there is no suggestion


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one draft in one run; `error` is one line, without a customer's text."""

    key: str  # helpdesk:ticket alone where the draft was not read
    ticket: str
    outcome: RunOutcome
    tone: str = ""
    reverted: int = 0
    error: str | None = None
    usage: Usage = field(default_factory=Usage)
    attempt: int = 0  # 0: nobody took hold of it
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did; `trouble` is what stopped it before its end, if anything did."""

    helpdesk: str
    drafts: tuple[Handled, ...]
    calls: int
    seconds: float
    trouble: RewriterError | None = None

    def count(self, outcome: RunOutcome) -> int:
        """Return how many drafts came out so."""
        return Counter(handled.outcome for handled in self.drafts)[outcome]

    @property
    def usage(self) -> Usage:
        """The tokens of the whole run."""
        return sum((handled.usage for handled in self.drafts), Usage())

    def as_json(self) -> dict[str, Any]:
        """Return the object that `rewriter run --json` prints."""
        return {
            "helpdesk": self.helpdesk,
            "pulled": len(self.drafts),
            "suggested": self.count("suggested"),
            "unchanged": self.count("unchanged"),
            "declined": self.count("declined"),
            "stale": self.count("stale"),
            "failed": self.count("failed"),
            "left": self.count("left"),
            "calls": self.calls,
            "usage": {
                "prompt_tokens": self.usage.prompt_tokens,
                "completion_tokens": self.usage.completion_tokens,
            },
            "seconds": round(self.seconds, 3),
            "drafts": [
                {
                    "key": handled.key,
                    "ticket": handled.ticket,
                    "outcome": handled.outcome,
                    "tone": handled.tone,
                    "reverted": handled.reverted,
                    "error": handled.error,
                }
                for handled in self.drafts
            ],
        }


def run(  # noqa: PLR0913 - each is one thing that a run stands on or is told
    helpdesk: Helpdesk,
    ledger: Ledger | None,
    suggest: Callable[[Draft], Note],
    failure: Writer,
    *,
    request_tag: str = "rewrite_requested",
    limit: int | None = None,
    threads: int = 4,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[Handled], None] = lambda handled: None,
) -> Summary:
    """Handle every requested draft once and return what became of each.

    `suggest` writes the note for a draft; `failure` the one that says why there is none.
    Without a ledger it is a dry run: notes are written but left nowhere. `limit` bounds the drafts taken hold of.
    Once `stop` says so no further draft is begun. `progress` hears of each draft as it ends, in the caller's
    thread. Trouble that all drafts share ends the run early and stands in the summary's `trouble`.
    """
    began = time.monotonic()
    calls = helpdesk.calls
    one = _Run(helpdesk, ledger, suggest, failure, request_tag, stop)
    drafts = one.handle_all(limit, threads, progress)
    return Summary(helpdesk.name, tuple(drafts), helpdesk.calls - calls, time.monotonic() - began, one.trouble)


class _Run:
    """What the threads of one run share."""

    def __init__(
        self,
        helpdesk: Helpdesk,
        ledger: Ledger | None,
        suggest: Callable[[Draft], Note],
        failure: Writer,
        request_tag: str,
        stop: Callable[[], bool],
    ) -> None:
        self.trouble: RewriterError | None = None
        self._helpdesk = helpdesk
        self._ledger = ledger
        self._suggest = suggest
        self._failure = failure
        self._request_tag = request_tag
        self._stop = stop
        self._lock = threading.Lock()
        self._began = time.time()  # by the clock that the ledger writes down
        self._silent: dict[str, Unanswered] = {}  # by key: what got no answer and was passed over
        self._in_a_row = 0
        self._answered = False

    def handle_all(self, limit: int | None, threads: int, progress: Callable[[Handled], None]) -> list[Handled]:
        """Take up ticket after ticket, a few at a time, so that memory does not grow with their number."""
        drafts: list[Handled] = []
        held: list[Handled] = []
        begun: set[Future[list[Handled]]] = set()
        taken = 0

        def collect(room: int) -> None:
            """Wait until fewer than `room` tickets are under way."""
            nonlocal begun, taken
            while len(begun) >= max(room, 1):
                ended, begun = wait(begun, return_when=FIRST_COMPLETED)
                for handled in (one for future in ended for one in future.result()):
                    taken += handled.attempt > 0
                    if handled.error == _HELD:
                        held.append(handled)
                    else:
                        drafts.append(handled)
                        progress(handled)

        with ThreadPoolExecutor(threads, thread_name_prefix="draft") as pool:
            try:
                for ticket in self._helpdesk.requested():
                    collect(2 * threads)  # one at work and one in hand for each thread
                    if self._over or isinstance(self.trouble, EngineUnavailable):
                        drafts.append(self._untouched(ticket))
                        taken += 1
                    else:
                        begun.add(pool.submit(self._follow, ticket))
                    while limit is not None and begun and taken + len(begun) >= limit:
                        collect(len(begun))
                    if self._over or (limit is not None and taken >= limit):
                        break
            except HelpdeskError as error:
                self._meet(error)
            collect(1)
        self._let_go()
        for handled in held:
            if not self._settled_elsewhere(handled):
                drafts.append(handled)
                progress(handled)
        return drafts

    @property
    def _over(self) -> bool:
        return self._stop() or not (self.trouble is None or isinstance(self.trouble, EngineUnavailable))

    def _untouched(self, ticket: Ticket) -> Handled:
        reason = str(self.trouble) if self.trouble else "the run was stopped before this draft"
        return Handled(f"{self._helpdesk.name}:{ticket.id}", ticket.id, "left", error=reason)

    def _meet(self, error: RewriterError) -> None:
        """Remember the trouble that ends the run: the first, but a public note is louder than all."""
        with self._lock:
            if self.trouble is None or isinstance(self.trouble, EngineUnavailable) or isinstance(error, PublicNote):
                self.trouble = error

    def _pass_over(self, key: str, error: Unanswered) -> None:
        """Go on after a ticket that gets no answer; where several in a row get none, the helpdesk is away."""
        with self._lock:
            self._silent[key] = error
            self._in_a_row += 1
            away = self._in_a_row >= IN_A_ROW
        if away:
            self._meet(error)

    def _hear(self) -> None:
        """Take in that a ticket was answered."""
        with self._lock:
            self._answered, self._in_a_row = True, 0

    def _let_go(self) -> None:
        """Let go of what was passed over: the attempt counts where others were answered, else it is given back."""
        if self._silent and not self._answered:
            self._meet(next(iter(self._silent.values())))
        try:
            for key, error in self._silent.items():
                if self._ledger and self.trouble:
                    self._ledger.release(key)
                elif self._ledger:
                    self._ledger.fail(key, type(error).__name__)
        except LedgerError as trouble:
            self._meet(trouble)

    def _follow(self, ticket: Ticket) -> list[Handled]:
        """Handle a ticket's draft, and the newer one that took its place meanwhile."""
        all_handled: list[Handled] = []
        for _ in range(LOOKS):
            if self._over or self.trouble:
                return [*all_handled, self._untouched(ticket)]
            began = time.monotonic()
            handled, newer = self._handle(ticket)
            if handled is None or handled.outcome != "left":
                self._hear()
            if handled:
                all_handled.append(replace(handled, seconds=time.monotonic() - began))
            if not newer:
                return all_handled
        return [*all_handled, replace(self._untouched(ticket), error="its draft changed again and again")]

    def _handle(self, ticket: Ticket) -> tuple[Handled | None, bool]:
        """Bring a ticket's draft to its end; tell also whether a newer draft stands behind it.

        None where the draft was settled before and there is nothing left to do.
        """
        handled = Handled(f"{self._helpdesk.name}:{ticket.id}", ticket.id, "left")
        try:
            thread = self._helpdesk.thread(ticket)
            found = find_draft(
                thread, request_tag=self._request_tag, needs_directive=self._helpdesk.needs_directive
            )
            handled = replace(handled, key=found.key)
            if self._ledger is None:
                return self._rehearse(found, handled), False
            if _needs_nothing(found) and self._ledger.outcome(found.key):
                return None, False
            attempt = self._ledger.claim(found.key)
            if not attempt:
                return self._handle_again(found, handled)
        except StaleDraft:
            return replace(handled, outcome="stale"), False
        except Exception as error:
            return self._left(handled, error), False
        return self._try(found, replace(handled, attempt=attempt), self._ledger)

    def _rehearse(self, found: Draft | NoDraft, handled: Handled) -> Handled:
        handled = replace(handled, attempt=1)
        note = self._note(found)
        return _with(handled, note) if note else replace(handled, outcome="stale")

    def _handle_again(self, found: Draft | NoDraft, handled: Handled) -> tuple[Handled | None, bool]:
        """See to the tag of a draft that no claim can be had for: another run holds it, or it was settled."""
        entry = self._ledger.show(found.key) if self._ledger else None
        if entry is None or entry.outcome is None:
            return replace(handled, error=_HELD), False
        if (entry.settled or 0) >= self._began:  # by another run, whose summary tells of it
            return None, False
        if entry.outcome == "stale" or (isinstance(found, NoDraft) and found.reason == "answered"):
            self._helpdesk.withdraw(found)
            return replace(handled, outcome="stale"), False
        try:
            self._helpdesk.leave(found, "", entry.outcome)
        except StaleDraft:  # somebody else saw to it a moment ago
            return None, False
        return replace(handled, outcome=entry.outcome, tone=entry.tone), False

    def _try(self, found: Draft | NoDraft, handled: Handled, ledger: Ledger) -> tuple[Handled | None, bool]:
        """Make one attempt at a draft that we hold, and let go of it whatever comes."""
        try:
            if handled.attempt > ATTEMPTS and isinstance(found, Draft):  # each run before was killed over it
                return self._give_up(found, handled, ledger)
            try:
                return self._leave(found, self._note(found), handled, ledger)
            except _SHARED:
                raise
            except Exception as error:
                if handled.attempt < ATTEMPTS or isinstance(found, NoDraft):
                    raise
                return self._give_up(found, replace(handled, error=_line(error)), ledger)
        except Unanswered as error:  # its claim is let go of when it is known whose trouble it is
            return self._left(handled, error), False
        except _SHARED as error:
            with suppress(LedgerError):  # else the claim's lease runs out
                ledger.release(found.key)
            return self._left(handled, error), False
        except Exception as error:
            try:
                ledger.fail(found.key, type(error).__name__)
            except LedgerError as trouble:
                self._meet(trouble)
            return self._left(handled, error), False

    def _give_up(self, found: Draft, handled: Handled, ledger: Ledger) -> tuple[Handled | None, bool]:
        """Say on the ticket that there will be no suggestion: by a note, or where none can be left by the tag."""
        note = self._failure(found, "gave_up", handled.error or "")
        try:
            return self._leave(found, note, handled, ledger)
        except HelpdeskError as error:
            if isinstance(error, _SHARED) and not isinstance(error, Unanswered):
                raise
        return self._leave(found, replace(note, html=""), handled, ledger)

    def _note(self, found: Draft | NoDraft) -> Note | None:
        """Return what to leave for a draft; None where the request has lapsed."""
        if isinstance(found, NoDraft):
            if found.reason == "done":
                return Note(_known(found.outcome))  # its note stands there; a run died before its tag did
            if found.reason != "missing":
                return None
            last = found.thread.comments[-1].marker if found.thread.comments else None
            return Note("failed") if last and last.outcome == "failed" else self._failure(found, "missing", "")
        try:
            return self._suggest(found)
        except InputError as error:
            return self._failure(found, "refused", str(error))

    def _leave(
        self, found: Draft | NoDraft, note: Note | None, handled: Handled, ledger: Ledger
    ) -> tuple[Handled | None, bool]:
        """Post and settle."""
        newer = False
        if not ledger.keep(found.key):  # it took longer than the lease, and another run took over
            return replace(handled, error=_HELD), False
        try:
            if note is None:
                raise StaleDraft
            self._helpdesk.leave(found, note.html, note.outcome)
            handled = _with(handled, note)
        except PublicNote as public:
            if not public.stands or note is None:
                raise
            self._meet(public)
            handled = replace(_with(handled, note), error=str(public))
        except StaleDraft:
            newer = not self._helpdesk.withdraw(found)
            handled = replace(handled, outcome="stale", usage=note.usage if note else Usage())
        ledger.settle(
            found.key,
            handled.outcome if handled.outcome != "left" else "stale",
            tone=handled.tone,
            reverted=handled.reverted,
            tokens=(handled.usage.prompt_tokens, handled.usage.completion_tokens),
        )
        return handled, newer

    def _left(self, handled: Handled, error: Exception) -> Handled:
        if isinstance(error, Unanswered):
            self._pass_over(handled.key, error)
        elif isinstance(error, _SHARED):
            self._meet(error)
        return replace(handled, outcome="left", error=_line(error))

    def _settled_elsewhere(self, handled: Handled) -> bool:
        try:
            return bool(self._ledger and self._ledger.outcome(handled.key))
        except LedgerError as error:
            self._meet(error)
            return False


def _needs_nothing(found: Draft | NoDraft) -> bool:
    """Tell whether a ticket came up only because a search index lags, or closed under our hands."""
    return isinstance(found, NoDraft) and found.reason in ("withdrawn", "closed")


def _with(handled: Handled, note: Note) -> Handled:
    return replace(handled, outcome=note.outcome, tone=note.tone, reverted=note.reverted, usage=note.usage)


def _known(outcome: str) -> NoteOutcome:
    return next((known for known in get_args(NoteOutcome) if known == outcome), "suggested")


def _line(error: Exception) -> str:
    """Return one line for a person: our own errors speak for themselves, others name only their kind and place."""
    if isinstance(error, RewriterError):
        return str(error)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"unexpected trouble ({type(error).__name__}{place})"
