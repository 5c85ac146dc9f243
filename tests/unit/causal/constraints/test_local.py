"""The ordered local Markov property: true, and enough to imply every separation."""

from itertools import combinations

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, local_independencies, m_separated
from tests.oracle.models import random_admg

Statement = tuple[frozenset[str], frozenset[str], frozenset[str]]


def lines(graph: ADMG) -> list[str]:
    return [str(found) for found in local_independencies(graph)]


def test_in_a_dag_each_variable_leaves_its_other_predecessors_given_its_parents() -> None:
    graph = ADMG([("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")])
    assert lines(graph) == ["C ⊥ B | A", "D ⊥ A | B, C"]


def test_a_variable_has_one_statement_for_each_district_that_it_can_have() -> None:
    chain = ADMG(bidirected=[("A", "B"), ("B", "C"), ("C", "D")], nodes=["A", "B", "C", "D"])
    assert lines(chain) == ["C ⊥ A", "D ⊥ A | C", "D ⊥ A, B"]


def test_the_blanket_holds_the_parents_of_the_whole_district() -> None:
    graph = ADMG([("A", "B"), ("C", "D")], [("B", "D")])
    assert lines(graph) == ["C ⊥ A", "B ⊥ C | A", "D ⊥ A | C"]


def test_a_complete_graph_implies_nothing() -> None:
    assert lines(ADMG([("A", "B"), ("A", "C"), ("B", "C")])) == []


@pytest.mark.parametrize("seed", range(40))
def test_every_statement_is_a_separation(seed: int) -> None:
    graph = random_admg(np.random.default_rng(seed), 5)
    for found in local_independencies(graph):
        assert m_separated(graph, found.variable, found.others, found.given)


@pytest.mark.parametrize("seed", range(12))
def test_the_statements_imply_every_separation(seed: int) -> None:
    """Closing them under symmetry, decomposition, weak union and contraction gives all."""
    graph = random_admg(np.random.default_rng(100 + seed), 4)
    known = closed({
        (frozenset({s.variable}), s.others, s.given) for s in local_independencies(graph)
    })  # fmt: skip
    for x, y in combinations(graph.nodes, 2):
        rest = [v for v in graph.nodes if v not in (x, y)]
        for n in range(len(rest) + 1):
            for given in combinations(rest, n):
                if m_separated(graph, x, y, given):
                    assert (frozenset({x}), frozenset({y}), frozenset(given)) in known


def closed(statements: set[Statement]) -> set[Statement]:
    """Close independence statements under the semi-graphoid axioms."""
    while True:
        new = set(statements)
        for x, y, z in statements:
            new.add((y, x, z))
            for n in range(1, len(y)):
                for some in map(frozenset, combinations(sorted(y), n)):
                    new |= {(x, some, z), (x, some, z | (y - some))}
        for x, y, z in statements:
            new |= {(x, y | w, z) for u, w, c in statements if u == x and c == z | y}
        if new == statements:
            return statements
        statements = new
