"""Whether a ticket still is what was found, in the same words for every helpdesk."""

from rewriter.errors import HelpdeskError, StaleDraft
from rewriter.model import Comment, Draft, NoDraft, Thread


def is_same(found: Draft | NoDraft, now: Draft | NoDraft) -> bool:
    """Tell whether a ticket hands over now what it did when it was found."""
    if isinstance(found, Draft) or isinstance(now, Draft):
        return type(now) is type(found) and now.key == found.key
    return (now.key, now.reason) == (found.key, found.reason)


def notes_for(thread: Thread, key: str) -> list[Comment]:
    """Return our notes that answer this draft, oldest first: one, unless two runs raced or a write came late."""
    return [comment for comment in thread.comments if comment.marker and comment.marker.key == key]


def moved_on(ticket_id: str) -> StaleDraft:
    """Return the error for a ticket that is no longer what was found."""
    return StaleDraft(f"Ticket {ticket_id} moved on: nothing was posted.")


def keeps_changing(ticket_id: str) -> HelpdeskError:
    """Return the error for a ticket that others write to each time we try."""
    return HelpdeskError(f"Ticket {ticket_id} keeps changing: its draft is left for the next run.")


def has_work(now: Draft | NoDraft) -> bool:
    """Tell whether work stands behind the request tag: a draft, or our note whose tag was not swapped yet."""
    return isinstance(now, Draft) or now.reason == "done"
