"""Causal effects: published numbers by name, and brute force over random models."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.effects import ate, cde, ett, nde, nie, pn, pns, ps
from causal_interface_gym.causal.mechanism import Coupling, Deterministic, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import (
    ImpossibleEventError,
    QueryError,
    UndeclaredCouplingError,
    UnknownStateError,
    UnknownVariableError,
)
from tests.strategies.noise import brute_force, models, units

BINARY = ("0", "1")
WRONG: Any = 5
WRONG_LEVEL: Any = {"treated": "1"}


def mediation(coupling: Coupling | None = None) -> SCM:
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


def test_mediation_splits_as_published() -> None:
    model = mediation()
    assert ate(model, "X", "Y=1") == pytest.approx(0.46, abs=1e-12)
    assert nde(model, "X", "Y=1", mediators=["M"]) == pytest.approx(0.32, abs=1e-12)
    assert nie(model, "X", "Y=1", mediators=["M"]) == pytest.approx(0.035, abs=1e-12)
    assert cde(model, "X", "Y=1", mediators={"M": "0"}) == pytest.approx(0.2, abs=1e-12)
    assert cde(model, "X", "Y=1", mediators={"M": "1"}) == pytest.approx(0.5, abs=1e-12)


def test_the_total_effect_is_direct_less_indirect_of_the_way_back() -> None:
    # Pearl 2001: TE = NDE(0 -> 1) - NIE(1 -> 0).
    back = nie(mediation(), "X", "Y=1", mediators=["M"], control="1", active="0")
    total = nde(mediation(), "X", "Y=1", mediators=["M"]) - back
    assert total == pytest.approx(ate(mediation(), "X", "Y=1"), abs=1e-12)


def drug() -> SCM:
    """Give response types that meet the trial and the survey of Tian and Pearl 2000, table 2.

    Trial: P(y | do(x)) = 0.016, P(y | do(x')) = 0.014. Survey: half choose the drug, 2 in 1000 of
    them die and 28 in 1000 of the others.
    """
    # Each type: does it choose the drug, does it die without, does it die with the drug.
    types = {(1, 0, 1): 0.001, (1, 0, 0): 0.499, (0, 1, 1): 0.014, (0, 0, 1): 0.001}
    types[0, 0, 0] = 1 - sum(types.values())
    table = np.array(list(types.values()))
    deaths = np.array([[without, with_] for _, without, with_ in types])
    return SCM(
        {"U": tuple(map(str, range(5))), "X": BINARY, "Y": BINARY},
        {
            "U": Table((), table),
            "X": Deterministic(("U",), np.array([x for x, _, _ in types]), 2),
            "Y": Deterministic(("U", "X"), deaths, 2),
        },
        latent={"U"},
    )


def test_the_drug_was_the_death_of_those_who_took_it_and_died() -> None:
    model = drug()
    assert model.p("Y=1 | X=1") == pytest.approx(0.002, abs=1e-12)
    assert model.p("Y=1 | X=0") == pytest.approx(0.028, abs=1e-12)
    assert model.p("Y=1 | do(X=1)") == pytest.approx(0.016, abs=1e-12)
    assert model.p("Y=1 | do(X=0)") == pytest.approx(0.014, abs=1e-12)
    assert pn(model, "X", "Y=1") == pytest.approx(1.0, abs=1e-12)  # published: exactly 1
    assert 0.002 <= ps(model, "X", "Y=1") <= 0.031  # published bounds
    assert 0.002 - 1e-12 <= pns(model, "X", "Y=1") <= 0.016  # published bounds
    assert pns(model, "X", "Y=1") == pytest.approx(0.002, abs=1e-12)


def test_probabilities_of_causation_meet_their_sum_rule() -> None:
    # Tian and Pearl 2000, lemma 1: PNS = P(x, y) PN + P(x', y') PS.
    model = drug()
    weighted = model.p("X=1, Y=1") * pn(model, "X", "Y=1")
    weighted += model.p("X=0, Y=0") * ps(model, "X", "Y=1")
    assert pns(model, "X", "Y=1") == pytest.approx(weighted, abs=1e-12)


@given(models(), st.data())
def test_effects_equal_the_sum_over_the_noise(model: SCM, data: st.DataObject) -> None:
    x, y, m = (data.draw(st.permutations(model.nodes)) * 2)[:3]
    label = data.draw(st.sampled_from(model.states[y]))
    a, b = (data.draw(st.sampled_from(model.states[x])) for _ in range(2))
    levels: Any = {"control": a, "active": b}
    event = f"{y}={label}"

    def truth(term: str, given_: str = "") -> float | None:
        return brute_force(model, f"{y}[{term}]={label}" + (f" | {given_}" if given_ else ""))

    base, total = truth(f"{x}={a}"), truth(f"{x}={b}")
    assert base is not None
    assert total is not None
    assert ate(model, x, event, **levels) == pytest.approx(total - base, abs=1e-9)
    treated = truth(f"{x}={b}", f"{x}={b}"), truth(f"{x}={a}", f"{x}={b}")
    if treated[0] is not None and treated[1] is not None:
        assert ett(model, x, event, **levels) == pytest.approx(treated[0] - treated[1], abs=1e-9)
    if m not in (x, y):
        direct = truth(f"{x}={b}, {m}[{x}={a}]")
        indirect = truth(f"{x}={a}, {m}[{x}={b}]")
        assert direct is not None
        assert indirect is not None
        found = nde(model, x, event, mediators=[m], **levels)
        assert found == pytest.approx(direct - base, abs=1e-9)
        found = nie(model, x, event, mediators=[m], **levels)
        assert found == pytest.approx(indirect - base, abs=1e-9)


@given(models(), st.data())
def test_probabilities_of_causation_equal_the_count_of_units(
    model: SCM, data: st.DataObject
) -> None:
    x, y = data.draw(st.permutations(model.nodes))[:2]
    label = data.draw(st.sampled_from(model.states[y]))
    a, b = (data.draw(st.sampled_from(model.states[x])) for _ in range(2))
    levels: Any = {"control": a, "active": b}
    if a == b:
        return
    event = f"{y}={label}"
    chances = {"pns": 0.0, "n": 0.0, "pn": 0.0, "s": 0.0, "ps": 0.0}
    for unit in units(model):
        one = SCM(model.states, {
            v: Deterministic(mechanism.parents, np.array(unit.responses[v]).reshape(
                mechanism.cpt.shape[:-1]), mechanism.cpt.shape[-1])
            for v, mechanism in model.mechanisms.items()
        })  # fmt: skip
        with_, without = (one.p(f"{event} | do({x}={level})") > 0.5 for level in (b, a))
        took, left = one.p(f"{x}={b}") > 0.5, one.p(f"{x}={a}") > 0.5
        chances["pns"] += unit.chance * (with_ and not without)
        chances["n"] += unit.chance * (took and with_)
        chances["pn"] += unit.chance * (took and with_ and not without)
        chances["s"] += unit.chance * (left and not without)
        chances["ps"] += unit.chance * (left and not without and with_)
    assert pns(model, x, event, **levels) == pytest.approx(chances["pns"], abs=1e-9)
    for effect, share, among in ((pn, "pn", "n"), (ps, "ps", "s")):
        if chances[among] > 0:
            found = effect(model, x, event, **levels)
            assert found == pytest.approx(chances[share] / chances[among], abs=1e-9)
        else:
            with pytest.raises(ImpossibleEventError):
                effect(model, x, event, **levels)


def test_one_level_of_a_binary_treatment_implies_the_other() -> None:
    model = mediation()
    assert ate(model, "X", "Y=1", active="1") == ate(model, "X", "Y=1")
    assert ate(model, "X", "Y=1", control="0") == ate(model, "X", "Y=1")
    assert ate(model, "X", "Y=1", control="1") == -ate(model, "X", "Y=1")
    assert ate(model, "X", "Y=1", active="0") == -ate(model, "X", "Y=1")


def test_a_treatment_of_three_states_needs_both_levels() -> None:
    model = SCM({"X": ("a", "b", "c")}, {"X": Table((), np.array([0.2, 0.3, 0.5]))})
    assert ate(model, "X", "X=b", control="a", active="b") == 1.0
    with pytest.raises(QueryError, match="give control= and active="):
        ate(model, "X", "X=b", control="a")


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda m: ate(m, "X", "Y"), QueryError, "one event such as 'Y=1'"),
        (lambda m: ate(m, "X", "Y=1, M=1"), QueryError, "one event such as 'Y=1'"),
        (lambda m: ate(m, "X", "Y=1 | M=1"), QueryError, "one event such as 'Y=1'"),
        (lambda m: ate(m, "X", WRONG), QueryError, "a query is text"),
        (lambda m: ate(m, "X", "Y=2"), UnknownStateError, "unknown state of 'Y': '2'"),
        (lambda m: ate(m, "x", "Y=1"), UnknownVariableError, "did you mean 'X'"),
        (lambda m: ate(m, "X", "Y=1", control="9"), UnknownStateError, "known: 0, 1"),
        (lambda m: ate(m, "X", "Y=1", control="9", active="1"), UnknownStateError, "known: 0, 1"),
        (lambda m: ate(m, "X", "Y=1", **WRONG_LEVEL), QueryError, r"got \['treated'\]"),
        (lambda m: nde(m, "X", "Y=1", mediators="M"), QueryError, "mediators is a list"),
        (lambda m: nie(m, "X", "Y=1", mediators=["N"]), UnknownVariableError, "'N'"),
        (lambda m: cde(m, "X", "Y=1", mediators=WRONG), QueryError, "map names to labels"),
        (lambda m: cde(m, "X", "Y=1", mediators={"M": "9"}), UnknownStateError, "of 'M': '9'"),
        (lambda m: pns(m, "X", "Y=1"), UndeclaredCouplingError, "ask for bounds"),
    ],
)
def test_what_is_no_effect_is_refused(
    call: Callable[[SCM], float], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call(mediation())


def test_effects_among_nobody_are_refused() -> None:
    nobody = mediation("independent").change({"X": Table((), np.array([1.0, 0.0]))})
    for effect in (pn, ett):
        with pytest.raises(ImpossibleEventError, match="X=1"):
            effect(nobody, "X", "Y=1")
    always = nobody.change({"Y": Deterministic((), np.array(1), 2)})
    with pytest.raises(ImpossibleEventError, match="X=0, not Y=1"):
        ps(always, "X", "Y=1")
