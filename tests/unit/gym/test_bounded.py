"""What is too large, too deep or no JSON is refused, and costs no more than the limit."""

import json
from typing import Any

import pytest

from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.bounded import (
    MAX_DEPTH,
    MAX_PARTS,
    MAX_TEXT,
    check_bounded,
    read_json,
)


def nested(depth: int) -> Any:  # noqa: ANN401 - JSON
    data: Any = 1
    for _ in range(depth):
        data = [data]
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (nested(MAX_DEPTH + 1), "deep in each other"),
        (nested(100_000), "deep in each other"),
        ([0] * (MAX_PARTS + 1), "at most 5000 values"),
        (dict.fromkeys(map(str, range(MAX_PARTS + 1))), "at most 5000 values"),
        ([[0] * (MAX_PARTS // 2)] * 3, "at most 5000 values"),
        ("x" * (MAX_TEXT + 1), "at most 200 characters"),
        ({"x" * (MAX_TEXT + 1): 1}, "at most 200 characters"),
        ({1: 1}, "keys of an object are strings"),
        ("a\x00b", "printable"),
        ("\ud800", "printable"),
        (10**5000, "from 0 to 1"),
        (float("inf"), "from 0 to 1"),
        ({"a": {1, 2}}, "got a set"),
        (b"bytes", "got a bytes"),
    ],
    ids=lambda value: str(type(value)),
)
def test_what_exceeds_a_limit_is_refused(data: object, message: str) -> None:
    with pytest.raises(ActionError, match=message):
        check_bounded(data)


def test_what_stays_within_the_limits_passes() -> None:
    check_bounded({"a": [None, True, 1, 0.5, "x" * MAX_TEXT], "b": nested(MAX_DEPTH - 1)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "deep in each other|not JSON"),
        ('{"a": ' * 100_000 + "1" + "}" * 100_000, "deep in each other"),
        ('"' + "x" * (1 << 20) + '"', "at most 1048576 characters"),
        ('{"kind": "observe", "kind": "submit"}', "a key twice"),
        ('{"p": NaN}', "no number of JSON"),
        ('{"n": ' + "9" * 5000 + "}", "not JSON"),
        ("observe 5", "not JSON"),
    ],
    ids=lambda text: text[:20],
)
def test_text_that_is_no_bounded_json_is_refused(text: str, message: str) -> None:
    with pytest.raises(ActionError, match=message):
        read_json(text)


def test_text_within_the_limits_is_read() -> None:
    data = {"kind": "believe", "beliefs": [{"query": "q1", "p": 0.5}]}
    assert read_json(json.dumps(data)) == data
