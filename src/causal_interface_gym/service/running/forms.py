"""The forms of requests about runs, and what they ask for."""

import secrets
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.spec import RunSpec, parse_seeds
from causal_interface_gym.scenarios import registry

__all__ = ["RunForm", "name_of", "spec_of"]

_MOST_AGENTS: Final = 100

_Text = Annotated[str, Field(min_length=1, max_length=10_000)]
_Agent = Annotated[str, Field(min_length=1, max_length=200)]


class RunForm(BaseModel):
    """Which run is to begin: every agent meets every scenario with every seed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="What the run is called. Default: a name that nobody has.",
        examples=["june"],
    )
    agents: list[_Agent] | None = Field(
        None,
        min_length=1,
        max_length=_MOST_AGENTS,
        description="The ids of agents. Default: all reference agents.",
        examples=[["reference:associational", "reference:random"]],
    )
    scenarios: _Text = Field(
        "classic",
        description="Scenario ids and sets, separated by commas.",
        examples=["kidney-stones-v1,smoking-tar-v1"],
    )
    seeds: _Text = Field("0-9", description="Seeds such as `0-19` or `0,3,5-7`.", examples=["0-9"])
    interface: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        "graph", description="What a participant may see and do."
    )


def name_of(form: RunForm) -> str:
    """Give the name of the run, or make one up."""
    return form.name or f"run-{secrets.token_hex(6)}"


def spec_of(form: RunForm) -> RunSpec:
    """Make the configuration of the run, everything checked.

    Raises:
        RunError: Something is unknown, empty or given twice.
        ScenarioError: A scenario is unknown.
    """
    agents = tuple(form.agents or REFERENCE_AGENTS)
    spec = RunSpec(agents, registry.select(form.scenarios), parse_seeds(form.seeds), form.interface)
    if spec.cards:
        message = "a scenario of your own file cannot be played by workers, which have no such file"
        raise RunError(message)
    return spec
