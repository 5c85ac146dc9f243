"""A reply is read as JSON, as JSON inside words, or as words; what is ambiguous is not read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.elicitation.fields import Amount, Choice
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.elicitation.reading.reply import read_reply

FORM = Form(
    (Amount("q1_percent_if_we_set_x_to_1", 100), Amount("q2_percent_if_we_see_x_is_1", 100))
)
FIRST, SECOND = FORM.names
GOOD = {FIRST: 30, SECOND: 60}
TEXT = json.dumps(GOOD)


@pytest.mark.parametrize(
    ("text", "method"),
    [
        (TEXT, "schema"),
        (f"  {TEXT}\n", "schema"),
        (f"Here you are:\n```json\n{TEXT}\n```\nDone.", "object"),
        (f"```\n{TEXT}\n```", "object"),
        (f"I think that {TEXT} is right.", "object"),
        (f'A brace in a string: {{"a": "}}{{"}} no. {TEXT}', ""),
        (f"{TEXT} and again {TEXT}", "object"),
        (f"[{TEXT}]", "object"),
        ("q1: 30 %, so low\nq2: 60 %", "text"),
        ("q2 = 3/5\nq1 = 0.3", "text"),
        (f"{FIRST}: 30\n{SECOND}: 60", "text"),
        ("**q1**: about 30%. **q2**: about 60%.", "text"),
    ],
)
def test_a_reply_is_read_in_the_way_it_is_written(text: str, method: str) -> None:
    filled = read_reply(FORM, text)
    assert filled.method == method
    assert filled.values == ({FIRST: 0.3, SECOND: 0.6} if method else {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot answer that.",
        f'{TEXT} or {{"{FIRST}": 1, "{SECOND}": 2}}',
        f"```json\n{TEXT}\n```\n```json\n{{}}\n```",
        "The probability is 30 %.",
        TEXT[:-1],
        TEXT[: TEXT.index("30") + 1],
        "q1: 30\nq2: 60",
        "q1: 30 % or 40 %",
        "30 % for q1 and 60 % for q2",
        "q1: between 20 and 30 %",
        "q1: -0.3",
        "q1: 130 %",
        "q1: 1e-3",
        "q1: 3/0",
        "q10: 30 %",
        "xq1: 30 %",
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_not_read(text: str) -> None:
    assert read_reply(FORM, text).values == {}


def test_two_numbers_for_one_question_are_none() -> None:
    filled = read_reply(FORM, "q1: 30 %\nq1: 40 %\nq2: 60 %")
    assert filled.values == {SECOND: 0.6}
    assert filled.faults == (f"{FIRST} is missing",)


def test_the_same_number_twice_is_one() -> None:
    assert read_reply(FORM, "q1: 30 %\nq1 = 0.3").values == {FIRST: 0.3}


def test_an_object_with_a_wrong_field_keeps_the_right_one() -> None:
    filled = read_reply(FORM, f'so: {{"{FIRST}": 30, "{SECOND}": 0.6}}')
    assert filled.values == {FIRST: 0.3}
    assert filled.method == "object"


def test_words_are_for_probabilities_only() -> None:
    form = Form((Choice("q1_can_be_answered", ("yes", "no")),))
    assert read_reply(form, "q1: 30 %").values == {}


def test_a_reply_of_megabytes_is_not_searched() -> None:
    assert read_reply(FORM, "x" * (2 << 20) + TEXT).values == {}
    assert read_reply(FORM, "x" * 30_000 + TEXT).values == {}


@given(st.text(max_size=300) | st.text(alphabet='{}[]"\\`:,.%/0123456789 \nq12-', max_size=300))
def test_no_text_breaks_the_reader_or_gives_a_number_outside_zero_and_one(text: str) -> None:
    for value in read_reply(FORM, text).values.values():
        assert 0 <= float(value) <= 1


@given(
    numbers=st.tuples(st.integers(0, 100), st.integers(0, 100)),
    around=st.text(alphabet="abc .,\n", max_size=40),
)
def test_an_object_is_found_whatever_letters_stand_around_it(
    numbers: tuple[int, int], around: str
) -> None:
    text = json.dumps(dict(zip(FORM.names, numbers, strict=True)))
    filled = read_reply(FORM, f"{around}{text}{around}")
    assert list(filled.values.values()) == [number / 100 for number in numbers]
