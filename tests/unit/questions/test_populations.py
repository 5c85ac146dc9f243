"""Instrument and transport: truths, references and lures on published and hand-made numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.claims import InPopulation
from causal_interface_gym.questions.doing.instrument import Instrument, wald_estimate
from causal_interface_gym.questions.doing.transport import (
    Transport,
    transported,
    transported_value,
)
from causal_interface_gym.questions.families import HEADLINE

TWO = ("0", "1")
TRIAL = Transport("X", "Y=1", TWO, population="P", source="0", target="1")


def two_populations(**changes: object) -> SCM:
    """Ages Z differ between two cities P; age and a hidden U act on treatment X and outcome Y."""
    tables: dict[str, object] = {
        "P": [0.5, 0.5],
        "U": [0.5, 0.5],
        "Z": [[0.8, 0.2], [0.3, 0.7]],
        "X": [[[0.9, 0.1], [0.4, 0.6]], [[0.7, 0.3], [0.2, 0.8]]],
        "Y": [
            [[[0.8, 0.2], [0.6, 0.4]], [[0.7, 0.3], [0.3, 0.7]]],
            [[[0.5, 0.5], [0.4, 0.6]], [[0.2, 0.8], [0.1, 0.9]]],
        ],
    }
    return SCM.from_tables(
        states=dict.fromkeys("PUZXY", TWO),
        parents={"Z": ("P",), "X": ("Z", "U"), "Y": ("Z", "X", "U")},
        tables={**tables, **changes},
        latent=["U"],
    )


def test_both_enter_the_headline() -> None:
    assert {"instrument", "transport"} <= set(HEADLINE)


def test_the_effect_in_the_target_is_the_one_computed_by_hand() -> None:
    model = two_populations()
    off, on = TRIAL.items(model)
    # P(Y=1 | do(X=1), Z) is (0.3 + 0.7) / 2 and (0.8 + 0.9) / 2; of the target 70 % have Z=1.
    assert on.truth == pytest.approx(0.3 * 0.5 + 0.7 * 0.85, abs=1e-12)
    assert off.truth == pytest.approx(0.3 * 0.3 + 0.7 * 0.55, abs=1e-12)
    assert on.lure["source effect copied"] == pytest.approx(0.8 * 0.5 + 0.2 * 0.85, abs=1e-12)
    assert on.reference == on.lure["see for do"] == model.p("Y=1 | X=1, P=1")
    assert list(on.lure) == ["source effect copied", "see for do"]
    assert (
        on.name
        == str(on.asked)
        == ("P(Y=1 | do(X=1)) where P=1; experiments enrol only units with P=0")
    )


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_transport_formula_gives_the_truth_on_random_models(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = two_populations(
        Z=rng.dirichlet(np.ones(2), size=2),
        X=rng.dirichlet(np.ones(2), size=(2, 2)),
        Y=rng.dirichlet(np.ones(2), size=(2, 2, 2)),
    )
    for item in TRIAL.items(model):
        assert isinstance(item.asked, InPopulation)
        assert transported_value(model, item.asked) == pytest.approx(item.truth, abs=1e-12)


def test_what_does_not_follow_from_both_populations_is_no_question() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("PUXY", TWO),
        parents={"X": ("U",), "Y": ("X", "U", "P")},
        tables={
            "P": [0.5, 0.5],
            "U": [0.5, 0.5],
            "X": [[0.8, 0.2], [0.3, 0.7]],
            "Y": np.full((2, 2, 2, 2), 0.5),
        },
        latent=["U"],
    )
    with pytest.raises(QueryError, match="does not follow from what can be observed and tried"):
        TRIAL.items(model)
    asked = InPopulation(Query.parse("Y=1 | do(X=1)"), "P", "0", "1")
    with pytest.raises(QueryError, match="has no formula"):
        transported_value(model, asked)


def test_a_population_that_something_acts_on_is_refused() -> None:
    model = two_populations()
    asked = InPopulation(Query.parse("Y=1 | do(P=1)"), "Z", "0", "1")
    with pytest.raises(QueryError, match="nothing may act on it"):
        transported(model.graph, asked)


def test_a_question_without_a_number_has_no_value() -> None:
    asked = InPopulation(Query.parse("Y | do(X=1)"), "P", "0", "1")
    with pytest.raises(QueryError, match="leaves a value open"):
        transported_value(two_populations(), asked)


def test_the_wald_estimate_is_the_effect_where_all_have_the_same() -> None:
    # Y = 0.1 + 0.3 X + 0.4 U: the effect of X is 0.3 for everyone.
    model = SCM.from_tables(
        states=dict.fromkeys("UZXY", TWO),
        parents={"X": ("Z", "U"), "Y": ("X", "U")},
        tables={
            "U": [0.4, 0.6],
            "Z": [0.3, 0.7],
            "X": [[[0.9, 0.1], [0.6, 0.4]], [[0.4, 0.6], [0.1, 0.9]]],
            "Y": [[[0.9, 0.1], [0.5, 0.5]], [[0.6, 0.4], [0.2, 0.8]]],
        },
        latent=["U"],
    )
    for level in TWO:
        found = wald_estimate(
            model, treatment=Term("X", level), outcome=Term("Y", "1"), instrument="Z"
        )
        assert found == pytest.approx(model.p(f"Y=1 | do(X={level})"), abs=1e-12)


def test_the_wald_estimate_of_the_cholestyramine_trial() -> None:
    model = scenarios.get("cholestyramine-v1").model
    both = [
        wald_estimate(
            model,
            treatment=Term("taken", x),
            outcome=Term("response", "yes"),
            instrument="assigned",
        )
        for x in ("no", "yes")
    ]
    # Published shares: response 0.546 under the drug and 0.081 under placebo, taken by 0.612.
    slope = (0.073 + 0.473 - 0.081) / (0.139 + 0.473)
    base = (0.081 + 0.546) / 2
    assert both == pytest.approx([base - slope * 0.306, min(1, base + slope * 0.694)], abs=1e-9)


def test_an_instrument_that_moves_nothing_has_no_wald_estimate() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("UZXY", TWO),
        parents={"X": ("Z", "U"), "Y": ("X", "U")},
        tables={
            "U": [0.4, 0.6],
            "Z": [0.3, 0.7],
            "X": [[[0.9, 0.1], [0.6, 0.4]]] * 2,
            "Y": [[[0.9, 0.1], [0.5, 0.5]], [[0.6, 0.4], [0.2, 0.8]]],
        },
        latent=["U"],
    )
    items = Instrument("X", "Y=1", TWO, "Z").items(model)
    assert [list(item.lure) for item in items] == [["see for do"]] * 4
    assert [item.elicited.part for item in items] == [0, 1, 0, 1]  # type: ignore[union-attr]  # ends


def test_the_ends_of_an_instrument_hold_the_effect() -> None:
    model = scenarios.get("moving-vouchers-v1").model
    items = Instrument("moved", "calm=yes", ("no", "yes"), "voucher").items(model)
    for (low, high), level in zip((items[:2], items[2:]), ("no", "yes"), strict=True):
        assert low.truth < model.p(f"calm=yes | do(moved={level})") < high.truth
        assert low.reference == high.reference == model.p(f"calm=yes | moved={level}")
