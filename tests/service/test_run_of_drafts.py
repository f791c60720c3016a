"""One run against both vendors' APIs: what becomes of drafts, and of the trouble they meet."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from werkzeug.wrappers import Response

from rewriter import service
from rewriter.errors import (
    EngineDenied,
    EngineError,
    EngineUnavailable,
    HelpdeskDenied,
    HelpdeskUnavailable,
    InputError,
    PromptError,
)
from rewriter.ledger import Ledger
from rewriter.model import Draft, Note


def test_a_draft_gets_one_internal_note_and_its_request_tag_becomes_the_outcome(office) -> None:
    ticket = office.hand_over()
    summary = office.run()
    assert (summary.count("suggested"), len(summary.drafts), summary.trouble) == (1, 1, None)
    assert office.has_one_suggestion(ticket)


def test_a_second_run_does_nothing(office) -> None:
    office.hand_over()
    office.run()
    office.desk.calls.clear()
    assert office.run().drafts == ()
    assert {method for _, method, _ in office.desk.calls} == {"GET"}


def test_a_dry_run_writes_nothing_anywhere(office) -> None:
    ticket = office.hand_over()
    summary = office.run(dry_run=True)
    assert summary.count("suggested") == 1
    assert office.notes(ticket) == []
    assert "rewrite_requested" in ticket.tags
    assert not Path(office.ledger).exists()


def test_a_draft_that_needs_nothing_gets_a_tag_and_no_note(office) -> None:
    ticket = office.hand_over()
    assert office.run(lambda draft: Note("unchanged")).count("unchanged") == 1
    assert office.notes(ticket) == []
    assert sorted(ticket.tags) == ["rewrite_unchanged", "vip"]


def test_drafts_beyond_the_limit_are_not_counted_as_left(office) -> None:
    tickets = [office.hand_over() for _ in range(5)]
    summary = office.run(limit=2)
    assert (len(summary.drafts), summary.count("suggested"), summary.count("left")) == (2, 2, 0)
    assert sum(map(office.has_one_suggestion, tickets)) == 2


def test_a_dry_run_keeps_to_the_limit_too(office) -> None:
    for _ in range(3):
        office.hand_over()
    assert office.run(dry_run=True, limit=2).count("suggested") == 2


def test_a_ticket_that_cannot_be_read_does_not_use_up_the_limit(office) -> None:
    tickets = [office.hand_over(), office.hand_over()]
    refused: list[str] = []

    def refuse_the_first(call, answer):
        ticket = re.search(r"/tickets/(\d+)", call.path)
        refused.extend(ticket.groups() if ticket and not refused else ())
        return Response("{}", 403) if ticket and ticket[1] in refused else answer()

    office.desk.faults.append(refuse_the_first)
    summary = office.run(limit=1, threads=1)
    assert (summary.count("left"), summary.count("suggested")) == (1, 1)
    assert sum(map(office.has_one_suggestion, tickets)) == 1


def test_two_runs_at_once_never_handle_one_draft_twice(office) -> None:
    tickets = [office.hand_over() for _ in range(12)]
    written: list[str] = []

    def slow(draft: Draft) -> Note:
        written.append(draft.key)
        return office.kinder(draft)

    runs = [threading.Thread(target=office.run, args=(slow,)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(written) == len(set(written)) == 12
    assert all(map(office.has_one_suggestion, tickets))


def test_a_draft_that_another_run_holds_is_left_until_it_is_settled(office) -> None:
    office.hand_over()
    key = office.run(dry_run=True).drafts[0].key
    with Ledger(office.ledger) as other:
        other.claim(key)
        (left,) = office.run().drafts
        assert (left.outcome, left.error) == ("left", "another run holds it")
        other.settle(key, "suggested")
    assert office.run().count("left") == 0


def test_the_claim_of_a_run_that_died_is_taken_over_once_its_lease_is_over(office) -> None:
    ticket = office.hand_over()
    dead = Ledger(office.ledger)
    dead.claim(office.run(dry_run=True).drafts[0].key)
    assert office.run(lease=600).count("left") == 1
    assert office.run(lease=0.001).drafts[0].attempt == 2
    assert office.has_one_suggestion(ticket)


def test_a_run_whose_claim_was_taken_over_meanwhile_posts_nothing(office) -> None:
    ticket = office.hand_over()

    def too_slow(draft: Draft) -> Note:
        Ledger(office.ledger, lease=0).claim(draft.key)
        return office.kinder(draft)

    assert [handled.outcome for handled in office.run(too_slow).drafts] == ["left"]
    assert office.notes(ticket) == []


def test_the_tag_set_again_without_a_newer_note_brings_no_second_note(office) -> None:
    ticket = office.hand_over()
    office.run(lambda draft: Note("unchanged"))
    office.desk.tag(ticket, "rewrite_requested", remove=("rewrite_unchanged",))
    asked = []
    office.run(lambda draft: asked.append(draft) or office.kinder(draft))
    assert asked == []
    assert sorted(ticket.tags) == ["rewrite_unchanged", "vip"]


def test_a_newer_note_with_the_tag_set_again_is_a_new_draft(office) -> None:
    ticket = office.hand_over()
    office.run()
    office.draft(ticket, "Your refund was issued on March 4.")
    assert office.run().count("suggested") == 1
    assert len(office.notes(ticket)) == 2


def test_a_deleted_ledger_brings_no_second_note(office) -> None:
    ticket = office.hand_over()
    office.run()
    for file in Path(office.ledger).parent.glob("ledger.db*"):
        file.unlink()
    office.desk.tag(ticket, "rewrite_requested")
    office.run()
    assert len(office.notes(ticket)) <= 2  # a failed note may say that there is no draft to be found
    assert len([n for n in office.notes(ticket) if "(suggested)" in n.html]) == 1


# --- trouble of the engine ---------------------------------------------------------------------------------


def fail_with(error: Exception):
    def suggest(draft: Draft) -> Note:
        raise error

    return suggest


def test_an_outage_of_the_model_leaves_every_draft_gives_the_attempt_back_and_asks_no_more(office) -> None:
    for _ in range(6):
        office.hand_over()
    asked = []

    def away(draft: Draft) -> Note:
        asked.append(draft)
        raise EngineUnavailable("The model is away.")

    summary = office.run(away, threads=1)
    assert (summary.count("left"), len(asked), type(summary.trouble)) == (6, 1, EngineUnavailable)
    assert office.run().count("suggested") == 6
    with Ledger(office.ledger) as ledger:
        assert {entry.attempts for entry in ledger.entries()} == {1}


def test_the_next_poll_of_a_watch_can_take_up_what_an_outage_left(office) -> None:
    ticket = office.hand_over()
    helpdesk = office.helpdesk()
    with Ledger(office.ledger) as ledger:
        away = fail_with(EngineUnavailable("The model is away."))
        service.run(helpdesk, ledger, away, office.failure)
        (handled,) = service.run(helpdesk, ledger, office.kinder, office.failure).drafts
    assert (handled.outcome, handled.attempt) == ("suggested", 1)
    assert office.has_one_suggestion(ticket)


@pytest.mark.parametrize("error", [EngineDenied("No such key."), PromptError("note.html.j2:3: no such variable.")])
def test_what_a_person_must_mend_stops_the_run_and_leaves_the_drafts_as_they_are(office, error) -> None:
    ticket = office.hand_over()
    summary = office.run(fail_with(error))
    assert summary.trouble is error
    assert office.notes(ticket) == []
    assert office.run().drafts[0].attempt == 1


def test_a_draft_that_fails_five_times_is_tagged_with_a_note_saying_why_and_blocks_no_other(office) -> None:
    poison, good = office.hand_over("Poison."), office.hand_over("Good.")

    def suggest(draft: Draft) -> Note:
        if "Poison" in draft.html:
            raise EngineError("The plan made no sense.")
        return office.kinder(draft)

    assert office.run(suggest).count("left") == 1
    assert office.has_one_suggestion(good)
    assert [office.run(suggest).count("left") for _ in range(3)] == [1, 1, 1]
    summary = office.run(suggest)
    assert (summary.count("failed"), summary.count("left")) == (1, 0)
    assert office.has_one_suggestion(poison, "failed")
    assert "The plan made no sense." in office.notes(poison)[0].html
    assert office.run(suggest).drafts == ()


def test_a_draft_that_kills_five_runs_is_given_up_by_the_sixth(office) -> None:
    ticket = office.hand_over()
    key = office.run(dry_run=True).drafts[0].key
    for _ in range(5):
        Ledger(office.ledger, lease=0.001).claim(key)
    assert office.run(lease=0.001).count("failed") == 1
    assert office.has_one_suggestion(ticket, "failed")


def test_what_only_the_agent_can_mend_fails_at_once_and_says_so(office) -> None:
    ticket = office.hand_over()
    summary = office.run(fail_with(InputError("There is no tone 'sparkly': name one of formal, warm.")))
    assert summary.count("failed") == 1
    assert "formal, warm" in office.notes(ticket)[0].html
    assert office.has_one_suggestion(ticket, "failed")


def test_an_unforeseen_error_of_one_draft_is_told_without_its_text(office) -> None:
    office.hand_over()
    (left,) = office.run(fail_with(ValueError("Ana Duarte owes us money"))).drafts
    assert left.outcome == "left"
    assert "ValueError" in left.error
    assert "Ana" not in left.error


def test_a_request_without_a_draft_gets_one_note_that_says_what_to_do(office) -> None:
    ticket = office.hand_over(tag=False)
    with office.desk.lock:
        ticket.comments.pop()
    office.desk.tag(ticket, "rewrite_requested")
    assert office.run().count("failed") == 1
    assert office.has_one_suggestion(ticket, "failed")
    assert "#draft" in office.notes(ticket)[0].html
    assert office.run().drafts == ()


# --- while a rewrite is under way --------------------------------------------------------------------------


def answered(office, ticket) -> None:
    office.desk.say(ticket, office.sam, "<p>Done.</p>", public=True)


def closed(office, ticket) -> None:
    office.desk.set_status(ticket, "closed")


def withdrawn(office, ticket) -> None:
    office.desk.tag(ticket, remove=("rewrite_requested",))


def deleted(office, ticket) -> None:
    office.desk.delete(ticket)


def spam(office, ticket) -> None:
    office.desk.mark_spam(ticket)


@pytest.mark.parametrize("meanwhile", [answered, closed, withdrawn, deleted, spam])
def test_a_draft_that_was_overtaken_is_stale_and_nothing_is_posted(office, meanwhile) -> None:
    ticket, other = office.hand_over(), office.hand_over("Another.")

    def suggest(draft: Draft) -> Note:
        if draft.thread.ticket.id == str(ticket.id):
            meanwhile(office, ticket)
        return office.kinder(draft)

    summary = office.run(suggest)
    assert (summary.count("stale"), summary.count("suggested"), summary.trouble) == (1, 1, None)
    assert office.notes(ticket) == []
    assert "vip" in ticket.tags
    if meanwhile in (answered, withdrawn):
        assert "rewrite_requested" not in ticket.tags
    assert office.has_one_suggestion(other)


def test_a_draft_that_is_replaced_meanwhile_is_stale_and_the_newer_one_is_handled(office) -> None:
    ticket = office.hand_over("The old words.")
    seen = []

    def suggest(draft: Draft) -> Note:
        if not seen:
            office.draft(ticket, "The new words.")
        seen.append(draft.html)
        return office.kinder(draft)

    summary = office.run(suggest)
    assert [handled.outcome for handled in summary.drafts] == ["stale", "suggested"]
    assert office.has_one_suggestion(ticket)
    assert "The new words." in office.notes(ticket)[0].html


def test_a_ticket_whose_draft_changes_without_end_is_left_after_a_few_looks(office) -> None:
    ticket = office.hand_over()

    def suggest(draft: Draft) -> Note:
        office.draft(ticket, f"Once more: {len(ticket.comments)}.")
        return office.kinder(draft)

    summary = office.run(suggest)
    assert [handled.outcome for handled in summary.drafts] == ["stale", "stale", "stale", "left"]
    assert office.notes(ticket) == []


def test_tags_that_others_set_meanwhile_stay(office) -> None:
    ticket = office.hand_over()

    def suggest(draft: Draft) -> Note:
        office.desk.tag(ticket, "urgent")
        return office.kinder(draft)

    assert office.run(suggest).count("suggested") == 1
    assert sorted(ticket.tags) == ["rewrite_suggested", "urgent", "vip"]


def test_a_request_that_was_withdrawn_and_is_made_again_is_handled(office) -> None:
    ticket = office.hand_over()

    def suggest(draft: Draft) -> Note:
        withdrawn(office, ticket)
        return office.kinder(draft)

    assert office.run(suggest).count("stale") == 1
    office.desk.tag(ticket, "rewrite_requested")
    assert office.run().count("suggested") == 1
    assert office.has_one_suggestion(ticket)


# --- trouble of the helpdesk -------------------------------------------------------------------------------


def refuse(office, status: int, path: str, *methods: str) -> None:
    """From now on, every such call is refused."""

    def fault(call, answer):
        if call.method in methods and path in call.path:
            return Response("{}", status, content_type="application/json")
        return answer()

    office.desk.faults.append(fault)


def test_refused_credentials_end_the_run_and_release_what_it_holds(office) -> None:
    office.hand_over()
    refuse(office, 401, "/tickets/", "PUT", "POST")
    assert isinstance(office.run().trouble, HelpdeskDenied)
    office.desk.faults.clear()
    assert office.run().drafts[0].attempt == 1


def test_a_helpdesk_that_goes_away_ends_the_run_and_gives_the_attempt_back(office) -> None:
    office.hand_over()
    refuse(office, 503, "/tickets/", "PUT", "POST")
    summary = office.run()
    assert isinstance(summary.trouble, HelpdeskUnavailable)
    assert summary.count("left") == 1
    office.desk.faults.clear()
    assert office.run().drafts[0].attempt == 1


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("methods", [("GET",), ("PUT", "POST")])
def test_one_ticket_that_gets_no_answer_is_passed_over_and_its_attempt_counts(office, methods, threads) -> None:
    silent, *others = (office.hand_over() for _ in range(3))
    refuse(office, 504, f"/tickets/{silent.id}", *methods)
    summary = office.run(threads=threads)
    assert (summary.count("left"), summary.count("suggested"), summary.trouble) == (1, 2, None)
    assert all(map(office.has_one_suggestion, others))
    office.desk.faults.clear()
    assert office.run().count("suggested") == 1
    assert office.has_one_suggestion(silent)


def test_a_draft_whose_note_is_never_taken_is_tagged_in_the_end_and_blocks_nobody(office) -> None:
    if office.face == "zendesk":
        pytest.skip("note and tag are one write")
    bad = office.hand_over()
    refuse(office, 504, f"/tickets/{bad.id}/notes", "POST")
    for _ in range(5):
        good = office.hand_over()
        assert office.run(threads=1).count("left") == 1
        assert office.has_one_suggestion(good)
    assert office.run().count("failed") == 1
    assert (office.notes(bad), sorted(bad.tags)) == ([], ["rewrite_failed", "vip"])


def test_a_draft_whose_note_is_refused_five_times_is_tagged_without_one(office) -> None:
    bad = office.hand_over()

    def full(call, answer):
        writes_note = "/notes" in call.path or (call.method == "PUT" and "comment" in call.body.get("ticket", {}))
        return Response('{"error": "RecordInvalid"}', 422) if writes_note else answer()

    office.desk.faults.append(full)
    assert [office.run().count("left") for _ in range(4)] == [1, 1, 1, 1]
    assert office.run().count("failed") == 1
    assert (office.notes(bad), sorted(bad.tags)) == ([], ["rewrite_failed", "vip"])
    assert office.run().drafts == ()


def test_several_tickets_in_a_row_without_an_answer_are_an_outage_and_cost_no_attempt(office) -> None:
    for _ in range(6):
        office.hand_over()
    refuse(office, 503, "/tickets/", "PUT", "POST")
    written = []
    summary = office.run(lambda draft: written.append(draft) or office.kinder(draft), threads=1)
    assert isinstance(summary.trouble, HelpdeskUnavailable)
    assert (len(written), summary.count("left")) == (3, 5)  # and one that was not looked at
    office.desk.faults.clear()
    assert {handled.attempt for handled in office.run().drafts} == {1}


def test_one_ticket_that_is_refused_is_left_and_the_others_are_handled(office) -> None:
    bad, good = office.hand_over(), office.hand_over()
    refuse(office, 403, f"/tickets/{bad.id}", "PUT", "POST")
    summary = office.run()
    assert (summary.count("left"), summary.count("suggested"), summary.trouble) == (1, 1, None)
    assert office.has_one_suggestion(good)


def test_a_run_that_is_told_to_stop_finishes_what_it_began_and_leaves_the_rest(office) -> None:
    for _ in range(6):
        office.hand_over()
    done = []

    def suggest(draft: Draft) -> Note:
        done.append(draft.key)
        return office.kinder(draft)

    summary = office.run(suggest, threads=1, stop=lambda: bool(done))
    assert (summary.count("suggested"), summary.trouble) == (1, None)
    assert summary.count("left") >= 1
    with Ledger(office.ledger) as ledger:
        assert ledger.counts() == {"suggested": 1}


def test_the_summary_counts_every_call_and_every_token(office) -> None:
    office.hand_over()
    summary = office.run()
    assert summary.calls == sum(office.desk.calls.values())
    shown = summary.as_json()
    assert shown["usage"] == {"prompt_tokens": 3, "completion_tokens": 2}
    assert shown["pulled"] == shown["suggested"] == 1
    assert set(shown["drafts"][0]) == {"key", "ticket", "outcome", "tone", "reverted", "error"}
