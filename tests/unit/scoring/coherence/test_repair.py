"""The least change that mends beliefs, against closed forms."""

import pytest

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query
from causal_interface_gym.scoring.coherence import Beliefs, Incoherence, Statement, incoherence
from causal_interface_gym.scoring.coherence.linear import exchanged
from causal_interface_gym.scoring.coherence.response import reads
from causal_interface_gym.scoring.unscored import Unscored

STATES = dict.fromkeys(("x", "y", "z", "m", "w"), ("0", "1"))
NODES = list(STATES)
ARROW = ADMG([("x", "y")], nodes=NODES)
BOW = ADMG([("x", "y")], [("x", "y")], NODES)


def beliefs(numbers: dict[str, float]) -> Beliefs:
    made = [Statement(Query.parse(text), p) for text, p in numbers.items()]
    return Beliefs.of(made, states=STATES)


def repaired(numbers: dict[str, float], graph: ADMG) -> Incoherence:
    found = incoherence(beliefs(numbers), graph)
    assert isinstance(found, Incoherence)
    return found


@pytest.mark.parametrize(
    ("numbers", "graph", "amount"),
    [
        ({"y=1": 0.75, "y=0": 0.5}, ARROW, 0.25),
        ({"y=1 | do(x=1)": 0.75, "y=1 | x=1": 0.25}, ARROW, 0.5),
        ({"y=1 | do(x=1)": 0.125, "x=1, y=1": 0.25}, BOW, 0.125),
        ({"x=1 | do(y=1)": 0.75, "x=1": 0.5}, BOW, 0.25),
        ({"y[x=1]=1, y[x=0]=0": 0.75, "y[x=1]=1": 0.5}, ARROW, 0.25),
        ({"y[x=1, m[x=1]]=1": 0.75, "y[x=1]=1": 0.5}, ADMG([("x", "m"), ("m", "y")]), 0.25),
    ],
)
def test_a_planted_contradiction_costs_its_amount(
    numbers: dict[str, float], graph: ADMG, amount: float
) -> None:
    full = ADMG(graph.directed, graph.bidirected, NODES)
    assert repaired(numbers, full).amount == pytest.approx(amount, abs=1e-9)


def test_seeing_against_the_instrumental_inequality_costs_its_excess() -> None:
    # The sum over y of the largest P(x, y | z) over z is at most 1; here it is 2.
    graph = ADMG([("z", "x"), ("x", "y")], [("x", "y")], NODES)
    found = repaired({"x=0, y=0 | z=0": 1.0, "x=0, y=1 | z=1": 1.0}, graph)
    assert found.is_exact
    assert found.amount == pytest.approx(1.0, abs=1e-9)


def test_a_change_of_a_conditional_counts_by_its_stated_condition() -> None:
    numbers = {"x=1": 0.25, "y=1 | x=1": 1.0, "y=1": 0.125}
    found = repaired(numbers, BOW)
    assert found.is_exact
    assert found.amount == pytest.approx(0.125, abs=1e-9)
    assert found.n_unlinked == 0


def test_a_conditional_that_is_changed_is_shown_on_its_own_scale() -> None:
    graph = ADMG([("y", "x")], [("x", "y")], NODES)
    numbers = {"x=1": 0.5, "y=1 | x=1": 1.0, "y=1 | do(x=1)": 0.25, "y=1": 0.25, "y=0": 0.75}
    found = repaired(numbers, graph)
    shown = {str(c.statement.query): c for c in found.changes}
    change = shown["P(y=1 | x=1)"]
    assert change.counted == pytest.approx(0.25, abs=1e-9)
    assert change.coherent == pytest.approx(0.5, abs=1e-9)


def test_a_condition_of_stated_probability_zero_binds_nothing() -> None:
    graph = ADMG([("y", "x")], nodes=NODES)
    found = repaired({"x=1": 0.0, "y=1 | x=1": 0.75, "y=1": 0.25}, graph)
    assert found.amount == 0
    assert [c.coherent for c in found.changes] == [0.0, 0.75, 0.25]


def test_conditionals_without_a_stated_condition_bind_each_other_only() -> None:
    found = repaired({"y=1 | x=1": 0.75, "y=0 | x=1": 0.5, "y=1": 0.0}, BOW)
    assert found.amount == pytest.approx(0.25, abs=1e-9)
    assert not found.is_exact
    assert found.n_unlinked == 2


def test_independence_of_districts_is_relaxed_and_said_so() -> None:
    apart = ADMG([], nodes=NODES)
    found = repaired({"x=1": 0.5, "y=1": 0.5, "x=1, y=1": 0.5}, apart)
    assert found.amount == 0
    assert not found.is_exact
    assert "outer relaxation" in found.method


def test_a_district_that_is_no_clique_is_relaxed() -> None:
    chain = ADMG([], [("x", "y"), ("y", "z")], NODES)
    assert not repaired({"x=1, y=1, z=1": 0.5}, chain).is_exact
    assert repaired({"x=1, y=1": 0.5, "z=1": 0.5}, ADMG([], [("x", "y")], NODES)).is_exact


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ({}, "nothing was stated"),
        (
            {"y=1 | do(x ~ {0: 0.5, 1: 0.5})": 0.5},
            "P(y=1 | do(x ~ {0: 0.5, 1: 0.5})) has a stochastic intervention, which is not audited",
        ),
        (
            {"y[x=1]=1 | y[x=0]=1, x[y=1]=1, x=0": 0.5},
            "the condition of P(y[x=1]=1 | x=0, x[y=1]=1, y[x=0]=1) cannot happen",
        ),
    ],
)
def test_what_cannot_be_audited_has_a_reason(numbers: dict[str, float], reason: str) -> None:
    assert incoherence(beliefs(numbers), ARROW) == Unscored(reason)


def test_a_space_that_is_too_large_is_refused() -> None:
    found = incoherence(beliefs({"y=1": 0.5}), BOW, limit=7)
    assert found == Unscored("the graph has 8 combinations of responses; 7 is the limit")


@pytest.mark.parametrize(
    ("text", "graph", "read"),
    [
        ("y=1 | x=1, m=1", ADMG([("x", "m"), ("m", "y")]), "P(y=1 | do(m=1, x=1))"),
        ("y=1 | x=1, z=1", ADMG([("z", "x"), ("z", "y"), ("x", "y")]), "P(y=1 | do(x=1, z=1))"),
        ("y=1 | x=1", ADMG([("z", "x"), ("z", "y"), ("x", "y")]), "P(y=1 | x=1)"),
        ("x=1 | do(z=1), y=1", ADMG([("z", "x"), ("x", "y")]), "P(x=1 | do(z=1), y=1)"),
        ("x=1 | x=1", ARROW, "P(x=1 | x=1)"),
        ("x=1 | do(x=1), y=1", ARROW, "P(x=1 | do(x=1), y=1)"),
        ("y=1 | x=1, y=1", ARROW, "P(y=1 | x=1, y=1)"),
        ("y[x=1]=1 | x=0", ARROW, "P(y[x=1]=1 | x=0)"),
    ],
)
def test_conditions_are_read_as_actions_where_the_graph_allows_it(
    text: str, graph: ADMG, read: str
) -> None:
    assert str(exchanged(Query.parse(text), graph)) == read


def test_a_world_reads_the_responses_on_its_way_only() -> None:
    graph = ADMG([("x", "m"), ("m", "y"), ("x", "y")])
    nested = Query.parse("y[x=1, m[x=0]]=1").outcome
    assert reads(graph, nested) == {"m", "y"}
    assert reads(graph, Query.parse("y[m=1]=1").outcome) == {"x", "y"}
