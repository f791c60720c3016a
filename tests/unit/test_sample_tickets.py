"""The demo's tickets show what they are there to show."""

import re

import pytest
from rewriter.integrations.embedded.sample import sample_desk

DESKS = {face: sample_desk(face) for face in ("zendesk", "freshdesk")}
TICKETS = [ticket for desk in DESKS.values() for ticket in desk.tickets.values()]
DRAFTS = [ticket.comments[-1].html for ticket in TICKETS]


def test_there_are_a_dozen_in_three_languages_or_more():
    assert len(TICKETS) >= 12
    assert len({ticket.requester.language for ticket in TICKETS}) >= 3


def test_every_ticket_asks_for_a_rewrite_of_its_last_note_an_agents():
    for ticket in TICKETS:
        assert "rewrite_requested" in ticket.tags
        assert not ticket.comments[-1].public
        assert ticket.comments[-1].author.role == "agent"
        assert ticket.comments[0].author is ticket.requester
        assert [c.at for c in ticket.comments] == sorted(c.at for c in ticket.comments)


def test_a_freshdesk_draft_begins_with_its_directive_and_one_asks_for_a_tone():
    drafts = [ticket.comments[-1].html for ticket in DESKS["freshdesk"].tickets.values()]
    assert all(re.match(r"<div>#draft( formal)?</div>", draft) for draft in drafts)
    assert sum("#draft formal" in draft for draft in drafts) == 1


def test_drafts_hold_lists_links_bold_and_code():
    for markup in ("<ol>", "<ul>", "<a href=", "<b>", "<pre>"):
        assert any(markup in draft for draft in DRAFTS), markup


def test_everybody_is_invented():
    for address in re.findall(r"[\w.]+@[\w.]+|https?://[\w.]+", " ".join(DRAFTS)):
        assert address.endswith("example.com")
    assert all(person.email.endswith("@example.com") for desk in DESKS.values() for person in desk.people.values())


@pytest.mark.parametrize("face", DESKS)
def test_the_tag_that_asks_can_be_another(face):
    desk = sample_desk(face, request_tag="bitte_umformulieren")
    assert all("bitte_umformulieren" in ticket.tags for ticket in desk.tickets.values())
