"""What can go wrong, named by what the caller does next.

The message of every error is written for the person who reads it at a terminal: one line, what is wrong and
what to do. No message holds a secret or a customer's text.
"""


class RewriterError(Exception):
    """Trouble that a person is told about in one line, without a traceback."""


class InputError(RewriterError):
    """A file, a line or an argument that was given is wrong: exit 2."""


class SettingsError(RewriterError):
    """A setting is missing or malformed; the line names the variable: exit 2."""


class PromptError(RewriterError):
    """A tone profile, template or phrasebook is wrong; the line names file and line: exit 2.

    The message is the first line; `lines` holds all that is wrong with the file.
    """

    def __init__(self, first: str, *more: str) -> None:
        super().__init__(first)
        self.lines = (first, *more)


class HelpdeskError(RewriterError):
    """This draft fails now; another draft, or the next run, may pass."""


class HelpdeskUnavailable(HelpdeskError):
    """The helpdesk cannot be reached or cannot answer: the run stops, the next one tries again: exit 3."""


class Unanswered(HelpdeskUnavailable):
    """A call got no answer, or 502 to 504: this ticket's own trouble where others get one, else the helpdesk's."""


class HelpdeskDenied(HelpdeskError):
    """The helpdesk refuses these credentials or this role: the run stops, a person must act: exit 3."""


class PublicNote(HelpdeskDenied):
    """A note of ours was seen to be public: it was made private where the API can, and the run stops.

    `stands` says that the note is on the ticket all the same and its outcome's tag is set: the draft is settled.
    """

    def __init__(self, message: str, *, stands: bool = False) -> None:
        super().__init__(message)
        self.stands = stands


class StaleDraft(HelpdeskError):
    """The ticket moved on (answered, closed, gone, withdrawn, edited): nothing may be posted for this draft."""


class EngineError(RewriterError):
    """The engine gave no usable plan for this draft."""


class EngineUnavailable(EngineError):
    """The model cannot be reached: trouble that all drafts share, so the run asks it no more."""


class EngineDenied(EngineError):
    """The model endpoint refuses the key or does not know the model: exit 2."""


class LedgerError(RewriterError):
    """The ledger cannot be opened, read or written: the line says where it lies and what to do: exit 2."""


def exit_status(error: RewriterError) -> int:
    """Return the exit status that an error stands for: 1 left for later, 2 the call is wrong, 3 the helpdesk."""
    if isinstance(error, HelpdeskError):
        return 3
    return 1 if isinstance(error, EngineError) and not isinstance(error, EngineDenied) else 2
