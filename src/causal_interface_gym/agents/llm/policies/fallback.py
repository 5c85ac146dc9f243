"""The next model, when one is down. For interactive use only: a score of mixed models is void.

Whoever answered stands in the answer's ``model``.
"""

from dataclasses import dataclass

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.errors import AuthenticationError, OutageError, StoppingError

__all__ = ["Fallback"]


@dataclass(frozen=True, slots=True)
class Fallback:
    """Clients in the order in which they are asked; at least one."""

    clients: tuple[Client, ...]

    async def ask(self, ask: Ask) -> Answer:
        """Ask the first that serves; a reply that cannot be used is a reply, and ends the search.

        Raises:
            ProviderError: The failure of the last.
        """
        *others, last = self.clients
        for client in others:
            try:
                return await client.ask(ask)
            except (AuthenticationError, OutageError):
                continue
            except StoppingError as failure:
                if type(failure) is not StoppingError:  # a budget or a replay binds every model
                    raise
        return await last.ask(ask)
