"""`rewriter check`, as a person or a script calls it."""

import json
from pathlib import Path

import pytest

DRAFT = "Your refund of $49.99 was issued on March 3. Please do not send the parcel back."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "draft.txt").write_text(DRAFT)
    return tmp_path


@pytest.fixture
def check(commands, folder):
    """`rewriter check` on the draft and a rewrite of it."""

    def run(rewrite: str, *options: str):
        (folder / "rewrite.txt").write_text(rewrite)
        return commands.run("check", "draft.txt", "rewrite.txt", *options, cwd=folder)

    return run


def test_a_rewrite_that_adds_warmth_and_keeps_the_facts_is_faithful(check) -> None:
    done = check(f"Hi Ana,\n\nI'm sorry about the wait.\n\n{DRAFT}", "--name", "Ana Reyes", "--json")
    assert json.loads(done.stdout())["violations"] == []
    assert done.status == 0


@pytest.mark.parametrize(
    ("rewrite", "kind"),
    [
        (DRAFT.replace("$49.99", "$49.90"), "amount"),
        (DRAFT.replace("March 3", "March 4"), "date"),
        (DRAFT.replace("do not send", "send"), "negation"),
        (DRAFT.partition(" Please")[0], "lost sentence"),
        (DRAFT + " We will also give you $20.", "amount"),
    ],
)
def test_what_changed_is_named_by_kind_and_exit_1(check, rewrite: str, kind: str) -> None:
    done = check(rewrite, "--json")
    shown = json.loads(done.stdout())
    assert shown["faithful"] is False
    assert kind in {violation["kind"] for violation in shown["violations"]}
    assert all(set(violation) == {"kind", "detail", "draft", "rewrite"} for violation in shown["violations"])
    assert done.status == 1


def test_a_person_sees_both_texts_and_the_kind(check) -> None:
    shown = check(DRAFT.replace("$49.99", "$49.90")).stdout()
    assert "[-$49.99-] {+$49.90+}" in shown
    assert "amount: $49.99 in the draft, $49.90 in the rewrite" in shown


def test_pairs_keep_their_order_and_go_on_after_rows_that_are_wrong(commands, folder: Path) -> None:
    rows = [
        json.dumps({"id": "a", "draft": DRAFT, "rewrite": DRAFT}),
        "not json",
        json.dumps({"id": "c", "draft": DRAFT}),
        json.dumps({"id": "d", "draft": DRAFT, "rewrite": DRAFT.replace("$49.99", "$4.99")}),
    ]
    (folder / "pairs.jsonl").write_text("\n".join(rows))
    done = commands.run("check", "--pairs", "pairs.jsonl", cwd=folder)
    shown = [json.loads(line) for line in done.stdout().splitlines()]
    assert [one.get("faithful", "error") for one in shown] == [True, "error", "error", False]
    assert [one["id"] for one in shown] == ["a", None, "c", "d"]
    assert done.status == 2


def test_pairs_without_trouble_that_hold_a_violation_exit_1(commands, folder: Path) -> None:
    row = json.dumps({"id": "a", "draft": DRAFT, "rewrite": DRAFT.replace("March 3", "May 3")})
    (folder / "pairs.jsonl").write_text(row)
    assert commands.run("check", "--pairs", "pairs.jsonl", cwd=folder).status == 1


def test_without_two_texts_one_line_says_what_to_give(commands, folder: Path) -> None:
    done = commands.run("check", "draft.txt", cwd=folder)
    assert done.status == 2
    assert done.stderr() == "rewriter: Give a draft and its rewrite, or --pairs FILE.jsonl.\n"
