"""Replies are valid under the schema that was sent, and the same for the same request."""

import re
from random import Random
from typing import Any

import pytest
from anthropic import transform_schema
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.llm.fake.answers import reply_to
from causal_interface_gym.agents.llm.fake.chat import Chat, tokens_of
from causal_interface_gym.agents.llm.fake.patterns import text_matching
from causal_interface_gym.agents.llm.fake.values import value_under


def drawn(schema: dict[str, Any], n: int = 40) -> list[Any]:
    return [value_under(schema, Random(seed)) for seed in range(n)]  # noqa: S311 - seeded


@given(st.integers(-50, 50), st.integers(0, 60), st.integers(1, 7))
def test_an_integer_lies_within_its_bounds_and_on_its_grid(low: int, span: int, step: int) -> None:
    first = low + -low % step
    high = max(low + span, first)
    schema = {"type": "integer", "minimum": first, "maximum": high, "multipleOf": step}
    assert all(
        isinstance(v, int) and first <= v <= high and v % step == 0 for v in drawn(schema, 8)
    )


@pytest.mark.parametrize(
    ("schema", "low", "high"),
    [
        ({"type": "integer"}, 0, 100),
        ({"type": "number"}, 0, 100),
        ({"type": "number", "minimum": 0, "maximum": 1}, 0, 1),
        ({"type": "integer", "exclusiveMinimum": 2, "exclusiveMaximum": 5}, 3, 4),
        ({"type": "integer", "maximum": -5}, -5, -5),
        ({"type": "integer", "minimum": 500}, 500, 500),
        ({"type": "INTEGER", "minimum": 7, "maximum": 8}, 7, 8),
    ],
)
def test_a_number_lies_within_what_its_schema_says(
    schema: dict[str, Any], low: float, high: float
) -> None:
    assert all(low <= value <= high for value in drawn(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": -3, "maximum": 10},
        {"type": "number", "minimum": 0.25, "maximum": 0.5, "description": "A share"},
        {"type": "string", "pattern": "^(1000|[1-9][0-9]{0,2}|0)$"},
        {"type": "string", "pattern": "^a{1,2}$", "minLength": 1, "maxLength": 3},
        {"type": "string", "minLength": 7, "maxLength": 7, "pattern": "^[a-c]{7}, x$"},
    ],
)
def test_what_anthropics_library_says_in_words_is_kept(schema: dict[str, Any]) -> None:
    moved = transform_schema(schema)
    assert "pattern" not in moved
    assert "minimum" not in moved
    for value in drawn(moved):
        if "pattern" in schema:
            assert re.fullmatch(schema["pattern"], value)
        else:
            assert schema["minimum"] <= value <= schema["maximum"]


@pytest.mark.parametrize(
    "about", ["{minimum: five}", "in braces {or} not", "a\n\n{b}", "x\n\n{minimum: 1, pat}"]
)
def test_other_words_bind_nothing(about: str) -> None:
    assert {type(value) for value in drawn({"type": "integer", "description": about})} == {int}


def test_an_object_has_its_properties_in_order_and_lists_their_lengths() -> None:
    schema = {
        "type": "object",
        "properties": {
            "b": {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 2},
            "a": {"enum": ["x", "y"]},
            "c": {"const": 3},
            "d": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
            "e": {"type": ["string", "null"], "minLength": 2, "maxLength": 4},
            "f": {"type": "null"},
        },
    }
    for value in drawn(schema):
        assert list(value) == ["b", "a", "c", "d", "e", "f"]
        assert len(value["b"]) == 2
        assert value["a"] in {"x", "y"}
        assert value["c"] == 3
        assert value["d"] is None or isinstance(value["d"], int)
        assert 2 <= len(value["e"]) <= 4
        assert value["f"] is None


def test_references_and_parts_that_must_all_hold_are_followed() -> None:
    schema = {
        "$defs": {"p": {"type": "integer", "minimum": 3, "maximum": 3}},
        "type": "object",
        "properties": {
            "a": {"$ref": "#/$defs/p"},
            "b": {"allOf": [{"$ref": "#/$defs/p"}, {"maximum": 3}]},
        },
    }
    assert drawn(schema, 1) == [{"a": 3, "b": 3}]


def test_a_schema_that_refers_to_itself_ends() -> None:
    schema = {
        "type": "object",
        "properties": {
            "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
            "more": {"type": "array", "items": {"$ref": "#"}, "maxItems": 1},
        },
    }
    assert all(set(value) <= {"next", "more"} for value in drawn(schema))


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[0-9]{1,3}$",
        r"^(100|[1-9]?[0-9])$",
        r"^\d+(?:\.\d{2})?$",
        r"[a-cX_-]*x+\.?",
        r"^[^a-y]{2,}$",
        r"^\w\s.$",
        r"^(yes|no)\|$",
        r"^[\d%]{2}$",
    ],
)
def test_a_text_matches_its_pattern(pattern: str) -> None:
    for value in drawn({"type": "string", "pattern": pattern}):
        assert re.search(pattern, value)


@pytest.mark.parametrize(
    "pattern", ["(?=x)y", "a{", "(a", "a)", "[a", "\\", "^a^b$", r"[^\w ]", "x**"]
)
def test_a_pattern_beyond_the_subset_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot write a text"):
        text_matching(pattern, Random(0))  # noqa: S311 - seeded


@given(st.text())
def test_tokens_give_the_text_when_joined(text: str) -> None:
    assert "".join(tokens_of(text)) == text


def test_the_same_request_has_the_same_reply_and_another_seed_another() -> None:
    schema = {"type": "object", "properties": {"p": {"type": "integer", "maximum": 10**9}}}
    chat = Chat("openai", "m", "How likely?", schema=schema, wants_json=True, n_choices=2)
    assert reply_to(chat, 1) == reply_to(chat, 1)
    assert reply_to(chat, 1) != reply_to(chat, 2)
    first, second = reply_to(chat, 1).texts
    assert first != second
