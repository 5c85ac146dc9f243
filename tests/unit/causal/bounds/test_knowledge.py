"""What is known is checked when it is given, and summed down to what bears on a question."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.bounds import Experiment, Knowledge
from causal_interface_gym.causal.bounds.districts import frame_of, loose_districts, relevant
from causal_interface_gym.errors import (
    IncompatibleDataError,
    ModelError,
    TableError,
    UnknownVariableError,
    WidthError,
)
from tests.strategies.noise import models

TWO = {"X": ("0", "1"), "Y": ("0", "1")}
BOW = ADMG([("X", "Y")], [("X", "Y")])


@pytest.mark.parametrize(
    "table",
    [[0.5, 0.5], [[0.5, 0.5], [0.5, 0.5]], [[-0.5, 0.5], [0.5, 0.5]], [[np.nan, 0.5], [0.5, 0.0]]],
)
def test_a_distribution_that_is_none_is_refused(table: object) -> None:
    with pytest.raises(TableError, match=r"P\(v\)"):
        Knowledge.from_tables(BOW, TWO, observational=table)


def test_an_experiment_sums_to_one_for_each_setting() -> None:
    acted = [[0.5, 0.5], [0.2, 0.8]]
    known = Knowledge.from_tables(BOW, TWO, experimental={"X": acted})
    assert known.experiments[0].do == ("X",)
    with pytest.raises(TableError, match=r"do\(X\)"):
        Knowledge.from_tables(BOW, TWO, experimental={"X": [[0.25, 0.25], [0.1, 0.4]]})
    with pytest.raises(UnknownVariableError):
        Knowledge.from_tables(BOW, TWO, experimental={("Q",): acted})


def test_knowing_nothing_is_refused() -> None:
    with pytest.raises(ModelError, match="start from"):
        Knowledge.from_tables(BOW, TWO)
    with pytest.raises(UnknownVariableError):
        Knowledge.from_tables(BOW, {"X": ("0", "1")}, observational=[[0.5, 0.5]])


@settings(max_examples=30, deadline=None)
@given(model=models(), data=st.data())
def test_a_model_shows_its_own_distributions(model: SCM, data: st.DataObject) -> None:
    held = data.draw(st.sampled_from(model.nodes))
    known = Knowledge.from_model(model, experiments=[[held]])
    seen, acted = known.experiments
    order = model.graph.order
    assert seen.table == pytest.approx(model.table(order), abs=1e-12)
    for state, label in enumerate(model.states[held]):
        free = [v for v in order if v != held]
        part = np.take(acted.table, state, axis=order.index(held))
        assert part == pytest.approx(model.table(free, do={held: label}), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(model=models(), data=st.data())
def test_summing_out_keeps_what_is_above(model: SCM, data: st.DataObject) -> None:
    held = data.draw(st.sampled_from(model.nodes))
    about = data.draw(st.sampled_from(model.nodes))
    known = Knowledge.from_model(model, experiments=[[held]])
    nodes = relevant(model.graph, [about])
    near = known.over(nodes)
    assert set(near.graph.nodes) == set(nodes)
    again = Knowledge.from_model(model).over(nodes)
    assert near.experiments[0].table == pytest.approx(again.experiments[0].table, abs=1e-12)
    acted = near.experiments[1]
    assert acted.do == ((held,) if held in nodes else ())
    sums = acted.table.sum(axis=tuple(i for i, v in enumerate(near.graph.order) if v != held))
    assert sums == pytest.approx(np.ones_like(sums))


def test_what_bears_on_a_question_is_closed_under_districts_and_parents() -> None:
    graph = ADMG([("A", "B"), ("C", "D"), ("X", "Y")], [("Y", "B"), ("X", "Q")])
    assert set(relevant(graph, ["Y"])) == {"X", "Y", "Q", "A", "B"}


def test_a_district_is_loose_unless_all_its_nodes_are_joined() -> None:
    chain = ADMG([], [("X", "Z"), ("Z", "Y")])
    triangle = ADMG([], [("X", "Z"), ("Z", "Y"), ("X", "Y")])
    assert loose_districts(chain) == (frozenset("XYZ"),)
    assert loose_districts(triangle) == ()


def test_a_variable_alone_is_a_table_unless_a_setting_never_happens() -> None:
    graph = ADMG([("X", "Y")])
    seen = Knowledge.from_tables(graph, TWO, observational=[[0.25, 0.25], [0.1, 0.4]])
    assert frame_of(seen, limit=100).mechanisms["Y"].cpt[1].tolist() == [0.2, 0.8]
    never = Knowledge.from_tables(graph, TWO, observational=[[0.5, 0.5], [0, 0]])
    [block] = frame_of(never, limit=100).blocks
    assert block.members == ("Y",)
    assert frame_of(never, limit=100).mechanisms["X"].cpt.tolist() == [1.0, 0.0]


def test_equations_that_are_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("causal_interface_gym.causal.bounds.districts.MAX_CELLS", 8)
    known = Knowledge.from_tables(BOW, TWO, observational=[[0.25, 0.25], [0.1, 0.4]])
    with pytest.raises(WidthError):
        frame_of(known, limit=100)


def test_sources_that_contradict_each_other_are_refused() -> None:
    seen = np.array([[0.5, 0.0], [0.0, 0.5]])
    acted = np.array([[0.0, 1.0], [0.5, 0.5]])
    known = Knowledge(
        BOW, dict.fromkeys("XY", ("0", "1")), (Experiment((), seen), Experiment(("X",), acted))
    )
    with pytest.raises(IncompatibleDataError):
        frame_of(known, limit=100)
