"""The schema and the parser agree, action by action and for whatever else comes."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.action import KINDS, parse_action
from causal_interface_gym.gym.contract import bad_actions
from causal_interface_gym.gym.presentation.schema import DIALECT, action_schema, action_schemas

Json = Any  # JSON
SMALL = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["q1", "x", 0.25, 1.5])
VALUES = st.recursive(
    SMALL,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["query", "p", "interval", "distribution", "x"]), inner)
    ),
    max_leaves=6,
)
NEARLY = st.fixed_dictionaries(
    {"kind": st.sampled_from([*KINDS, "peek"])},
    optional=dict.fromkeys(
        ["n", "where", "set", "beliefs", "directed", "bidirected", "answers", "unanswerable"],
        VALUES,
    ),
)
UNSAYABLE = re.compile(r"sum to|twice|runs upwards|printable|deep in each other|each alternative")
"""Reasons that a schema cannot express."""


def is_type(data: Json, name: str) -> bool:
    kinds: dict[str, Any] = {
        "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
    }  # fmt: skip
    return isinstance(data, kinds[name]) and not isinstance(data, bool)


def fits(data: Json, schema: Json) -> bool:
    """Judge data by the keywords that the schemas use."""
    checks = (
        "const" not in schema or data == schema["const"],
        "enum" not in schema or data in schema["enum"],
        "oneOf" not in schema or sum(fits(data, option) for option in schema["oneOf"]) == 1,
        "type" not in schema or is_type(data, schema["type"]),
    )
    return all(checks) and fits_by_type(data, schema)


def fits_by_type(data: Json, schema: Json) -> bool:
    match data:
        case dict():
            return fits_object(data, schema)
        case list():
            n = len(data)
            is_long_enough = schema.get("minItems", 0) <= n <= schema.get("maxItems", n)
            return is_long_enough and all(fits(part, schema.get("items", {})) for part in data)
        case str():
            return bool(len(data) <= schema.get("maxLength", len(data)))
        case int() | float():
            return bool(schema.get("minimum", data) <= data <= schema.get("maximum", data))
        case _:
            return True


def fits_object(data: Json, schema: Json) -> bool:
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    if set(schema.get("required", [])) - set(data) or len(data) < schema.get("minProperties", 0):
        return False
    if other is False and set(data) - set(known):
        return False
    rest = other if isinstance(other, dict) else {}
    return all(fits(value, known.get(key, rest)) for key, value in data.items())


def reason(data: Json) -> str:
    try:
        parse_action(data)
    except ActionError as error:
        return str(error)
    return ""


def agree(data: Json) -> None:
    why = reason(data)
    says = data.get("kind") in KINDS and fits(data, action_schema(data["kind"]))
    assert says == (not why) or UNSAYABLE.search(why), (data, why)


@given(NEARLY)
def test_the_schema_takes_what_the_parser_takes(data: Json) -> None:
    agree(data)


GOOD = [
    {"kind": "observe", "n": 5, "where": {"wug": "1"}},
    {"kind": "intervene", "set": {"wug": "1"}, "n": 50},
    {
        "kind": "believe",
        "beliefs": [
            {"query": "q3", "p": 0.41},
            {"query": "g", "distribution": {"X->Y": 0.7, "Y->X": 0.1, "common": 0.2}},
            {"query": "i", "interval": [0.2, 0.6]},
        ],
    },
    {"kind": "hypothesise", "directed": [["wug", "dax"]], "bidirected": [["wug", "dax"]]},
    {"kind": "submit", "answers": [], "unanswerable": ["q5"]},
    {"kind": "submit"},
]


@pytest.mark.parametrize("data", GOOD, ids=str)
def test_the_actions_of_the_definition_pass_both(data: Json) -> None:
    assert reason(data) == ""
    agree(data)


@pytest.mark.parametrize("place", range(18))
def test_bad_actions_are_judged_alike(place: int) -> None:
    agree(bad_actions(scenarios.get("sprinkler-v1").world())[place])


def test_there_is_a_schema_for_every_kind() -> None:
    schemas = action_schemas()
    assert tuple(schemas) == KINDS
    assert {schema["$schema"] for schema in schemas.values()} == {DIALECT}
    with pytest.raises(ActionError, match="the kinds of action are"):
        action_schema("peek")
