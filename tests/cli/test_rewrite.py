"""`rewriter rewrite`, as a person or a script calls it."""

import json
from functools import partial
from pathlib import Path

import pytest

DRAFT = "Your refund of $49.99 was issued on March 3."
MESSAGE = "I have waited three weeks for my refund and nobody answers. This is so frustrating!"


@pytest.fixture
def rewriter(commands, folder):
    """The command line, run in `folder`."""
    return partial(commands.run, cwd=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "draft.txt").write_text(DRAFT)
    (tmp_path / "message.txt").write_text(MESSAGE)
    return tmp_path


def test_a_draft_on_standard_input_comes_out_with_its_own_sentence_untouched(rewriter, folder: Path) -> None:
    done = rewriter("rewrite", "--customer", "message.txt", "--name", "Ana Reyes", given=DRAFT.encode())
    assert done.status == 0
    text = done.stdout()
    assert text.startswith("Hi Ana,\n\n")
    assert DRAFT in text
    assert "refund" in text.split("\n\n")[1]


def test_the_json_object_has_every_promised_key_and_counts_its_words(rewriter, folder: Path) -> None:
    arguments = ("rewrite", "draft.txt", "--customer", "message.txt", "--name", "Ana Reyes", "--json")
    shown = json.loads(rewriter(*arguments).stdout())
    assert set(shown) == {
        "id", "outcome", "engine", "tone", "language", "text", "html", "sentences", "facts", "reverted",
        "added_words", "usage",
    }  # fmt: skip
    assert shown["outcome"] == "rewritten"
    assert {"kind": "amount", "text": "$49.99"} in shown["facts"]
    assert {"text": DRAFT, "kind": "kept", "carries": [1]} in shown["sentences"]
    added = [one["text"] for one in shown["sentences"] if not one["carries"]]
    assert shown["added_words"] == sum(len(text.split()) for text in added)


def test_a_plain_question_gets_a_greeting_and_nothing_else(rewriter, folder: Path) -> None:
    (folder / "question.txt").write_text("Do you ship to Canada?")
    arguments = ("rewrite", "-", "--customer", "question.txt", "--name", "Bob Lee")
    assert rewriter(*arguments, given=b"Yes, we do.").stdout() == "Hi Bob,\n\nYes, we do.\n"


def test_html_comes_out_as_html_with_its_markup_as_it_was(rewriter, folder: Path) -> None:
    html = '<p>I sent it again.</p><ul><li>Open <a href="https://a.example/x?y=1&amp;z=2">the page</a></li></ul>'
    arguments = ("rewrite", "-", "--html", "--customer", "message.txt")
    assert html in rewriter(*arguments, given=html.encode()).stdout()


def test_a_legal_threat_is_declined_with_a_reason_and_the_draft_as_it_was(rewriter, folder: Path) -> None:
    (folder / "threat.txt").write_text("My lawyer will file a lawsuit against you if this is not solved.")
    shown = json.loads(rewriter("rewrite", "draft.txt", "--customer", "threat.txt", "--json").stdout())
    assert shown["outcome"] == "declined"
    assert shown["reason"]
    assert shown["text"] == DRAFT


def test_a_batch_keeps_its_order_and_goes_on_after_rows_that_are_wrong(rewriter, folder: Path) -> None:
    rows = [
        json.dumps({"id": "a", "draft": DRAFT, "customer": MESSAGE}).encode(),
        b"not json",
        b'{"id": "c"}',
        b'{"id": "\xff"}',
        b'["no object"]',
        json.dumps({"id": "f", "draft": 5}).encode(),
        json.dumps({"id": "g", "draft": DRAFT, "channel": "pigeon"}).encode(),
        json.dumps({"id": "h", "draft": DRAFT, "tone": "icy"}).encode(),
        json.dumps({"id": 9, "draft_html": f"<p>{DRAFT}</p>", "customer": MESSAGE}).encode(),
    ]
    (folder / "rows.jsonl").write_bytes(b"\n".join(rows))
    done = rewriter("rewrite", "--batch", "rows.jsonl")
    shown = [json.loads(line) for line in done.stdout().splitlines()]
    assert [one["id"] for one in shown] == ["a", None, "c", None, None, "f", "g", "h", 9]
    assert [("error" in one) for one in shown] == [False, *[True] * 7, False]
    assert done.status == 2


def test_the_same_draft_always_reads_the_same(rewriter, folder: Path) -> None:
    arguments = ("rewrite", "draft.txt", "--customer", "message.txt")
    assert rewriter(*arguments).stdout() == rewriter(*arguments).stdout()


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("rewrite", "missing.txt"), b"", "missing.txt: no such file"),
        (("rewrite", "-"), b"", "The draft is empty"),
        (("rewrite", "-"), b"  \n\n ", "The draft is empty"),
        (("rewrite", "-"), b"\xff\xfe", "standard input is not UTF-8"),
        (("rewrite", "draft.txt", "--tone", "icy"), b"", "no tone 'icy': name one of"),
        (("rewrite", "draft.txt", "--channel", "pigeon"), b"", "'pigeon' is no channel: give one of email"),
        (("rewrite", "draft.txt", "--engine", "abacus"), b"", "no engine 'abacus'"),
        (("rewrite", "draft.txt", "--engine", "llm"), b"", "OPENAI_API_KEY is not set"),
        (("rewrite", "--batch", "missing.jsonl"), b"", "missing.jsonl: no such file"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_2(
    rewriter, folder: Path, arguments: tuple[str, ...], given: bytes, said: str
) -> None:
    done = rewriter(*arguments, given=given)
    assert done.status == 2
    assert done.stdout() == ""
    assert said in done.stderr()
    assert len(done.stderr().splitlines()) == 1


@pytest.mark.parametrize(
    "draft",
    [
        b"https://acme.example/help/reset",
        b"<p>Broken <b>markup<p>Your refund was issued.</i>",
        b"Your refund was issued. " * 1700,
        "Ваш возврат оформлен 3 марта.".encode(),
    ],
    ids=["only a link", "broken markup", "40 kB", "a language without a phrasebook"],
)
def test_an_odd_draft_is_handled_with_all_of_it_kept(rewriter, draft: bytes) -> None:
    html = ("--html",) if draft.startswith(b"<") else ()
    done = rewriter("rewrite", "-", *html, "--customer", "message.txt", given=draft)
    assert done.status == 0, done.stderr()
    assert draft.decode().strip().removeprefix("<p>") in done.stdout()


def test_a_directive_on_the_first_line_counts_as_in_a_helpdesk(rewriter, folder: Path) -> None:
    (folder / "handed.txt").write_text("#draft formal, please\nYour refund was issued.")
    done = rewriter("rewrite", "handed.txt", "--name", "Ana Reyes", "--json")
    assert json.loads(done.stdout())["tone"] == "formal"
    assert json.loads(done.stdout())["text"] == "Dear Ana,\n\nYour refund was issued."
    asked = rewriter("rewrite", "handed.txt", "--name", "Ana Reyes", "--tone", "Concise", "--json")
    assert json.loads(asked.stdout())["tone"] == "concise"


@pytest.mark.parametrize("code", ["en", "EN", "en-GB"])
def test_a_language_may_be_given_with_its_region(rewriter, folder: Path, code: str) -> None:
    done = rewriter("rewrite", "draft.txt", "--lang", code, "--customer", "message.txt", "--json")
    assert json.loads(done.stdout())["language"] == "en"
    assert json.loads(done.stdout())["outcome"] == "rewritten"


def test_a_language_that_is_none_is_refused(rewriter, folder: Path) -> None:
    done = rewriter("rewrite", "draft.txt", "--lang", "english")
    assert (done.status, done.stdout()) == (2, "")
    assert "'english' is no language" in done.stderr()
