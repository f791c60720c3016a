import itertools
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import suppress
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


# Of no worth to anybody: it was made for these tests.
SELF_SIGNED = """\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIB/KD9PbABI1uRUOi8i2m5n7tcwXMi8eI1jM3zXiGDqyoAoGCCqGSM49
AwEHoUQDQgAENpFry3qyqsN7sQLQC/7S/1cIVjyfLuFNNZNI4IuDmmocvoKq0hVx
qbhMvw6cZ69nAJs3Z2sPH+9G70nRzXGhIQ==
-----END EC PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUCdDyxKhh2mLYrLYKeexm6tQilQkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIzNTY1N1oYDzIxMjYxMDI5
MjM1NjU3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ2kWvLerKqw3uxAtAL/tL/VwhWPJ8u4U01k0jgi4Oaahy+gqrSFXGp
uEy/Dpxnr2cAmzdnaw8f70bvSdHNcaEho1MwUTAdBgNVHQ4EFgQUAltBZlbNioun
Anzpnxaa4x5tNWAwHwYDVR0jBBgwFoAUAltBZlbNiounAnzpnxaa4x5tNWAwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiA4AhYEiRTWPSCzUXl1kdDe
g05gV8bf6hrbIcIBz5I/mwIhAKpcUGDbmkwmUHl+b+MKAbuzW6uBolWdwWIvqUZp
xde/
-----END CERTIFICATE-----
"""


@pytest.fixture
def self_signed(tmp_path):
    """The address of a server on loopback whose certificate it signed itself."""
    file = tmp_path / "self-signed.pem"
    file.write_text(SELF_SIGNED)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet():
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with suppress(OSError):
                        context.wrap_socket(connection, server_side=True)

        threading.Thread(target=greet, daemon=True).start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
