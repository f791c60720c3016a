"""The note that an agent reads."""

import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

import pytest

from rewriter.errors import PromptError
from rewriter.handover import marker_of
from rewriter.model import Fact, Failure, Part, Suggestion, Violation, ViolationKind
from rewriter.note import failure_note, sanitised, suggestion_note
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import SHIPPED, Prompts, load
from rewriter.visible import visible_text

KEY = "zendesk:1:2:0123456789abcdef"
MESSAGE = "I have waited three weeks for my refund and nobody answers me. I am so frustrated!"
LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "ja")


@pytest.fixture(scope="module")
def prompts() -> Prompts:
    return load()


def note(prompts: Prompts, html: str, message: str = MESSAGE) -> str:
    request = Request(html, html=True, customer=message, name="Ana Reyes")
    return suggestion_note(suggest(request, PhrasebookEngine(prompts), prompts), KEY, prompts)


def account(html: str) -> list[str]:
    """The lines below the rule as a reader sees them, without the marker."""
    lines = visible_text(html.partition("<hr>")[2]).splitlines()
    return [line.removeprefix("* ") for line in lines if line][:-1]


REWRITTEN = Suggestion(
    "rewritten",
    "llm",
    "warm",
    "en",
    "",
    "<p>Hi Ana,</p><p>That is a long wait. The form was not attached. We cannot ship before May 5.</p>",
    (
        Part("Hi Ana,", "personalisation"),
        Part("That is a long wait.", "validation"),
        Part("The form was not attached.", "rephrased", (1,)),
        Part("We cannot ship before May 5.", "kept", (2,)),
    ),
    (Fact("date", "May 5", "05-05", 22, 27),),
    (Violation("negation", "…", 3, 2, "We cannot ship before May 5.", "We can ship by May 5!"),),
)


def test_above_the_rule_stands_the_suggestion_alone_and_below_it_the_account_with_the_marker(
    prompts: Prompts,
) -> None:
    above, _, below = note(prompts, "<p>Your refund of $49.99 was issued on March 3.</p>").partition("<hr>")
    assert above.startswith("<p>Hi Ana,</p>")
    assert above.rstrip().endswith("<p>Your refund of $49.99 was issued on March 3.</p>")
    assert "$49.99 · March 3" in below
    assert KEY not in above


def test_the_account_tells_what_was_added_said_otherwise_put_back_checked_and_kept_and_how_to_ask_again(
    prompts: Prompts,
) -> None:
    assert account(suggestion_note(REWRITTEN, KEY, prompts)) == [
        "Suggested reply, not sent.",
        "Added: greeting · understanding “That is a long wait.”",
        "Put more kindly: “The form was not attached.”",
        "Put back to your own words: “We cannot ship before May 5.” (a “not” would have changed)",
        "Facts checked, unchanged: May 5",
        "Sentences kept as you wrote them: 1 of 2",
        "Tone: warm. For another (concise, formal, plain, recovery), hand the draft over again with #draft formal "
        "as its first line.",
    ]


def test_a_refused_wording_is_never_quoted_whatever_was_wrong_with_it(prompts: Prompts) -> None:
    for kind in get_args(ViolationKind):
        for sentence in (2, None):
            refused = replace(REWRITTEN, reverted=(Violation(kind, "REFUSED", 3, sentence, "", "REFUSED"),))
            whole = suggestion_note(refused, KEY, prompts)
            assert "REFUSED" not in whole
            assert len(account(whole)) == 7, kind


def test_what_there_is_nothing_to_tell_of_has_no_line(prompts: Prompts) -> None:
    plain = replace(REWRITTEN, parts=REWRITTEN.parts[3:], facts=(), reverted=())
    assert [line.partition(" ")[0] for line in account(suggestion_note(plain, KEY, prompts))] == [
        "Suggested", "Sentences", "Tone:",
    ]  # fmt: skip


def test_a_long_sentence_is_quoted_by_its_beginning_and_many_facts_are_counted(prompts: Prompts) -> None:
    long = "Waiting three weeks for a refund without a single word from anybody here would wear out anyone at all."
    facts = tuple(Fact("identifier", f"AB-{n:03}", str(n), 0, 6) for n in range(30))
    suggestion = replace(REWRITTEN, parts=(Part(long, "validation"), *REWRITTEN.parts[2:]), facts=facts)
    lines = account(suggestion_note(suggestion, KEY, prompts))
    assert lines[1].startswith("Added: understanding “Waiting three weeks")
    assert lines[1].endswith("would wear out anyone at…”")
    listed = next(line for line in lines if line.startswith("Facts"))
    assert listed.endswith("AB-011 · +18")


def test_a_japanese_sentence_is_cut_by_the_room_it_takes(prompts: Prompts) -> None:
    long = "お荷物を長らくお待ちいただいておりますこと、ご不安なお気持ちのこととお察しし、申し訳なく存じます。" * 2
    whole = suggestion_note(replace(REWRITTEN, language="ja", parts=(Part(long, "validation"),)), KEY, prompts)
    quoted = re.search("「(.*?)」", whole)
    assert quoted
    assert quoted[1].endswith("…")
    assert len(quoted[1]) == 51


def test_letters_from_right_to_left_do_not_turn_a_line_round(prompts: Prompts) -> None:
    named = replace(REWRITTEN, facts=(Fact("name", "أحمد", "أحمد", 0, 4), REWRITTEN.facts[0]))
    assert "\u2068أحمد\u2069 · May 5" in suggestion_note(named, KEY, prompts)
    arabic = replace(REWRITTEN, language="ar", text="تم رد المبلغ", html="<p>تم رد المبلغ</p>")
    assert "<em>\u2068Suggested reply, not sent.\u2069</em>" in suggestion_note(arabic, KEY, prompts)


# --- languages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "draft", "said"),
    [
        ("de-AT", "en", "Antwortvorschlag"),
        ("", "fr", "Réponse suggérée"),
        ("pl", "it", "Risposta suggerita"),
        ("pl", "cs", "Suggested reply"),
        ("EN-us", "ja", "Suggested reply"),
        ("", "", "Suggested reply"),
    ],
)
def test_the_account_is_in_the_agents_language_else_in_the_drafts_else_in_english(
    prompts: Prompts, agent: str, draft: str, said: str
) -> None:
    whole = suggestion_note(replace(REWRITTEN, language=draft), KEY, prompts, agent)
    assert account(whole)[0].startswith(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_line_is_the_same_in_every_language(prompts: Prompts, language: str) -> None:
    declined = replace(REWRITTEN, outcome="declined", reason=prompts.declined["legal"].tell)
    failures: tuple[Failure, ...] = ("missing", "refused", "gave_up")
    for whole in (
        suggestion_note(REWRITTEN, KEY, prompts, language),
        suggestion_note(declined, KEY, prompts, language),
        *(failure_note(failure, KEY, prompts, languages=[language]) for failure in failures),
    ):
        found = marker_of(whole)
        assert found is not None
        assert found.key == KEY


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_words_of_its_own(prompts: Prompts, language: str) -> None:
    english, own = asdict(prompts.notes["en"]), asdict(prompts.notes[language])
    assert [key for key in english if key != "quote" and own[key] == english[key]] == []
    assert len(set(own["reasons"].values())) == len(english["reasons"])


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_why_a_draft_was_declined_is_told_in_every_language(prompts: Prompts, language: str) -> None:
    for matter in prompts.declined.values():
        assert matter.tell_in[language] != matter.tell
        declined = replace(REWRITTEN, outcome="declined", reason=matter.tell)
        whole = visible_text(suggestion_note(declined, KEY, prompts, language))
        assert matter.tell_in[language] in whole
        assert matter.tell not in whole


def test_a_reason_that_an_admin_wrote_in_one_language_is_told_as_it_stands(prompts: Prompts) -> None:
    declined = replace(REWRITTEN, outcome="declined", reason="A recall is under way.")
    assert "A recall is under way." in suggestion_note(declined, KEY, prompts, "ja")


# --- the files of words ---------------------------------------------------------------------------------


def overlaid(folder: Path, wrong: str, instead: str) -> None:
    text = (SHIPPED / "notes/de.toml").read_text(encoding="utf-8")
    assert wrong in text
    (folder / "notes").mkdir()
    (folder / "notes/de.toml").write_text(text.replace(wrong, instead), encoding="utf-8")
    load(folder)


def test_an_admins_words_are_said_instead_of_the_shipped_ones(tmp_path: Path) -> None:
    overlaid(tmp_path, "Antwortvorschlag, nicht gesendet.", "Vorschlag der Redaktion.")
    assert account(suggestion_note(REWRITTEN, KEY, load(tmp_path), "de"))[0] == "Vorschlag der Redaktion."


@pytest.mark.parametrize(
    ("wrong", "instead", "said"),
    [
        ("{{ directive }}", "{{ zeile }}", "unknown variable 'zeile'"),
        ("suggested =", "vorschlag = 'x'\nsuggested =", "unknown key"),
        ("Antwortvorschlag, nicht gesendet.", " ", "empty phrase"),
        ('fact = "', 'facts = "', "reasons"),
        ('expertise = "Fachkenntnis"\n', "", "'expertise' is missing below [moves]"),
    ],
)
def test_a_wrong_file_of_words_is_refused_with_the_mend(
    tmp_path: Path, wrong: str, instead: str, said: str
) -> None:
    with pytest.raises(PromptError, match=re.escape(said)) as refused:
        overlaid(tmp_path, wrong, instead)
    assert "notes/de.toml:" in str(refused.value)


# --- what must hold whatever the draft ------------------------------------------------------------------


def test_a_draft_with_a_rule_of_its_own_keeps_all_its_words_above_the_notes_one_rule(prompts: Prompts) -> None:
    whole = note(prompts, "<p>Your refund was issued.</p><hr><p>We ship on May 5.</p>")
    assert whole.count("<hr") == 1
    assert "We ship on May 5." in whole.partition("<hr")[0]


def test_every_note_is_known_as_ours_by_its_key_and_outcome(prompts: Prompts) -> None:
    suggested = marker_of(note(prompts, "<p>Your refund was issued.</p>"))
    declined = marker_of(note(prompts, "<p>We will look.</p>", "My lawyer will file a lawsuit against you."))
    failed = marker_of(failure_note("missing", KEY, prompts))
    assert [(m.key, m.outcome) if m else None for m in (suggested, declined, failed)] == [
        (KEY, "suggested"),
        (KEY, "declined"),
        (KEY, "failed"),
    ]


def test_a_note_of_an_earlier_wording_is_still_known_as_ours() -> None:
    earlier = (
        "<p>Hi Ana,</p><p>Your refund was issued.</p><hr><p><small>Suggested reply, not sent. Added: 1 sentence "
        "(personalisation). Kept as you wrote it: 1.</small></p>\n"
        f"<p><small>rewriter-key: {KEY} (suggested)</small></p>"
    )
    found = marker_of(earlier)
    assert found is not None
    assert (found.key, found.outcome) == (KEY, "suggested")


def test_a_note_without_a_suggestion_has_nothing_that_could_be_copied_above_a_rule(prompts: Prompts) -> None:
    assert "<hr" not in note(prompts, "<p>We will look.</p>", "My lawyer will file a lawsuit against you.")
    assert "<hr" not in failure_note("missing", KEY, prompts)


def test_a_name_or_a_draft_cannot_bring_markup_of_its_own_into_the_account(prompts: Prompts) -> None:
    assert "<script" not in note(prompts, "<p>Order <b>12345</b> <script>x()</script> was sent.</p>")
    assert "&lt;b&gt;" in failure_note("refused", KEY, prompts, error="<b>no</b>")


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


@pytest.mark.parametrize(
    "style",
    [
        "color: red; font-size:14px;",
        "font-family:-apple-system, 'Segoe UI'",
        "border:1px solid rgb(1, 2, 3)",
        "margin:0",
    ],
)
def test_a_style_of_letters_and_paragraphs_stays_to_the_letter(style) -> None:
    assert sanitised(f'<p style="{style}">x</p>') == f'<p style="{style}">x</p>'


@pytest.mark.parametrize(
    "style",
    [
        "position:fixed",
        "background:url(http://a.example/x)",
        "color:\\72 ed",
        "width:expression(1)",
        "margin-top:-99px",
    ],
)
def test_a_style_that_fetches_or_lies_over_the_page_goes_alone(style) -> None:
    assert sanitised(f'<p style="{style}">x</p>') == "<p>x</p>"
    assert sanitised(f'<p style="color:red;{style}">x</p>') == '<p style="color:red">x</p>'
