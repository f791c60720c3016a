"""What a doctor asks of every helpdesk in the same way."""

import time
from collections.abc import Callable

from rewriter.errors import HelpdeskError
from rewriter.helpdesk import Check

from .api import Api

_CLOCKS_APART = 60.0  # seconds that do no harm


def check(name: str, look: Callable[[], Check | str], mend: str) -> Check:
    """Return what a look gave: a check of its own, or the one line that was found; trouble does not hold."""
    try:
        found = look()
    except HelpdeskError as error:
        return Check(name, False, str(error), mend)
    return found if isinstance(found, Check) else Check(name, True, found)


def clock(api: Api) -> Check:
    """Return whether our clock and the helpdesk's agree, by the answers so far."""
    theirs = api.server_time()
    if theirs is None:
        return Check("clock", False, "the helpdesk did not say what time it is", "Try again.")
    apart = abs(time.time() - theirs)
    if apart < _CLOCKS_APART:
        return Check("clock", True, "this machine's clock agrees with the helpdesk's")
    return Check(
        "clock", False, f"this machine's clock is {apart:.0f} s off", "Let it be set by a time server (NTP)."
    )
