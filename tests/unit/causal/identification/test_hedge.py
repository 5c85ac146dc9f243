"""Hedges: small, readable, and true to their definition."""

import pytest

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import Hedge, NotIdentified, identify


def hedge(graph: ADMG, query: str) -> Hedge:
    """Fail to identify, or fail."""
    answer = identify(graph, query)
    assert isinstance(answer, NotIdentified)
    return answer.hedge


def test_nodes_that_do_not_matter_are_left_out() -> None:
    graph = ADMG(
        [("X", "Y"), ("A", "Y"), ("B", "A")],
        [("X", "Y"), ("X", "A"), ("A", "B"), ("A", "Y")],
    )
    assert hedge(graph, "P(Y | do(X))") == Hedge(
        frozenset({"X", "Y"}), frozenset({"Y"}), frozenset({"Y"})
    )


def test_several_roots_stay_where_both_are_needed() -> None:
    graph = ADMG([("X", "A")], [("A", "B"), ("X", "B")])
    found = hedge(graph, "P(A, B | do(X))")
    assert found.root == {"A", "B"}
    assert str(found) == "forest {A, B, X} over subforest {A, B}, both with root {A, B}"
    assert found.explanation.startswith("hidden causes join A, B, X into one district")


def test_a_superfluous_root_is_left_out() -> None:
    graph = ADMG([("X", "A")], [("X", "A"), ("A", "B")])
    assert hedge(graph, "P(A, B | do(X))").root == {"A"}


@pytest.mark.parametrize(
    ("arrows", "arcs", "query"),
    [
        ([("X", "Y")], [("X", "Y")], "P(Y | do(X))"),
        ([("X", "M"), ("M", "Y")], [("X", "M"), ("M", "Y")], "P(Y | do(X))"),
        ([("X", "A"), ("A", "Y"), ("Z", "X")], [("X", "Z"), ("Z", "A")], "P(Y | do(X))"),
    ],
)
def test_forests_are_joined_and_lead_to_the_root(
    arrows: list[tuple[str, str]], arcs: list[tuple[str, str]], query: str
) -> None:
    graph = ADMG(arrows, arcs)
    found = hedge(graph, query)
    for forest in (found.forest, found.subforest):
        part = graph.subgraph(forest)
        assert part.districts() == (forest,)
        assert part.ancestors(found.root) == forest
    assert found.root <= found.subforest < found.forest
    assert "X" in found.forest - found.subforest
