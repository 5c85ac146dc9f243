"""Pictures hold every node and edge, whatever the names, and the layout puts causes above."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.formats.drawing.layout import layers, places
from causal_interface_gym.causal.formats.drawing.pictures import to_mermaid, to_tikz
from causal_interface_gym.causal.formats.drawing.svg import to_svg
from causal_interface_gym.causal.formats.python_code import to_python
from causal_interface_gym.errors import FormatError
from tests.oracle.models import random_admg
from tests.strategies.noise import models

SVG = "{http://www.w3.org/2000/svg}"
ODD = 'a"<&>$_^~{}\\#%'


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 7))
def test_every_effect_lies_below_its_causes_and_no_two_nodes_on_one_place(
    seed: int, n: int
) -> None:
    graph = random_admg(np.random.default_rng(seed), n)
    at = places(graph)
    assert set(at) == set(graph.nodes)
    assert len(set(at.values())) == n
    assert all(at[a][1] < at[b][1] for a, b in graph.directed)
    assert places(graph) == at


def test_neighbours_are_put_in_line() -> None:
    graph = ADMG([("A", "D"), ("B", "C")], nodes=["A", "B", "C", "D"])
    assert layers(graph) == (("A", "B"), ("D", "C"))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_an_svg_is_xml_with_every_node_edge_and_a_legend(seed: int) -> None:
    graph = random_admg(np.random.default_rng(seed), 5)
    root = ElementTree.fromstring(to_svg(graph))  # noqa: S314 - written just now
    texts = [t.text for t in root.iter(f"{SVG}text")]
    assert set(graph.nodes) <= set(texts)
    shown = [
        p
        for p in root.iter(f"{SVG}path")
        if p.get("d", "").startswith("M") and "Q" in p.get("d", "")
    ]
    assert len(shown) == len(graph.directed) + len(graph.bidirected)
    assert ("causes" in texts) == bool(graph.directed)
    assert ("share a hidden cause" in texts) == bool(graph.bidirected)


def test_roles_are_marked_and_explained() -> None:
    graph = ADMG([("U", "X"), ("X", "Y"), ("U", "Y")])
    marks = {"latent": ["U"], "treatment": ["X"], "outcome": ["Y"]}
    svg = to_svg(graph, title="Bow & arrow", **marks)
    assert 'aria-label="Bow &amp; arrow"' in svg
    assert all(f'class="{role}"' in svg for role in marks)
    assert "never observed" in svg
    assert "style n0 stroke-dasharray" in to_mermaid(graph, **marks)
    assert r"\node[variable, latent] (n0)" in to_tikz(graph, **marks)


def test_odd_names_end_no_label() -> None:
    graph = ADMG([(ODD, "Y")], [(ODD, "Y")])
    root = ElementTree.fromstring(to_svg(graph))  # noqa: S314 - written just now
    assert ODD in [t.text for t in root.iter(f"{SVG}text")]
    assert to_mermaid(graph).splitlines()[1] == '  n0["a#34;#60;#38;#62;$_^~{}#92;#35;%"]'
    assert r"{a\"<\&>\$\_\textasciicircum{}\textasciitilde{}\{\}\textbackslash{}\#\%}".replace(
        '\\"', '"'
    ) in to_tikz(graph)


def test_an_empty_graph_has_an_empty_picture() -> None:
    for draw in (to_svg, to_mermaid, to_tikz):
        assert draw(ADMG())


@settings(max_examples=30, deadline=None)
@given(model=models())
def test_python_code_builds_the_model_again(model: SCM) -> None:
    scope: dict[str, SCM] = {}
    exec(to_python(model), scope)  # noqa: S102 - written just now
    again = scope["model"]
    assert again.states == model.states
    assert all((again.cpt(v) == model.cpt(v)).all() for v in model.nodes)
    assert [type(m) for m in again.mechanisms.values()] == [
        type(m) for m in model.mechanisms.values()
    ]


def test_python_code_builds_the_graph_again() -> None:
    graph = ADMG([("X", "Y")], [("X", "Z")], ["W"])
    scope: dict[str, ADMG] = {}
    exec(to_python(graph), scope)  # noqa: S102 - written just now
    assert scope["graph"] == graph


class _Strange:
    parents: tuple[str, ...] = ()
    cpt = np.array([0.5, 0.5])

    def joint(self, variable: str, settings: object) -> object:
        raise NotImplementedError(variable, settings)


def test_a_mechanism_of_someone_else_has_no_python() -> None:
    model = SCM({"X": ("0", "1")}, {"X": _Strange()})  # type: ignore[dict-item]  # what is refused
    with pytest.raises(FormatError, match="no spelling"):
        to_python(model)
