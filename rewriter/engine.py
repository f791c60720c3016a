"""The seam for whatever writes: a brief in, a plan out."""

from typing import Protocol

from rewriter.errors import EngineError
from rewriter.model import Brief, Planned, Usage


class NoPlan(EngineError):
    """The engine answered, but with no plan; the message fits Brief.problems, `usage` is what the answer cost."""

    def __init__(self, reason: str, usage: Usage) -> None:
        super().__init__(reason)
        self.usage = usage


class Engine(Protocol):
    """Plans a rewrite of sealed sentences; never sees a fact, so it can neither leak nor alter one."""

    @property
    def name(self) -> str:
        """The word that suggestions and the ledger call this engine by."""

    def plan(self, brief: Brief) -> Planned:
        """Return a plan for the brief.

        Raises EngineUnavailable on an outage, EngineDenied on a refused key or model, EngineError where no
        plan could be had for this draft (NoPlan where an answer came and cost something).
        """
