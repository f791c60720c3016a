"""What a model may cost: limits on tokens and money, for one run and for one day."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from rewriter.model import Usage

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, read and written, in whatever currency the limits are in."""

    prompt: Decimal = Decimal(0)
    completion: Decimal = Decimal(0)

    def of(self, usage: Usage) -> Decimal:
        """Return what that usage cost, exactly."""
        return (self.prompt * usage.prompt_tokens + self.completion * usage.completion_tokens) / MILLION


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits that a draft is not begun beyond; None is no limit. A day is a day in UTC.

    A draft that was begun is always finished, so a limit may be passed by the drafts that are at hand.
    """

    tokens_per_run: int | None = None
    tokens_per_day: int | None = None
    cost_per_run: Decimal | None = None
    cost_per_day: Decimal | None = None
    prices: Prices = field(default_factory=Prices)

    def reached(self, run: Usage, day: Usage) -> str:
        """Return the variable whose limit is reached, "" while there is room; `day` holds the run's usage too."""
        limits: tuple[tuple[str, Decimal | int, Decimal | int | None], ...] = (
            ("REWRITER_TOKENS_PER_RUN", _tokens(run), self.tokens_per_run),
            ("REWRITER_TOKENS_PER_DAY", _tokens(day), self.tokens_per_day),
            ("REWRITER_COST_PER_RUN", self.prices.of(run), self.cost_per_run),
            ("REWRITER_COST_PER_DAY", self.prices.of(day), self.cost_per_day),
        )
        return next((name for name, spent, limit in limits if limit is not None and spent >= limit), "")


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens
