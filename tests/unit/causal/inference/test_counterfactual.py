"""Imagining: published examples by name, the axioms, and brute force over random models."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.mechanism import Coupling, Deterministic, Mechanism, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import ImpossibleEventError, UndeclaredCouplingError, WidthError
from tests.strategies.noise import brute_force, models, queries, settings_of

BINARY = ("0", "1")


def function(parents: str, *values: int) -> Deterministic:
    """Give a binary function of binary parents, its values in the order of the table."""
    shape = (2,) * len(parents)
    return Deterministic(tuple(parents), np.array(values).reshape(shape), 2)


def firing_squad(p_order: float, p_nervous: float) -> SCM:
    """Give the two-man firing squad of Pearl 2009, section 7.1.2."""
    return SCM(
        dict.fromkeys("UWCABD", BINARY),
        {
            "U": Table((), np.array([1 - p_order, p_order])),
            "W": Table((), np.array([1 - p_nervous, p_nervous])),
            "C": function("U", 0, 1),
            "A": function("CW", 0, 1, 1, 1),
            "B": function("C", 0, 1),
            "D": function("AB", 0, 1, 1, 1),
        },
    )


@pytest.mark.parametrize(("p", "q"), [(0.6, 0.3), (0.5, 0.5), (0.01, 0.99)])
def test_the_firing_squad_spares_the_prisoner_as_published(p: float, q: float) -> None:
    published = (1 - p) * q / (1 - (1 - p) * (1 - q))
    assert firing_squad(p, q).p("D[A=0]=0 | D=1") == pytest.approx(published, abs=1e-12)


def test_the_firing_squad_answers_its_certain_sentences() -> None:
    squad = firing_squad(0.6, 0.0)
    assert squad.p("D=0 | A=0") == 1.0  # S1, prediction
    assert squad.p("C=1 | D=1") == 1.0  # S2, abduction
    assert squad.p("B=1 | A=1") == 1.0  # S3, transduction
    assert squad.p("D=1 | do(A=1)") == 1.0  # S4, action
    assert squad.p("B=0, D=1 | do(A=1), C=0") == 1.0  # S4: B stays out of it
    assert squad.p("D[A=0]=1 | D=1") == 1.0  # S5, counterfactual


def test_noises_that_evidence_ties_together_stay_tied() -> None:
    # C = A xor B and D = W and (A or B): knowing C, at least one of A and B is on.
    model = SCM(
        dict.fromkeys("ABCWD", BINARY),
        {
            **{v: Table((), np.array([0.5, 0.5])) for v in "ABW"},
            "C": function("AB", 0, 1, 1, 0),
            "D": function("WAB", 0, 0, 0, 0, 0, 1, 1, 1),
        },
    )
    assert model.p("D[W=1]=1 | C=1, W=0") == 1.0


def mediation(coupling: Coupling | None = "independent") -> SCM:
    """Give the treatment, mediator and outcome of Pearl 2014, table 1."""
    return SCM.from_tables(
        states=dict.fromkeys("XMY", BINARY),
        parents={"M": ("X",), "Y": ("X", "M")},
        tables={
            "X": [0.5, 0.5],
            "M": [[0.6, 0.4], [0.25, 0.75]],
            "Y": [[[0.8, 0.2], [0.7, 0.3]], [[0.6, 0.4], [0.2, 0.8]]],
        },
        coupling=coupling,
    )


def test_a_nested_world_lends_its_mediator() -> None:
    # E[Y(1, M(0))] = 0.4 * 0.6 + 0.8 * 0.4
    assert mediation().p("Y[X=1, M[X=0]]=1") == pytest.approx(0.56, abs=1e-12)
    assert mediation(None).p("Y[X=1, M[X=0]]=1") == pytest.approx(0.56, abs=1e-12)


def test_a_counterfactual_without_a_declared_coupling_is_refused_and_bounds_are_named() -> None:
    with pytest.raises(UndeclaredCouplingError, match="ask for bounds") as caught:
        mediation(None).p("Y[X=0]=1 | X=1, Y=1")
    assert caught.value.variable in "MY"
    # One world at a time needs no coupling, even with evidence of another one on the treatment.
    assert mediation(None).p("Y[X=0]=1 | X=1") == pytest.approx(0.24, abs=1e-12)


def ordered(labels: tuple[str, ...], coupling: Coupling) -> SCM:
    """Give a treatment that moves three states, listed in the order of the labels."""
    chances = [{"a": 0.5, "b": 0.3, "c": 0.2}, {"a": 0.2, "b": 0.3, "c": 0.5}]
    return SCM.from_tables(
        states={"X": BINARY, "Y": labels},
        parents={"Y": ("X",)},
        tables={"X": [0.5, 0.5], "Y": [[row[label] for label in labels] for row in chances]},
        coupling=coupling,
    )


def test_listing_the_states_otherwise_changes_comonotone_and_not_independent_answers() -> None:
    query = "Y[X=1]=a | X=0, Y=a"
    assert ordered(("a", "b", "c"), "comonotone").p(query) == pytest.approx(0.4, abs=1e-12)
    assert ordered(("b", "a", "c"), "comonotone").p(query) == pytest.approx(0.4, abs=1e-12)
    query = "Y[X=1]=c | X=0, Y=a"
    assert ordered(("a", "b", "c"), "comonotone").p(query) == pytest.approx(0.0, abs=1e-12)
    assert ordered(("b", "a", "c"), "comonotone").p(query) == pytest.approx(0.6, abs=1e-12)
    for labels in (("a", "b", "c"), ("b", "a", "c"), ("c", "b", "a")):
        assert ordered(labels, "independent").p(query) == pytest.approx(0.5, abs=1e-12)


def test_three_worlds_of_one_variable_share_one_draw() -> None:
    model = SCM.from_tables(
        states={"X": ("0", "1", "2"), "Y": BINARY},
        parents={"Y": ("X",)},
        tables={"X": [0.2, 0.3, 0.5], "Y": [[0.5, 0.5], [0.2, 0.8], [0.7, 0.3]]},
        coupling="comonotone",
    )
    assert model.p("Y[X=0]=1, Y[X=1]=1, Y[X=2]=0") == pytest.approx(0.2, abs=1e-12)
    assert model.p("Y[X=0]=0, Y[X=1]=1, Y[X=2]=1") == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("depth", [1, 2, 3])
@given(st.data())
def test_worlds_equal_the_sum_over_the_noise(depth: int, data: st.DataObject) -> None:
    model = data.draw(models())
    query = data.draw(queries(model, depth=depth))
    truth = brute_force(model, query)
    if truth is None:
        with pytest.raises(ImpossibleEventError):
            model.p(query)
    else:
        assert model.p(query) == pytest.approx(truth, abs=1e-9)


@given(st.data())
def test_three_worlds_or_more_equal_the_sum_over_the_noise(data: st.DataObject) -> None:
    model = data.draw(models(n_nodes=3))
    parts = [data.draw(queries(model, depth=2, act=False)) for _ in range(2)]
    query = Query(parts[0].outcome + parts[1].outcome, parts[0].given)
    truth = brute_force(model, query)
    if truth is not None:
        assert model.p(query) == pytest.approx(truth, abs=1e-9)


def coupled(model: SCM, coupling: Coupling | None) -> SCM:
    """Declare one coupling for every table."""
    mechanisms: dict[str, Mechanism] = {
        v: Table(m.parents, m.cpt, coupling) if isinstance(m, Table) else m
        for v, m in model.mechanisms.items()
    }
    return SCM(model.states, mechanisms)


@given(st.data())
def test_the_coupling_does_not_matter_within_one_world(data: st.DataObject) -> None:
    model = data.draw(models())
    query = data.draw(queries(model))
    terms = [replace(t, do=query.do) for t in query.outcome]
    given_terms = tuple(replace(t, do=query.do) for t in query.given)
    world = Query(tuple(terms), given_terms)
    if brute_force(model, query) is not None:
        expected = model.p(query)
        for coupling in ("comonotone", "independent", None):
            assert coupled(model, coupling).p(world) == pytest.approx(expected, abs=1e-9)


@given(st.data())
def test_consistency_the_world_of_what_happened_is_the_factual_one(data: st.DataObject) -> None:
    model = data.draw(models())
    (x, y), (a, b) = _two(model, data)
    happened = model.p(Query((Term(y, b), Term(x, a))))
    assert model.p(Query((Term(y, b, ((x, a),)), Term(x, a)))) == pytest.approx(happened, abs=1e-12)


@given(st.data())
def test_effectiveness_what_is_set_has_its_value(data: st.DataObject) -> None:
    model = data.draw(models())
    do = data.draw(settings_of(model, depth=1))
    for name, value in do:
        if isinstance(value, str):
            assert model.p(Query((Term(name, value, do),))) == pytest.approx(1.0, abs=1e-12)


@given(st.data())
def test_composition_setting_what_would_be_so_anyway_changes_nothing(data: st.DataObject) -> None:
    model = data.draw(models())
    (x, y), (a, b) = _two(model, data)
    w = data.draw(st.sampled_from([v for v in model.nodes if v != x]))
    c = data.draw(st.sampled_from(model.states[w]))
    anyway = Term(w, c, ((x, a),))
    both = Term(y, b, tuple(sorted({x: a, w: c}.items())))
    left = model.p(Query((both, anyway)))
    assert left == pytest.approx(model.p(Query((Term(y, b, ((x, a),)), anyway))), abs=1e-12)


def _two(model: SCM, data: st.DataObject) -> tuple[list[str], list[str]]:
    names = data.draw(st.permutations(model.nodes))[:2]
    return list(names), [data.draw(st.sampled_from(model.states[v])) for v in names]


def test_draws_of_the_query_are_shared_and_draws_of_a_world_are_its_own() -> None:
    model = SCM({"X": BINARY}, {"X": Table((), np.array([0.5, 0.5]))})
    assert model.p("X=1, X[X=1]=1 | do(X ~ {0: 0.25, 1: 0.75})") == pytest.approx(0.75)
    one = "X[X ~ {0: 0.25, 1: 0.75}]=1"
    other = "X[X ~ {0: 0.75, 1: 0.25}]=1"
    assert model.p(f"{one}, {other}") == pytest.approx(0.75 * 0.25)
    assert model.p(f"{one}, {one}") == pytest.approx(0.75)


def test_what_contradicts_an_action_is_impossible() -> None:
    with pytest.raises(ImpossibleEventError, match=r"X\[X=0\]=1"):
        mediation().p("Y=1 | X[X=0]=1")
    with pytest.raises(ImpossibleEventError, match=r"Y\[X=1\]=0, Y\[X=1\]=1"):
        mediation().p("M=1 | Y[X=1]=0, Y[X=1]=1")


def test_rare_evidence_is_abducted_with_all_its_digits() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("UE", BINARY),
        parents={"E": ("U",)},
        tables={"U": [0.5, 0.5], "E": [[1.0, 1e-200], [1.0, 2e-200]]},
        coupling="comonotone",
    )
    assert model.p("E[U=1]=1 | E=1") == pytest.approx(1.0, abs=1e-9)
    assert model.p("E[U=0]=1 | E=1, U=1") == pytest.approx(0.5, abs=1e-9)
    assert model.p("U[E=0]=1 | E=1") == pytest.approx(2 / 3, abs=1e-9)


def test_too_many_worlds_are_refused_before_their_table_exists() -> None:
    names = [f"Z{i}" for i in range(30)]
    model = SCM.from_tables(
        states=dict.fromkeys([*names, "Y"], BINARY),
        parents={"Y": ("Z0",), "Z0": ()},
        tables={**{v: [0.5, 0.5] for v in names}, "Y": [[0.5, 0.5], [0.4, 0.6]]},
        coupling="independent",
    )
    assert model.p("Y[Z0=0]=1, Y[Z0=1]=1 | Y=1") == pytest.approx(0.545454545454, abs=1e-9)
    with pytest.raises(WidthError):
        model.p("Y[Z0=0]=1, Y[Z0=1]=1 | Y=1", limit=4)


def test_a_plan_that_is_kept_serves_every_value() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("XMY", BINARY),
        parents={"M": ("X",), "Y": ("M", "X")},
        tables={
            "X": [0.4, 0.6],
            "M": [[0.7, 0.3], [0.2, 0.8]],
            "Y": [[[0.9, 0.1], [0.6, 0.4]], [[0.5, 0.5], [0.1, 0.9]]],
        },
        coupling="independent",
    )
    asked = [
        f"Y[X={a}]={b} | X={c}, Y={d}"
        for a in BINARY
        for b in BINARY
        for c in BINARY
        for d in BINARY
    ]
    for question in asked + asked[::-1]:
        assert model.p(question) == pytest.approx(brute_force(model, question), abs=1e-12)
    assert 0 < len(model.plans) <= 3
