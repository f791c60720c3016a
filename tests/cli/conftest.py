"""The command line at a terminal, as a person sits at one."""

import os
import pty
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Seen:
    """What a terminal was sent, what went to standard output where that is a file, and the memory it took."""

    text: str
    output: str
    kilobytes: int


@pytest.fixture
def at_a_terminal(tmp_path: Path):
    """Call the command line with errors at a terminal; its output goes there too, or into a file."""

    def call(*arguments: str, output_too: bool = True, columns: int = 200, **environment: str) -> Seen:
        ours, theirs = pty.openpty()
        program = "import sys; from rewriter.cli import main; sys.argv[0] = 'rewriter'; main()"
        file = tmp_path / "output"
        with file.open("wb") as out:
            running = subprocess.Popen(
                [sys.executable, "-c", program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=theirs if output_too else out,
                stderr=theirs,
                cwd=tmp_path,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(tmp_path),
                    "TERM": "dumb",
                    "COLUMNS": str(columns),
                    **environment,
                },
            )
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError:  # how Linux tells that the other side is closed
            pass
        os.close(ours)
        _, _, used = os.wait4(running.pid, 0)
        running.returncode = 0  # waited for here: nobody is to wait again
        return Seen(seen.decode(), file.read_text(), used.ru_maxrss)

    return call
