"""All marginals at once, and batches of parameters, equal one question after the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.inference.batch import batch_probability
from causal_interface_gym.causal.query import Setting, Stochastic
from causal_interface_gym.errors import (
    ImpossibleEventError,
    QueryError,
    TableError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)
from tests.oracle.models import random_model
from tests.strategies.noise import models, queries

TWO = ("0", "1")


@settings(max_examples=60, deadline=None)
@given(model=models(), data=st.data())
def test_all_marginals_are_those_of_single_questions(model: SCM, data: st.DataObject) -> None:
    query = data.draw(queries(model))
    do = {name: _plain(setting) for name, setting in query.do}
    seen = {t.variable: t.value for t in query.given}
    try:
        wanted = {v: model.table([v], do=do, given=seen) for v in model.nodes}
    except ImpossibleEventError:
        with pytest.raises(ImpossibleEventError):
            model.marginals(do=do, given=seen)
        return
    found = model.marginals(do=do, given=seen)
    assert list(found) == list(model.nodes)
    for v in model.nodes:
        assert found[v] == pytest.approx(wanted[v], abs=1e-12)
    again = model.marginals(do=do, given=seen)  # from the plan that is kept
    assert all((again[v] == found[v]).all() for v in found)


def _plain(setting: Setting) -> object:
    return dict(setting.probabilities) if isinstance(setting, Stochastic) else setting


@pytest.mark.parametrize("seed", range(15))
def test_all_marginals_of_larger_models_are_right(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = random_model(rng)
    v = str(rng.choice(model.nodes))
    found = model.marginals(do={v: model.states[v][0]})
    for u in model.nodes:
        assert found[u] == pytest.approx(model.table([u], do={v: model.states[v][0]}), abs=1e-12)


def test_evidence_too_rare_for_a_float_keeps_its_digits() -> None:
    names = [f"E{i}" for i in range(80)]
    rare = {v: [[1 - 1e-4, 1e-4], [1 - 2e-4, 2e-4]] for v in names}
    model = SCM.from_tables(
        states=dict.fromkeys(["H", *names], TWO),
        parents=dict.fromkeys(names, ("H",)),
        tables={"H": [0.5, 0.5], **rare},
    )
    found = model.marginals(given=dict.fromkeys(names, "1"))
    assert found["H"][0] == pytest.approx(2.0**-80, rel=1e-9)


def test_evidence_that_contradicts_an_action_is_impossible() -> None:
    model = SCM.from_tables(states={"X": TWO}, tables={"X": [0.5, 0.5]})
    with pytest.raises(ImpossibleEventError):
        model.marginals(do={"X": "0"}, given={"X": "1"})
    with pytest.raises(UnknownVariableError):
        model.marginals(do={"Q": "0"})
    with pytest.raises(WidthError):
        model.marginals(limit=1)


@settings(max_examples=60, deadline=None)
@given(model=models(), data=st.data(), seed=st.integers(0, 10**6))
def test_a_batch_answers_as_each_of_its_models(model: SCM, data: st.DataObject, seed: int) -> None:
    query = data.draw(queries(model))
    rng = np.random.default_rng(seed)
    changed = data.draw(st.lists(st.sampled_from(model.nodes), unique=True, min_size=1))
    tables = {v: rng.dirichlet(np.ones(len(model.states[v])), (3, *model.cpt(v).shape[:-1]))
              for v in changed}  # fmt: skip
    parents = {v: model.mechanisms[v].parents for v in model.nodes}
    each = [
        SCM.from_tables(
            states=model.states,
            parents=parents,
            tables={v: tables[v][i] if v in tables else model.cpt(v) for v in model.nodes},
        )
        for i in range(3)
    ]
    try:
        wanted = [one.p(query) for one in each]
    except ImpossibleEventError:
        with pytest.raises(ImpossibleEventError):
            batch_probability(model, query, tables)
        return
    assert batch_probability(model, query, tables) == pytest.approx(wanted, abs=1e-12)


def test_thousands_of_parameters_are_answered_in_parts() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("XMY", TWO),
        parents={"M": ("X",), "Y": ("M", "X")},
        tables={"X": [0.5, 0.5], "M": [[0.5, 0.5]] * 2, "Y": [[[0.5, 0.5]] * 2] * 2},
    )
    n = 300_000
    rows = np.random.default_rng(0).dirichlet([1, 1], (n, 2))
    found = batch_probability(model, "M=1 | do(X=1)", {"M": rows})
    assert np.abs(found - rows[:, 1, 1]).max() < 1e-12


@pytest.mark.parametrize(
    ("query", "tables", "error"),
    [
        ("Y", {"X": [[0.5, 0.5]]}, QueryError),
        ("Y[X=0]=1", {"X": [[0.5, 0.5]]}, QueryError),
        ("Y=7", {"X": [[0.5, 0.5]]}, UnknownStateError),
        ("Y=1 | do(Q=1)", {"X": [[0.5, 0.5]]}, UnknownVariableError),
        ("Y=1", {"Q": [[0.5, 0.5]]}, UnknownVariableError),
        ("Y=1", {"X": [0.5, 0.5]}, TableError),
        ("Y=1", {"X": [[0.5, 0.6]]}, TableError),
        ("Y=1", {"X": [[0.5, 0.5]], "Y": [[[0.5, 0.5]] * 2] * 2}, TableError),
        ("Y=1", {}, TableError),
    ],
)
def test_malformed_batches_are_refused(
    query: str, tables: dict[str, object], error: type[Exception]
) -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("XY", TWO),
        parents={"Y": ("X",)},
        tables={"X": [0.5, 0.5], "Y": [[0.5, 0.5]] * 2},
    )
    with pytest.raises(error):
        batch_probability(model, query, tables)


def test_outcomes_that_contradict_each_other_never_happen_in_a_batch() -> None:
    model = SCM.from_tables(states={"X": TWO}, tables={"X": [0.5, 0.5]})
    assert batch_probability(model, "X=0, X=1", {"X": [[0.5, 0.5]]}).tolist() == [0.0]


@pytest.mark.parametrize("question", ["X=1 | do(X=0), X=1", "Y=1 | X=1"])
def test_a_condition_that_never_holds_in_some_set_is_impossible(question: str) -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("XY", TWO),
        parents={"Y": ("X",)},
        tables={"X": [0.5, 0.5], "Y": [[0.5, 0.5]] * 2},
    )
    with pytest.raises(ImpossibleEventError):
        batch_probability(model, question, {"X": [[0.5, 0.5], [1.0, 0.0]]})
