"""No call that could exceed what may be spent.

Before a call the most that it can cost is set aside; afterwards what it did cost takes its place.
So calls that are under way together cannot exceed a limit together. A failed call that the
provider may have charged for counts in full; an outage costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from causal_interface_gym.agents.llm.call import Answer, Ask, Client, Usage
from causal_interface_gym.agents.llm.providers.prices import cost_of, most_tokens, price_of
from causal_interface_gym.errors import BudgetError, OutageError, ProviderError, TimedOutError

__all__ = ["Budget", "BudgetLimits", "Budgeted", "DayLedger"]


@dataclass(frozen=True, slots=True)
class BudgetLimits:
    """What may be spent at most; None is no limit."""

    run_usd: float | None = None
    day_usd: float | None = None
    run_tokens: int | None = None

    @property
    def has_usd(self) -> bool:
        """Whether money is limited, so that prices must be known."""
        return self.run_usd is not None or self.day_usd is not None


class DayLedger(Protocol):
    """What all runs together spent on a day, by UTC; kept beyond this process."""

    def spent_today_usd(self) -> float:
        """Read what was spent today."""
        ...

    def add_usd(self, amount: float) -> None:
        """Add to what was spent today."""
        ...


@dataclass(slots=True)
class Budget:
    """What a run has spent and set aside; one for all its models.

    ``spent_usd`` and ``spent_tokens`` begin at what a resumed run spent before. ``n_unpriced``
    counts calls whose cost is not known, which ``spent_usd`` leaves out.
    """

    limits: BudgetLimits = field(default_factory=BudgetLimits)
    ledger: DayLedger | None = None
    spent_usd: float = 0.0
    spent_tokens: int = 0
    n_unpriced: int = 0
    _aside_usd: float = 0.0
    _aside_tokens: int = 0

    def set_aside(self, usd: float | None, tokens: int, who: str) -> None:
        """Set aside the most that a call can cost.

        Raises:
            BudgetError: It would exceed a limit, or has no known price while money is limited.
        """
        limits = self.limits
        if limits.has_usd and usd is None:
            message = (
                f"the price of {who} is not known, so a budget in USD cannot be kept; "
                "limit tokens instead"
            )
            raise BudgetError(message)
        most = usd or 0.0
        today = self.ledger.spent_today_usd() if self.ledger and limits.day_usd is not None else 0.0
        _check("the run's budget", limits.run_usd, self.spent_usd, self._aside_usd + most)
        _check("the day's budget", limits.day_usd, today, self._aside_usd + most)
        total = self.spent_tokens + self._aside_tokens
        if limits.run_tokens is not None and total + tokens > limits.run_tokens:
            message = (
                f"the next call could use {tokens:,} tokens and {total:,} of "
                f"{limits.run_tokens:,} are used or set aside; resume with a higher budget"
            )
            raise BudgetError(message)
        self._aside_usd += most
        self._aside_tokens += tokens

    def settle(self, aside_usd: float | None, aside_tokens: int, usd: float | None, n: int) -> None:
        """Put what a call did cost in the place of what was set aside for it."""
        self._aside_usd = max(self._aside_usd - (aside_usd or 0.0), 0.0)
        self._aside_tokens -= aside_tokens
        self.spent_tokens += n
        if usd is None:
            self.n_unpriced += 1
            return
        self.spent_usd += usd
        if self.ledger is not None and usd > 0:
            self.ledger.add_usd(usd)


@dataclass(frozen=True, slots=True)
class Budgeted:
    """A client that asks only what it can pay for."""

    inner: Client
    budget: Budget
    provider: str
    model: str
    cost: Callable[[str, str, Usage], float | None] = cost_of

    async def ask(self, ask: Ask) -> Answer:
        """Ask, if the budget allows the most that it can cost; the answer says what it did cost.

        Raises:
            BudgetError: It does not; nothing was asked.
            ProviderError: There is no answer.
        """
        most = most_tokens(ask)
        n_most = most.input_tokens + most.output_tokens
        price = price_of(self.provider, self.model)
        most_usd = price.most_usd(most) if price is not None else None
        self.budget.set_aside(most_usd, n_most, f"{self.provider}:{self.model}")
        charged, n_charged = most_usd, n_most
        try:
            answer = await self.inner.ask(ask)
            used = answer.usage.input_tokens + answer.usage.output_tokens
            if not used:
                # What it used is not known: it has no cost to tell, and the budget pays the most.
                return replace(answer, cost_usd=None)
            n_charged = used
            charged = self.cost(self.provider, self.model, answer.usage)
            return replace(answer, cost_usd=charged)
        except ProviderError as failure:
            if isinstance(failure, OutageError) and not isinstance(failure, TimedOutError):
                charged, n_charged = 0.0, 0
            raise
        finally:
            self.budget.settle(most_usd, n_most, charged, n_charged)


def _check(name: str, limit: float | None, spent: float, more: float) -> None:
    if limit is not None and spent + more > limit:
        message = (
            f"the next call could exceed {name} of {limit:.4f} USD: {spent:.4f} are spent and up "
            f"to {more:.4f} would be under way; resume with a higher budget"
        )
        raise BudgetError(message)
