"""What every helpdesk behind the seam holds to, shown on Zendesk and Freshdesk by way of the embedded helpdesk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from rewriter.integrations.embedded import Call, Comment, Desk, Served, Ticket, serve
from werkzeug.wrappers import Response

from rewriter.errors import HelpdeskDenied, HelpdeskError, HelpdeskUnavailable, PublicNote, StaleDraft
from rewriter.handover import find_draft, marker
from rewriter.helpdesk import Helpdesk, connect
from rewriter.model import Draft, NoDraft

TAG = "rewrite_requested"
MINE = "<p>Hi Ana, it left on March 3.</p>"


class Stage:
    """A desk with a customer and an agent, one face of it served, and adapters led there."""

    def __init__(self, face: str, served: Served) -> None:
        self.face = face
        self.desk: Desk = served.desks[face]  # type: ignore[index]  # a parameter's value
        self.environment = served.environment(face)  # type: ignore[arg-type]  # as above
        self.customer = self.desk.add_person("Ana Souza", "ana@example.com", language="pt-BR")
        self.agent = self.desk.add_person("Bo Lind", "bo@example.com", role="agent")
        self.helpdesk = self.connect()

    def connect(self, **settings: str) -> Helpdesk:
        return connect(self.face, self.environment | settings, request_tag=TAG, rate_share=1.0)

    def ticket(
        self, draft: str = "#draft<br>It left on March 3.", *, tags: tuple[str, ...] = ("vip", TAG)
    ) -> Ticket:
        """Open a ticket an hour ago: its customer's question and, unless empty, an agent's note."""
        at = self.desk.now() - timedelta(hours=1)
        ticket = self.desk.open_ticket("Late parcel", self.customer, "<p>Where is it?</p>", at=at, tags=tags)
        if draft:
            self.desk.say(ticket, self.agent, f"<p>{draft}</p>", public=False, at=at + timedelta(minutes=1))
        return ticket

    def pulled(self, ticket: Ticket) -> Draft | NoDraft:
        return self.find(ticket, self.helpdesk)

    def find(self, ticket: Ticket, helpdesk: Helpdesk) -> Draft | NoDraft:
        row = next(row for row in helpdesk.requested() if row.id == str(ticket.id))
        return find_draft(helpdesk.thread(row), request_tag=TAG, needs_directive=helpdesk.needs_directive)

    def note(self, found: Draft | NoDraft, outcome: str = "suggested") -> str:
        return f"{MINE}<hr><p>{marker(found.key, outcome)}</p>"

    def ours(self, ticket: Ticket) -> list[Comment]:
        return [comment for comment in ticket.comments if "rewriter-key" in comment.html]

    def asks(self, *faults: Callable[[Call, Callable[[], Response]], Response]) -> None:
        self.desk.faults.extend(faults)


@pytest.fixture(params=["zendesk", "freshdesk"])
def stage(request) -> Iterator[Stage]:
    with serve(**{request.param: a_desk()}) as served:
        stage = Stage(request.param, served)
        yield stage
        stage.helpdesk.close()


@pytest.fixture(autouse=True)
def short_naps(monkeypatch, request):
    """Waits between two tries are short here; how long they are is shown elsewhere."""
    if "real_time" not in request.fixturenames:
        sleep = time.sleep
        monkeypatch.setattr("time.sleep", lambda seconds: sleep(seconds / 100))


@pytest.fixture
def real_time():
    """Waits are as long as they are."""


def a_desk() -> Desk:
    """A desk whose stamps are an hour old: the second of a stamp need not be waited for."""
    return Desk(clock=lambda: datetime.now(UTC) - timedelta(hours=1), limits={})


# --- finding -------------------------------------------------------------------------------------------------


def test_a_requested_ticket_is_found_once_though_search_and_live_list_both_show_it(stage):
    ticket = stage.ticket()
    stage.ticket(tags=("vip",))
    assert [row.id for row in stage.helpdesk.requested()] == [str(ticket.id)]


def test_a_ticket_is_found_before_the_search_index_shows_it(stage):
    stage.desk.lag = 1e6
    ticket = stage.ticket()
    assert [row.id for row in stage.helpdesk.requested()] == [str(ticket.id)]


def test_a_ticket_that_only_the_search_remembers_is_found_behind_hundreds_of_newer_ones(stage):
    ticket = stage.ticket()
    for _ in range(250):
        stage.desk.open_ticket("Other", stage.customer, "<p>Hello</p>")
    assert [row.id for row in stage.helpdesk.requested()] == [str(ticket.id)]


def test_what_the_search_shows_too_late_is_not_handled_again(stage):
    ticket = stage.ticket()
    stage.desk.lag = 1e6
    stage.desk.tag(ticket, remove=(TAG,))
    assert list(stage.helpdesk.requested()) == []


@pytest.mark.parametrize(("status", "found"), [("solved", True), ("pending", True), ("closed", False)])
def test_solved_tickets_are_handled_and_closed_ones_left_alone(stage, status, found):
    stage.desk.set_status(stage.ticket(), status)
    assert len(list(stage.helpdesk.requested())) == found


@pytest.mark.parametrize("take_away", [Desk.delete, Desk.mark_spam])
def test_tickets_that_were_deleted_or_marked_as_spam_are_not_found(stage, take_away):
    take_away(stage.desk, stage.ticket())
    assert list(stage.helpdesk.requested()) == []


def test_all_of_many_requested_tickets_are_found_each_once(stage):
    tickets = [stage.ticket(draft="") for _ in range(130)]
    found = [row.id for row in stage.helpdesk.requested()]
    assert sorted(found) == sorted(str(ticket.id) for ticket in tickets)


def test_the_poll_costs_no_more_with_ten_times_the_tickets(stage):
    at = stage.desk.now() - timedelta(days=1)

    def open_others(number: int) -> None:
        for _ in range(number):
            stage.desk.open_ticket("Other", stage.customer, "<p>Hello</p>", at=at)

    def cost() -> int:
        before = stage.helpdesk.calls
        assert len(list(stage.helpdesk.requested())) == 20
        return stage.helpdesk.calls - before

    for _ in range(20):
        stage.ticket(draft="")
    open_others(80)
    few = cost()
    open_others(900)
    assert cost() <= few + 1


# --- reading -------------------------------------------------------------------------------------------------


def test_a_thread_tells_who_said_what_to_whom_oldest_first(stage):
    ticket = stage.ticket()
    other = stage.desk.add_person("Eve Marsh", "eve@example.com")
    stage.desk.say(ticket, other, "<p>Me too</p>", public=False, at=ticket.updated_at + timedelta(minutes=1))
    stage.desk.say(ticket, stage.customer, "<p>Still nothing</p>", public=True)
    thread = stage.pulled(ticket).thread
    assert [(c.author, c.public) for c in thread.comments] == [
        ("customer", True),
        ("agent", False),
        ("customer", False),  # private, and all the same no agent's: it is never a draft
        ("customer", True),
    ]
    assert "Where is it?" in thread.comments[0].html
    assert thread.requester == "Ana Souza"
    assert thread.helpdesk == stage.face
    assert "vip" in thread.ticket.tags


def test_a_draft_is_found_behind_hundreds_of_comments(stage):
    ticket = stage.ticket(draft="")
    for number in range(230):
        stage.desk.say(ticket, stage.customer, f"<p>{number}</p>", public=True, at=ticket.updated_at)
    draft = stage.desk.say(ticket, stage.agent, "<p>#draft<br>On its way.</p>", public=False)
    found = stage.pulled(ticket)
    assert isinstance(found, Draft)
    assert found.comment.id == str(draft.id)
    assert found.customer == "229"


def test_a_note_by_a_rule_is_no_draft(stage):
    ticket = stage.ticket()
    stage.desk.say(ticket, stage.agent, "<p>#draft<br>Rule</p>", public=False, channel="rule")
    found = stage.pulled(ticket)
    assert isinstance(found, Draft)
    assert "March 3" in found.html


def test_a_ticket_that_is_gone_when_it_is_read_is_stale(stage):
    ticket = stage.ticket()
    (row,) = stage.helpdesk.requested()
    del stage.desk.tickets[ticket.id]
    with pytest.raises(StaleDraft):
        stage.helpdesk.thread(row)


# --- leaving a note ------------------------------------------------------------------------------------------


def test_one_internal_note_is_left_and_the_tag_swapped_and_nothing_else_is_touched(stage):
    ticket = stage.ticket(tags=("vip", TAG, "rewrite_failed"))
    found = stage.pulled(ticket)
    stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert [(c.public, c.author.name) for c in ticket.comments[2:]] == [(False, "Robin Vale")]
    assert sorted(ticket.tags) == ["rewrite_suggested", "vip"]
    assert (ticket.status, ticket.priority, ticket.assignee) == ("open", "normal", None)


def test_the_note_is_known_as_ours_when_it_is_read_again(stage):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    stage.helpdesk.leave(found, stage.note(found), "suggested")
    again = stage.helpdesk.thread(found.thread.ticket).comments[-1]
    assert again.marker is not None
    assert (again.marker.key, again.marker.outcome) == (found.key, "suggested")


@pytest.mark.parametrize(
    ("outcome", "tag"), [("unchanged", "rewrite_unchanged"), ("suggested", "rewrite_suggested")]
)
def test_without_a_note_only_the_tag_is_swapped(stage, outcome, tag):
    ticket = stage.ticket()
    stage.helpdesk.leave(stage.pulled(ticket), "", outcome)
    assert len(ticket.comments) == 2
    assert sorted(ticket.tags) == sorted([tag, "vip"])


def test_a_ticket_without_a_draft_gets_a_note_that_says_so(stage):
    ticket = stage.ticket(draft="")
    found = stage.pulled(ticket)
    assert isinstance(found, NoDraft)
    stage.helpdesk.leave(found, stage.note(found, "failed"), "failed")
    assert len(stage.ours(ticket)) == 1
    assert sorted(ticket.tags) == ["rewrite_failed", "vip"]


def test_leaving_the_same_note_twice_leaves_it_once(stage):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    stage.helpdesk.leave(found, stage.note(found), "suggested")
    stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert len(stage.ours(ticket)) == 1


def test_a_suggestion_costs_few_calls(stage):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    polled = {"zendesk": 3, "freshdesk": 4}[stage.face]  # with one for the name of the agent
    stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert stage.helpdesk.calls - polled <= {"zendesk": 2, "freshdesk": 6}[stage.face]


def test_a_note_that_is_too_long_is_refused_before_it_is_sent(stage):
    found = stage.pulled(stage.ticket())
    before = stage.helpdesk.calls
    with pytest.raises(HelpdeskError, match="too long"):
        stage.helpdesk.leave(found, "é" * 32_768, "suggested")
    assert stage.helpdesk.calls == before


# --- the ticket moves on -------------------------------------------------------------------------------------


def answered(stage: Stage, ticket: Ticket) -> None:
    stage.desk.say(ticket, stage.agent, "<p>All done.</p>", public=True)


def closed(stage: Stage, ticket: Ticket) -> None:
    stage.desk.set_status(ticket, "closed")


def deleted(stage: Stage, ticket: Ticket) -> None:
    stage.desk.delete(ticket)


def marked_as_spam(stage: Stage, ticket: Ticket) -> None:
    stage.desk.mark_spam(ticket)


def withdrawn(stage: Stage, ticket: Ticket) -> None:
    stage.desk.tag(ticket, remove=(TAG,))


def replaced(stage: Stage, ticket: Ticket) -> None:
    stage.desk.say(ticket, stage.agent, "<p>#draft<br>It left on March 4.</p>", public=False)


def retagged(stage: Stage, ticket: Ticket) -> None:
    stage.desk.tag(ticket, "urgent", remove=("vip",))


def written_to(stage: Stage, ticket: Ticket) -> None:
    stage.desk.say(ticket, stage.customer, "<p>Hello?</p>", public=True)


STALE = [answered, closed, deleted, marked_as_spam, withdrawn, replaced]


@pytest.mark.parametrize("moved_on", STALE)
def test_nothing_is_posted_on_a_ticket_that_moved_on(stage, moved_on):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    moved_on(stage, ticket)
    with pytest.raises(StaleDraft):
        stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert stage.ours(ticket) == []
    written = [key for key in stage.desk.calls if key[1] != "GET" and key[2] < 300]
    assert written == []  # not even for a moment


@pytest.mark.parametrize("changed", [retagged, written_to])
def test_a_change_that_leaves_the_draft_standing_is_no_reason_to_drop_it(stage, changed):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    changed(stage, ticket)
    kept = set(ticket.tags) - {TAG}
    stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert len(stage.ours(ticket)) == 1
    assert set(ticket.tags) == kept | {"rewrite_suggested"}


def test_an_edited_draft_is_another_draft():
    with serve(freshdesk=a_desk()) as served:
        stage = Stage("freshdesk", served)
        ticket = stage.ticket()
        found = stage.pulled(ticket)
        stage.desk.edit(ticket, ticket.comments[1], "<p>#draft<br>It left on March 5.</p>", stage.agent)
        with pytest.raises(StaleDraft):
            stage.helpdesk.leave(found, stage.note(found), "suggested")


def test_a_request_that_lapsed_is_withdrawn_and_all_other_tags_stay(stage):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    answered(stage, ticket)
    kept = set(ticket.tags) - {TAG}
    assert stage.helpdesk.withdraw(found) is True
    assert set(ticket.tags) == kept


@pytest.mark.parametrize("changed", [replaced, retagged])
def test_a_request_behind_which_a_draft_stands_is_not_withdrawn(stage, changed):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    changed(stage, ticket)
    assert stage.helpdesk.withdraw(found) is False
    assert TAG in ticket.tags


@pytest.mark.parametrize("moved_on", [closed, deleted, marked_as_spam, withdrawn])
def test_a_ticket_that_takes_no_change_or_has_no_request_needs_no_withdrawing(stage, moved_on):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    moved_on(stage, ticket)
    stamp = ticket.updated_at
    assert stage.helpdesk.withdraw(found) is True
    assert ticket.updated_at == stamp


def at_call(number: int, act: Callable[[], None]) -> Callable[[Call, Callable[[], Response]], Response]:
    """Return a fault that does nothing but let somebody act just before the nth call from now."""
    calls = iter(range(1, 1000))

    def fault(call: Call, answer: Callable[[], Response]) -> Response:
        if next(calls) == number:
            act()
        return answer()

    return fault


def happen(stage: Stage, ticket: Ticket, event: Callable[[Stage, Ticket], None], seen: list[int]) -> None:
    """Let something happen to a ticket, and note down how many notes of ours stood there by then."""
    seen.append(len(stage.ours(ticket)))
    event(stage, ticket)


@pytest.mark.parametrize("event", [*STALE, retagged, written_to])
def test_whatever_happens_between_two_calls_no_stale_note_stays_and_no_newer_request_is_lost(stage, event):
    for number in range(1, 7):  # the call that it strikes
        stage.desk.faults.clear()
        ticket = stage.ticket()
        found = stage.pulled(ticket)
        seen: list[int] = []

        stage.asks(at_call(number, partial(happen, stage, ticket, event, seen)))
        try:
            stage.helpdesk.leave(found, stage.note(found), "suggested")
            stale = False
        except StaleDraft:
            stale = True
            stage.helpdesk.withdraw(found)
        noted = len(stage.ours(ticket))
        assert not any(comment.public for comment in stage.ours(ticket))
        if not seen:  # over before it could happen
            assert (noted, stale) == (1, False)
            continue
        if event in (retagged, written_to):
            assert noted == 1
            assert TAG not in ticket.tags
        elif not seen[0]:  # it happened before our note
            assert stale
            assert noted == 0 or event in (deleted, marked_as_spam)  # there nothing can be taken away any more
        if event is replaced:
            assert TAG in ticket.tags
        if event is retagged and (stage.face, number) != ("freshdesk", 4):
            # without a lock a tag can be lost between the last look at the tags and the write, and only there
            assert {"urgent", "rewrite_suggested"} <= set(ticket.tags)


def test_two_runs_on_two_ledgers_leave_one_note(stage):
    for number in range(1, 7):  # the call that it strikes
        stage.desk.faults.clear()
        ticket = stage.ticket()
        found = stage.pulled(ticket)
        other = stage.connect()
        stage.asks(at_call(number, partial(leave_aside, stage, other, found)))
        stage.helpdesk.leave(found, stage.note(found), "suggested")
        assert len(stage.ours(ticket)) == 1
        assert sorted(ticket.tags) == ["rewrite_suggested", "vip"]


def leave_aside(stage: Stage, helpdesk: Helpdesk, found: Draft | NoDraft) -> None:
    """Let another run leave its note while one call of ours is under way."""
    try:
        helpdesk.leave(found, stage.note(found), "suggested")
    except StaleDraft:
        return
    finally:
        helpdesk.close()


def test_runs_that_race_leave_one_note(stage):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    runs = [stage.connect() for _ in range(6)]
    ready = threading.Barrier(len(runs))

    def run(helpdesk: Helpdesk) -> None:
        ready.wait()
        leave_aside(stage, helpdesk, found)

    with ThreadPoolExecutor(len(runs)) as pool:
        list(pool.map(run, runs))
    assert len(stage.ours(ticket)) == 1
    assert sorted(ticket.tags) == ["rewrite_suggested", "vip"]


# --- answers go missing --------------------------------------------------------------------------------------

Fault = Callable[[Call, Callable[[], Response]], Response]


def html_503(call: Call, answer: Callable[[], Response]) -> Response:
    return Response("<html>Service Unavailable</html>", 503, content_type="text/html")


def carried_out_then_503(call: Call, answer: Callable[[], Response]) -> Response:
    answer()
    return html_503(call, answer)


def plain_500(call: Call, answer: Callable[[], Response]) -> Response:
    return Response("oops", 500)


def reset(call: Call, answer: Callable[[], Response]) -> Response:
    raise ConnectionResetError


def hung_up(call: Call, answer: Callable[[], Response]) -> Response:
    raise ConnectionError


def carried_out_then_reset(call: Call, answer: Callable[[], Response]) -> Response:
    answer()
    raise ConnectionResetError


def carried_out_then_hung_up(call: Call, answer: Callable[[], Response]) -> Response:
    answer()
    raise ConnectionError


def truncated(call: Call, answer: Callable[[], Response]) -> Response:
    whole = answer().get_data()
    return Response(
        whole[: len(whole) // 2], content_type="application/json", headers={"Content-Length": len(whole)}
    )


def broken_json(call: Call, answer: Callable[[], Response]) -> Response:
    answer()
    return Response('{"ticket": {', content_type="application/json")


def a_page(call: Call, answer: Callable[[], Response]) -> Response:
    answer()
    return Response("<html>Sign in</html>", content_type="text/html")


def nothing(call: Call, answer: Callable[[], Response]) -> Response:
    answer()
    return Response(b"", content_type="application/json")


def another_shape(call: Call, answer: Callable[[], Response]) -> Response:
    answer()
    return Response('["a", 1, null]', content_type="application/json")


def throttled(call: Call, answer: Callable[[], Response]) -> Response:
    return Response("Rate limit exceeded", 429, {"Retry-After": "0"}, content_type="text/html")


FAULTS = [
    html_503,
    carried_out_then_503,
    plain_500,
    reset,
    hung_up,
    carried_out_then_reset,
    carried_out_then_hung_up,
    truncated,
    broken_json,
    a_page,
    nothing,
    another_shape,
    throttled,
]


def once(fault: Fault, number: int) -> Fault:
    """Return a fault that strikes the nth call from now and no other."""
    calls = iter(range(1, 1000))
    return lambda call, answer: fault(call, answer) if next(calls) == number else answer()


@pytest.mark.parametrize("fault", FAULTS)
def test_one_lost_answer_anywhere_neither_loses_nor_doubles_the_note(stage, fault):
    for number in range(1, 7):  # the call that it strikes
        stage.desk.faults.clear()
        ticket = stage.ticket()
        found = stage.pulled(ticket)
        stage.asks(once(fault, number))
        stage.helpdesk.leave(found, stage.note(found), "suggested")
        assert len(stage.ours(ticket)) == 1
        assert sorted(ticket.tags) == ["rewrite_suggested", "vip"]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_lost_answer_while_finding_and_reading_is_asked_for_again(stage, fault):
    for number in range(1, 5):  # the call that it strikes
        stage.desk.faults.clear()
        ticket = stage.ticket()
        stage.asks(once(fault, number))
        assert isinstance(stage.pulled(ticket), Draft)


@pytest.mark.parametrize("fault", FAULTS)
def test_lost_answers_without_end_end_the_draft_and_leave_one_note_at_most(stage, fault):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    stage.asks(lambda call, answer: fault(call, answer) if call.method != "GET" else answer())
    if fault is throttled:
        return  # that one only slows
    try:
        stage.helpdesk.leave(found, stage.note(found), "suggested")
    except HelpdeskError:
        assert len(stage.ours(ticket)) <= 1
    else:
        assert len(stage.ours(ticket)) == 1
    stage.desk.faults.clear()
    again = stage.helpdesk.thread(found.thread.ticket)
    now = find_draft(again, request_tag=TAG, needs_directive=stage.helpdesk.needs_directive)
    if TAG in ticket.tags:
        stage.helpdesk.leave(now, stage.note(found) if isinstance(now, Draft) else "", "suggested")
    assert len(stage.ours(ticket)) == 1
    assert sorted(ticket.tags) == ["rewrite_suggested", "vip"]


@pytest.mark.parametrize("fault", [html_503, reset, hung_up])
def test_a_helpdesk_that_answers_nothing_is_unavailable(stage, fault):
    stage.ticket()
    stage.asks(fault)
    with pytest.raises(HelpdeskUnavailable):
        list(stage.helpdesk.requested())


@pytest.mark.parametrize("status", [401, 403])
def test_a_poll_that_is_refused_needs_a_person(stage, status):
    stage.asks(lambda call, answer: Response('{"error":"no"}', status, content_type="application/json"))
    with pytest.raises(HelpdeskDenied):
        list(stage.helpdesk.requested())


@pytest.mark.parametrize("status", [400, 403, 405, 409, 422])
def test_a_ticket_that_is_refused_is_left_and_the_others_go_on(stage, status):
    ticket = stage.ticket()
    found = stage.pulled(ticket)
    stage.asks(lambda call, answer: Response("", status) if call.method != "GET" else answer())
    with pytest.raises(HelpdeskError) as raised:
        stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert not isinstance(raised.value, HelpdeskUnavailable | HelpdeskDenied)
    assert stage.ours(ticket) == []


def test_a_401_in_the_middle_needs_a_person(stage):
    found = stage.pulled(stage.ticket())
    stage.asks(lambda call, answer: Response('{"error":"no"}', 401, content_type="application/json"))
    with pytest.raises(HelpdeskDenied):
        stage.helpdesk.leave(found, stage.note(found), "suggested")


def test_a_note_that_came_out_public_is_not_public_for_long_and_stops_the_run(stage):
    ticket = stage.ticket()
    found = stage.pulled(ticket)

    def publish(desk: Desk, written: Ticket) -> None:
        for comment in stage.ours(written):
            comment.public = True

    def publish_first(call: Call, answer: Callable[[], Response]) -> Response:
        response = answer()
        if call.method in ("PUT", "POST") and (call.path.endswith("notes") or "comment" in str(call.body)):
            publish(stage.desk, ticket)
            return Response(
                response.get_data()
                .replace(b'"public":false', b'"public":true')
                .replace(b'"private":true', b'"private":false'),
                response.status_code,
                content_type="application/json",
            )
        return response

    stage.asks(publish_first)
    with pytest.raises(PublicNote, match="PUBLIC"):
        stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert not any(comment.public for comment in stage.ours(ticket))


def test_a_note_whose_answer_was_lost_is_looked_at_too(stage):
    ticket = stage.ticket()
    found = stage.pulled(ticket)

    def publish_and_hang_up(call: Call, answer: Callable[[], Response]) -> Response:
        answer()
        for comment in stage.ours(ticket):
            comment.public = True
        raise ConnectionError

    stage.asks(
        lambda call, answer: publish_and_hang_up(call, answer) if "rewriter-key" in str(call.body) else answer()
    )
    with pytest.raises(PublicNote):
        stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert not any(comment.public for comment in stage.ours(ticket))


def test_a_redirect_is_not_followed_and_no_credentials_go_with_it(stage):
    with serve(**{stage.face: a_desk()}) as elsewhere:
        heard: list[Call] = []
        elsewhere.desks[stage.face].faults.append(lambda call, answer: heard.append(call) or answer())
        there = f"{elsewhere.url}/{stage.face}"
        stage.asks(lambda call, answer: Response("", 302, {"Location": there + call.path}))
        with pytest.raises(HelpdeskUnavailable, match="redirect"):
            list(stage.helpdesk.requested())
        assert heard == []


def test_what_happens_in_the_very_second_of_a_stamp_is_seen_before_the_write(stage, real_time):
    stage.desk.clock = lambda: datetime.now(UTC)
    ticket = stage.ticket()
    stage.desk.tag(ticket, "late")
    found = stage.pulled(ticket)
    stage.desk.tag(ticket, "later")
    stage.helpdesk.leave(found, stage.note(found), "suggested")
    assert sorted(ticket.tags) == ["late", "later", "rewrite_suggested", "vip"]
