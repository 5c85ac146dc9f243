"""A stated distribution or interval becomes probabilities of single questions, or is refused."""

from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.belief import Belief, StatedDistribution, StatedInterval, Statement
from causal_interface_gym.gym.elicitation import (
    AsksDistribution,
    AsksInterval,
    AsksProbability,
    Elicitation,
    elicitations,
    parts_of,
    questions_named,
)
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.observation import Refused
from causal_interface_gym.questions.claims import DIRECTIONS, Direction
from causal_interface_gym.questions.doing.direction import Direction as DirectionFamily
from causal_interface_gym.scenarios.world import Question, make_world
from causal_interface_gym.scoring.marking import Answered, score

QUESTIONS = (
    Question("q1", "association", Query.parse("y=1 | x=1")),
    *(
        Question(f"q{number}", "direction", Direction("x", "y", alternative))
        for number, alternative in enumerate(DIRECTIONS, 2)
    ),
)
ASKED: tuple[Elicitation, ...] = (*elicitations(QUESTIONS), AsksInterval("i1", "q5", "q6"))


def stated(**parts: float) -> StatedDistribution:
    names = {"forward": "x->y", "backward": "y->x"}
    return StatedDistribution("d1", tuple((names.get(k, k), p) for k, p in parts.items()))


def test_the_alternatives_of_a_direction_are_one_distribution() -> None:
    (found,) = [e for e in ASKED if isinstance(e, AsksDistribution)]
    assert found == AsksDistribution("d1", (("x->y", "q2"), ("y->x", "q3"), ("common", "q4")))
    assert [e.id for e in ASKED if isinstance(e, AsksProbability)] == ["q1", "q2", "q3", "q4"]


def test_a_distribution_is_noted_as_its_parts() -> None:
    found = parts_of(stated(common=0.2, forward=0.7, backward=0.1), ASKED)
    assert found == (Belief("q2", 0.7), Belief("q3", 0.1), Belief("q4", 0.2))


def test_an_interval_is_noted_as_its_ends_where_one_is_asked_for() -> None:
    found = parts_of(StatedInterval("i1", 0.2, 0.6), ASKED)
    assert found == (Belief("q5", 0.2), Belief("q6", 0.6))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (Belief("d1", 0.5), "d1 asks for a distribution over x->y, y->x, common"),
        (StatedInterval("q1", 0.1, 0.2), "q1 asks for one probability"),
        (StatedDistribution("q1", (("x->y", 1.0),)), "q1 asks for one probability"),
        (Belief("i1", 0.5), "i1 asks for an interval"),
        (stated(forward=0.5, backward=0.5), "the alternatives of d1 are x->y, y->x, common"),
        (stated(forward=0.5, cause=0.5), "got x->y, cause"),
        (Belief("g", 0.5), "no question 'g'; they are q1"),
    ],
    ids=str,
)
def test_an_answer_of_another_form_is_refused(statement: Statement, message: str) -> None:
    with pytest.raises(ActionError, match=message):
        parts_of(statement, ASKED)


def test_calling_a_distribution_unanswerable_means_all_its_parts() -> None:
    named: dict[str, Any] = {e.id: questions_named(e.id, ASKED) for e in ASKED}
    assert named["d1"] == ("q2", "q3", "q4")
    assert named["i1"] == ("q5", "q6")
    assert named["q1"] == ("q1",)


def test_a_stated_distribution_is_marked_part_by_part() -> None:
    base = scenarios.get("kidney-stones-v1").world()
    world = make_world(
        "direction-v1",
        3,
        model=base.model,
        variables=base.variables,
        families=(DirectionFamily("stone", "recovery"),),
        told=("Stones", "A story."),
    )
    episode = Episode.new(world, interface("graph"), seed=0)
    (asked,) = [e for e in episode.brief.elicitations if isinstance(e, AsksDistribution)]
    shares = dict(zip(asked.alternatives, (0.5, 0.3, 0.2), strict=True))
    stated = {"query": "d1", "distribution": shares}
    single = {"query": asked.parts[0][1], "p": 0.9}
    refused = episode.act({"kind": "believe", "beliefs": [stated, single]})
    assert isinstance(refused, Refused)
    assert "twice" in refused.reason
    episode.act({"kind": "believe", "beliefs": [stated]})
    assert all("p" in belief for belief in episode.log[1].action["beliefs"])
    episode.act({"kind": "submit"})
    marks = {mark.question: mark for mark in score(episode.log, world).marks}
    for name, question in asked.parts:
        assert marks[question].answer == Answered(shares[name])
        assert marks[question].elicited.uniform == pytest.approx(1 / 3)
    closed = Episode.new(world, interface("graph"), seed=0)
    closed.act({"kind": "submit", "answers": [stated], "unanswerable": ["d1"]})
    assert closed.log[0].action["unanswerable"] == [question for _, question in asked.parts]
