"""The experimenter sets what is asked about, draws 20 rows and answers what it counted."""

import asyncio
from dataclasses import replace

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.reference.experimenter import N_ROWS, Experimenter
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES, Interface, interface
from causal_interface_gym.gym.observation import Closed
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.marking import Answered, mark_episode

WORLD = scenarios.get("kidney-stones-v1").world()


def played(shown: Interface, world: World = WORLD, *, n_rows: int = N_ROWS) -> Episode:
    episode = Episode.new(world, shown, seed=0)
    agent = Experimenter("test:experimenter", n_rows)
    assert asyncio.run(play(agent, episode)) == Closed()
    return episode


def answers(episode: Episode, world: World = WORLD) -> dict[str, float]:
    marks = mark_episode(episode.log, world)
    return {m.name: m.answer.p for m in marks if isinstance(m.answer, Answered)}


def kinds(episode: Episode) -> list[str]:
    return [event.action["kind"] for event in episode.log]


def test_it_answers_the_smoothed_frequency_of_its_experiment() -> None:
    episode = played(interface("graph"))
    event = next(e for e in episode.log if e.action.get("set") == {"treatment": "A"})
    assert event.action["n"] == N_ROWS
    hits = sum(n for labels, n in event.observation["rows"] if labels[2] == "yes")
    asked = "P(recovery=yes | do(treatment=A))"
    assert answers(episode)[asked] == pytest.approx((hits + 1) / (N_ROWS + 2))


def test_with_many_rows_its_answers_about_doing_are_near_the_truth() -> None:
    episode = played(replace(interface("graph"), budget=10**6), n_rows=20_000)
    for mark in mark_episode(episode.log, WORLD):
        if mark.family in {"association", "intervention", "simpson"}:
            assert isinstance(mark.answer, Answered)
            assert mark.answer.p == pytest.approx(mark.truth, abs=0.02)


def test_where_it_may_not_experiment_it_observes_and_sees_association() -> None:
    episode = played(replace(interface("survey"), budget=10**6), n_rows=20_000)
    assert "intervene" not in kinds(episode)
    exact = WORLD.model.p("recovery=yes | treatment=A")
    found = answers(episode)["P(recovery=yes | do(treatment=A))"]
    assert found == pytest.approx(exact, abs=0.02)


def test_what_it_cannot_pay_it_observes() -> None:
    episode = played(replace(interface("graph"), budget=70))
    assert "intervene" not in kinds(episode)
    assert all(event.observation["kind"] != "refused" for event in episode.log)


def test_without_any_rows_it_answers_an_equal_share() -> None:
    assert set(answers(played(interface("table"))).values()) == {0.5}
    broke = played(replace(interface("survey"), budget=0))
    assert set(answers(broke).values()) == {0.5}


def test_it_needs_no_history() -> None:
    assert answers(played(interface("forgetful"))) == answers(played(interface("graph")))


def test_it_does_what_the_actions_allow() -> None:
    episode = played(replace(interface("graph"), max_actions=3))
    assert kinds(episode) == [kinds(episode)[0], "believe", "submit"]


@pytest.mark.parametrize("name", INTERFACES)
@pytest.mark.parametrize("scenario", ["smoking-tar-v1", "homework-v1", "m-bias-v1"])
def test_it_answers_every_question_through_every_interface(name: str, scenario: str) -> None:
    world = scenarios.get(scenario).world(seed=2)
    assert played(INTERFACES[name], world).unanswered == ()
