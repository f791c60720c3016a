from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rewriter.integrations.embedded import Comment, Desk, Person, Served, Ticket

from rewriter import service
from rewriter.handover import OUTCOME_TAG, marker, marker_of
from rewriter.helpdesk import Helpdesk, connect
from rewriter.ledger import Ledger
from rewriter.model import Draft, Failure, NoDraft, Note, Usage
from rewriter.note import failure_note
from rewriter.prompting import load
from rewriter.service import Summary

TAG = "rewrite_requested"
PROMPTS = load()


@dataclass
class Office:
    """A helpdesk with its people, and runs against it."""

    face: str
    desk: Desk
    served: Served
    ledger: str
    ana: Person
    sam: Person

    def hand_over(self, words: str = "Your refund of $49.99 was issued on March 3.", *, tag: bool = True) -> Ticket:
        """A ticket whose agent wrote a draft and asked for a rewrite, an hour ago."""
        then = datetime.now(UTC) - timedelta(hours=1)
        ticket = self.desk.open_ticket("Refund", self.ana, "<p>Where is my money?</p>", at=then, tags=["vip"])
        self.draft(ticket, words, at=then, tag=tag)
        return ticket

    def draft(self, ticket: Ticket, words: str, *, at: datetime | None = None, tag: bool = True) -> Comment:
        html = f"<p>#draft</p><p>{words}</p>"
        comment = self.desk.say(ticket, self.sam, html, public=False, at=at)
        if tag and TAG not in ticket.tags:
            with self.desk.lock:
                ticket.tags.append(TAG)
                self.desk.touch(ticket, comment.at)
        return comment

    def helpdesk(self) -> Helpdesk:
        environment = self.served.environment(self.face)
        return connect(self.face, environment, request_tag=TAG, rate_share=1.0)

    def run(
        self,
        suggest: Callable[[Draft], Note] | None = None,
        *,
        lease: float = 600,
        dry_run: bool = False,
        **told: Any,
    ) -> Summary:
        helpdesk = self.helpdesk()
        try:
            if dry_run:
                return service.run(helpdesk, None, suggest or self.kinder, self.failure, **told)
            with Ledger(self.ledger, lease) as ledger:
                return service.run(helpdesk, ledger, suggest or self.kinder, self.failure, **told)
        finally:
            helpdesk.close()

    @staticmethod
    def kinder(draft: Draft) -> Note:
        """What a writer makes of a draft: a greeting above it, the account below."""
        html = (
            f"<p>Hi {draft.thread.requester.split()[0]},</p>{draft.html}<hr><p>{marker(draft.key, 'suggested')}</p>"
        )
        return Note("suggested", html, "warm", 1, Usage(3, 2))

    @staticmethod
    def failure(found: Draft | NoDraft, failure: Failure, error: str) -> Note:
        return Note("failed", failure_note(failure, found.key, PROMPTS, error=error))

    def notes(self, ticket: Ticket) -> list[Comment]:
        """Our notes on a ticket."""
        return [comment for comment in ticket.comments if marker_of(comment.html)]

    def has_one_suggestion(self, ticket: Ticket, outcome: str = "suggested") -> bool:
        """Whether one internal note of ours stands there, the tag is swapped, and the rest is as it was."""
        ours = self.notes(ticket)
        return (
            len(ours) == 1
            and not any(comment.public for comment in ours)
            and sorted(ticket.tags) == sorted(["vip", OUTCOME_TAG[outcome]])
        )


@pytest.fixture(params=["zendesk", "freshdesk"])
def office(request: pytest.FixtureRequest, desk: Desk, served: Served, tmp_path: Path) -> Office:
    ana = desk.add_person("Ana Duarte", "ana@example.com")
    sam = desk.add_person("Sam Okoro", "sam@example.com", role="agent")
    return Office(request.param, desk, served, str(tmp_path / "ledger.db"), ana, sam)
