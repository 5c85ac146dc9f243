"""Pairs of models by linear algebra: what they keep, what they refuse, when they give up."""

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, NotIdentified, Query, identify
from causal_interface_gym.causal.identification.evidence.source import OBSERVATION, Source
from causal_interface_gym.causal.identification.pairs import agreement, pair
from causal_interface_gym.causal.identification.pairs.minimal import smallest_graph
from causal_interface_gym.causal.identification.pairs.pair import find_pair
from causal_interface_gym.causal.identification.pairs.witness import Witness
from causal_interface_gym.errors import InferenceError, WidthError

BOW = ADMG([("X", "Y")], [("X", "Y")])
TREATED = "P(Y[X=0]=1 | X=1)"


def witness(graph: ADMG, query: str, experiments: object = None) -> Witness:
    verdict = identify(graph, query, experiments=experiments)  # type: ignore[arg-type]  # passed on
    assert isinstance(verdict, NotIdentified)
    return verdict.witness


def test_edges_that_do_not_matter_are_taken_away() -> None:
    graph = ADMG([("A", "X"), ("X", "Y"), ("A", "B")], [("X", "Y"), ("A", "B")])
    small = smallest_graph(
        graph, lambda smaller: isinstance(identify(smaller, TREATED), NotIdentified)
    )
    assert small == ADMG([("X", "Y")], [("X", "Y")], ["A", "B"])


def test_edges_that_keep_the_conditions_possible_stay() -> None:
    graph = ADMG([("A", "C"), ("C", "B")], [("A", "C"), ("B", "C")])
    found = witness(graph, "P(A[C=0]=0 | B[C=0]=1, B[A=0]=0)", [(), ("C",)])
    assert abs(found.p_first - found.p_second) > 1e-4


def test_both_models_are_of_the_graph_and_the_same_each_time() -> None:
    first, again = witness(BOW, TREATED), witness(BOW, TREATED)
    assert first.first.graph == first.second.graph == BOW
    assert (first.p_first, first.p_second) == (again.p_first, again.p_second)
    assert first.is_checked


def test_the_models_have_the_states_that_the_query_names() -> None:
    found = witness(BOW, "P(Y[X=low]=dead | X=high)")
    assert set(found.first.states["X"]) == {"low", "high", "0"}
    assert str(found.query) == "P(Y[X=low]=dead | X=high)"


def test_what_the_query_leaves_open_gets_another_state() -> None:
    assert str(witness(BOW, "P(Y[X] | X=0)").query) == "P(Y[X=1]=0 | X=0)"
    nested = ADMG([("X", "M"), ("M", "Y"), ("X", "Y")], [("M", "Y")])
    assert str(witness(nested, "P(Y[M[X], X=1])").query) == "P(Y[M[X=0], X=1]=0)"


def test_a_hidden_cause_gets_a_name_of_its_own() -> None:
    graph = ADMG([("U1", "Y")], [("U1", "Y")])
    assert witness(graph, "P(Y[U1=0]=1 | U1=1)").first.latent == {"U_1"}


def test_large_inputs_are_equal_by_algebra_and_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pair, "MAX_CHECKED_EXPERIMENTS", 0)
    assert not witness(BOW, TREATED).is_checked


def test_too_wide_a_district_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "MAX_ROW_CELLS", 10)
    with pytest.raises(WidthError):
        witness(BOW, TREATED)


def test_a_question_that_is_answered_has_no_pair() -> None:
    with pytest.raises(InferenceError, match="no pair"):
        find_pair(ADMG([("X", "Y")]), Query.parse("P(Y | do(X))"), [OBSERVATION])


def test_a_source_that_sets_everything_shows_nothing_of_the_cause() -> None:
    both = Source(frozenset({"X", "Y"}))
    found = find_pair(BOW, Query.parse("P(Y | do(X))"), [both])
    assert abs(found.p_first - found.p_second) > 1e-3
    assert found.is_checked
    assert np.isfinite(found.p_first)


def test_a_pair_that_hardly_differs_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair, "_DIFFERENT", 1.0)
    with pytest.raises(InferenceError, match="no pair"):
        witness(BOW, TREATED)


def test_several_populations_may_show_every_state_of_narrow_hidden_causes() -> None:
    graph = ADMG(
        [("C", "B"), ("D", "E"), ("A", "E"), ("B", "E")],
        [("D", "A"), ("A", "B"), ("D", "E"), ("C", "E")],
    )
    changed = [Source(do, "a", frozenset("B")) for do in (frozenset("C"), frozenset[str]())]
    sources = [OBSERVATION, *changed, Source(frozenset("AC"), "b")]
    found = find_pair(graph, Query.of(outcome={"E": "1"}, do={"C": "0"}), sources)
    assert abs(found.p_first - found.p_second) > 1e-6
    assert found.is_checked
    assert max(len(found.first.states[u]) for u in found.first.latent) > 40
