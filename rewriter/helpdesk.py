"""The seam for helpdesks: an adapter finds requested tickets, reads them, and leaves our notes.

A new helpdesk is one folder whose `connect` stands under the entry point group `rewriter.helpdesks`; see
CONTRIBUTING.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Literal, Protocol, runtime_checkable

from rewriter.errors import SettingsError
from rewriter.model import Draft, NoDraft, Thread, Ticket

GROUP = "rewriter.helpdesks"

NameKind = Literal["brand", "group", "form"]  # what a ticket bears by its id, and people know by a name


class Helpdesk(Protocol):
    """What a run needs of a helpdesk. Threads may call every method side by side.

    Every method may raise HelpdeskUnavailable or HelpdeskDenied (the run stops), Unanswered (it stops where several
    tickets in a row get no answer) or another HelpdeskError (this ticket is left). A GET is tried again on
    connection errors, 429 and 5xx; a write on 429 only.
    """

    @property
    def name(self) -> str:
        """The word in draft keys: `zendesk`, `freshdesk`, ..."""

    @property
    def needs_directive(self) -> bool:
        """Whether a draft must begin with `#draft`: where note and tag cannot be one save."""

    @property
    def calls(self) -> int:
        """How many requests were sent so far, sign-in included."""

    def requested(self) -> Iterator[Ticket]:
        """Yield each ticket that carries the request tag and is not closed, once, as the lists show it.

        From the search by tag, whose index lags, and from the newest pages of the live list.
        """

    def thread(self, ticket: Ticket) -> Thread:
        """Return the ticket with its comments as they stand now.

        Raises StaleDraft where the ticket is gone.
        """

    def leave(self, found: Draft | NoDraft, note: str, outcome: str) -> None:
        """Post `note` (HTML; "" posts none) as an internal note and put `outcome`'s tag for the request tag.

        All other tags stay. Before anything is written the ticket is what `found` says, or StaleDraft is raised
        and nothing is written; where an answer is lost, the note is looked for before a second attempt, so that
        the note stands there once. Raises PublicNote where the note was seen to be public.
        """

    def withdraw(self, found: Draft | NoDraft) -> bool:
        """Take the request tag off, and write nothing else; tell whether the ticket is free of it.

        False where a draft stands behind the tag (a newer one, or the same one still), or our note stands and only
        its tag is missing: the tag stays then.
        """

    def close(self) -> None:
        """Let go of connections."""


CheckState = Literal["holds", "warning", "fails", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at in a helpdesk: what was found, and how to mend it where it does not hold.

    A run does without what is a `warning`; what is `unknown` could not be looked at, and `found` says why.
    """

    name: str
    state: CheckState
    found: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One thing that makes handing over a draft one click, and what it does; some can only be done by hand."""

    kind: str  # "macro", "view", ...
    name: str
    does: str
    by_hand: bool = False


@runtime_checkable
class Setup(Protocol):
    """What `rewriter doctor` and `rewriter setup` need of a helpdesk; an adapter may leave it out."""

    def checks(self) -> Iterator[Check]:
        """Look at sign-in, permissions and what agents hand drafts over with; change nothing, raise nothing."""

    def plan_setup(self) -> list[SetupStep]:
        """Return what is missing, and what can only be done by hand; change nothing. Raises HelpdeskError."""

    def apply(self, step: SetupStep) -> None:
        """Create what a step names, once. Raises HelpdeskError."""


@runtime_checkable
class Directory(Protocol):
    """What routing by names and `rewriter tones explain` need of a helpdesk; an adapter may leave it out."""

    def find(self, ticket_id: str) -> Thread:
        """Return a ticket by its id, with its comments. Raises StaleDraft where there is none."""

    def names(self, kind: NameKind) -> Mapping[str, str]:
        """Return what the helpdesk calls its brands, groups or forms, by id.

        Empty where tickets bear the name itself. Raises HelpdeskError where these credentials may not read them.
        """


def settings_of_helpdesks() -> frozenset[str]:
    """Return every variable that an installed helpdesk reads: what its module calls `SETTINGS`."""
    modules = (sys.modules[entry.load().__module__] for entry in entry_points(group=GROUP))
    return frozenset(name for module in modules for name in getattr(module, "SETTINGS", ()))


def connect(name: str, environment: Mapping[str, str], *, request_tag: str, rate_share: float) -> Helpdesk:
    """Return the helpdesk called `name`, set up from `environment`; no network call is made yet.

    `rate_share` is the share of the vendor's limits that may be used, 0 to 1. Raises SettingsError where the
    name is not known or a setting is missing or malformed.
    """
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in known:
        raise SettingsError(
            f"REWRITER_HELPDESK is {name!r}: set it to one of {', '.join(sorted(known))}."
            if name
            else f"REWRITER_HELPDESK is not set: set it to one of {', '.join(sorted(known))}."
        )
    helpdesk: Helpdesk = known[name].load()(environment, request_tag=request_tag, rate_share=rate_share)
    return helpdesk
