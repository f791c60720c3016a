"""What a doctor asks of every helpdesk in the same way."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rewriter.errors import HelpdeskError
from rewriter.helpdesk import Check

from .api import Api

_CLOCKS_APART = 60.0  # seconds that do no harm


@dataclass(frozen=True, slots=True)
class Look:
    """A thing to look at: its name, what looks (a check, or the one line that was found), and how to mend it."""

    name: str
    look: Callable[[], Check | str]
    mend: str


def checks(sign_in: Look, others: Iterable[Look]) -> Iterator[Check]:
    """Yield what each look gave; without signing in there is nothing more to look at."""
    first = _check(sign_in)
    yield first
    for other in others:
        unseen = Check(other.name, "unknown", "not looked at: signing in comes first")
        yield unseen if first.state == "fails" else _check(other)


def clock(api: Api) -> Look:
    """Look at whether our clock and the helpdesk's agree, by the answers so far."""

    def look() -> Check | str:
        theirs = api.server_time()
        if theirs is None:
            return Check("clock", "unknown", "the helpdesk did not say what time it is")
        apart = abs(time.time() - theirs)
        if apart < _CLOCKS_APART:
            return "this machine's clock agrees with the helpdesk's"
        mend = "Let it be set by a time server (NTP)."
        return Check("clock", "fails", f"this machine's clock is {apart:.0f} s off", mend)

    return Look("clock", look, "")


def _check(look: Look) -> Check:
    try:
        found = look.look()
    except HelpdeskError as error:
        return Check(look.name, "fails", str(error), look.mend)
    return found if isinstance(found, Check) else Check(look.name, "holds", found)
