"""What a ticket holds is read at a terminal and does not steer it: no escape sequence of its own comes through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rewriter.integrations.embedded import Desk, serve

STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f"
DRAFT = f"Your refund{STEERING} of $49.99 was issued on March 3."
CUSTOMER = f"I have waited three weeks{STEERING} for my refund and nobody answers. This is so frustrating!"
ROW = {"id": f"a{STEERING}", "draft": DRAFT, "customer": CUSTOMER, "name": f"Ana{STEERING} Reyes"}


def steers(seen: str) -> bool:
    """Whether a control character is in it; on a dumb terminal rich has no colours of its own."""
    return any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in seen if letter not in "\r\n\t")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "draft").write_text(DRAFT)
    (tmp_path / "customer").write_text(CUSTOMER)
    (tmp_path / "rewrite").write_text(DRAFT.replace("$49.99", f"$59.99{STEERING}"))
    (tmp_path / "drafts.jsonl").write_text(json.dumps(ROW) + "\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "draft", "rewrite"), "$59.99"),
        (("rewrite", "draft", "--customer", "customer", "--engine", "phrasebook"), "$49.99"),
        (("tones", "preview", "warm", "--drafts", "drafts.jsonl"), "$49.99"),
        (("tones", "compare", "warm", "formal", "--drafts", "drafts.jsonl"), "$49.99"),
        (("rewrite", f"no such file{STEERING}"), "no such file"),
        (("ledger", "show", f"no such key{STEERING}"), "no such key"),
    ],
    ids=["check", "rewrite", "preview", "compare", "a file", "a key"],
)
@pytest.mark.usefixtures("folder")
def test_a_command_shows_the_words_without_what_steers_a_terminal(at_a_terminal, arguments, told) -> None:
    seen = at_a_terminal(*arguments).text
    assert told in seen
    assert not steers(seen), seen


def test_in_a_file_a_rewrite_stands_to_the_letter(commands, folder) -> None:
    ended = commands.run("rewrite", "draft", "--engine", "phrasebook", cwd=folder)
    assert STEERING in ended.stdout()


@pytest.mark.parametrize("face", ["zendesk", "freshdesk"])
def test_names_in_the_helpdesk_do_not_steer_the_doctors_terminal(at_a_terminal, face) -> None:
    desk = Desk(limits={})
    with serve(**{face: desk}) as served:
        desk.actor.name = f"Bot{STEERING}"
        seen = at_a_terminal("doctor", **served.environment(face)).text
    assert "sign-in: as Bot" in seen
    assert not steers(seen), seen


@pytest.mark.parametrize("style", ["text", "json"])
def test_log_lines_are_of_plain_signs_whatever_stands_in_them(folder, commands, style) -> None:
    tones = folder / f"no{STEERING} folder"
    desk = Desk(limits={})
    with serve(zendesk=desk) as served:
        settings = served.environment("zendesk") | {"REWRITER_LOG": style, f"REWRITER_TON{chr(0x9B)}": "warm"}
        ended = commands.run("run", cwd=folder, REWRITER_PROMPTS=str(tones), **settings)
    assert ended.status == 2
    assert not steers(ended.stderr()), ended.stderr()
