"""DAGitty's text: what is read, what is refused and where; reading undoes writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.formats.dagitty import parse_dagitty, write_dagitty
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import CycleError, FormatError, UnknownVariableError

NAMES = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\ []{};-'), min_size=1, max_size=5
)


@st.composite
def graphs(draw: st.DrawFn) -> ADMG:
    nodes = draw(st.lists(NAMES, max_size=6, unique=True))
    pairs = [(a, b) for i, a in enumerate(nodes) for b in nodes[i + 1 :]]
    edges = st.lists(st.sampled_from(pairs), unique=True) if pairs else st.just([])
    return ADMG(draw(edges), draw(edges), draw(st.permutations(nodes)))


@given(graphs())
def test_writing_is_undone_by_reading(graph: ADMG) -> None:
    read = ADMG.from_dagitty(write_dagitty(graph))
    assert read == graph
    assert read.nodes == graph.nodes


def test_roles_are_written_and_read() -> None:
    graph = ADMG([("X", "Y"), ("U", "Y")], nodes=["X", "Y", "U"])
    text = write_dagitty(graph, exposure=["X"], outcome=["Y"], latent=["U"], adjusted=["U"])
    read = parse_dagitty(text)
    assert (read.exposure, read.outcome, read.latent, read.adjusted) == (
        ("X",),
        ("Y",),
        ("U",),
        ("U",),
    )


def test_a_role_of_an_unknown_node_is_refused() -> None:
    with pytest.raises(UnknownVariableError):
        write_dagitty(ADMG([("X", "Y")]), exposure=["Z"])


def test_statements_of_every_kind_are_read() -> None:
    read = parse_dagitty(
        """dag "my graph" {
        bb="0,0,1,1" // the picture
        X [exposure,pos="0,1"] ; Y [o]; S [selected]
        /* two
           lines */ U [label="x]y", latent]
        X -> Y <- Z  # a chain
        A <-> B <-> A
        X -> {A B}
        {P -> Q} -> {R S} [beta=-.3]
        "a \\"b" -> c.d
        }"""
    )
    assert read.nodes[:6] == ("X", "Y", "S", "U", "Z", "A")
    assert read.nodes[-2:] == ('a "b', "c.d")
    assert ("Z", "Y") in read.directed
    assert {("P", "Q"), ("P", "R"), ("Q", "S"), ("X", "B")} <= set(read.directed)
    assert read.bidirected == (("A", "B"),)
    assert (read.exposure, read.outcome, read.selected, read.latent) == (
        ("X",),
        ("Y",),
        ("S",),
        ("U",),
    )


def test_a_latent_node_becomes_a_bidirected_edge() -> None:
    graph = ADMG.from_dagitty("dag { U [latent]; U -> X; U -> Y; X -> Y }")
    assert graph == ADMG([("X", "Y")], [("X", "Y")])


def test_the_older_adjacency_lists_are_read() -> None:
    read = parse_dagitty("A%20B 1 @0.1,0.2\nC E\nD O\nU U\nF\n\nA%20B C D @.1,.2\nU C\n")
    assert read.nodes == ("A B", "C", "D", "U", "F")
    assert read.directed == (("A B", "C"), ("A B", "D"), ("U", "C"))
    assert (read.exposure, read.outcome, read.latent) == (("C",), ("D",), ("U",))


def test_a_cycle_is_named() -> None:
    with pytest.raises(CycleError, match="Y -> X -> Y"):
        ADMG.from_dagitty("dag { X -> Y -> X }")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 0, "empty text"),
        ("dag {\nX -- Y }", 2, "edges ->, <- and <-> only, got '--'"),
        ("dag {\n\nX @-@ Y }", 3, "got '@-@'"),
        ("dag { X @-> Y }", 1, "got '@->'"),
        ("mag { X -> Y }", 1, "starts with 'dag {'"),
        ("dag dag dag { X }", 1, "expected '{'"),
        ("dag {\nX ->\n}", 3, "expected the name of a node, got '}'"),
        ("dag { X -> Y", 1, "got the end of the text"),
        ('dag { X "abc }', 1, "left open"),
        ("dag { X [exposure }", 1, "left open"),
        ("dag { X /* }", 1, "unexpected character"),
        ("dag { X }\n}", 2, "nothing after"),
        ('dag { "" }', 1, "cannot be empty"),
        ("dag { bb= }", 1, "a value after '='"),
        ("dag { X [=3] }", 1, "attributes are names"),
        ("dag " + "{" * 99, 1, "nested more than"),
        ("X -> Y", 1, "or a line such as"),
        ("X 1\nX 1", 2, "declared twice"),
        ("X 1\n\nX Z", 3, "not declared above"),
    ],
)
def test_other_text_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_dagitty(text)
    assert caught.value.line == line
    assert says in str(caught.value)


def test_a_small_text_cannot_ask_for_countless_edges() -> None:
    many = "{" + " ".join(f"n{i}" for i in range(1001)) + "}"
    with pytest.raises(FormatError, match="1000000 edges"):
        parse_dagitty(f"dag {{ {many} -> {many} }}")
