"""Actions have one JSON form, and everything else is refused with a reason."""

import math
from typing import Any

import pytest

from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.action import (
    Action,
    Belief,
    Believe,
    Hypothesise,
    Intervene,
    Observe,
    StatedDistribution,
    StatedInterval,
    Submit,
    action_to_json,
    parse_action,
)

DIRECTIONS = StatedDistribution("d1", (("x->y", 0.75), ("y->x", 0.25)))
ACTIONS = [
    Observe(5, (("wug", "1"),)),
    Observe(1),
    Intervene((("dax", "0"), ("wug", "1")), 50),
    Believe((Belief("q1", 0.25), Belief("q2", 1.0))),
    Hypothesise((("wug", "dax"),), (("wug", "dax"),)),
    Submit((Belief("q1", 0.0),), ("q2",)),
    Submit(),
]


@pytest.mark.parametrize("action", ACTIONS, ids=str)
def test_every_action_reads_back_from_its_json(action: Action) -> None:
    assert parse_action(action_to_json(action)) == action


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "kind is one of"),
        ("observe", "kind is one of"),
        ({"kind": "peek"}, "kind is one of observe, intervene"),
        ({"kind": ["observe"]}, "kind is one of"),
        ({"kind": "observe", "n": 5, "rows": 1}, "does not take rows"),
        ({"kind": "observe"}, "whole number from 1 to 100000; got None"),
        ({"kind": "observe", "n": 0}, "whole number from 1"),
        ({"kind": "observe", "n": True}, "whole number from 1"),
        ({"kind": "observe", "n": 2.5}, "whole number from 1"),
        ({"kind": "observe", "n": 2, "where": ["wug"]}, "where is an object"),
        ({"kind": "intervene", "n": 2}, "set is an object"),
        ({"kind": "intervene", "set": {}, "n": 2}, "at least one variable"),
        ({"kind": "intervene", "set": {"wug": 1}, "n": 2}, "both strings"),
        ({"kind": "believe"}, "beliefs is a list"),
        ({"kind": "believe", "beliefs": "q1"}, "beliefs is a list"),
        ({"kind": "believe", "beliefs": [{"query": "q1"}]}, "a belief is an object"),
        ({"kind": "believe", "beliefs": [{"query": 1, "p": 0.5}]}, "a belief is an object"),
        ({"kind": "believe", "beliefs": [{"query": "q1", "p": "0.5"}]}, "a belief is an object"),
        ({"kind": "believe", "beliefs": [{"query": "q1", "p": True}]}, "a belief is an object"),
        ({"kind": "believe", "beliefs": [{"query": "q1", "p": 1.5}]}, "from 0 to 1"),
        ({"kind": "believe", "beliefs": [{"query": "q1", "p": math.nan}]}, "from 0 to 1"),
        ({"kind": "believe", "beliefs": [{"query": "q1", "p": 1}] * 2}, "twice"),
        ({"kind": "hypothesise", "directed": "wug"}, "list of pairs"),
        ({"kind": "hypothesise", "directed": [["wug"]]}, "list of pairs"),
        ({"kind": "hypothesise", "bidirected": [["wug", 3]]}, "list of pairs"),
        ({"kind": "submit", "unanswerable": "q1"}, "list of question ids"),
    ],
    ids=str,
)
def test_anything_else_is_refused_with_what_is_allowed(data: Any, message: str) -> None:  # noqa: ANN401 - JSON
    with pytest.raises(ActionError, match=message):
        parse_action(data)


WRONG: Any = {"triple": (("wug", "1", "2"),), "single": (("wug",),), "text": "q1"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Observe(5, (("wug", "1"), ("wug", "0"))), "names each variable once"),
        (lambda: Observe(0), "whole number from 1"),
        (lambda: Intervene((), 5), "at least one variable"),
        (lambda: Intervene(WRONG["triple"], 5), "pairs of names"),
        (lambda: Hypothesise(WRONG["single"]), "pairs of names"),
        (lambda: Submit((), WRONG["text"]), "list of question ids"),
        (lambda: Submit((Belief("q1", 0.5),) * 2), "answers a question twice: q1"),
        (lambda: Believe((Belief("d1", 0.5),), (DIRECTIONS,)), "twice: d1"),
    ],
)
def test_a_value_that_is_held_is_valid(make: Any, message: str) -> None:  # noqa: ANN401 - wrong types
    with pytest.raises(ActionError, match=message):
        make()


def test_what_is_stated_is_sorted_by_its_form() -> None:
    both = Believe((Belief("q1", 0.5),), (DIRECTIONS,), (StatedInterval("i1", 0.1, 0.2),))
    assert parse_action(action_to_json(both)) == both
    last = Submit((), ("q2",), (DIRECTIONS,), (StatedInterval("i1", 0.1, 0.2),))
    assert parse_action(action_to_json(last)) == last
