"""The note that an agent reads."""

import pytest

from rewriter.handover import marker_of
from rewriter.note import failure_note, sanitised, suggestion_note
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import Prompts, load

KEY = "zendesk:1:2:0123456789abcdef"
MESSAGE = "I have waited three weeks for my refund and nobody answers me. I am so frustrated!"


@pytest.fixture(scope="module")
def prompts() -> Prompts:
    return load()


def note(prompts: Prompts, html: str, message: str = MESSAGE) -> str:
    request = Request(html, html=True, customer=message, name="Ana Reyes")
    return suggestion_note(suggest(request, PhrasebookEngine(prompts), prompts), KEY, prompts)


def test_above_the_rule_stands_the_suggestion_alone_and_below_it_the_account_with_the_marker(
    prompts: Prompts,
) -> None:
    above, _, below = note(prompts, "<p>Your refund of $49.99 was issued on March 3.</p>").partition("<hr>")
    assert above.startswith("<p>Hi Ana,</p>")
    assert above.rstrip().endswith("<p>Your refund of $49.99 was issued on March 3.</p>")
    assert "personalisation" in below
    assert "$49.99 · March 3" in below
    assert KEY not in above


def test_a_draft_with_a_rule_of_its_own_keeps_all_its_words_above_the_notes_one_rule(prompts: Prompts) -> None:
    whole = note(prompts, "<p>Your refund was issued.</p><hr><p>We cannot ship before May 5.</p>")
    assert whole.count("<hr") == 1
    assert "We cannot ship before May 5." in whole.partition("<hr")[0]


def test_every_note_is_known_as_ours_by_its_key_and_outcome(prompts: Prompts) -> None:
    suggested = marker_of(note(prompts, "<p>Your refund was issued.</p>"))
    declined = marker_of(note(prompts, "<p>We will look.</p>", "My lawyer will file a lawsuit against you."))
    failed = marker_of(failure_note("no draft was found.", KEY, prompts))
    assert [(m.key, m.outcome) if m else None for m in (suggested, declined, failed)] == [
        (KEY, "suggested"),
        (KEY, "declined"),
        (KEY, "failed"),
    ]


def test_a_note_without_a_suggestion_has_nothing_that_could_be_copied_above_a_rule(prompts: Prompts) -> None:
    assert "<hr" not in note(prompts, "<p>We will look.</p>", "My lawyer will file a lawsuit against you.")
    assert "<hr" not in failure_note("no draft was found.", KEY, prompts)


def test_a_name_or_a_draft_cannot_bring_markup_of_its_own_into_the_account(prompts: Prompts) -> None:
    assert "<script" not in note(prompts, "<p>Order <b>12345</b> <script>x()</script> was sent.</p>")
    assert "&lt;b&gt;" in failure_note("<b>no</b>", KEY, prompts)


@pytest.mark.parametrize(
    ("hostile", "gone"),
    [
        ('<p onclick="x()">a</p>', "onclick"),
        ('<a href="javascript:x()">a</a>', "javascript"),
        ("<iframe src='https://a.example'></iframe>", "iframe"),
        ("<form action='/x'><input name='a'></form>", "input"),
    ],
)
def test_what_could_run_or_ask_is_taken_out(hostile: str, gone: str) -> None:
    assert gone not in sanitised(hostile)


def test_an_open_tag_of_a_draft_does_not_swallow_the_rule() -> None:
    assert sanitised("<p>a <b>b") == "<p>a <b>b</b></p>"
