"""The audit as a whole: true beliefs are coherent, mended ones stay so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError, UnknownStateError, UnknownVariableError
from causal_interface_gym.scoring.coherence import Incoherence, Statement, audit
from causal_interface_gym.scoring.unscored import Unscored
from tests.unit.scoring.coherence.worlds import (
    STATES,
    random_graph,
    random_world,
    true_statements,
)

XY = {"x": ("0", "1"), "y": ("0", "1")}


def said(**numbers: float) -> list[Statement]:
    return [Statement(Query.parse(text), p) for text, p in numbers.items()]


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_true_beliefs_about_any_world_of_the_graph_are_coherent(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_graph(rng)
    statements = true_statements(rng, random_world(rng, graph))
    report = audit(statements, states=STATES, graph=graph)
    assert report.violations == ()
    assert isinstance(report.incoherence, Incoherence)
    assert report.incoherence.amount < 1e-9
    assert len(report.incoherence.changes) == len(statements)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_the_mended_beliefs_need_no_mending(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_graph(rng)
    true = true_statements(rng, random_world(rng, graph))
    wild = [Statement(s.query, float(rng.random())) for s in true if not s.query.given]
    first = audit(wild, states=STATES, graph=graph).incoherence
    assert isinstance(first, Incoherence)
    moved = sum(abs(c.coherent - c.statement.p) for c in first.changes)
    assert first.amount == pytest.approx(moved, abs=1e-9)
    mended = [Statement(c.statement.query, min(c.coherent, 1.0)) for c in first.changes]
    second = audit(mended, states=STATES, graph=graph).incoherence
    assert isinstance(second, Incoherence)
    assert second.amount < 1e-9


def test_without_an_own_graph_there_is_no_number() -> None:
    report = audit(said(**{"x=1": 0.75, "x=0": 0.5}), states=XY)
    assert report.incoherence == Unscored("the participant stated no graph")
    assert [(v.check, v.amount) for v in report.violations] == [("complement", 0.25)]


def test_violations_are_sorted_worst_first() -> None:
    statements = said(**{"x=1": 0.75, "x=0": 0.5, "y=1": 1.0, "y=0": 0.5})
    report = audit(statements, states=XY)
    assert [v.amount for v in report.violations] == [0.5, 0.25]


def test_directions_sum_to_one() -> None:
    report = audit([], states=XY, directions=[{"x->y": 0.75, "y->x": 0.5}, {"a": 0.5, "b": 0.5}])
    assert [(f.check, f.amount) for f in report.findings] == [
        ("directions", 0.25),
        ("directions", 0.0),
    ]


def test_a_variable_that_no_edge_touches_is_part_of_the_graph() -> None:
    report = audit(said(**{"x=1": 0.5, "x=1|do(y=1)": 0.75}), states=XY, graph=ADMG([]))
    assert [v.check for v in report.violations] == ["non-descendant"]


def test_names_and_labels_are_checked() -> None:
    with pytest.raises(UnknownVariableError):
        audit(said(**{"w=1": 0.5}), states=XY)
    with pytest.raises(UnknownVariableError):
        audit(said(**{"x=1": 0.5}), states=XY, graph=ADMG([("w", "x")]))
    for text in ("x=2", "x=1|do(y=2)", "x=1|do(y ~ {0: 0.5, 3: 0.5})", "x[y=7]=1"):
        with pytest.raises(UnknownStateError):
            audit(said(**{text: 0.5}), states=XY)
    for text in ("x", "x=1|do(y)"):
        with pytest.raises(QueryError):
            said(**{text: 0.5})
    for p in (1.5, -0.1, float("nan")):
        with pytest.raises(QueryError):
            said(**{"x=1": p})
