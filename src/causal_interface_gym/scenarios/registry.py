"""Find a scenario by its id; each is loaded when it is first asked for."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final, cast

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios.scenario import Scenario
from causal_interface_gym.scenarios.world import World

__all__ = ["SETS", "get", "ids", "select", "world_of"]

_CLASSIC: Final = (
    "kidney-stones-v1",
    "berkeley-admissions-v1",
    "sprinkler-v1",
    "smoking-tar-v1",
    "birth-weight-v1",
    "heart-transplant-v1",
    "cholestyramine-v1",
    "m-bias-v1",
    "homework-v1",
    "simpson-reversal-v1",
    "blood-pressure-v1",
    "asia-v1",
)

_GENERATED: Final = ("generated/", "form/")
"""How the ids of generated worlds begin."""

SETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"classic": _CLASSIC})
"""Named sets of scenarios, for the command line."""


def ids() -> tuple[str, ...]:
    """List the ids of all curated scenarios."""
    return _CLASSIC


def get(scenario: str) -> Scenario:
    """Give a scenario.

    >>> get("kidney-stones-v1").world().variables[0].name
    'stone'

    Raises:
        ScenarioError: No scenario has this id; the nearest one is suggested.
    """
    if scenario not in _CLASSIC:
        nearest = get_close_matches(scenario, [*_CLASSIC, *SETS], n=1, cutoff=0.4)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ";"
        message = f"unknown scenario {scenario!r}{hint} known: {', '.join(_CLASSIC)}"
        raise ScenarioError(message)
    return _load(scenario)


def world_of(scenario: str, *, seed: int = 0) -> World:
    """Make a world of a curated scenario, or a generated one by its id.

    >>> world_of("generated/front-door/level-1/0").questions[0].family
    'front-door'

    Raises:
        ScenarioError: No scenario or generated world has this id, or the seed is negative.
    """
    if scenario.startswith(_GENERATED):
        module = import_module("causal_interface_gym.scenarios.generated.worlds")
        return cast("World", module.world_of(scenario, seed=seed))
    return get(scenario).world(seed=seed)


def select(names: str) -> tuple[str, ...]:
    """Read a comma-separated list of ids and sets, each id once, in order.

    >>> select("asia-v1,classic")[:2]
    ('asia-v1', 'kidney-stones-v1')

    Raises:
        ScenarioError: A name is neither an id nor a set.
    """
    wanted: dict[str, None] = {}
    for name in (part.strip() for part in names.split(",")):
        chosen = SETS[name] if name in SETS else (get(name).id,)
        wanted.update(dict.fromkeys(chosen))
    return tuple(wanted)


@cache
def _load(scenario: str) -> Scenario:
    stem = scenario.rpartition("-v")[0].replace("-", "_")
    module = import_module(f"causal_interface_gym.scenarios.library.{stem}")
    return cast("Scenario", module.SCENARIO)
