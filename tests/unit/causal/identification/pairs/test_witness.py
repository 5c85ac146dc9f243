"""Pairs of models that agree on all observations and differ on the query."""

import numpy as np
import pytest

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import NotIdentified, Witness, identify
from causal_interface_gym.causal.identification.pairs import witness as module
from causal_interface_gym.causal.identification.pairs.circuit import Circuit
from causal_interface_gym.causal.identification.pairs.witness import (
    compare,
    require_agreement,
)
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import InferenceError, WidthError

Edges = list[tuple[str, str]]


def witness(arrows: Edges, arcs: Edges, query: str) -> Witness:
    """Build the pair and check it from outside."""
    graph = ADMG(arrows, arcs)
    answer = identify(graph, query)
    assert isinstance(answer, NotIdentified)
    found = answer.witness
    tables = [model.table(graph.order) for model in (found.first, found.second)]
    assert np.abs(tables[0] - tables[1]).max() < 1e-12
    assert min(table.min() for table in tables) > 0
    for model in (found.first, found.second):
        assert set(model.graph.directed) <= set(graph.directed)
        arcs_of = {frozenset(edge) for edge in model.graph.bidirected}
        assert arcs_of <= {frozenset(edge) for edge in graph.bidirected}
    assert found.first.p(found.query) == pytest.approx(found.p_first, abs=1e-12)
    assert found.second.p(found.query) == pytest.approx(found.p_second, abs=1e-12)
    assert abs(found.p_first - found.p_second) > 1e-3
    return found


def test_the_bow() -> None:
    found = witness([("X", "Y")], [("X", "Y")], "P(Y=1 | do(X=1))")
    assert str(found) == "P(Y=1 | do(X=1)) is 0.5 in one model and 0.25 in another"
    assert found.is_checked


def test_values_that_the_models_do_not_have_are_replaced() -> None:
    found = witness([("X", "Y")], [("X", "Y")], "P(Y=sick | do(X=drug))")
    assert str(found.query) == "P(Y=0 | do(X=0))"


def test_a_bit_travels_down_to_the_outcome() -> None:
    arrows = [("X", "A"), ("A", "B"), ("B", "Y")]
    witness(arrows, [("X", "A")], "P(Y | do(X))")


def test_several_roots_meet_on_the_way() -> None:
    arrows = [("X", "A"), ("A", "Y"), ("B", "Y")]
    witness(arrows, [("A", "B"), ("X", "B")], "P(Y | do(X))")


def test_bits_pass_a_root_and_an_outcome_can_be_one() -> None:
    arrows = [("X", "A"), ("A", "B"), ("B", "Y")]
    witness(arrows, [("X", "A"), ("A", "B"), ("X", "B")], "P(Y | do(X))")
    witness([("X", "A"), ("B", "A")], [("X", "B"), ("A", "B")], "P(A, B | do(X))")


def test_names_of_hidden_causes_avoid_those_of_variables() -> None:
    found = witness([("U1", "Y")], [("U1", "Y")], "P(Y | do(U1))")
    assert found.first.latent == {"U_1"}


@pytest.mark.parametrize(
    ("arrows", "arcs", "query"),
    [
        ([("A", "C")], [("A", "C"), ("B", "C")], "P(B | do(A), C)"),
        ([("A", "B"), ("A", "D"), ("C", "D")], [("C", "D")], "P(B | do(C), D)"),
        ([("A", "C"), ("B", "C"), ("C", "D")], [("B", "C")], "P(A | do(B), D)"),
        ([("B", "D")], [("A", "D"), ("B", "C"), ("C", "D")], "P(A | do(B), C, D)"),
        ([("A", "B"), ("D", "E")], [("A", "B"), ("A", "D"), ("B", "E"), ("C", "D")],
         "P(C | do(A), B, E)"),
        ([("A", "C"), ("A", "D"), ("B", "E"), ("C", "D"), ("C", "E")], [("A", "D"), ("A", "E")],
         "P(B | do(A), D, E)"),
        ([("A", "E"), ("B", "D")], [("A", "D"), ("A", "E"), ("B", "D"), ("C", "E")],
         "P(C | do(B), E, D)"),
        ([("A", "E"), ("B", "D"), ("D", "E")], [("A", "D"), ("C", "D"), ("C", "E")],
         "P(B | do(A), C, E)"),
        ([("A", "B"), ("A", "E"), ("B", "C"), ("C", "D")], [("A", "B"), ("B", "E"), ("C", "D")],
         "P(E | do(A), D)"),
        ([("X", "Z"), ("C", "D"), ("D", "E")], [("X", "Z"), ("Z", "C"), ("C", "Y")],
         "P(Y | do(X), Z, E)"),
    ],
    ids=["hidden cause", "fork", "chain", "collider", "collider and chain", "collider and fork",
         "opened below", "opened below by a root", "two chains", "opened far below"],
)  # fmt: skip
def test_givens_that_take_all_the_bias_hand_it_on_along_a_back_door(
    arrows: Edges, arcs: Edges, query: str
) -> None:
    witness(arrows, arcs, query)


def test_a_given_beside_a_route_to_the_outcome() -> None:
    witness([("X", "A"), ("A", "Y"), ("B", "Z"), ("Y", "Z")], [("X", "B"), ("A", "B")],
            "P(Y | do(X), Z)")  # fmt: skip


def test_a_pair_too_large_to_compare_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CHECKED_CELLS", 1)
    answer = identify(ADMG([("X", "Y")], [("X", "Y")]), "P(Y | do(X))")
    assert isinstance(answer, NotIdentified)
    assert not answer.witness.is_checked


def test_a_pair_that_fails_its_check_is_never_given_out() -> None:
    found = witness([("X", "Y")], [("X", "Y")], "P(Y | do(X))")
    with pytest.raises(InferenceError, match="differs"):
        require_agreement(np.array([0.5, 0.5]), np.array([0.4, 0.6]))
    with pytest.raises(InferenceError, match="positive"):
        require_agreement(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    with pytest.raises(InferenceError, match="only on"):
        compare(found.first, found.first, Query.parse("P(Y | do(X))"), is_checked=True)


def test_width_is_refused_before_a_table_is_built() -> None:
    graph = ADMG([(f"A{i}", "Y") for i in range(24)])
    circuit = Circuit(graph)
    wires = [circuit.add(v, strength=0.5) for v in range(24)]
    circuit.add(graph.index["Y"], wires, strength=0.5)
    with pytest.raises(WidthError):
        circuit.model()
