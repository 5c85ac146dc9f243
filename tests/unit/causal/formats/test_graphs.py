"""DOT, GML, node-link JSON and networkx: reading undoes writing, attributes and all."""

import sys

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal import ADMG
from causal_interface_gym.causal.formats.graphs.document import Edge, GraphDocument
from causal_interface_gym.causal.formats.graphs.dot import document_from_dot, document_to_dot
from causal_interface_gym.causal.formats.graphs.gml import document_from_gml, document_to_gml
from causal_interface_gym.causal.formats.graphs.node_link import (
    document_from_networkx,
    document_from_node_link,
    document_to_networkx,
    document_to_node_link,
)
from causal_interface_gym.errors import CycleError, FormatError

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
KEYS = st.from_regex(r"[a-c]{1,2}", fullmatch=True)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def documents(
    draw: st.DrawFn, values: st.SearchStrategy[object], keys: st.SearchStrategy[str] = KEYS
) -> GraphDocument:
    names = draw(st.lists(TEXT, min_size=1, max_size=4, unique=True))
    attributes = st.dictionaries(keys, values, max_size=2)
    edges = draw(
        st.lists(
            st.builds(
                Edge, st.sampled_from(names), st.sampled_from(names), st.booleans(), attributes
            ),
            max_size=4,
        )
    )
    return GraphDocument({v: draw(attributes) for v in names}, tuple(edges), draw(attributes))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents(TEXT, TEXT.filter(lambda k: k != "dir")))
def test_dot_keeps_names_edges_and_texts(document: GraphDocument) -> None:
    assert document_from_dot(document_to_dot(document)) == document


NESTED = st.one_of(st.integers(), FLOATS, TEXT, st.dictionaries(KEYS, st.integers(), max_size=2))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents(NESTED))
def test_gml_keeps_names_edges_and_values(document: GraphDocument) -> None:
    assert document_from_gml(document_to_gml(document)) == document


JSON = st.one_of(st.none(), st.booleans(), st.integers(), FLOATS, TEXT, st.lists(st.integers()))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents(JSON))
def test_node_link_keeps_names_edges_and_json(document: GraphDocument) -> None:
    assert document_from_node_link(document_to_node_link(document)) == document


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents(JSON))
def test_networkx_objects_keep_everything(document: GraphDocument) -> None:
    back = document_from_networkx(document_to_networkx(document))
    assert back.nodes == document.nodes
    assert sorted(map(repr, back.edges)) == sorted(map(repr, document.edges))
    assert back.attributes == document.attributes


def test_networkx_reads_what_is_written_for_it() -> None:
    graph = ADMG([("X", "Y")], [("X", "Y")])
    made = nx.parse_gml(
        document_to_gml(GraphDocument.of(graph)).replace("directed 1", "directed 1\n  multigraph 1")
    )
    assert set(made.edges()) == {("X", "Y")}
    assert document_from_networkx(made).graph() == graph
    assert document_from_networkx(nx.DiGraph([(1, 2)])).graph() == ADMG([("1", "2")])


def test_a_document_is_a_graph_and_hides_what_is_latent() -> None:
    text = "digraph g { node [shape=box]; U [latent=true]; U -> X -> Y [w=2]; U -> Y; rankdir=LR }"
    document = document_from_dot(text)
    assert document.latent == ("U",)
    assert document.graph() == ADMG([("X", "Y")], [("X", "Y")])
    assert document.nodes["X"] == {"shape": "box"}
    assert document.edges[1].attributes == {"w": "2"}
    assert document.attributes == {"rankdir": "LR"}
    graph = ADMG([("X", "Y")], [("X", "Y")])
    given_places = GraphDocument.of(graph, attributes={"X": {"pos": "0,0"}})
    assert given_places.graph() == graph
    assert given_places.nodes["X"] == {"pos": "0,0"}
    with pytest.raises(CycleError):
        document_from_dot("digraph { A -> B -> A }").graph()


def test_dot_as_people_write_it_is_read() -> None:
    text = """
    strict digraph "my graph" { // causes
      graph [label="a; b"] edge [color=red]
      /* two lines */ A; B [bold, x=1; y=2];
      A -> B [dir=both]
      B -> -1.5
    }"""
    document = document_from_dot(text)
    assert document.attributes == {"label": "a; b"}
    assert document.nodes["B"] == {"bold": "true", "x": "1", "y": "2"}
    assert document.edges == (
        Edge("A", "B", is_bidirected=True, attributes={"color": "red"}),
        Edge("B", "-1.5", attributes={"color": "red"}),
    )


@pytest.mark.parametrize(
    "text",
    [
        "graph { A -- B }",
        "digraph { A -- B }",
        "digraph { subgraph c { A } }",
        "digraph { A:port -> B }",
        "digraph { A [label=<b>] }",
        "digraph { A -> }",
        "digraph { A",
        "digraph A B { }",
        "digraph { } }",
        'digraph { "A }',
        "",
    ],
)
def test_dot_that_means_something_else_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(FormatError, match="line 1"):
        document_from_dot(text)


NODE = 'graph [ directed 1 node [ id 0 label "X" ] '


@pytest.mark.parametrize(
    "text",
    [
        "",
        "graph [ ]",
        "graph 1",
        "graph [ directed 0 ]",
        NODE,
        NODE + "] ]",
        NODE + 'node [ id 1 label "X" ] ]',
        NODE + "node 1 ]",
        NODE + "edge [ source 0 target 7 ] ]",
        NODE + "edge [ target 0 ] ]",
        NODE + "a 1 a 2 ]",
        NODE + "1 2 ]",
        NODE + "a ] ]",
        NODE + "a ~ ]",
        NODE + f"a {'9' * 400} ]",
        NODE + "a [ " * 20,
        "graph [ directed 1 ] graph [ directed 1 ]",
    ],
)
def test_gml_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        document_from_gml(text)


@pytest.mark.parametrize("attributes", [{"a b": 1}, {"a": float("inf")}, {"a": float("nan")}])
def test_what_gml_cannot_hold_is_refused(attributes: dict[str, object]) -> None:
    with pytest.raises(FormatError, match="GML cannot hold"):
        document_to_gml(GraphDocument({"X": attributes}))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"nodes": [], "directed": false}',
        '{"nodes": [{"id": "X"}, {"id": "X"}]}',
        '{"nodes": [{}]}',
        '{"nodes": [1]}',
        '{"nodes": [{"id": true}]}',
        '{"nodes": [], "edges": 1}',
        '{"nodes": [], "edges": [{"source": "X", "target": "Y"}]}',
        "[" * 100_000,
    ],
)
def test_node_link_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        document_from_node_link(text)


def test_a_graph_attribute_that_is_no_mapping_is_left_out() -> None:
    assert document_from_node_link('{"nodes": [], "graph": 1}').attributes == {}


def test_undirected_networkx_graphs_are_refused() -> None:
    with pytest.raises(FormatError, match="undirected"):
        document_from_networkx(nx.Graph([(1, 2)]))


def test_texts_that_are_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, read in (
        ("dot", document_from_dot),
        ("gml", document_from_gml),
        ("node_link", document_from_node_link),
    ):
        module = sys.modules[f"causal_interface_gym.causal.formats.graphs.{name}"]
        monkeypatch.setattr(module, "MAX_CHARACTERS", 3)
        with pytest.raises(FormatError, match="at most 3 are read"):
            read("long text")
