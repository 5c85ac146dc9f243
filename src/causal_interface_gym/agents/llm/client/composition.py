"""A client for a model: one attempt at the bottom, the policies around it in one order."""

from causal_interface_gym.agents.llm.call import Client
from causal_interface_gym.agents.llm.client.building import open_line
from causal_interface_gym.agents.llm.client.model import ModelClient
from causal_interface_gym.agents.llm.providers.access import ProviderSettings

__all__ = ["make_client"]

_ATTEMPT_S = 120.0


def make_client(access: ProviderSettings, model: str) -> Client:
    """Make a client that asks one model.

    Raises:
        AuthenticationError: The key is missing or cannot be one.
        RunError: There is no address where one is needed.
    """
    line = open_line(access, model, timeout_s=_ATTEMPT_S)
    return ModelClient(
        line.model, provider=access.name, name=model, redactor=access.redactor, http=line.http
    )
