"""Acyclic directed mixed graphs."""

import pickle
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import CycleError, GraphError, UnknownVariableError

Edges = list[tuple[str, str]]

FRONT_DOOR = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])


@st.composite
def admgs(draw: st.DrawFn) -> ADMG:
    """Draw a graph of two to six nodes."""
    names = "ABCDEF"[: draw(st.integers(2, 6))]
    pairs = list(combinations(names, 2))
    return ADMG(
        draw(st.lists(st.sampled_from(pairs), unique=True)),
        draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True)),
        draw(st.permutations(names)),
    )


def test_the_front_door_graph_reads_as_drawn() -> None:
    assert FRONT_DOOR.nodes == FRONT_DOOR.order == ("X", "M", "Y")
    assert FRONT_DOOR.directed == (("X", "M"), ("M", "Y"))
    assert FRONT_DOOR.bidirected == (("X", "Y"),)
    assert not FRONT_DOOR.is_dag
    assert repr(FRONT_DOOR) == "ADMG(X -> M; M -> Y; X <-> Y)"
    assert FRONT_DOOR.parents("Y") == {"M"}
    assert FRONT_DOOR.children(["X", "M"]) == {"M", "Y"}
    assert FRONT_DOOR.spouses("X") == {"Y"}
    assert FRONT_DOOR.spouses("M") == frozenset()
    assert FRONT_DOOR.ancestors("Y") == {"X", "M", "Y"}
    assert FRONT_DOOR.descendants("M") == {"M", "Y"}
    assert FRONT_DOOR.districts() == (frozenset("XY"), frozenset("M"))
    assert FRONT_DOOR.district("Y") == frozenset("XY")


def test_do_cuts_the_arrows_and_arcs_into_the_treatment_only() -> None:
    assert FRONT_DOOR.do("Y") == ADMG([("X", "M")], nodes=["X", "M", "Y"])
    assert FRONT_DOOR.do(["X"]) == ADMG([("X", "M"), ("M", "Y")])


def test_without_outgoing_cuts_the_arrows_that_leave_only() -> None:
    assert FRONT_DOOR.without_outgoing("X") == ADMG([("M", "Y")], [("X", "Y")])


def test_a_subgraph_keeps_the_edges_among_its_nodes() -> None:
    assert FRONT_DOOR.subgraph(["X", "Y"]) == ADMG([], [("X", "Y")])


def test_isolated_nodes_are_shown_and_kept() -> None:
    graph = ADMG([("B", "A")], nodes=["A", "Z"])
    assert graph.nodes == ("A", "Z", "B")
    assert graph.is_dag
    assert repr(graph) == "ADMG(B -> A; Z)"


def test_edges_in_sets_come_in_one_order() -> None:
    assert ADMG({("B", "C"), ("A", "C")}).nodes == ("A", "C", "B")
    assert ADMG(nodes={"B", "A"}).nodes == ("A", "B")


def test_graphs_are_equal_by_nodes_and_edges_whatever_their_order() -> None:
    one, other = ADMG([("A", "B")], [("A", "B")]), ADMG([("A", "B")], [("B", "A")], ["B", "A"])
    assert one == other
    assert hash(one) == hash(other)
    assert one != ADMG([("A", "B")])
    assert one != "ADMG"


def test_a_graph_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(FRONT_DOOR)) == FRONT_DOOR  # noqa: S301 - our own bytes


def test_dagitty_text_with_a_latent_becomes_an_arc() -> None:
    graph = ADMG.from_dagitty("dag { U [latent] U -> X U -> Y X -> Y }")
    assert graph == ADMG([("X", "Y")], [("X", "Y")])
    assert ADMG.from_dagitty("dag { X -> Y }") == ADMG([("X", "Y")])


def test_a_circle_is_named() -> None:
    with pytest.raises(CycleError) as caught:
        ADMG([("S", "A"), ("A", "B"), ("B", "C"), ("C", "A"), ("C", "T")])
    circle = caught.value.cycle
    assert circle[0] == circle[-1]
    assert set(circle) == set("ABC")
    assert {("A", "B"), ("B", "C"), ("C", "A")} == set(pairwise(circle))
    with pytest.raises(CycleError, match="X -> X"):
        ADMG([("X", "X")])


@pytest.mark.parametrize(
    ("directed", "bidirected", "nodes", "words"),
    [
        ([("X",)], [], [], "a directed edge is a pair"),
        ("XY", [], [], "a directed edge is a pair"),
        (5, [], [], "directed edges are a list"),
        ({("X", "Y"), 5}, [], [], "a directed edge is a pair"),
        ([], [("X", 1)], [], "a bidirected edge is a pair"),
        ([], [("X", "X")], [], "joins a node to itself"),
        ([], [], "X", "nodes is a list of names"),
        ([], [], 5, "nodes is a list of names"),
        ([], [], ["X", "X"], "'X' is given twice"),
        ([], [], [""], "non-empty strings"),
        ([], [], [["X"]], "non-empty strings"),
        ([], [], {1, "a"}, "non-empty strings"),
        ([("", "Y")], [], [], "non-empty strings"),
    ],
)
def test_what_is_no_graph_is_refused(
    directed: Edges, bidirected: Edges, nodes: list[str], words: str
) -> None:
    with pytest.raises(GraphError, match=words):
        ADMG(directed, bidirected, nodes)


@pytest.mark.parametrize("name", ["Z", 5, ["M", "z"], [["X"]], None])
def test_unknown_names_are_refused_everywhere(name: str) -> None:
    for ask in (FRONT_DOOR.mask, FRONT_DOOR.parents, FRONT_DOOR.spouses, FRONT_DOOR.do):
        with pytest.raises(UnknownVariableError):
            ask(name)


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(UnknownVariableError, match="unknown variable 'y'; did you mean 'Y'"):
        FRONT_DOOR.ancestors("y")


@given(admgs())
def test_arrows_run_up_the_order_and_edges_rebuild_the_graph(graph: ADMG) -> None:
    assert all(graph.index[a] < graph.index[b] for a, b in graph.directed)
    assert ADMG(graph.directed, graph.bidirected, graph.nodes) == graph
    assert graph.names(graph.mask(graph.nodes)) == graph.order


@given(admgs(), st.data())
def test_latent_projection_is_what_paths_through_hidden_nodes_say(
    graph: ADMG, data: st.DataObject
) -> None:
    hidden = set(data.draw(st.lists(st.sampled_from(graph.nodes), unique=True)))
    seen = [n for n in graph.nodes if n not in hidden]
    arrows, arcs = set(), set()
    for a, b in permutations(seen, 2):
        for path in _paths(graph, a, b, hidden):
            marks = [mark for _, mark in path]
            if all(mark == "->" for mark in marks):
                arrows.add((a, b))
            if marks[0] in ("<-", "<->") and marks[-1] in ("->", "<->") and _no_collider(marks):
                arcs.add(frozenset((a, b)))
    assert graph.latent_projection(hidden) == ADMG(
        arrows, [(min(arc), max(arc)) for arc in arcs], seen
    )


def _no_collider(marks: list[str]) -> bool:
    heads = ("->", "<->"), ("<-", "<->")
    return not any(m in heads[0] and n in heads[1] for m, n in pairwise(marks))


def _paths(graph: ADMG, a: str, b: str, hidden: set[str]) -> list[list[tuple[str, str]]]:
    """List all paths from a to b whose inner nodes are hidden, as (node, mark before it)."""
    steps: dict[str, list[tuple[str, str]]] = {n: [] for n in graph.nodes}
    for x, y in graph.directed:
        steps[x].append((y, "->"))
        steps[y].append((x, "<-"))
    for x, y in graph.bidirected:
        steps[x].append((y, "<->"))
        steps[y].append((x, "<->"))
    found, todo = [], [(a, {a}, list[tuple[str, str]]())]
    while todo:
        at, visited, path = todo.pop()
        for to, mark in steps[at]:
            if to == b:
                found.append([*path, (to, mark)])
            elif to in hidden and to not in visited:
                todo.append((to, visited | {to}, [*path, (to, mark)]))
    return found
