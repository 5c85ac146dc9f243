"""Stated probabilities and what follows from them."""

from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.scoring.coherence import Beliefs, Statement

STATES = {"x": ("0", "1"), "y": ("0", "1"), "z": ("a", "b", "c"), "m": ("0", "1")}


def beliefs(**numbers: float) -> Beliefs:
    made = (Statement(Query.parse(text), p) for text, p in numbers.items())
    return Beliefs.of(made, states=STATES)


def test_the_last_state_follows_from_the_others() -> None:
    stated = beliefs(**{"z=a": 0.5, "z=b": 0.25})
    assert stated.find(Query.parse("z=c")) == (0.25,)
    assert stated.find(Query.parse("z=a"), Query.parse("y=1")) == ()


def test_what_was_stated_stands_above_what_follows() -> None:
    assert beliefs(**{"x=1": 0.5, "x=0": 0.75}).find(Query.parse("x=0")) == (0.75,)


def test_a_joint_is_a_product_where_it_was_not_stated() -> None:
    stated = beliefs(**{"x=1": 0.5, "y=1 | x=1": 0.25, "m=1 | x=1, y=1": 0.5})
    assert stated.joint([Term("x", "1"), Term("y", "1"), Term("m", "1")]) == (0.0625,)


def test_a_joint_is_what_the_other_states_leave() -> None:
    stated = beliefs(**{"x=1": 0.5, "x=1, y=1": 0.25})
    assert stated.joint([Term("x", "1"), Term("y", "0")]) == (0.25,)
    assert stated.joint([Term("x", "0"), Term("y", "0")]) == ()


def test_one_variable_does_not_have_two_states() -> None:
    assert beliefs().joint([Term("x", "1"), Term("x", "0")]) == (0.0,)
    assert beliefs(**{"x=1": 0.5}).joint([Term("x", "1"), Term("x", "1")]) == (0.5,)
