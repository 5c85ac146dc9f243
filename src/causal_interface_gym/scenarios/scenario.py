"""A scenario: a curated world with its story, its source and its questions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ScenarioError, UnknownVariableError
from causal_interface_gym.questions.question import Family
from causal_interface_gym.scenarios.world import Variable, World, make_world

__all__ = ["Citation", "Scenario", "Structure", "is_scenario_id", "labels", "variable"]

Structure = Literal[
    "confounder",
    "mediator",
    "collider",
    "m-bias",
    "front-door",
    "instrument",
    "simpson",
    "transport",
    "network",
]
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-v[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Citation:
    """A source: its key in the bibliography and the full reference."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A curated family of worlds that share one SCM; a seed varies names, order and samples.

    ``published`` says which numbers stand in the sources, ``illustrative`` which were chosen here;
    at least one of the two is not empty. ``variables`` describes latent variables too.

    Raises:
        ScenarioError: The parts do not fit together; the message says which.
    """

    id: str
    title: str
    story: str
    structure: Structure
    treatment: str
    outcome: str
    variables: tuple[Variable, ...]
    model: SCM
    families: tuple[Family, ...]
    citations: tuple[Citation, ...]
    published: str = ""
    illustrative: str = ""

    def __post_init__(self) -> None:
        """Check what a reader relies on."""
        for problem in _problems(self):
            message = f"scenario {self.id!r}: {problem}"
            raise ScenarioError(message)
        for name in (self.treatment, self.outcome):
            if name not in self.model.observed:
                raise UnknownVariableError(name, self.model.observed)

    def world(self, *, seed: int = 0) -> World:
        """Make a world; seed 0 keeps the scenario's own names and order, others do not.

        Raises:
            ScenarioError: The seed is negative.
        """
        if seed < 0:
            message = f"a seed is a whole number >= 0; got {seed}"
            raise ScenarioError(message)
        return make_world(
            self.id,
            seed,
            model=self.model,
            variables=self.variables,
            families=self.families,
            told=(self.title, self.story),
        )


def variable(name: str, meaning: str, states: Mapping[str, str]) -> Variable:
    """Describe a variable: what it is and what each state means, in the order of the model."""
    return Variable(name, meaning, tuple(states.items()))


def is_scenario_id(text: str) -> bool:
    """Say whether a text is spelt like an id: words with hyphens, then a version.

    >>> is_scenario_id("winter-tyres-v1"), is_scenario_id("Winter tyres")
    (True, False)
    """
    return _ID.fullmatch(text) is not None


def labels(variables: Sequence[Variable]) -> dict[str, tuple[str, ...]]:
    """Give the states of each variable as a model wants them."""
    return {v.name: v.labels for v in variables}


def _problems(scenario: Scenario) -> list[str]:
    described = {v.name: v.labels for v in scenario.variables}
    checks = {
        f"an id is words-with-hyphens-v1; got {scenario.id!r}": is_scenario_id(scenario.id),
        "a title, a story and a citation are needed": (
            scenario.title and scenario.story and scenario.citations
        ),
        "say which numbers are published and which are illustrative": (
            scenario.published or scenario.illustrative
        ),
        "at least one question is needed": scenario.families,
        "treatment and outcome must differ": scenario.treatment != scenario.outcome,
        f"structure is one of {get_args(Structure)}": scenario.structure in get_args(Structure),
        f"the variables described {described} are not the model's {scenario.model.states}": (
            described == scenario.model.states
        ),
    }
    return [problem for problem, holds in checks.items() if not holds]
