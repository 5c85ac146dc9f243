"""Planted violations: every named check gives the planted amount, and passes without one."""

import pytest

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import QueryError
from causal_interface_gym.scoring.coherence import Contrast, Finding, Statement, audit

STATES = {"x": ("0", "1"), "y": ("0", "1"), "m": ("0", "1"), "z": ("a", "b", "c")}
Y = Term("y", "1")


def findings(
    numbers: dict[str, float], *, graph: ADMG | None = None, contrasts: tuple[Contrast, ...] = ()
) -> list[Finding]:
    statements = [Statement(Query.parse(text), p) for text, p in numbers.items()]
    return list(audit(statements, states=STATES, graph=graph, contrasts=contrasts).findings)


def amounts(check: str, numbers: dict[str, float], *, graph: ADMG | None = None) -> list[float]:
    return [f.amount for f in findings(numbers, graph=graph) if f.check == check]


def test_one_question_in_two_spellings_has_one_answer() -> None:
    numbers = {"y[x=1]=1": 0.5, "y=1 | do(x=1)": 0.75}
    assert amounts("agreement", numbers) == [0.25]
    assert amounts("agreement", {"y[x=1]=1": 0.5}) == []


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ({"x=1": 0.75, "x=0": 0.5}, [0.25]),
        ({"x=1": 0.25, "x=0": 0.5}, [0.25]),
        ({"x=1": 0.5}, []),
        ({"z=a": 0.5, "z=b": 0.25}, [0.0]),
        ({"z=a": 0.75, "z=b": 0.5}, [0.25]),
        ({"z=a": 0.5, "z=b": 0.25, "z=c": 0.5}, [0.25]),
        ({"y=1 | do(x=1)": 0.75, "y=0 | do(x=1)": 0.5}, [0.25]),
        ({"x=1, y=1": 0.5, "y=1": 0.25}, [0.25]),
        ({"x=1, y=1": 0.5, "x=0, y=1": 0.25, "y=1": 0.5}, [0.25]),
        ({"x=1, y=1": 0.5}, []),
    ],
)
def test_states_sum_to_what_they_are_states_of(
    numbers: dict[str, float], found: list[float]
) -> None:
    assert amounts("complement", numbers) == found


def test_the_whole_is_the_sum_of_its_parts() -> None:
    parts = {"y=1 | x=1": 0.5, "x=1": 0.5, "y=1 | x=0": 0.25}
    assert amounts("total probability", {**parts, "y=1": 0.375}) == [0.0]
    assert amounts("total probability", {**parts, "y=1": 0.5}) == [0.125]


def test_missing_parts_bound_the_whole() -> None:
    parts = {"y=1 | z=a": 0.5, "z=a": 0.5}
    assert amounts("total probability", {**parts, "y=1": 0.75}) == [0.0]
    assert amounts("total probability", {**parts, "y=1": 0.875}) == [0.125]
    assert amounts("total probability", {**parts, "y=1": 0.125}) == [0.125]


def test_seeing_bounds_doing_in_any_graph() -> None:
    seen = {"x=1, y=1": 0.25, "x=1": 0.5}
    assert amounts("action bounds", {**seen, "y=1 | do(x=1)": 0.5}) == [0.0]
    assert amounts("action bounds", {**seen, "y=1 | do(x=1)": 0.125}) == [0.125]
    assert amounts("action bounds", {**seen, "y=1 | do(x=1)": 0.875}) == [0.125]
    alone = {"x=1, y=1": 0.25, "y=1 | do(x=1)": 0.875}
    assert amounts("action bounds", alone) == [0.0]
    conditional = {**seen, "y=1 | do(x=1), z=a": 0.125}
    assert amounts("action bounds", conditional) == []


def test_an_action_does_not_move_what_is_no_effect_of_it() -> None:
    numbers = {"x=1": 0.5, "x=1 | do(y=1)": 0.75, "y=1": 0.25, "y=1 | do(x=1)": 0.5}
    graph = ADMG([("x", "y")], nodes=["x", "y", "m", "z"])
    assert amounts("non-descendant", numbers, graph=graph) == [0.25]


def test_doing_is_seeing_without_an_open_back_door() -> None:
    numbers = {"y=1 | x=1": 0.5, "y=1 | do(x=1)": 0.75}
    assert amounts("no back-door", numbers, graph=ADMG([("x", "y")])) == [0.25]
    assert amounts("no back-door", numbers, graph=ADMG([("x", "y")], [("x", "y")])) == []
    adjusted = {"y=1 | x=1, m=1": 0.5, "y=1 | do(x=1), m=1": 0.75}
    confounded = ADMG([("x", "y"), ("m", "x"), ("m", "y")])
    assert amounts("no back-door", adjusted, graph=confounded) == [0.25]
    own = {"x=1 | x=1": 1.0, "x=1 | do(x=1)": 1.0}
    assert amounts("no back-door", own, graph=confounded) == []
    assert amounts("action bounds", {**own, "x=1": 0.5}) == [0.0]


def test_mediators_at_what_they_are_anyway_change_nothing() -> None:
    numbers = {"y[x=1, m[x=1]]=1": 0.5, "y[x=1]=1": 0.75, "y[x=1, m[x=0]]=1": 0.25}
    assert amounts("composition", numbers) == [0.25]


def effect(kind: str, value: float, *, start: str = "0", end: str = "1") -> Contrast:
    match kind:
        case "te":
            return Contrast("te", "x", start, end, Y, value)
        case "nde":
            return Contrast("nde", "x", start, end, Y, value, ("m",))
        case _:
            return Contrast("nie", "x", start, end, Y, value, ("m",))


def identity(numbers: dict[str, float], *contrasts: Contrast) -> list[float]:
    found = findings(numbers, contrasts=contrasts)
    return [f.amount for f in found if f.check == "effect identity"]


def test_the_total_effect_is_direct_minus_reversed_indirect() -> None:
    direct, back = effect("nde", 0.25), effect("nie", -0.125, start="1", end="0")
    assert identity({}, effect("te", 0.375), direct, back) == [0.0]
    assert identity({}, effect("te", 0.5), direct, back) == [0.125]
    assert identity({"y[x=1]=1": 0.75, "y[x=0]=1": 0.25}, direct, back) == [0.125]


def test_parts_of_the_identity_come_from_stated_probabilities() -> None:
    numbers = {"y[x=1]=1": 0.75, "y[x=0]=1": 0.25, "y[x=1, m[x=0]]=1": 0.5}
    assert identity(numbers, effect("nde", 0.25)) == [0.0]
    assert identity(numbers, effect("nie", -0.5, start="1", end="0")) == [0.25]
    assert identity({}, effect("nde", 0.25)) == []


def test_an_effect_is_a_difference_of_probabilities() -> None:
    for value in (1.5, float("nan")):
        with pytest.raises(QueryError):
            effect("te", value)


SEEN = {"x=1, y=1": 0.25, "x=1, y=0": 0.25, "x=0, y=1": 0.125, "x=0, y=0": 0.375}
DONE = {"y=1 | do(x=1)": 0.5, "y=1 | do(x=0)": 0.25}


@pytest.mark.parametrize(
    ("query", "low", "high"),
    [
        ("y[x=1]=1, y[x=0]=0", 0.25, 0.5),
        ("y[x=0]=0 | x=1, y=1", 0.5, 1.0),
        ("y[x=1]=1 | x=0, y=0", 1 / 3, 2 / 3),
        ("y[x=1]=0, y[x=0]=1", 0.0, 0.25),
    ],
)
def test_causation_lies_within_the_tian_pearl_bounds(query: str, low: float, high: float) -> None:
    for p, amount in ((low, 0.0), (high, 0.0), (low / 2, low / 2), (1.0, 1.0 - high)):
        (found,) = amounts("probability of causation", {**SEEN, **DONE, query: p})
        assert found == pytest.approx(amount)


def test_causation_is_bounded_by_what_was_stated_only() -> None:
    name = "probability of causation"
    pns, pn = "y[x=1]=1, y[x=0]=0", "y[x=0]=0 | x=1, y=1"
    assert amounts(name, {pns: 0.75, "y[x=1]=1": 0.5}) == [0.25]
    assert amounts(name, {pns: 0.75}) == []
    assert amounts(name, {pn: 0.75, "x=1, y=1": 0.25}) == []
    assert amounts(name, {pn: 0.75, "x=1, y=1": 0.0, **DONE}) == []


@pytest.mark.parametrize(
    "query",
    [
        "y[x=1]=1, m[x=0]=0",
        "y[x=1]=1, y[m=0]=0",
        "y[x=1, m=0]=1, y[x=0]=0",
        "y[x=1]=1, y[x=0]=1",
        "y[x=0]=0 | x=0, y=1",
        "y[x=0]=0 | x=1, y=0",
        "y[x=0]=0 | x=1, m=1",
        "y[x=0]=0 | m=1, y=1",
        "y[z=a]=0 | z=b, y=1",
        "y[x=0]=0 | x=1",
        "y[z=a]=1 | do(x ~ {0: 0.5, 1: 0.5})",
    ],
)
def test_other_counterfactuals_are_not_mistaken_for_causation(query: str) -> None:
    assert amounts("probability of causation", {**SEEN, **DONE, query: 0.9}) == []
