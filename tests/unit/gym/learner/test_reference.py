"""Which learner a world gets, and why some get none."""

from dataclasses import replace

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.query import Query
from causal_interface_gym.gym.learner import NoLearner, reference_learner
from causal_interface_gym.gym.learner.graphs import GraphLearner
from causal_interface_gym.gym.learner.models import ModelLearner
from causal_interface_gym.questions.claims import FromSelected
from causal_interface_gym.scenarios.world import Question, Variable, World


def world(name: str) -> World:
    return scenarios.get(name).world()


def test_a_small_world_without_hidden_variables_has_all_graphs_as_hypotheses() -> None:
    found = reference_learner(world("kidney-stones-v1"), shows_graph=False)
    assert isinstance(found, GraphLearner)
    assert len(found.graphs) == 25


def test_a_graph_that_was_shown_is_the_only_hypothesis() -> None:
    asia = world("asia-v1")
    found = reference_learner(asia, shows_graph=True)
    assert isinstance(found, GraphLearner)
    assert found.graphs == (asia.graph,)


def test_listed_models_take_the_place_of_graphs() -> None:
    tar = world("smoking-tar-v1")
    found = reference_learner(tar, shows_graph=False, models=[tar.model])
    assert isinstance(found, ModelLearner)


@pytest.mark.parametrize(
    ("name", "reason"), [("smoking-tar-v1", "hidden variables"), ("asia-v1", "too many graphs")]
)
def test_other_worlds_have_no_learner_and_say_why(name: str, reason: str) -> None:
    found = reference_learner(world(name), shows_graph=False)
    assert isinstance(found, NoLearner)
    assert reason in found.reason


def test_a_selected_sample_has_no_learner() -> None:
    kidney = world("kidney-stones-v1")
    asked = FromSelected(Query.parse("recovery=yes"), (("stone", "small"),))
    chosen = replace(kidney, questions=(Question("q1", "selection", asked),))
    found = reference_learner(chosen, shows_graph=False)
    assert found == NoLearner("the rows that are observed are a selected sample")


def test_a_row_with_too_many_outcomes_is_refused() -> None:
    kidney = world("kidney-stones-v1")
    many = tuple((str(i), "") for i in range(5000))
    wide = replace(kidney, variables=(*kidney.variables, Variable("wide", "", many)))
    assert isinstance(reference_learner(wide, shows_graph=False), NoLearner)
