"""m-separation against path enumeration, networkx and published statements."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import (
    Collider,
    OpenPath,
    Passage,
    connected,
    disjoint_masks,
    m_separated,
)
from causal_interface_gym.errors import QueryError, UnknownVariableError
from tests.strategies.paths import Case, Drawing, Walk, cases, graphs

M_BIAS = ADMG([("A", "X"), ("A", "C"), ("B", "C"), ("B", "Y"), ("C", "D")])


def test_a_fork_is_open_until_its_middle_is_given() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y")])
    verdict = m_separated(graph, "X", "Y")
    assert not verdict
    assert str(verdict) == (
        "X and Y are connected: X <- Z -> Y is open: Z is a fork and is not given"
    )
    assert verdict.path.steps == (Passage("Z", "fork"),)
    assert m_separated(graph, "X", "Y", given=["Z"])


def test_a_collider_is_opened_by_itself_or_a_descendant() -> None:
    by_itself = m_separated(M_BIAS, "X", "Y", given="C")
    by_descendant = m_separated(M_BIAS, "X", "Y", given="D")
    assert str(by_itself.path) == str(by_descendant.path) == "X <- A -> C <- B -> Y"
    assert by_itself.path.steps[1] == Collider("C", opened_by="C")
    assert by_descendant.path.explanation == (
        "X <- A -> C <- B -> Y is open: A is a fork and is not given; "
        "C is a collider and its descendant D is given; B is a fork and is not given"
    )
    assert "C is a collider and is given" in by_itself.path.explanation


def test_a_separation_has_an_explicit_empty_path() -> None:
    verdict = m_separated(M_BIAS, "X", "Y")
    assert verdict
    assert verdict.path == OpenPath()
    assert (str(verdict.path), verdict.path.explanation) == ("", "no path is open")
    assert str(verdict) == "X and Y are separated"
    assert (
        str(m_separated(M_BIAS, "X", "Y", given=["A", "C"])) == "X and Y are separated given A, C"
    )


def test_bidirected_edges_make_colliders() -> None:
    graph = ADMG(bidirected=[("X", "M"), ("M", "Y")])
    assert m_separated(graph, "X", "Y")
    assert str(m_separated(graph, "X", "Y", given="M").path) == "X <-> M <-> Y"


def test_adjacent_ends_need_no_step() -> None:
    path = m_separated(ADMG([("X", "Y")]), "X", "Y").path
    assert path.explanation == "X -> Y is open: its ends are adjacent"


def test_pearls_sprinkler_statements_hold() -> None:
    # Pearl 2009, figure 1.2: season, rain, sprinkler, wet, slippery.
    graph = ADMG([("S", "R"), ("S", "P"), ("R", "W"), ("P", "W"), ("W", "L")])
    assert m_separated(graph, "P", "R", given="S")
    assert not m_separated(graph, "P", "R", given=["S", "L"])
    assert m_separated(graph, "S", "L", given="W")


@pytest.mark.parametrize(
    ("x", "y", "z", "message"),
    [
        ("X", "X", (), "'X' cannot be both in x and in y"),
        ("X", "Y", ("Y",), "'Y' cannot be both in y and in given"),
        ((), "Y", (), "x is empty"),
        ("X", [], (), "y is empty"),
    ],
)
def test_sets_that_are_empty_or_overlap_are_refused(
    x: str, y: str, z: tuple[str, ...], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        m_separated(M_BIAS, x, y, given=z)


def test_an_unknown_name_suggests_the_nearest() -> None:
    graph = ADMG([("rain", "wet")])
    with pytest.raises(UnknownVariableError, match="did you mean 'rain'"):
        m_separated(graph, "rian", "wet")


def test_something_that_is_no_name_is_refused() -> None:
    with pytest.raises(QueryError, match="given takes names of variables; got 3"):
        disjoint_masks(M_BIAS, given=[3])  # type: ignore[list-item] # the mistake under test


@settings(max_examples=150)
@given(cases())
def test_separation_equals_path_enumeration(case: Case) -> None:
    drawing = Drawing.of(case.graph)
    verdict = m_separated(case.graph, case.x, case.y, given=case.include)
    assert bool(verdict) == drawing.separated(case.x, case.y, case.include)
    if verdict.path:
        walk = Walk(verdict.path.nodes, verdict.path.edges)
        assert walk in list(drawing.paths(walk.nodes[0], walk.nodes[-1]))
        assert drawing.is_open(walk, case.include)
        assert tuple(step.node for step in verdict.path.steps) == walk.nodes[1:-1]


@settings(max_examples=100)
@given(cases())
def test_the_witness_is_a_shortest_open_path(case: Case) -> None:
    drawing = Drawing.of(case.graph)
    path = m_separated(case.graph, case.x, case.y, given=case.include).path
    walks = [w for a in case.x for b in case.y for w in drawing.paths(a, b)]
    lengths = [len(w.nodes) for w in walks if drawing.is_open(w, case.include)]
    assert len(path.nodes) == min(lengths, default=0)


@settings(max_examples=100)
@given(cases())
def test_the_connected_nodes_are_those_with_an_open_path(case: Case) -> None:
    graph, drawing = case.graph, Drawing.of(case.graph)
    found = connected(graph.bits, graph.mask(case.x), graph.mask(case.include))
    expected = {
        v
        for v in set(graph.nodes) - case.x - case.include
        if not drawing.separated(case.x, [v], case.include)
    }
    assert set(graph.names(found)) == expected | case.x


@settings(max_examples=150)
@given(cases(most=9, arcs=False))
def test_separation_in_a_dag_equals_networkx(case: Case) -> None:
    peer = nx.DiGraph(list(case.graph.directed))
    peer.add_nodes_from(case.graph.nodes)
    expected = nx.is_d_separator(peer, set(case.x), set(case.y), set(case.include))
    assert bool(m_separated(case.graph, case.x, case.y, given=case.include)) == expected


@settings(max_examples=100)
@given(graphs(), st.data())
def test_separation_is_symmetric(graph: ADMG, data: st.DataObject) -> None:
    x, y, *rest = data.draw(st.permutations(graph.nodes))
    z = rest[: len(rest) // 2]
    assert bool(m_separated(graph, x, y, given=z)) == bool(m_separated(graph, y, x, given=z))


def test_a_chain_of_3000_nodes_has_no_recursion_limit() -> None:
    names = [f"V{i}" for i in range(3000)]
    graph = ADMG(list(pairwise(names)))
    assert len(m_separated(graph, names[0], names[-1]).path.nodes) == 3000
    assert m_separated(graph, names[0], names[-1], given=names[1500])
