"""Find a scenario by its id; each is loaded when it is first asked for."""

import re
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Final, cast

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.scenarios.catalogue import CURATED, SETS, room_of
from causal_interface_gym.scenarios.scenario import Scenario
from causal_interface_gym.scenarios.source import SUFFIX, load_scenario
from causal_interface_gym.scenarios.world import World

__all__ = ["FORM_WORLDS", "SETS", "add", "get", "ids", "select", "world_of"]

_GENERATED: Final = ("generated/", "form/")
"""How the ids of generated worlds begin."""

_RANGE: Final = re.compile(
    r"((?:generated|form)/[a-z-]+/level-[0-9]+)/([0-9]+)-([0-9]+)((?:/[a-z-]+)?)"
)

FORM_WORLDS: Final = 100
"""Worlds of a family's public form in the set ``forms``: the least for a headline family."""

_MOST_AT_ONCE: Final = 100_000

_ADDED: Final[dict[str, Scenario]] = {}
"""Scenarios from files that the user named in this process, by id."""


def ids() -> tuple[str, ...]:
    """List the ids of all curated scenarios, the classics first."""
    return CURATED


def add(scenario: Scenario) -> None:
    """Make a scenario of one's own known by its id, for this process; again replaces it.

    Raises:
        ScenarioError: A curated scenario has this id.
    """
    if scenario.id in CURATED:
        message = f"{scenario.id!r} is the id of a curated scenario; give yours another"
        raise ScenarioError(message)
    _ADDED[scenario.id] = scenario


def get(scenario: str) -> Scenario:
    """Give a scenario.

    >>> get("kidney-stones-v1").world().variables[0].name
    'stone'

    Raises:
        ScenarioError: No scenario has this id; the nearest one is suggested.
    """
    if scenario in _ADDED:
        return _ADDED[scenario]
    if scenario not in CURATED:
        known = [*CURATED, *_ADDED]
        nearest = get_close_matches(scenario, [*known, *SETS], n=1, cutoff=0.4)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ";"
        message = (
            f"unknown scenario {scenario!r}{hint} known: {', '.join(known)}; a scenario of your "
            "own is named by its file first, as in --scenarios mine.py"
        )
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
    """Read a comma-separated list of ids, sets and scenario files, each id once, in order.

    A file is run to load its scenario, which is then known by its id for this process. Generated
    worlds are named by id or by range; the set ``forms`` is the public form, at level 2, of every
    headline family.

    >>> select("asia-v1,classic")[:2]
    ('asia-v1', 'kidney-stones-v1')
    >>> select("generated/confounder/level-2/0-1")
    ('generated/confounder/level-2/0', 'generated/confounder/level-2/1')

    Raises:
        FormatError: A file cannot be read or run, or holds no scenario.
        ScenarioError: A name is neither an id nor a set, or a file takes a curated id.
    """
    wanted: dict[str, None] = {}
    for name in (part.strip() for part in names.split(",")):
        wanted.update(dict.fromkeys(_chosen(name)))
    return tuple(wanted)


def _chosen(name: str) -> tuple[str, ...]:
    if name in SETS:
        return SETS[name]
    if name == "forms":
        return tuple(
            f"form/{family}/level-2/{number}"
            for family in HEADLINE
            for number in range(FORM_WORLDS)
        )
    if name.startswith(_GENERATED):
        return _generated(name)
    if not name.endswith(SUFFIX):
        return (get(name).id,)
    scenario = load_scenario(name)
    add(scenario)
    return (scenario.id,)


def _generated(name: str) -> tuple[str, ...]:
    """Check the ids of one generated world or of a range of them."""
    parse = import_module("causal_interface_gym.scenarios.generated.worlds").WorldId.parse
    match = _RANGE.fullmatch(name)
    if not match:
        return (str(parse(name)),)
    stem, first, last, ending = match.groups()
    numbers = range(int(first), int(last) + 1)
    if not 0 < len(numbers) <= _MOST_AT_ONCE:
        message = f"{name}: a range is FIRST-LAST of 1 to {_MOST_AT_ONCE} worlds"
        raise ScenarioError(message)
    parse(f"{stem}/{last}{ending}")
    return tuple(str(parse(f"{stem}/{number}{ending}")) for number in numbers)


@cache
def _load(scenario: str) -> Scenario:
    stem = scenario.rpartition("-v")[0].replace("-", "_")
    room = room_of(scenario)
    module = import_module(f"causal_interface_gym.scenarios.library.{room}.{stem}")
    return cast("Scenario", module.SCENARIO)
