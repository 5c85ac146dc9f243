"""The format controls of a run's models: put while it is played, judged from its transcript.

A model that cannot copy a number through any format has not been measured by its beliefs. Controls
are calls of the run, each under a trial of its own, so they are resumed and replayed as any other.
"""

import asyncio
from collections.abc import Mapping

from causal_interface_gym.agents.elicitation.controls import Controls, run_controls
from causal_interface_gym.agents.elicitation.format import FORMATS, Format
from causal_interface_gym.agents.llm.call import Client
from causal_interface_gym.agents.llm.identity import ModelAgentId
from causal_interface_gym.errors import ReplayError

__all__ = ["judge_controls", "model_of", "put_controls"]


def model_of(agent: str) -> str:
    """Name the model of an agent, without its strategy.

    >>> model_of("ollama:llama3:8b+cot")
    'ollama:llama3:8b'
    """
    named = ModelAgentId.parse(agent)
    return f"{named.provider}:{named.model}"


async def put_controls(model: str, client: Client) -> Controls:
    """Put the controls of every format to a model, formats beside each other.

    Raises:
        OutageError: The provider does not serve.
        StoppingError: No call can succeed before somebody changes something.
    """
    found = await asyncio.gather(*(_put(model, client, format) for format in FORMATS))
    return Controls(
        tuple(result for part in found for result in part.formats),
        sum(part.n_exchanged for part in found),
        sum(part.n_in_order for part in found),
    )


async def judge_controls(clients: Mapping[str, Client]) -> dict[str, Controls]:
    """Judge the controls that a transcript holds, given clients that replay it by model.

    A model whose controls are not all there is left out.
    """
    found: dict[str, Controls] = {}
    for model, client in clients.items():
        try:
            found[model] = await put_controls(model, client)
        except ReplayError:
            continue
    return found


async def _put(model: str, client: Client, format: Format) -> Controls:
    return await run_controls(client, trial=f"{model}/controls/{format}", formats=(format,))
