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
    Submit,
    action_to_json,
    parse_action,
)

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
