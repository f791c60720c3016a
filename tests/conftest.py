import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rewriter.integrations.embedded import Desk, serve


@pytest.fixture
def desk():
    """A helpdesk in memory whose limits are lifted."""
    return Desk(limits={})


@pytest.fixture
def served(desk):
    """The desk on loopback behind both vendors' APIs: `served.environment("zendesk")` leads an adapter to it."""
    with serve(zendesk=desk, freshdesk=desk) as up:
        yield up


class Running:
    """A command under way, in a process of its own."""

    def __init__(self, folder):
        self.out, self.err = folder / "out", folder / "err"
        self.out.touch()
        self.err.touch()
        self.pid = 0
        self.status = None  # negative: ended by that signal
        self.begun, self.ended = threading.Event(), threading.Event()

    def kill(self, number=signal.SIGKILL):
        if not self.ended.is_set():
            os.kill(self.pid, number)

    def wait(self, seconds=180):
        if not self.ended.wait(seconds):
            self.kill()
            pytest.fail(f"the command did not end within {seconds} seconds: {self.err.read_text()}")
        return self

    def stdout(self):
        return self.out.read_text()

    def stderr(self):
        return self.err.read_text()


class Commands:
    """Begins the real command line in processes of their own, a few milliseconds each; see forking.py."""

    def __init__(self, folder):
        self._folder = folder
        self._forking = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "forking.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "REWRITER_ENGINE": "phrasebook"},
            cwd=folder,
        )
        self._numbers = itertools.count()
        self._calls, self._pids = {}, {}
        assert json.loads(self._forking.stdout.readline()) == {"ready": True}
        threading.Thread(target=self._listen, daemon=True).start()

    def begin(self, *arguments, given=b"", cwd=None, **environment):
        number = next(self._numbers)
        folder = self._folder / str(number)
        folder.mkdir()
        (folder / "given").write_bytes(given)
        self._calls[number] = running = Running(folder)
        call = {
            "number": number,
            "cwd": str(cwd or folder),
            "given": str(folder / "given"),
            "arguments": arguments,
            "environment": {"HOME": str(self._folder), "PATH": os.environ["PATH"], **environment},
            "out": str(running.out),
            "err": str(running.err),
        }
        self._forking.stdin.write(json.dumps(call).encode() + b"\n")
        self._forking.stdin.flush()
        assert running.begun.wait(120)
        return running

    def run(self, *arguments, seconds=180, **how):
        return self.begin(*arguments, **how).wait(seconds)

    def _listen(self):
        for line in self._forking.stdout:
            told = json.loads(line)
            if "call" in told:
                running = self._pids[told["pid"]] = self._calls.pop(told["call"])
                running.pid = told["pid"]
                running.begun.set()
            else:
                running = self._pids.pop(told["pid"])
                running.status = told["status"]
                running.ended.set()

    def close(self):
        for running in list(self._pids.values()):  # of tests that failed half way
            running.kill()
        self._forking.stdin.close()
        self._forking.wait()


@pytest.fixture(scope="session")
def commands(tmp_path_factory):
    """The real command line in processes of their own: `commands.run("run", "--json", REWRITER_HELPDESK=...)`."""
    commands = Commands(tmp_path_factory.mktemp("commands"))
    yield commands
    commands.close()
