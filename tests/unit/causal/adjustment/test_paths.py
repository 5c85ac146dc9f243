"""The list of paths against the enumeration of the definitions, and published examples."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.adjustment import paths
from causal_interface_gym.causal.adjustment.paths import Path, paths_between
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import m_separated
from causal_interface_gym.errors import QueryError, UnknownVariableError
from tests.strategies.paths import Drawing, graphs

M_BIAS = ADMG([("A", "X"), ("A", "M"), ("B", "M"), ("B", "Y"), ("X", "Y")])


def listed(graph: ADMG, *boxes: str) -> dict[str, Path]:
    """Each path by its text."""
    found = paths_between(graph, treatment="X", outcome="Y", given=boxes)
    assert found.is_complete
    return {str(path): path for path in found.paths}


def test_the_collider_of_the_m_closes_its_path_until_it_is_given() -> None:
    text = "X <- A -> M <- B -> Y"
    assert listed(M_BIAS)[text].blockers == listed(M_BIAS)[text].colliders == ("M",)
    assert listed(M_BIAS, "M")[text].is_open
    assert listed(M_BIAS, "M", "A")[text].blockers == ("A",)


def test_a_hidden_cause_beside_an_arrow_is_a_path_of_its_own() -> None:
    bow = listed(ADMG([("X", "Y")], [("X", "Y")]))
    assert {text: path.is_causal for text, path in bow.items()} == {
        "X -> Y": True,
        "X <-> Y": False,
    }


def test_a_list_that_is_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    middle = [f"M{i}" for i in range(5)]
    wide = ADMG([*(("X", m) for m in middle), *((m, "Y") for m in middle)])
    assert len(paths_between(wide, treatment="X", outcome="Y", most=5).paths) == 5
    assert paths_between(wide, treatment="X", outcome="Y", most=5).is_complete
    assert not paths_between(wide, treatment="X", outcome="Y", most=4).is_complete
    monkeypatch.setattr(paths, "MAX_STEPS", 3)
    assert not paths_between(wide, treatment="X", outcome="Y").is_complete


def test_roles_that_clash_and_names_that_are_unknown_are_refused() -> None:
    with pytest.raises(QueryError):
        paths_between(M_BIAS, treatment="X", outcome="Y", given="X")
    with pytest.raises(UnknownVariableError):
        paths_between(M_BIAS, treatment="X", outcome="none")


@settings(max_examples=150)
@given(st.data(), graphs())
def test_the_paths_and_what_closes_them_are_those_of_the_definitions(
    data: st.DataObject, graph: ADMG
) -> None:
    x, y, *others = graph.nodes
    boxes = frozenset(data.draw(st.sets(st.sampled_from(others)))) if others else frozenset()
    drawing = Drawing.of(graph)
    found = paths_between(graph, treatment=x, outcome=y, given=boxes, most=10_000)
    expected = {(w.nodes, w.edges): drawing.is_open(w, boxes) for w in drawing.paths(x, y)}
    assert {(p.nodes, p.edges): p.is_open for p in found.paths} == expected
    assert len(found.paths) == len(expected)
    causal = {w.nodes for w in drawing.directed_paths([x], [y])}
    assert {p.nodes for p in found.paths if p.is_causal} == causal
    separated = bool(m_separated(graph, x, y, given=boxes))
    assert separated != any(path.is_open for path in found.paths)
    assert all(set(path.blockers) <= set(path.nodes[1:-1]) for path in found.paths)
