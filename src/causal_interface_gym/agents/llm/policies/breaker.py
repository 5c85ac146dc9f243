"""No calls for a while to a provider that has failed many times in a row.

After ``n_failures`` outages without an answer between them the circuit is open and calls fail at
once; when ``rest_s`` is over one call goes through, and its fate decides. Errors that are not
outages prove that the provider serves, so they close it.
"""

from dataclasses import dataclass

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock
from causal_interface_gym.errors import OutageError, OverloadedError, ProviderError

__all__ = ["Breaker", "Circuit"]


@dataclass(slots=True)
class Circuit:
    """What is known about a provider's health; shared by all who ask it."""

    n_failures: int = 20
    rest_s: float = 15.0
    clock: Clock = CLOCK
    n_in_a_row: int = 0
    opened_at: float = 0.0
    is_probing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether calls fail at once, but for a probe."""
        return self.n_in_a_row >= self.n_failures

    def rest_left_s(self) -> float:
        """Seconds until a probe may go; negative when it is due."""
        return self.opened_at + self.rest_s - self.clock.now()

    def note_outage(self) -> None:
        """Count a failure; the one that fills the measure starts a rest."""
        self.n_in_a_row += 1
        if self.is_open:
            self.opened_at = self.clock.now()

    def note_service(self) -> None:
        """Forget the failures."""
        self.n_in_a_row = 0


@dataclass(frozen=True, slots=True)
class Breaker:
    """A client that is spared while its circuit is open."""

    inner: Client
    circuit: Circuit
    provider: str = ""

    async def ask(self, ask: Ask) -> Answer:
        """Ask, unless the provider is resting.

        Raises:
            OverloadedError: It is resting; the error says for how long.
        """
        circuit = self.circuit
        if not circuit.is_open:
            return await self._watched(ask)
        left = circuit.rest_left_s()
        if left > 0 or circuit.is_probing:
            message = f"not asked: {circuit.n_in_a_row} calls in a row failed"
            raise OverloadedError(message, provider=self.provider, retry_after_s=max(left, 1.0))
        circuit.is_probing = True
        try:
            return await self._watched(ask)
        finally:
            circuit.is_probing = False

    async def _watched(self, ask: Ask) -> Answer:
        try:
            answer = await self.inner.ask(ask)
        except OutageError:
            self.circuit.note_outage()
            raise
        except ProviderError:
            self.circuit.note_service()
            raise
        self.circuit.note_service()
        return answer
