"""Structures and levels."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios.generated.structure.blueprint import stream
from causal_interface_gym.scenarios.generated.structure.difficulty import (
    LEVELS,
    MAX_NODES,
    Difficulty,
    difficulty,
)
from causal_interface_gym.scenarios.generated.structure.strata import FORMS, STRATA, make_blueprint


@pytest.mark.parametrize("level", range(1, 6))
@pytest.mark.parametrize("stratum", STRATA)
def test_a_blueprint_has_the_nodes_of_its_level_in_topological_order(
    stratum: str, level: int
) -> None:
    wanted = difficulty(level)
    for seed in range(8):
        blueprint = make_blueprint(stratum, wanted, rng=stream(stratum, level, seed))
        names = [node.name for node in blueprint.nodes]
        assert wanted.n_nodes <= len(names) <= MAX_NODES or len(names) == 7
        for place, node in enumerate(blueprint.nodes):
            assert set(node.parents) <= set(names[:place])
            assert len(node.parents) == len(node.strengths) <= 5
        assert {"X", "Y"} <= set(blueprint.observed)
        assert all(blueprint.node(v).n_states == 2 for v in ("X", "Y"))


def test_levels_add_hidden_variables_and_states() -> None:
    hidden = [
        sum(n.is_hidden for n in make_blueprint("confounder", w, rng=stream(0)).nodes)
        for w in LEVELS
    ]
    assert hidden == [0, 0, 1, 1, 2]
    assert make_blueprint("confounder", LEVELS[3], rng=stream(0)).node("Z").n_states == 3


def test_every_form_is_made_of_known_structures() -> None:
    assert {stratum for strata in FORMS.values() for stratum in strata} <= set(STRATA)
    used = {stratum for strata in FORMS.values() for stratum in strata}
    assert used == set(STRATA)


def test_an_unknown_structure_is_refused() -> None:
    with pytest.raises(ScenarioError, match="unknown structure"):
        make_blueprint("astrology", LEVELS[0], rng=stream(0))


@pytest.mark.parametrize(
    "change",
    [
        lambda: replace(LEVELS[0], n_nodes=9),
        lambda: replace(LEVELS[0], gap=0.1),
        lambda: replace(LEVELS[0], n_lures=-1),
        lambda: replace(LEVELS[0], n_states=4),
        lambda: replace(LEVELS[0], noise=0.5),
    ],
)
def test_attributes_have_ranges(change: Callable[[], Difficulty]) -> None:
    with pytest.raises(ScenarioError, match="got"):
        change()
