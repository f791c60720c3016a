"""A helpdesk on loopback full of waiting drafts, and the real command line at work on it in its own process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from rewriter.integrations.embedded import Allowance, Desk, Ticket, serve
from rewriter.integrations.embedded.desk import PLAN

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tests" / "llm"))

from tickets import ticket as made_up

__all__ = ["FACES", "PLAN", "Face", "Office", "Process", "made_up", "office"]

Face = Literal["zendesk", "freshdesk"]
FACES: tuple[Face, ...] = ("zendesk", "freshdesk")
TAG = "rewrite_requested"
_TICK = os.sysconf("SC_CLK_TCK")


class Office:
    """A helpdesk of one vendor; its clock is the machine's."""

    def __init__(self, face: Face, desk: Desk, settings: Mapping[str, str]) -> None:
        self.face = face
        self.desk = desk
        self.settings = settings
        self.sam = desk.add_person("Sam Okoro", "sam@example.com", role="agent")

    def hand_over(self, number: int) -> Ticket:
        """Open the ticket of that number, an hour ago, with a draft that waits for a rewrite."""
        ticket = self.open(number, tags=[TAG, "vip"])
        paragraphs = "".join(f"<p>{words}</p>" for words in made_up(number).drafted)
        self.desk.say(ticket, self.sam, f"<p>#draft</p>{paragraphs}", public=False, at=ticket.created_at)
        return ticket

    def open(self, number: int, *, tags: list[str]) -> Ticket:
        """Open the ticket of that number, an hour ago, with its customer's message alone."""
        told = made_up(number).request
        ana = self.desk.add_person(told.name, f"customer{number}@example.com")
        then = datetime.now(UTC) - timedelta(hours=1)
        return self.desk.open_ticket("A question", ana, f"<p>{told.customer}</p>", at=then, tags=tags)

    @property
    def settled(self) -> int:
        """How many drafts were brought to an end: the last write of each is a PUT."""
        return self.desk.calls[self.face, "PUT", 200]

    @property
    def throttled(self) -> int:
        """How many calls were answered with 429."""
        return sum(number for (_, _, status), number in self.desk.calls.items() if status == 429)

    def run(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed."""
        return subprocess.run(
            [_rewriter(), *arguments], env=dict(self.settings), check=True, capture_output=True, text=True
        ).stdout

    @contextmanager
    def watch(self) -> Iterator[Process]:
        """Have `rewriter watch` at work, until the end of the block."""
        command = [_rewriter(), "watch", "--every", "1"]
        with subprocess.Popen(command, env=dict(self.settings), stderr=subprocess.DEVNULL) as begun:
            try:
                yield Process(begun)
            finally:
                begun.terminate()


class Process:
    """A command at work: what it has cost so far, as Linux counts it."""

    def __init__(self, begun: subprocess.Popen[bytes]) -> None:
        self._begun = begun
        self._proc = Path("/proc") / str(begun.pid)

    @property
    def ended(self) -> bool:
        """Whether it is at work no more."""
        return self._begun.poll() is not None

    @property
    def cpu(self) -> float:
        """Processor time in seconds, of all its threads and of the kernel on their behalf."""
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def memory(self) -> float:
        """Resident memory in MB."""
        return int((self._proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def office(face: Face, limits: Mapping[str, Allowance] | None = None, **settings: str) -> Iterator[Office]:
    """Have a helpdesk up whose limits are lifted, unless some are given, and the settings that lead to it.

    Zendesk is signed in to as a daemon does it, with client credentials.
    """
    desk = Desk(limits=limits or {})
    with TemporaryDirectory() as home, serve(**{face: desk}) as served:
        signing = served.environment(face)
        if signing.pop("ZENDESK_OAUTH_TOKEN", None):
            known = desk.credentials
            signing |= {"ZENDESK_CLIENT_ID": known.client_id, "ZENDESK_CLIENT_SECRET": known.client_secret}
        shell = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "REWRITER_ENGINE": "phrasebook",
            "REWRITER_RATE_SHARE": "1",
        }
        yield Office(face, desk, shell | signing | settings)


def _rewriter() -> str:
    return str(Path(sys.executable).parent / "rewriter")
