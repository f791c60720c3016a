"""A note that came out public stops everything: no thread begins another write, and the next run goes on."""

from __future__ import annotations

import re
from itertools import count
from threading import Event

import pytest
from rewriter.integrations.api import Api
from rewriter.integrations.pace import Pace
from werkzeug.wrappers import Response

from rewriter.errors import PublicNote

A_NOTE = ("PUT /api/v2/tickets/{}.json", "POST /api/v2/tickets/{}/notes")


def publish_first_note(office) -> list[str]:
    """Have a rule of the helpdesk publish the first note that is written; return where notes are written to."""
    written: list[str] = []

    def fault(call, answer):
        if "rewriter-key" not in str(call.body):
            return answer()
        written.append(call.path)
        response = answer()
        if len(written) > 1:
            return response
        ticket = office.desk.tickets[int(re.findall(r"tickets/(\d+)", call.path)[0])]
        for note in office.notes(ticket):  # no other's: theirs may have been answered already
            note.public = True
        shown = response.get_data().replace(b'"public":false', b'"public":true')
        shown = shown.replace(b'"private":true', b'"private":false')
        return Response(shown, response.status_code, content_type="application/json")

    office.desk.faults.append(fault)
    return written


@pytest.fixture
def others_are_about_to_write(monkeypatch):
    """Hold every note but the first right before its request goes out, until the run was told to stop writing."""
    stopped, notes = Event(), count()
    stop_writing, take = Api.stop_writing, Pace.take

    def stop(self):
        stop_writing(self)
        stopped.set()

    def held(self, route, cost=1):
        if route in A_NOTE and next(notes):
            assert stopped.wait(30)
        return take(self, route, cost)

    monkeypatch.setattr(Api, "stop_writing", stop)
    monkeypatch.setattr(Pace, "take", held)


def test_after_a_public_note_no_thread_begins_another_write(office, others_are_about_to_write) -> None:
    tickets = [office.hand_over() for _ in range(4)]
    written = publish_first_note(office)
    summary = office.run(threads=4)
    assert isinstance(summary.trouble, PublicNote)
    assert len(written) == 1
    assert not any(note.public for ticket in tickets for note in office.notes(ticket))


def test_the_run_after_a_public_note_finishes_the_work(office) -> None:
    tickets = [office.hand_over() for _ in range(4)]
    publish_first_note(office)
    office.run(threads=4)
    assert office.run().trouble is None
    assert all(office.has_one_suggestion(ticket) for ticket in tickets)
