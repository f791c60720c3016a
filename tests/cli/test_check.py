"""`rewriter check`, as a person or a script calls it."""

import json
import os
import signal
import time
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
    assert shown[1]["error"].startswith("line 2 is not JSON")
    assert shown[2]["error"].startswith("line 3: 'rewrite' is missing")
    assert done.status == 2


def test_pairs_without_trouble_that_hold_a_violation_exit_1(commands, folder: Path) -> None:
    row = json.dumps({"id": "a", "draft": DRAFT, "rewrite": DRAFT.replace("March 3", "May 3")})
    (folder / "pairs.jsonl").write_text(row)
    assert commands.run("check", "--pairs", "pairs.jsonl", cwd=folder).status == 1


def test_without_two_texts_one_line_says_what_to_give(commands, folder: Path) -> None:
    done = commands.run("check", "draft.txt", cwd=folder)
    assert done.status == 2
    assert done.stderr() == "rewriter: Give a draft and its rewrite, or --pairs FILE.jsonl.\n"


def row(number: int) -> str:
    return json.dumps({"id": number, "draft": DRAFT, "rewrite": DRAFT + f" Case {number}."}) + "\n"


def lines_of(running, count: int) -> list[str]:
    """What a command under way has printed, once it is that many lines."""
    until = time.monotonic() + 60
    while len(said := running.stdout().splitlines()) < count:
        assert time.monotonic() < until
        time.sleep(0.02)
    return said


def test_a_pair_is_answered_before_the_next_one_is_there(commands, folder: Path) -> None:
    os.mkfifo(folder / "pairs")
    running = commands.begin("check", "--pairs", "pairs", cwd=folder)
    with (folder / "pairs").open("w") as pairs:
        for number in range(2):
            pairs.write(row(number))
            pairs.flush()
            assert json.loads(lines_of(running, number + 1)[-1])["id"] == number
    assert running.wait().status == 1


def test_pairs_come_from_standard_input_as_well(commands) -> None:
    done = commands.run("check", "--pairs", "-", given=(row(1) + row(2)).encode())
    assert [json.loads(line)["id"] for line in done.stdout().splitlines()] == [1, 2]


def test_an_interrupt_ends_it_quietly_with_whole_answers(commands, folder: Path) -> None:
    os.mkfifo(folder / "pairs")
    running = commands.begin("check", "--pairs", "pairs", cwd=folder)
    with (folder / "pairs").open("w") as pairs:
        pairs.write(row(1))
        pairs.flush()
        lines_of(running, 1)
        running.kill(signal.SIGINT)
        assert running.wait().status == 130
    assert running.stderr() == ""
    assert [json.loads(line)["id"] for line in running.stdout().splitlines()] == [1]


def test_a_person_at_a_terminal_sees_how_far_it_is_and_the_answers_stay_clean(folder: Path, at_a_terminal) -> None:
    (folder / "pairs.jsonl").write_text("".join(map(row, range(30))))
    seen = at_a_terminal("check", "--pairs", "pairs.jsonl", output_too=False, columns=80, TERM="xterm")
    assert "30 pairs" in seen.text
    assert [json.loads(line)["id"] for line in seen.output.splitlines()] == list(range(30))


@pytest.mark.soak
def test_ten_thousand_pairs_take_less_than_300_megabytes(folder: Path, at_a_terminal) -> None:
    (folder / "pairs.jsonl").write_text("".join(map(row, range(10_000))))
    seen = at_a_terminal("check", "--pairs", "pairs.jsonl", output_too=False)
    assert len(seen.output.splitlines()) == 10_000
    assert seen.kilobytes < 300_000
