"""Graphs in words are read strictly: known names, arrows, no circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.elicitation.graphs import GraphReader, ReadGraph
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.errors import InvalidOutputError

READ = GraphReader(Handles({"a b": "variable_1", "rain": "rain", "wet": "wet"}, {}))


@pytest.mark.parametrize(
    ("text", "directed", "bidirected"),
    [
        ("rain -> wet", (("rain", "wet"),), ()),
        ("rain->wet", (("rain", "wet"),), ()),
        ("variable_1 -> rain; rain -> wet", (("a b", "rain"), ("rain", "wet")), ()),
        ("variable_1 -> rain -> wet", (("a b", "rain"), ("rain", "wet")), ()),
        ("rain <-> wet", (), (("rain", "wet"),)),
        ("rain -> wet, rain -> wet,\n", (("rain", "wet"),), ()),
        ("None.", (), ()),
        ("", (), ()),
    ],
)
def test_a_graph_is_read(
    text: str, directed: tuple[tuple[str, str], ...], bidirected: tuple[tuple[str, str], ...]
) -> None:
    assert READ(text) == ReadGraph(directed, bidirected)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rain -> snow", "there is no variable 'snow'"),
        ("rain", "an arrow is written A -> B"),
        ("rain -> ", "there is no variable ''"),
        ("rain -> wet, wet -> rain", "cycle"),
        ("rain -> rain", "cycle"),
        ("rain <-> rain", "itself"),
        ("rain <-> wet <-> variable_1", "an arrow is written A -> B"),
        ("a b -> wet", "there is no variable 'a b'"),
        ("rain causes wet", "an arrow is written A -> B"),
    ],
)
def test_what_is_no_graph_over_the_variables_is_refused(text: str, told: str) -> None:
    with pytest.raises(InvalidOutputError, match=told):
        READ(text)


@given(st.text(alphabet="rainwet ->,<;\n", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_graph_or_refused(text: str) -> None:
    try:
        graph = READ(text)
    except InvalidOutputError:
        return
    assert isinstance(graph, ReadGraph)
