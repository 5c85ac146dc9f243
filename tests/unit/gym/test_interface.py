"""Interfaces are values: found by name, checked, and the same after a journey through JSON."""

from dataclasses import replace
from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.action import Belief, Believe, Hypothesise, Observe, Submit
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import (
    INTERFACES,
    Interface,
    allowed_kinds,
    interface,
    interface_from_json,
    interface_to_json,
)
from causal_interface_gym.gym.observation import Counts, Progress, Refused

WORLD = scenarios.get("kidney-stones-v1").world()


def test_interfaces_are_found_by_name() -> None:
    with pytest.raises(RunError, match="did you mean 'graph'"):
        interface("graf")
    with pytest.raises(RunError, match="known: graph"):
        interface("qqqqqq")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("budget", -1, ">= 0"),
        ("budget", 10**10, ">= 0"),
        ("budget", 1.5, "budget of an interface is of type int"),
        ("shows_graph", 1, "of type bool"),
        ("row_cost", True, "of type int"),
        ("name", 7, "of type str"),
        ("table_rows", 100_001, "shown at the start"),
    ],
)
def test_a_field_of_another_type_or_size_is_refused(field: str, value: Any, message: str) -> None:  # noqa: ANN401 - wrong types
    with pytest.raises(RunError, match=message):
        replace(INTERFACES["graph"], **{field: value})


@pytest.mark.parametrize("made", INTERFACES.values(), ids=lambda made: made.name)
def test_an_interface_reads_back_from_its_json(made: Interface) -> None:
    assert interface_from_json(interface_to_json(made)) == made


@pytest.mark.parametrize(
    "changes", [{"version": 2}, {"format": "x"}, {"colour": "red"}, {"budget": "many"}], ids=str
)
def test_json_of_another_form_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(RunError):
        interface_from_json({**interface_to_json(INTERFACES["graph"]), **changes})


def test_what_is_no_object_is_no_interface() -> None:
    with pytest.raises(RunError, match="an interface is an object"):
        interface_from_json("graph")


def test_an_interface_allows_what_it_grants() -> None:
    assert allowed_kinds(INTERFACES["table"]) == ("believe", "hypothesise", "submit")
    assert allowed_kinds(INTERFACES["laboratory"]) == (
        "intervene", "believe", "hypothesise", "submit",
    )  # fmt: skip
    answer = Episode.new(WORLD, INTERFACES["laboratory"], seed=0).act(Observe(1))
    assert isinstance(answer, Refused)
    assert answer.code == "not_allowed"


def test_feedback_tells_progress_and_nothing_else() -> None:
    episode = Episode.new(WORLD, INTERFACES["full"], seed=0)
    ids = tuple(q.id for q in WORLD.questions)
    answer = episode.act(Believe((Belief("q2", 0.4),)))
    assert answer == Progress(("q2",), tuple(i for i in ids if i != "q2"), 10_000)
    assert episode.act(Hypothesise(())) == answer
    assert episode.log[0].observation["answered"] == ["q2"]
    episode.act(Submit((Belief("q1", 0.4),), ids[2:]))
    assert episode.unanswered == ()


def test_without_history_only_the_last_event_is_shown() -> None:
    for name, n_shown in (("forgetful", 1), ("graph", 3)):
        episode = Episode.new(WORLD, INTERFACES[name], seed=0)
        answers = [episode.act(Observe(2)) for _ in range(3)]
        assert all(isinstance(answer, Counts) for answer in answers)
        numbers = [event.number for event in episode.shown]
        assert numbers == [0, 1, 2][-n_shown:]
