"""The hedged reference: the mean of seer and marginal, and why its row stands in every report."""

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.hedged import hedged
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.agents.registry import PRIVILEGED, REFERENCE_AGENTS
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.question import ValidAdjustment
from causal_interface_gym.scenarios.generated import form


@pytest.mark.parametrize("name", scenarios.ids())
def test_the_hedged_answer_is_the_mean_of_seer_and_marginal(name: str) -> None:
    world, rng = scenarios.get(name).world(seed=3), np.random.default_rng(0)
    for item in world.items:
        seer = associational(world.model, item.asked, rng=rng)
        blind = marginal(world.model, item.asked, rng=rng)
        assert hedged(world.model, item.asked, rng=rng) == (seer + blind) / 2


def test_an_effect_is_answered_half_way_between_seeing_and_the_base_rate() -> None:
    model = scenarios.get("kidney-stones-v1").model
    found = hedged(
        model, Query.parse("recovery=yes | do(treatment=A)"), rng=np.random.default_rng(0)
    )
    assert found == pytest.approx((0.78 + 562 / 700) / 2, abs=1e-12)


def test_a_claim_that_the_seer_affirms_is_believed_to_three_quarters() -> None:
    model = scenarios.get("m-bias-v1").model
    empty = ValidAdjustment("schooling", "diabetes")
    assert hedged(model, empty, rng=np.random.default_rng(0)) == 0.75


@pytest.mark.parametrize("family", ["intervention", "front-door", "selection", "simpson"])
def test_hedging_scores_above_zero_on_forms_that_no_baseline_scores_on(family: str) -> None:
    drawn, rng = form(family, level=2, seed=0, n_worlds=20), np.random.default_rng(0)
    lost = reference = 0.0
    for world in drawn.worlds:
        for item in world.items:
            assert isinstance(item.reference, float)
            lost += (hedged(world.model, item.asked, rng=rng) - item.truth) ** 2
            reference += (item.reference - item.truth) ** 2
    assert min(drawn.balances.values()) >= 0
    assert 0 < 1 - lost / reference < 1


def test_the_hedged_agent_holds_the_world_and_stands_among_the_references() -> None:
    assert "reference:hedged" in PRIVILEGED
    assert "reference:hedged" in REFERENCE_AGENTS
