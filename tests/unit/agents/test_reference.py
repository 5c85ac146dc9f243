"""Reference agents: each answers by its rule, and none reads the key."""

import asyncio

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.reference.adjust_everything import adjust_everything
from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.agents.reference.policy import Rule
from causal_interface_gym.agents.reference.random_guess import random_guess
from causal_interface_gym.agents.reference.reverse import reverse
from causal_interface_gym.agents.reference.uniform import uniform
from causal_interface_gym.agents.registry import REFERENCE_AGENTS, make_agent
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.questions.question import ValidAdjustment


def model_of(scenario: str) -> SCM:
    return scenarios.get(scenario).model


def answer(rule: Rule, scenario: str, query: str) -> float:
    return rule(model_of(scenario), Query.parse(query), rng=np.random.default_rng(0))


@pytest.mark.parametrize("name", scenarios.ids())
def test_the_oracle_enumerates_what_elimination_computed(name: str) -> None:
    world = scenarios.get(name).world(seed=3)
    for item in world.items:
        found = oracle(world.model, item.asked, rng=np.random.default_rng(0))
        assert found == pytest.approx(item.truth, abs=1e-12)


@pytest.mark.parametrize("name", scenarios.ids())
def test_the_seer_is_the_reference_of_every_headline_family(name: str) -> None:
    world = scenarios.get(name).world(seed=3)
    for item in world.items:
        if item.family in HEADLINE:
            found = associational(world.model, item.asked, rng=np.random.default_rng(0))
            assert found == pytest.approx(item.reference, abs=1e-12)


def test_the_seer_reads_do_and_other_worlds_as_seeing() -> None:
    seen = model_of("sprinkler-v1").p("wet=yes | sprinkler=off")
    for query in (
        "wet=yes | do(sprinkler=off)",
        "wet[sprinkler=off]=yes | sprinkler=on, wet=yes",
        "wet=yes | sprinkler=off",
    ):
        assert answer(associational, "sprinkler-v1", query) == seen


def test_adjusting_for_everything_takes_the_wrong_level_where_it_mediates() -> None:
    found = answer(adjust_everything, "blood-pressure-v1", "recovery=yes | do(drug=no)")
    assert found == pytest.approx(0.832546, abs=1e-6)
    truth = model_of("kidney-stones-v1").p("recovery=yes | do(treatment=A)")
    found = answer(adjust_everything, "kidney-stones-v1", "recovery=yes | do(treatment=A)")
    assert found == pytest.approx(truth, abs=1e-12)


def test_adjusting_for_everything_answers_seeing_exactly() -> None:
    query = "recovery=yes | treatment=A"
    assert answer(adjust_everything, "kidney-stones-v1", query) == pytest.approx(0.78, abs=1e-12)


def test_the_marginal_ignores_every_condition() -> None:
    for query in ("recovery=yes | do(treatment=A)", "recovery[treatment=B]=yes | treatment=A"):
        assert answer(marginal, "kidney-stones-v1", query) == pytest.approx(562 / 700, abs=1e-12)


def test_the_reversed_answer_is_that_of_the_opposite_level() -> None:
    model = model_of("sprinkler-v1")
    pairs = {
        "wet=yes | do(sprinkler=on)": "wet=yes | do(sprinkler=off)",
        "wet=yes | sprinkler=on": "wet=yes | sprinkler=off",
        "wet[sprinkler=off]=yes | sprinkler=on": "wet[sprinkler=on]=yes | sprinkler=off",
        "wet=yes | do(sprinkler=on), rain=no": "wet=yes | do(sprinkler=off), rain=no",
    }
    for asked, opposite in pairs.items():
        assert answer(reverse, "sprinkler-v1", asked) == model.p(opposite)


def test_the_reversed_answer_turns_nested_worlds_too() -> None:
    model = model_of("homework-v1")
    asked = "success[training=yes, homework[training=no]]=yes"
    opposite = model.p("success[training=no, homework[training=yes]]=yes")
    assert answer(reverse, "homework-v1", asked) == opposite
    draw = "success=yes | do(training ~ {no: 0.5, yes: 0.5})"
    assert answer(reverse, "homework-v1", draw) == model.p(draw)


def test_the_reversed_answer_to_an_impossible_condition_is_a_half() -> None:
    model = SCM.from_tables(
        states={"x": ("0", "1"), "y": ("0", "1")},
        parents={"y": ("x",)},
        tables={"x": [1.0, 0.0], "y": [[0.4, 0.6], [0.3, 0.7]]},
    )
    found = reverse(model, Query.parse("y=1 | x=0"), rng=np.random.default_rng(0))
    assert found == 0.5


def test_rules_take_a_claim_about_adjustment_as_they_take_questions() -> None:
    model, rng = model_of("m-bias-v1"), np.random.default_rng(0)
    empty = ValidAdjustment("schooling", "diabetes")
    valid = ValidAdjustment("schooling", "diabetes", ("age",))
    everything = ValidAdjustment("schooling", "diabetes", ("age", "mother"))
    assert [associational(model, claim, rng=rng) for claim in (empty, valid)] == [1.0, 0.0]
    assert [oracle(model, claim, rng=rng) for claim in (empty, valid)] == [0.0, 1.0]
    assert [reverse(model, claim, rng=rng) for claim in (empty, valid)] == [1.0, 0.0]
    assert [adjust_everything(model, c, rng=rng) for c in (valid, everything)] == [0.0, 1.0]
    assert marginal(model, valid, rng=rng) == uniform(valid, rng=rng) == 0.5
    assert 0 <= random_guess(valid, rng=rng) <= 1


@pytest.mark.parametrize("name", REFERENCE_AGENTS[:-1])
def test_an_agent_believes_then_submits(name: str) -> None:
    world = scenarios.get("sprinkler-v1").world(seed=1)
    episode = Episode.new(world, interface("graph"), seed=1)
    agent = make_agent(name, world=world, seed=1)
    assert agent.id == name
    asyncio.run(play(agent, episode))
    assert [event.action["kind"] for event in episode.log] == ["believe", "submit"]
    assert len(episode.log[0].action["beliefs"]) == len(world.questions)


def test_random_answers_depend_on_the_seed_only() -> None:
    world = scenarios.get("sprinkler-v1").world()

    def beliefs(seed: int) -> object:
        episode = Episode.new(world, interface("graph"), seed=0)
        asyncio.run(play(make_agent("reference:random", world=world, seed=seed), episode))
        return episode.log[0].action["beliefs"]

    assert beliefs(1) == beliefs(1)
    assert beliefs(1) != beliefs(2)


def test_an_unknown_agent_gets_the_nearest_id() -> None:
    world = scenarios.get("sprinkler-v1").world()
    with pytest.raises(RunError, match="did you mean 'reference:oracle'"):
        make_agent("reference:orakel", world=world, seed=0)
    with pytest.raises(RunError, match="known: reference:oracle"):
        make_agent("zzz", world=world, seed=0)
