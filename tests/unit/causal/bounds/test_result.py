"""What comes with an interval: whether it is sharp, why not, and the models at its ends."""

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.bounds import Extreme, Knowledge, Question, bounds
from causal_interface_gym.causal.bounds.result import outer_reason, require_fit
from causal_interface_gym.errors import (
    ImpossibleEventError,
    IncompatibleDataError,
    InferenceError,
    QueryError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)
from tests.oracle.intervals.checks import check_bounds, check_exact
from tests.oracle.models import random_model
from tests.oracle.tally import Tally

TWO = ("0", "1")
BOW = ADMG([("X", "Y")], [("X", "Y")])
SEEN = [[0.3, 0.1], [0.2, 0.4]]
KNOWN = Knowledge.from_tables(BOW, dict.fromkeys("XY", TWO), observational=SEEN)


def extremes(known: Knowledge | SCM, question: str) -> tuple[Extreme, Extreme]:
    found = bounds(known, question)
    assert found.lowest is not None
    assert found.highest is not None
    return found.lowest, found.highest


def test_the_models_at_the_ends_agree_with_the_data_and_differ_on_the_question() -> None:
    low, high = extremes(KNOWN, "P(Y=1 | do(X=1))")
    for extreme in (low, high):
        assert extreme.model.table(["X", "Y"]) == pytest.approx(np.array(SEEN), abs=1e-12)
        assert extreme.model.graph == BOW
        assert extreme.model.p("Y=1 | do(X=1)") == pytest.approx(extreme.value, abs=1e-12)
    assert (low.value, high.value) == pytest.approx((0.4, 0.8), abs=1e-12)


def test_extreme_models_answer_counterfactuals() -> None:
    low, high = extremes(KNOWN, "P(Y[X=0]=0 | X=1, Y=1)")
    assert low.model.p("Y[X=0]=0 | X=1, Y=1") == pytest.approx(0, abs=1e-12)
    assert high.model.p("Y[X=0]=0 | X=1, Y=1") == pytest.approx(1, abs=1e-12)


def test_what_the_graph_identifies_is_one_number() -> None:
    model = scenarios.get("smoking-tar-v1").model
    asked = "P(cancer=yes | do(smoking=yes))"
    found = bounds(Knowledge.from_model(model), asked)
    assert found.is_identified
    assert found.is_sharp
    assert found.method == "identified"
    assert found.lower == pytest.approx(model.p(asked), abs=1e-9)


def test_declared_couplings_leave_nothing_open() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("XY", TWO),
        parents={"Y": ("X",)},
        tables={"X": [0.5, 0.5], "Y": [[0.6, 0.4], [0.3, 0.7]]},
        coupling="comonotone",
    )
    found = bounds(model, "PNS(X, Y=1)")
    assert (found.lower, found.upper) == pytest.approx((0.3, 0.3), abs=1e-12)


def test_a_district_without_one_common_cause_gets_an_outer_interval() -> None:
    chain = ADMG([("X", "Y")], [("X", "Z"), ("Z", "Y")])
    rng = np.random.default_rng(3)
    u, v = rng.dirichlet([1, 1]), rng.dirichlet([1, 1])
    x, z, y = rng.dirichlet([1, 1], 2), rng.dirichlet([1, 1], (2, 2)), rng.dirichlet([1, 1], (2, 2))
    model = SCM.from_tables(
        states=dict.fromkeys("UVXZY", TWO),
        parents={"X": ("U",), "Z": ("U", "V"), "Y": ("X", "V")},
        tables={"U": u, "V": v, "X": x, "Z": z, "Y": y},
        latent={"U", "V"},
    )
    assert model.graph == chain
    found = bounds(Knowledge.from_model(model), "P(Y=1 | do(X=1))")
    assert not found.is_sharp
    assert found.reason == "not all of X, Z, Y share one hidden cause"
    assert found.lower <= model.p("Y=1 | do(X=1)") <= found.upper
    assert (found.lowest, found.highest) == (None, None)
    assert str(found).endswith("(outer: not all of X, Z, Y share one hidden cause)")


def test_experiments_narrow_the_interval() -> None:
    both = Knowledge.from_tables(
        BOW,
        dict.fromkeys("XY", TWO),
        observational=SEEN,
        experimental={"X": [[0.6, 0.4], [0.3, 0.7]]},
    )
    alone, together = (bounds(k, "PNS(X, Y=1)") for k in (KNOWN, both))
    assert alone.lower <= together.lower <= together.upper < alone.upper


def test_stochastic_and_nested_worlds_are_bounded_too() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("XMY", TWO),
        parents={"M": ("X",), "Y": ("X", "M")},
        tables={
            "X": [0.5, 0.5],
            "M": [[0.7, 0.3], [0.2, 0.8]],
            "Y": [[[0.9, 0.1], [0.6, 0.4]], [[0.5, 0.5], [0.2, 0.8]]],
        },
    )
    known = Knowledge.from_model(model)
    direct = bounds(known, "NDE(X, Y=1, M)")
    # Without a common cause of M and Y the natural direct effect is identified [pearl2001].
    assert direct.lower == pytest.approx(0.7 * 0.4 + 0.3 * 0.4, abs=1e-8)
    assert direct.is_identified
    drawn = bounds(KNOWN, "P(Y=1 | do(X ~ {0: 0.5, 1: 0.5}))")
    assert drawn.lower < drawn.upper


def test_data_that_no_model_gives_are_refused() -> None:
    refuted = Knowledge.from_tables(
        ADMG([("Z", "X"), ("X", "Y")], [("X", "Y")]),
        dict.fromkeys("ZXY", TWO),
        observational=np.array([[[1, 0], [0, 0]], [[0, 1], [0, 0]]]) / 2,
    )
    with pytest.raises(IncompatibleDataError, match="no response functions"):
        bounds(refuted, "P(Y=1 | do(X=1))")
    dependent = Knowledge.from_tables(
        ADMG(nodes=["X", "Y"]), dict.fromkeys("XY", TWO), observational=[[0.5, 0], [0, 0.5]]
    )
    with pytest.raises(IncompatibleDataError, match=r"\w depends on more than"):
        bounds(dependent, "P(Y=1 | X=1)")


def test_a_condition_that_never_holds_is_refused() -> None:
    never = Knowledge.from_tables(
        BOW, dict.fromkeys("XY", TWO), observational=[[0.5, 0.5], [0.0, 0.0]]
    )
    with pytest.raises(ImpossibleEventError, match="X=1, Y=1"):
        bounds(never, "PN(X, Y=1)")


def test_an_end_that_no_model_attains_is_called_an_outer_one() -> None:
    assert outer_reason([("X", "Y")], (), gap=0.0) == ""
    assert "independence" in outer_reason([("X", "Y")], (), gap=0.1)
    assert "share one" in outer_reason([("X", "Y")], (frozenset("XY"),), gap=0.0)


def test_too_many_response_functions_are_refused() -> None:
    with pytest.raises(WidthError):
        bounds(KNOWN, "P(Y=1 | do(X=1))", limit=4)


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("P(Q=1 | do(X=1))", UnknownVariableError),
        ("P(Y=7 | do(X=1))", UnknownStateError),
        ("P(Y | do(X=1))", QueryError),
    ],
)
def test_a_malformed_question_is_refused(question: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        bounds(KNOWN, question)


def test_an_extreme_model_that_fails_its_check_is_never_returned() -> None:
    require_fit(0.0)
    with pytest.raises(InferenceError, match=r"off by 0\.1"):
        require_fit(0.1)
    with pytest.raises(InferenceError):
        require_fit(float("nan"))


def test_a_question_can_be_built_once_and_asked_of_several() -> None:
    asked = Question.of("ATE(X, Y=1)", KNOWN.states)
    assert bounds(KNOWN, asked) == bounds(KNOWN, "ATE(X, Y=1)")
    assert bounds(KNOWN, asked).references == ("balke1997", "tian2000", "zhang2022")


@pytest.mark.parametrize("number", range(12))
def test_random_models_agree_with_programmes_written_out(number: int) -> None:
    rng = np.random.default_rng([8, number])
    tally = Tally()
    check_exact(rng, tally)
    check_bounds(rng, random_model(rng), tally)
    assert tally.failures == []
