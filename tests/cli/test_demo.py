"""`rewriter demo` as a person at a terminal runs it."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

REWRITER = str(Path(sys.executable).parent / "rewriter")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the demo prints beside settings of no use, which are none of its business; it must end well."""
    home = tmp_path_factory.mktemp("home")
    (home / ".env").write_text("REWRITER_THREADS=many\nthis is no setting\n")
    wrong = {"REWRITER_TONE": "sparkly", "REWRITER_LEDGER": "oracle://x", "REWRITER_HELPDESK": "jira"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "COLUMNS": "140", **wrong}
    ended = subprocess.run(
        [REWRITER, "demo"], cwd=home, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert list(home.rglob("*.db")) == [], "it leaves nothing behind"
    return ended.stdout


def story(said, ticket):
    """Return what is told of one ticket."""
    return re.split(r"\n(?=\d{4} |─)", said[said.index(f"\n{ticket} ") + 1 :])[0]


def test_each_of_a_dozen_drafts_has_its_story(said):
    stories = re.findall(r"^(\d{4}) .*  (suggested|unchanged|declined)$", said, re.M)
    assert len(stories) == 13
    assert re.search(r"^13 drafts: \d+ suggested, .*calls in .* s", said, re.M)


def test_a_story_shows_before_and_after_what_was_added_and_what_was_checked(said):
    told = story(said, 1001)
    assert "before" in told
    assert "after" in told
    assert told.count("ships today by express") == 2, "once before and once after"
    assert re.search(r"added +personalisation", told)
    assert re.search(r"kept +8 of the agent's sentences", told)
    assert re.search(r"checked +.*48213.*November 27", told)


def test_a_draft_that_is_already_kind_stays_as_it_is(said):
    assert "1006 Cancelling after a death in the family  unchanged" in said


def test_a_threat_of_a_lawsuit_is_left_to_a_person(said):
    assert "1007 Final notice before I go to court  declined" in said


def test_a_plain_question_gets_a_greeting_at_most(said):
    told = story(said, 1004)
    assert "validation" not in told
    assert "accountability" not in told


def test_it_says_where_to_look_further(said):
    for pointer in ("rewriter demo --serve", "rewriter rewrite", "README.md"):
        assert pointer in said


def test_a_port_that_is_taken_is_one_line(commands):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = commands.run("demo", "--serve", "--port", str(taken.getsockname()[1]))
    assert (ended.status, ended.stdout()) == (2, "")
    assert re.fullmatch(r"rewriter: Port \d+: address already in use\. Name another .*\n", ended.stderr())
