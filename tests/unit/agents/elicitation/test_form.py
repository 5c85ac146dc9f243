"""A form reads exactly what it asks for, and says what is wrong with everything else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.agents.elicitation.fields import Amount, Choice, Field, Number, Words
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.errors import InvalidOutputError

FORM = Form(
    (
        Words("why", 20),
        Amount("q1", 100),
        Amount("q2", 1_000, is_digits=True),
        Choice("act", ("go", "stay")),
        Number("rows", 1, 50),
    )
)
GOOD = {"why": "so", "q1": 35, "q2": "350", "act": "go", "rows": 50}


def test_a_reply_as_asked_gives_every_value() -> None:
    filled = FORM.read(json.dumps(GOOD))
    assert filled.is_whole
    assert filled.method == "schema"
    assert filled.values == {"why": "so", "q1": 0.35, "q2": 0.35, "act": "go", "rows": 50}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q1", "35"),
        ("q1", 0.35),
        ("q1", 101),
        ("q1", -1),
        ("q1", True),
        ("q1", None),
        ("q1", [35]),
        ("q1", 10**400),
        ("q2", 350),
        ("q2", "0350"),
        ("q2", "35%"),
        ("q2", "1001"),
        ("q2", "٣٥"),
        ("act", "run"),
        ("act", 1),
        ("rows", 0),
        ("rows", 51),
        ("rows", 1.5),
        ("rows", "5"),
        ("why", 5),
    ],
)
def test_a_value_that_is_not_as_asked_is_a_fault_and_the_others_stay(
    name: str, value: object
) -> None:
    filled = FORM.check({**GOOD, name: value})
    assert name not in filled.values
    assert set(filled.values) == set(GOOD) - {name}
    assert len(filled.faults) == 1
    assert filled.faults[0].startswith(f"{name} is ")
    assert len(filled.faults[0]) < 300


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert FORM.check({**GOOD, "q1": 35.0}).values["q1"] == 0.35


def test_a_missing_and_an_unknown_field_are_faults() -> None:
    filled = FORM.check({"why": "so", "q1": 35, "q2": "350", "act": "go", "row\u202es": 1})
    assert filled.faults == ("rows is missing", 'there is no field "row\\u202es"')


@pytest.mark.parametrize(
    "text", ["", "[]", "35", "null", '"x"', "{", '{"q1": NaN}', '{"q1": 1, "q1": 2}', "[" * 10_000]
)
def test_what_is_no_object_has_no_values(text: str) -> None:
    filled = FORM.read(text)
    assert not filled.values
    assert not filled.is_whole


def test_a_reply_of_megabytes_is_not_parsed() -> None:
    filled = FORM.read('{"why": "' + "x" * (10 << 20) + '"}')
    assert filled.values == {}
    assert "10485771 characters" in filled.faults[0]


def test_reasons_that_are_too_long_are_cut_and_no_fault() -> None:
    assert FORM.check({**GOOD, "why": "x" * 100}).values["why"] == "x" * 20


def test_text_whose_part_means_something_else_is_not_cut() -> None:
    with pytest.raises(InvalidOutputError, match="at most 20 characters; got 21"):
        Words("graph", 20, is_cut=False).read("x" * 21)


@pytest.mark.parametrize("field", FORM.fields, ids=lambda field: field.name)
@settings(max_examples=40)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    )
)
def test_a_field_takes_a_value_of_its_own_kind_or_says_why_not(field: Field, value: object) -> None:
    try:
        read = field.read(value)
    except InvalidOutputError:
        return
    assert isinstance(read, (float, int, str))
    if isinstance(field, Amount):
        assert 0 <= float(read) <= 1


def test_a_later_reply_replaces_what_is_valid_in_it_only() -> None:
    first = FORM.check({**GOOD, "rows": 0})
    second = FORM.check({"q1": 40, "rows": 5})
    both = second.over(first)
    assert both.values == {**first.values, "q1": 0.4, "rows": 5}
    assert both.faults == second.faults
