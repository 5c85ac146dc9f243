"""Generated worlds by id, their names and their stories."""

import asyncio

import pytest

from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.registry import make_agent
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.generated.structure.strata import STRATA
from causal_interface_gym.scenarios.generated.themes import THEMES
from causal_interface_gym.scenarios.generated.triplets import CONDITIONS
from causal_interface_gym.scenarios.generated.worlds import (
    WorldId,
    as_world,
    generated_world,
    has_prefix,
    world_of,
)
from causal_interface_gym.scoring.marking import Answered, mark_episode


@pytest.mark.parametrize("stratum", STRATA)
def test_every_structure_gives_worlds_at_every_level(stratum: str) -> None:
    for level in (1, 2, 3, 4, 5):
        world = world_of(f"generated/{stratum}/level-{level}/3", seed=1)
        for item in world.items:
            if isinstance(item.asked, Query):
                assert world.model.p(item.asked) == pytest.approx(item.truth, abs=1e-9)


def test_an_id_names_one_world_and_the_seed_its_names() -> None:
    text = "generated/confounder/level-2/17"
    once, again, other = world_of(text), world_of(text), world_of(text, seed=5)
    assert once.digest == again.digest != other.digest
    assert once.cluster == other.cluster
    assert {i.name for i in once.items} == {i.name for i in other.items}


def test_worlds_of_one_structure_differ() -> None:
    clusters = {world_of(f"generated/instrument/level-2/{n}").cluster for n in range(12)}
    assert len(clusters) == 12


def test_a_form_is_found_world_by_world_in_any_order() -> None:
    late, early = (world_of(f"form/front-door/level-2/{n}") for n in (4, 1))
    assert late.digest != early.digest
    assert world_of("form/front-door/level-2/4").digest == late.digest


def test_the_registry_gives_generated_and_curated_worlds() -> None:
    assert registry.world_of("generated/selection/level-1/0").scenario.startswith("generated/")
    assert registry.world_of("asia-v1").digest == registry.get("asia-v1").world().digest


@pytest.mark.parametrize("number", range(7))
def test_a_triplet_is_one_scm_under_three_names(number: int) -> None:
    generated = generated_world(WorldId("generated", "collider", 3, number))
    plain, turned, nonsense = (
        as_world(generated, "w", names=condition, seed=2) for condition in CONDITIONS
    )
    assert plain.cluster == turned.cluster == nonsense.cluster
    shown = [{v.name for v in world.variables} for world in (plain, turned, nonsense)]
    words = {name for theme in THEMES for role in ("cause", "mediator", "consequence",
             "encouragement", "treatment", "outcome") for name in theme.names(role)}  # fmt: skip
    assert shown[0] | shown[1] <= words
    assert not shown[2] & words
    assert plain.digest != turned.digest
    truths = [sorted(item.truth for item in world.items) for world in (plain, turned, nonsense)]
    assert truths[0] == truths[1] == truths[2]
    for world in (plain, turned, nonsense):
        for item in world.items:
            assert isinstance(item.asked, Query)
            assert world.model.p(item.asked) == pytest.approx(item.truth, abs=1e-9)


def test_anti_commonsense_exchanges_treatment_and_outcome() -> None:
    generated = generated_world(WorldId("generated", "confounder", 2, 0))
    asked = [
        as_world(generated, "w", names=condition).items[0].asked for condition in CONDITIONS[:2]
    ]
    plain, turned = asked
    assert isinstance(plain, Query)
    assert isinstance(turned, Query)
    assert {plain.outcome[0].variable, plain.do[0][0]} == {
        turned.outcome[0].variable,
        turned.do[0][0],
    }
    assert plain.outcome[0].variable != turned.outcome[0].variable


def test_every_theme_has_enough_names() -> None:
    for theme in THEMES:
        names = [theme.treatment, theme.outcome, *theme.causes, *theme.mediators,
                 *theme.consequences, *theme.encouragements]  # fmt: skip
        assert len(set(names)) == len(names) == 22


def test_the_story_says_what_the_answer_depends_on() -> None:
    assert "fixed disposition" in world_of("form/counterfactual/level-2/1").story
    selected = world_of("generated/selection/level-2/0")
    assert "Only units with" in selected.story
    assert "fixed disposition" not in selected.story


def test_names_of_the_outcome_stand_in_the_story() -> None:
    world = world_of("form/counterfactual/level-2/1/commonsense")
    asked = world.items[0].asked
    assert isinstance(asked, Query)
    assert f"{asked.outcome[0].variable}=yes" in world.story


def test_the_id_is_written_as_it_is_read() -> None:
    for text in (
        "generated/confounder/level-2/17",
        "form/mediation/level-5/3/commonsense",
        "form/mediation/level-5/3/anti-commonsense",
    ):
        assert str(WorldId.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("generated/confounder", "is named like"),
        ("generated/confunder/level-2/17", "one of confounder"),
        ("generated/confounder/level-6/17", "levels run from 1"),
        ("form/confounder/level-2/17", "one of association"),
        ("form/simpson/level-2/10000", "numbers run from 0 to 9999"),
        ("generated/simpson/level-2/1000000", "numbers run from 0"),
        ("generated/simpson/level-2/1/nonsense", "is named like"),
    ],
)
def test_an_unknown_id_is_refused_with_what_is_known(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        world_of(text)


def test_an_id_of_a_generated_world_is_told_by_its_beginning() -> None:
    assert has_prefix("generated/anything")
    assert has_prefix("form/simpson/level-1/0")
    assert not has_prefix("asia-v1")


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ScenarioError, match="seed"):
        world_of("generated/confounder/level-2/17", seed=-1)


def test_agents_play_generated_worlds() -> None:
    for family in ("selection", "direction", "confounding", "answerable", "mediation"):
        world = world_of(f"form/{family}/level-2/2")
        for agent in ("reference:oracle", "reference:marginal", "reference:adjust-everything"):
            episode = Episode.new(world, interface("graph"), seed=0)
            asyncio.run(play(make_agent(agent, world=world, seed=0), episode))
            marks = mark_episode(episode.log, world)
            assert all(isinstance(mark.answer, Answered) for mark in marks)
            if agent == "reference:oracle":
                assert [m.answer.p for m in marks if isinstance(m.answer, Answered)] == (
                    pytest.approx([m.truth for m in marks], abs=1e-9)
                )
