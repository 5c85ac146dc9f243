"""What is shown at the start is a sample: the same for everyone, free, near the exact values."""

import math

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.gym.action import Observe
from causal_interface_gym.gym.brief import brief_of
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.rows.start import correlations_of, table_of
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import variable
from causal_interface_gym.scenarios.world import World, make_world

WORLD = scenarios.get("sprinkler-v1").world()


def test_no_rows_show_nothing() -> None:
    assert (table_of(WORLD, 0), correlations_of(WORLD, 0)) == ((), ())


def test_the_table_is_free_and_the_same_for_every_seed_of_the_episode() -> None:
    first, second = (Episode.new(WORLD, interface("full"), seed=seed) for seed in (0, 1))
    assert first.brief == second.brief
    assert first.budget_left == 10_000
    (table,) = first.brief.tables
    assert sum(count for _, count in table.rows) == 1_000
    plain = Episode.new(WORLD, interface("graph"), seed=0)
    assert first.act(Observe(50)) == plain.act(Observe(50))


def test_phi_is_the_correlation_of_two_binary_variables() -> None:
    model = WORLD.model
    both, a, b = (model.p(q) for q in ("rain=yes, wet=yes", "rain=yes", "wet=yes"))
    exact = (both - a * b) / math.sqrt(a * (1 - a) * b * (1 - b))
    found = {(c.first, c.second): c for c in correlations_of(WORLD, 50_000)}
    assert found["rain", "wet"].measure == "phi"
    assert found["rain", "wet"].value == pytest.approx(exact, abs=0.02)
    assert found["cloudy", "sprinkler"].value < 0


def dice() -> World:
    states = {"a": ("1", "2", "3"), "b": ("1", "2", "3"), "c": ("0", "1"), "d": ("0", "1")}
    model = SCM.from_tables(
        states=states,
        parents={"b": ("a",)},
        tables={
            "a": [0.5, 0.5, 0.0],
            "b": [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]],
            "c": [0.5, 0.5],
            "d": [1.0, 0.0],
        },
    )
    return make_world(
        "dice-v1",
        0,
        model=model,
        variables=[variable(n, n, dict.fromkeys(own, "")) for n, own in states.items()],
        families=(Association("c", "a=1", ("0", "1")),),
        told=("Dice", "A story."),
    )


def test_cramers_v_serves_more_states_and_what_never_varies_has_none() -> None:
    found = {(c.first, c.second): c for c in correlations_of(dice(), 2_000)}
    assert found["a", "b"].measure == "cramers_v"
    assert found["a", "b"].value == 1.0
    assert found["a", "c"].value < 0.1
    assert not [pair for pair in found if "d" in pair]


def test_what_is_shown_follows_the_interface() -> None:
    shown = {
        name: (len(b.tables), bool(b.correlations), len(b.graphs))
        for name in ("graph", "table", "correlations", "full")
        for b in [brief_of(WORLD, interface(name))]
    }
    assert shown == {
        "graph": (0, False, 1),
        "table": (1, False, 0),
        "correlations": (0, True, 0),
        "full": (1, True, 1),
    }
