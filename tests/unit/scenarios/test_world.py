"""Worlds: a seed varies names and order, never a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ScenarioError


def test_the_first_seed_keeps_the_scenarios_own_words() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    assert world.seed == 0
    assert [v.name for v in world.variables] == ["stone", "treatment", "recovery"]
    assert world.model.p("recovery=yes | treatment=A") == pytest.approx(0.78, abs=1e-12)
    assert world.model.p("recovery=yes | do(treatment=A)") == pytest.approx(0.8325462, abs=1e-6)
    assert world.model.p("recovery[treatment=B]=yes | treatment=A, recovery=no") >= 0
    assert world.graph == world.model.graph


@given(seed=st.integers(1, 10**9))
def test_other_seeds_change_every_name_and_no_number(seed: int) -> None:
    scenario = scenarios.get("smoking-tar-v1")
    own, other = scenario.world(), scenario.world(seed=seed)
    assert not set(own.model.nodes) & set(other.model.nodes)
    assert other.cluster == own.cluster
    assert other.digest != own.digest
    assert sorted(i.truth for i in other.items) == sorted(i.truth for i in own.items)
    assert "smok" not in " ".join([other.title, other.story, *(str(q) for q in other.questions)])
    for item in other.items:
        if isinstance(item.asked, Query):
            assert other.model.p(item.asked) == pytest.approx(item.truth, abs=1e-12)


@pytest.mark.parametrize("name", scenarios.ids())
def test_a_renamed_world_gives_every_truth_again(name: str) -> None:
    world = scenarios.get(name).world(seed=7)
    for item in world.items:
        if isinstance(item.asked, Query):
            assert world.model.p(item.asked) == pytest.approx(item.truth, abs=1e-12)


def test_the_same_seed_gives_the_same_world() -> None:
    scenario = scenarios.get("asia-v1")
    assert scenario.world(seed=3).digest == scenario.world(seed=3).digest
    assert scenario.world(seed=3).digest != scenario.world(seed=4).digest


def test_a_scenario_is_a_cluster_of_its_own_but_where_two_ask_about_one_trial() -> None:
    of_cluster: dict[str, set[str]] = {}
    for name in scenarios.ids():
        of_cluster.setdefault(scenarios.get(name).world().cluster, set()).add(name)
    shared = [names for names in of_cluster.values() if len(names) > 1]
    assert shared == [{"cholestyramine-v1", "cholestyramine-bounds-v1"}]


def test_a_hidden_variable_is_not_shown() -> None:
    world = scenarios.get("smoking-tar-v1").world()
    assert "genotype" not in [v.name for v in world.variables]
    assert world.graph.bidirected == (("smoking", "cancer"),)


def test_items_are_found_by_question() -> None:
    world = scenarios.get("asia-v1").world(seed=2)
    assert world.item("q2") is world.items[1]
    with pytest.raises(ScenarioError, match="no question 'q99'"):
        world.item("q99")


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ScenarioError, match=">= 0"):
        scenarios.get("asia-v1").world(seed=-1)
