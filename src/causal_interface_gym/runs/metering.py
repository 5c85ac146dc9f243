"""What a run's calls have come to so far, for whoever watches it."""

from dataclasses import dataclass, field

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.errors import ProviderError

__all__ = ["Meter", "Metered"]


@dataclass(slots=True)
class Meter:
    """Running counts of the calls that were made; stored replies are no calls."""

    n_calls: int = 0
    n_failed: int = 0
    n_stored: int = 0
    n_unpriced: int = 0
    cost_usd: float = 0.0

    def __str__(self) -> str:
        """Say it in one line.

        >>> str(Meter(n_calls=12, n_unpriced=12))
        '12 calls, cost unknown'
        """
        parts = [f"{self.n_calls:,} calls"]
        if self.n_stored:
            parts.append(f"{self.n_stored:,} stored")
        if self.n_unpriced and not self.cost_usd:
            parts.append("cost unknown")
        else:
            parts.append(f"${self.cost_usd:.4f}" + (" and unknown" if self.n_unpriced else ""))
        if self.n_failed:
            parts.append(f"{self.n_failed:,} failed")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Metered:
    """A client whose calls are counted."""

    inner: Client
    meter: Meter = field(default_factory=Meter)

    async def ask(self, ask: Ask) -> Answer:
        """Ask and count.

        Raises:
            ProviderError: There is no answer.
        """
        try:
            answer = await self.inner.ask(ask)
        except ProviderError:
            self.meter.n_failed += 1
            raise
        if answer.is_stored:
            self.meter.n_stored += 1
            return answer
        self.meter.n_calls += 1
        if answer.cost_usd is None:
            self.meter.n_unpriced += 1
        else:
            self.meter.cost_usd += answer.cost_usd
        return answer
