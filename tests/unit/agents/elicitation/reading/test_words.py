"""Probabilities in words: every spelling of the grammar is read, and nothing that is not in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.elicitation.reading.words import (
    Ambiguous,
    Point,
    Range,
    read_number,
    stated_numbers,
)


@pytest.mark.parametrize(
    ("said", "p"),
    [
        (": 30 %", 0.3),
        (": 30%", 0.3),
        (" is 30 percent", 0.3),
        (" is about 30 per cent.", 0.3),
        (" = 0.3", 0.3),
        (": p = 0.3", 0.3),
        (": .3", 0.3),
        (" - 0.3", 0.3),
        (": 1.0", 1.0),
        (": 3/10", 0.3),
        (": 3 out of 10", 0.3),
        (": 1 in 5", 0.2),
        (" (P(y=1 | do(x=1))): 12.5 %", 0.125),
        (": P(y=1 | x=0) = 0.25", 0.25),
        (": the probability is roughly 1 in 4, I believe", 0.25),
        (" -> 0 %", 0.0),
        (": 1 in 5.", 0.2),
        (": 0.3.", 0.3),
        (": 30 %.", 0.3),
        (": 3/10.", 0.3),
    ],
)
def test_a_number_with_its_unit_is_read(said: str, p: float) -> None:
    assert read_number(said) == Point(p)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        (": between 20 and 30 %", 0.2, 0.3),
        (": 20-30%", 0.2, 0.3),
        (": from 20 % to 30 %", 0.2, 0.3),
    ],
)
def test_a_range_is_a_range_and_no_point(said: str, low: float, high: float) -> None:
    assert read_number(said) == Range(low, high)


@pytest.mark.parametrize(
    "said",
    [
        ": 30",
        ": 1",
        ": 0",
        ": 0,3",
        ": 1.5",
        ": 101 %",
        ": -30 %",
        ": 30 % or 40 %",
        ": > 30 %",
        ": <30 %",
        ": at least 30 %",
        " is not 30 %",
        ": 0.3 (or 0.4)",
        ": 30 to 20 %",
        ": 5/3",
        ": 1/0",
        ": step 1 gives 30 %",
        ": x=1, so 30 %",
        ": 0.3.1",
        ": 3/10.5",
        ": 3/10 %",
        ": 20",
    ],
)
def test_what_is_not_in_the_grammar_is_ambiguous(said: str) -> None:
    assert read_number(said) == Ambiguous()


def test_a_bare_number_is_read_in_the_unit_that_its_label_says() -> None:
    said = list(stated_numbers("a_percent: 30\nb: 30", ("a_percent", "b"), {"a_percent": 100}))
    assert said == [("a_percent", Point(0.3)), ("b", Ambiguous())]
    assert read_number(": 300.", whole=1_000) == Point(0.3)
    assert read_number(": 300.5", whole=1_000) == Ambiguous()
    assert read_number(": 3,000", whole=1_000) == Ambiguous()
    assert read_number(": 300", whole=100) == Ambiguous()


def test_labels_in_one_line_have_their_own_numbers() -> None:
    text = "q1: 30 %, q2: 0.4 and q12 = 1 in 2"
    said = list(stated_numbers(text, ("q1", "q2", "q12"), {}))
    assert said == [("q1", Point(0.3)), ("q2", Point(0.4)), ("q12", Point(0.5))]


def test_without_labels_nothing_is_said() -> None:
    assert list(stated_numbers("30 %", (), {})) == []


SPELLINGS = st.sampled_from(
    ["{n} %", "{n}%", "{n} percent", "{d:.2f}", "p = {d:.2f}", "{n}/100", "{n} in 100"]
)
ENDS = st.sampled_from(["", ".", ",", " ", "**", ", so it seems.", ")", "!"])
FILLERS = st.sampled_from(
    [": ", " = ", " is ", " is about ", " - ", ": **", " (P(y=1 | do(x=0))): "]
)


@given(n=st.integers(0, 100), spelling=SPELLINGS, filler=FILLERS, end=ENDS)
def test_every_spelling_says_the_same(n: int, spelling: str, filler: str, end: str) -> None:
    text = f"q1{filler}{spelling.format(n=n, d=n / 100)}{end}"
    assert list(stated_numbers(text, ("q1",), {})) == [("q1", Point(n / 100))]


@given(st.text(max_size=200))
def test_no_text_breaks_the_grammar(text: str) -> None:
    said = read_number(text, whole=100)
    assert not isinstance(said, Point) or 0 <= said.p <= 1


def test_long_lines_of_brackets_are_read_in_a_moment() -> None:
    assert read_number("(" * 50_000 + "1") == Ambiguous()
    assert read_number("((x)" * 5_000 + " 30 %") == Ambiguous()
