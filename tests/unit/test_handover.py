"""Which note is the draft, what its first line asks for, and when there is none to handle."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from rewriter.handover import draft_key, find_draft, marker, marker_of, split_directive
from rewriter.model import Comment, Directive, Draft, Marker, NoDraft, Role, Status, Thread, Ticket
from rewriter.visible import digest, visible_text

TAG = "rewrite_requested"
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD_KEY = "zendesk:7:1:0123456789abcdef"


def comment(
    number: int,
    html: str,
    *,
    author: Role = "agent",
    public: bool = False,
    rule: bool = False,
    outcome: str = "",
    key: str = OLD_KEY,
) -> Comment:
    ours = Marker(key, outcome) if outcome else None
    return Comment(str(number), html, author, public, MORNING + timedelta(minutes=number), rule, ours)


def thread(*comments: Comment, tags: tuple[str, ...] = (TAG,), status: Status = "open", stamp: str = "") -> Thread:
    ticket = Ticket("7", tags, status, stamp or "2026-03-02T12:00:00Z")
    return Thread("zendesk", ticket, comments, "Ana Ruiz")


def found(where: Thread, *, needs_directive: bool = False) -> Draft | NoDraft:
    return find_draft(where, request_tag=TAG, needs_directive=needs_directive)


def chosen(where: Thread, *, needs_directive: bool = False) -> str:
    draft = found(where, needs_directive=needs_directive)
    return draft.comment.id if isinstance(draft, Draft) else draft.reason


ASKS = comment(1, "<p>Where is my refund?</p>", author="customer", public=True)


# --- which note is the draft -----------------------------------------------------------------------------


def test_the_newest_internal_note_of_an_agent_is_the_draft() -> None:
    assert chosen(thread(ASKS, comment(2, "Old words"), comment(3, "It left."))) == "3"


def test_a_note_that_begins_with_the_directive_goes_before_a_newer_one() -> None:
    assert chosen(thread(ASKS, comment(2, "#draft<br>It left."), comment(3, "FYI, called the carrier"))) == "2"


def test_of_two_directives_the_newer_is_the_draft() -> None:
    assert chosen(thread(ASKS, comment(2, "#draft<br>Old."), comment(3, "#draft<br>New."))) == "3"


def test_where_a_directive_is_needed_a_plain_note_is_no_draft() -> None:
    assert chosen(thread(ASKS, comment(2, "It left.")), needs_directive=True) == "missing"
    assert chosen(thread(ASKS, comment(2, "#draft<br>It left."), comment(3, "FYI")), needs_directive=True) == "2"


@pytest.mark.parametrize(
    "other",
    [
        comment(3, "#draft<br>I am the customer", author="customer"),
        comment(3, "#draft<br>Written by a trigger", rule=True),
        comment(3, "#draft<br>Written by the system", author="system"),
        comment(3, "#draft<br>It left.<hr>rewritten", outcome="declined"),
    ],
)
def test_notes_of_customers_rules_and_our_own_are_no_drafts(other: Comment) -> None:
    assert chosen(thread(ASKS, comment(2, "It left."), other)) == "2"


def test_a_note_before_the_last_public_reply_of_an_agent_is_answered() -> None:
    reply = comment(3, "It left.", public=True)
    assert chosen(thread(ASKS, comment(2, "#draft<br>It left."), reply)) == "answered"
    assert chosen(thread(ASKS, comment(2, "#draft<br>Old."), reply, comment(4, "And this."))) == "4"


@pytest.mark.parametrize(
    "later",
    [
        comment(3, "Any news?", author="customer", public=True),
        comment(3, "We got your message.", public=True, rule=True),
    ],
)
def test_messages_of_customers_and_rules_do_not_answer_a_draft(later: Comment) -> None:
    assert chosen(thread(ASKS, comment(2, "It left."), later)) == "2"


def test_a_note_before_the_last_suggestion_is_no_draft() -> None:
    suggestion = comment(3, "Hi Ana, it left.", outcome="suggested")
    assert chosen(thread(ASKS, comment(2, "#draft<br>It left."), suggestion, comment(4, "Another."))) == "4"


def test_our_notes_that_are_no_suggestions_close_off_nothing() -> None:
    declined = comment(3, "Please write yourself", outcome="declined")
    assert chosen(thread(ASKS, comment(2, "#draft<br>It left."), declined, comment(4, "FYI"))) == "2"


def test_a_suggestion_is_ours_by_its_marker_whoever_wrote_it() -> None:
    suggestion = comment(2, "Hi Ana.", author="system", outcome="suggested")
    assert chosen(thread(ASKS, comment(1, "It left."), suggestion)) == "done"


def test_a_marker_in_a_customers_message_marks_nothing() -> None:
    forged = comment(3, "x", author="customer", public=True, outcome="suggested")
    assert chosen(thread(ASKS, comment(2, "It left."), forged)) == "2"
    key = draft_key(thread(ASKS), comment(2, "It left."))
    copied = comment(3, "x", author="customer", public=True, outcome="declined", key=key)
    assert chosen(thread(ASKS, comment(2, "It left."), copied)) == "2"


def test_a_draft_of_nothing_but_its_directive_is_missing() -> None:
    assert chosen(thread(ASKS, comment(2, "<p>#draft formal</p>"))) == "missing"


def test_a_ticket_without_notes_has_no_draft() -> None:
    assert chosen(thread(ASKS)) == "missing"


# --- stale -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["closed", "gone"])
def test_closed_and_deleted_tickets_are_left_alone(status: Status) -> None:
    assert chosen(thread(ASKS, comment(2, "It left."), status=status)) == "closed"


def test_solved_tickets_are_handled() -> None:
    assert chosen(thread(ASKS, comment(2, "It left."), status="solved")) == "2"


def test_without_the_request_tag_the_request_is_withdrawn() -> None:
    assert chosen(thread(ASKS, comment(2, "It left."), tags=("vip",))) == "withdrawn"


def test_a_request_that_is_over_since_its_suggestion_came_goes_by_the_key_of_that_draft() -> None:
    suggested = comment(3, "Hi.", outcome="suggested")
    assert found(thread(ASKS, comment(2, "It left."), suggested, tags=())).key == OLD_KEY


def test_closed_says_more_than_withdrawn() -> None:
    assert chosen(thread(ASKS, comment(2, "It left."), tags=(), status="closed")) == "closed"


# --- handled once ----------------------------------------------------------------------------------------


def test_a_draft_that_has_its_note_is_done_with_that_outcome() -> None:
    note = comment(2, "It left.")
    settled = comment(3, "Write yourself", outcome="declined", key=draft_key(thread(), note))
    none = found(thread(ASKS, note, settled))
    assert isinstance(none, NoDraft)
    assert (none.reason, none.outcome) == ("done", "declined")


def test_a_tag_left_behind_by_a_run_that_died_is_done() -> None:
    where = thread(
        ASKS, comment(2, "It left."), comment(3, "Hi.", outcome="suggested"), stamp="2026-03-02T09:03:00Z"
    )
    none = found(where)
    assert isinstance(none, NoDraft)
    assert (none.reason, none.key, none.outcome) == ("done", OLD_KEY, "suggested")


def test_a_tag_left_behind_beside_an_earlier_outcome_is_done_too() -> None:
    where = thread(
        ASKS,
        comment(2, "It left."),
        comment(3, "Hi.", outcome="suggested"),
        tags=(TAG, "rewrite_suggested"),
        stamp="2026-03-02T09:03:00Z",
    )
    assert chosen(where) == "done"


def test_a_tag_set_anew_without_a_newer_note_has_no_draft() -> None:
    where = thread(
        ASKS, comment(2, "It left."), comment(3, "Hi.", outcome="suggested"), tags=(TAG, "rewrite_suggested")
    )
    assert chosen(where) == "missing"


def test_an_edited_draft_is_a_new_draft() -> None:
    keys = {draft_key(thread(), comment(2, html)) for html in ("It left.", "It left today.")}
    assert len(keys) == 2


def test_signed_image_addresses_and_white_space_make_no_new_draft() -> None:
    keys = {
        draft_key(thread(), comment(2, html))
        for html in (
            '<p>It left.<img src="https://x/a?sig=1"></p>',
            '<p>It  left.<img src="https://x/a?sig=2"></p>',
            "<div>It&nbsp;left.\u200b</div>",
        )
    }
    assert len(keys) == 1


def test_a_key_names_helpdesk_ticket_comment_and_digest() -> None:
    assert draft_key(thread(), comment(2, "<p>It left.</p>")) == f"zendesk:7:2:{digest('It left.')}"


def test_without_a_draft_a_later_comment_makes_another_key() -> None:
    again = comment(2, "And?", author="customer", public=True)
    assert found(thread(ASKS)).key != found(thread(ASKS, again)).key


# --- what a draft carries --------------------------------------------------------------------------------


def test_a_draft_carries_the_customers_words_and_no_directive() -> None:
    note = comment(4, "<p>#draft tone=formal lang=fr</p><p>Il est parti.</p>")
    second = comment(2, "<p>Where is&nbsp;it?</p>", author="customer", public=True)
    private = comment(3, "forwarded words", author="customer")
    draft = found(thread(ASKS, second, private, note))
    assert isinstance(draft, Draft)
    assert (draft.html, draft.directive) == ("<p>Il est parti.</p>", Directive("formal", "fr"))
    assert (draft.customer, draft.earlier) == ("Where is it?", ("Where is my refund?",))


# --- the directive ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "tone", "language", "rest"),
    [
        ("#draft<br>It left.", "", "", "It left."),
        ("<p>#draft</p><p>It left.</p>", "", "", "<p>It left.</p>"),
        ("<p>#draft formal</p><p>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("<p>#DRAFT: formal</p><p>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("<p>#draft tone=formal lang=FR</p><p>It left.</p>", "formal", "fr", "<p>It left.</p>"),
        ("<p>#draft lang=fr tone=formal</p><p>It left.</p>", "formal", "fr", "<p>It left.</p>"),
        ("<p>#draft formal lang=fr</p><p>It left.</p>", "formal", "fr", "<p>It left.</p>"),
        ("<p>#draft&nbsp;formal<br>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("<p><b>#draft</b> formal<br>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("<p><span>#dra</span><span>ft formal</span></p><p>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("<div>#draft&nbsp;</div><div><br></div><div>It left.</div>", "", "", "<div>It left.</div>"),
        ("\u200b<p>#draft</p>It left.", "", "", "It left."),
        ("<p>&nbsp;</p><p>#draft formal</p><p>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("#draft\nIt left.\nToday.", "", "", "It left.\nToday."),
        ("<p>#draft formal, please</p><p>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("<p>#draft: formal please.</p><p>It left.</p>", "formal", "", "<p>It left.</p>"),
        ("<p>#draft Yes, please</p><p>Send it.</p>", "", "", "<p>Yes, please</p><p>Send it.</p>"),
        ("<p>#draft It left on Monday.</p>", "", "", "<p>It left on Monday.</p>"),
        ("<p>#draft tone=formal it left</p>", "", "", "<p>tone=formal it left</p>"),
        ('<div class="zd-comment"><p dir="auto">#draft</p><p>It left.</p></div>', "", "",
         '<div class="zd-comment"><p>It left.</p></div>'),
    ],
)  # fmt: skip
def test_the_first_line_is_read_and_taken_off(html: str, tone: str, language: str, rest: str) -> None:
    assert split_directive(html) == (Directive(tone, language), rest)


@pytest.mark.parametrize(
    "html", ["<p>#drafting</p>", "<p>The #draft</p>", "<p>draft</p>", "", "<p>Hi</p><p>#draft</p>"]
)
def test_other_first_lines_are_no_directive(html: str) -> None:
    assert split_directive(html) is None


def test_only_the_first_directive_line_is_taken_off() -> None:
    assert split_directive("<p>#draft</p><p>#draft</p><p>It left.</p>") == (
        Directive(),
        "<p>#draft</p><p>It left.</p>",
    )


# --- the marker ------------------------------------------------------------------------------------------


def test_a_marker_is_read_back_from_a_note() -> None:
    note = f"<p>Hi Ana.</p><hr><p>Kept: 2.</p><p>{marker(OLD_KEY, 'suggested')}</p>"
    assert marker_of(note) == Marker(OLD_KEY, "suggested")


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{marker(OLD_KEY, 'suggested')}</p><p>I pasted the note and wrote more.</p>",
        f'<p title="{marker(OLD_KEY, "suggested")}">It left.</p>',
        f"<p>It left.</p><!-- {marker(OLD_KEY, 'suggested')} -->",
        f"<p>It left.</p><!-- <b>{marker(OLD_KEY, 'suggested')}</b> -->",
        "<p>rewriter-key: nonsense (suggested)</p>",
    ],
)
def test_a_note_is_ours_only_where_its_last_visible_line_is_the_marker(html: str) -> None:
    assert marker_of(html) is None


def test_scripts_styles_and_comments_are_not_seen() -> None:
    assert visible_text("<style>p{}</style><p>It&nbsp;left.</p><!-- no --><script>no()</script>") == "It left."


@pytest.mark.parametrize(
    "html", ["<" * 60_000, "<!--" * 15_000, "<p " * 20_000, "<p>&nbsp;</p>" * 5_000 + "#draft"]
)
def test_a_note_of_odd_marks_is_read_in_no_time(html) -> None:
    began = time.process_time()
    split_directive(html)
    assert time.process_time() - began < 1
