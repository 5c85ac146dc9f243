"""Implied independencies: published cases and the oracle over all pairs and sets."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from causal_interface_gym.causal.adjustment import Independence, implied_independencies
from causal_interface_gym.causal.graph import ADMG
from tests.strategies.paths import Drawing, graphs, subsets


def listed(graph: ADMG) -> list[str]:
    """Show the independencies."""
    return [str(found) for found in implied_independencies(graph)]


def test_dagittys_small_model_with_a_mediator_implies_one() -> None:
    graph = ADMG([("Z", "X"), ("Z", "I"), ("X", "I"), ("X", "Y"), ("I", "Y")])
    assert listed(graph) == ["Z ⊥ Y | I, X"]


def test_a_collider_implies_a_marginal_independence() -> None:
    graph = ADMG([("A", "C"), ("B", "C")])
    assert list(implied_independencies(graph)) == [Independence("A", "B")]
    assert listed(graph) == ["A ⊥ B"]


def test_the_asia_network_implies_that_dyspnoea_needs_either_and_bronchitis_only() -> None:
    graph = ADMG(
        [
            *[("asia", "tub"), ("smoke", "lung"), ("smoke", "bronc"), ("tub", "either")],
            *[("lung", "either"), ("either", "xray"), ("either", "dysp"), ("bronc", "dysp")],
        ]
    )
    found = listed(graph)
    assert "asia ⊥ smoke" in found
    assert "smoke ⊥ xray | either" in found
    assert "xray ⊥ dysp | either" in found
    assert len(found) == 8 * 7 // 2 - 8


def test_vermas_graph_has_a_pair_without_an_edge_and_without_a_separator() -> None:
    # a -> b -> c -> d with b <-> d: a and d are not adjacent; only {b, c} blocks a -> b,
    # and b opens a -> b <-> d.
    graph = ADMG([("a", "b"), ("b", "c"), ("c", "d")], [("b", "d")])
    assert listed(graph) == ["a ⊥ c | b"]


@pytest.mark.oracle
@settings(max_examples=60)
@given(graphs())
def test_each_separable_pair_gets_one_minimal_separator(graph: ADMG) -> None:
    drawing = Drawing.of(graph)
    found = {frozenset({i.x, i.y}): i.given for i in implied_independencies(graph)}
    for a, b in combinations(graph.nodes, 2):
        rest = set(graph.nodes) - {a, b}
        separators = [z for z in subsets(rest) if drawing.separated([a], [b], z)]
        pair = frozenset({a, b})
        assert (pair in found) == bool(separators)
        if separators:
            assert found[pair] in separators
            assert not any(z < found[pair] for z in separators)
