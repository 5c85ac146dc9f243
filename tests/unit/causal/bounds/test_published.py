"""Worked examples of the literature, and its closed forms over random numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.bounds import Knowledge, bounds

Floats = NDArray[np.float64]
TWO = ("0", "1")
BOW = ADMG([("X", "Y")], [("X", "Y")])
INSTRUMENT = ADMG([("Z", "X"), ("X", "Y")], [("X", "Y")])
CLOSE = 1e-9


def trial(placebo: object, drug: object) -> Knowledge:
    """P(x, y | z) with half of the units in each arm."""
    joint = np.array([placebo, drug]) / 2
    return Knowledge.from_tables(INSTRUMENT, dict.fromkeys("ZXY", TWO), observational=joint)


def drug_study(**known: object) -> Knowledge:
    """Deaths of 1000 treated and 1000 untreated, by choice and by lot [tian2000, section 4.1]."""
    seen = [[0.486, 0.014], [0.499, 0.001]]
    acted = {"X": [[0.986, 0.014], [0.984, 0.016]]}
    tables = {"observational": seen, "experimental": acted} | known
    return Knowledge.from_tables(BOW, dict.fromkeys("XY", TWO), **tables)  # type: ignore[arg-type]  # as named


def ends(known: Knowledge | SCM, question: str) -> tuple[float, float]:
    found = bounds(known, question)
    assert found.is_sharp, found
    return found.lower, found.upper


def test_cholestyramine_has_the_bounds_of_balke_and_pearl() -> None:
    known = trial([[0.919, 0.081], [0, 0]], [[0.315, 0.073], [0.139, 0.473]])
    assert ends(known, "ATE(X, Y=1)") == pytest.approx((0.392, 0.780), abs=CLOSE)


def test_vitamin_a_has_the_bounds_of_balke_and_pearl() -> None:
    known = trial([[0.0064, 0.9936], [0, 0]], [[0.0028, 0.1972], [0.0010, 0.7990]])
    assert ends(known, "ATE(X, Y=1)") == pytest.approx((-0.1946, 0.0054), abs=CLOSE)


def test_the_drug_of_tian_and_pearl_was_necessary_and_hardly_sufficient() -> None:
    known = drug_study()
    assert ends(known, "PN(X, Y=1)") == pytest.approx((1, 1), abs=1e-8)
    assert ends(known, "PS(X, Y=1)") == pytest.approx((0.001 / 0.486, 0.015 / 0.486), abs=1e-8)
    assert ends(known, "PNS(X, Y=1)") == pytest.approx((0.002, 0.016), abs=CLOSE)


def test_one_source_alone_leaves_the_drug_in_doubt() -> None:
    seen_only = drug_study(experimental={})
    acted_only = drug_study(observational=None)
    assert ends(seen_only, "PN(X, Y=1)") == pytest.approx((0, 1), abs=CLOSE)
    assert ends(acted_only, "PN(X, Y=1)") == pytest.approx((0, 1), abs=CLOSE)
    assert ends(acted_only, "PNS(X, Y=1)") == pytest.approx((0.002, 0.016), abs=CLOSE)


def test_sentencing_in_utah_has_the_worst_case_bounds_of_manski_and_nagin() -> None:
    # 11 % in residential treatment, of whom 77 % offend again; 59 % of the others do.
    joint = [[0.89 * 0.41, 0.89 * 0.59], [0.11 * 0.23, 0.11 * 0.77]]
    known = Knowledge.from_tables(BOW, dict.fromkeys("XY", TWO), observational=joint)
    assert ends(known, "P(Y=1 | do(X=0))") == pytest.approx((0.53, 0.64), abs=0.005)
    assert ends(known, "P(Y=1 | do(X=1))") == pytest.approx((0.08, 0.97), abs=0.005)
    low, high = ends(known, "ATE(X, Y=1)")
    assert high - low == pytest.approx(1, abs=CLOSE)


def test_independent_noises_make_the_bound_narrower_than_one_programme() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("XMY", TWO),
        parents={"M": ("X",), "Y": ("M",)},
        tables={"X": [0.5, 0.5], "M": [[0.7, 0.3], [0.2, 0.8]], "Y": [[0.8, 0.2], [0.3, 0.7]]},
    )
    for known in (model, Knowledge.from_model(model)):
        assert ends(known, "PNS(X, Y=1)")[1] == pytest.approx(0.53, abs=CLOSE)


def distributions(n: int) -> st.SearchStrategy[Floats]:
    weights = st.lists(st.integers(0, 9), min_size=n, max_size=n).filter(any)
    return weights.map(lambda w: np.array(w) / sum(w))


@settings(max_examples=15, deadline=None)
@given(joint=distributions(4))
def test_an_effect_under_confounding_has_the_interval_of_manski(joint: Floats) -> None:
    table = joint.reshape(2, 2)
    known = Knowledge.from_tables(BOW, dict.fromkeys("XY", TWO), observational=table)
    low = float(table[1, 1])
    assert ends(known, "P(Y=1 | do(X=1))") == pytest.approx((low, low + table[0].sum()), abs=CLOSE)


@settings(max_examples=15, deadline=None)
@given(strata=distributions(8))
def test_an_instrument_has_the_closed_form_of_balke_and_pearl(strata: Floats) -> None:
    # Any joint of compliance and response types makes compatible data.
    rng = np.random.default_rng(int(strata[0] * 1e6))
    types = rng.dirichlet(strata.repeat(2) + 0.05)
    joint = np.zeros((2, 2, 2))
    for number, chance in enumerate(types):
        take, respond = divmod(number, 4)
        for z in (0, 1):
            x = take >> z & 1
            joint[z, x, respond >> x & 1] += chance / 2
    known = trial(joint[0] * 2, joint[1] * 2)
    p = {(y, x, z): 2 * joint[z, x, y] for y in (0, 1) for x in (0, 1) for z in (0, 1)}
    lower = max(
        p[1, 1, 1] + p[0, 0, 0] - 1,
        p[1, 1, 0] + p[0, 0, 1] - 1,
        p[1, 1, 0] - p[1, 1, 1] - p[1, 0, 1] - p[0, 1, 0] - p[1, 0, 0],
        p[1, 1, 1] - p[1, 1, 0] - p[1, 0, 0] - p[0, 1, 1] - p[1, 0, 1],
        -p[0, 1, 1] - p[1, 0, 1],
        -p[0, 1, 0] - p[1, 0, 0],
        p[0, 0, 1] - p[0, 1, 1] - p[1, 0, 1] - p[0, 1, 0] - p[0, 0, 0],
        p[0, 0, 0] - p[0, 1, 0] - p[1, 0, 0] - p[0, 1, 1] - p[0, 0, 1],
    )
    assert ends(known, "ATE(X, Y=1)")[0] == pytest.approx(lower, abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(types=distributions(8))
def test_necessity_and_sufficiency_have_the_closed_forms_of_tian_and_pearl(types: Floats) -> None:
    joint = np.zeros((2, 2))
    acted = np.zeros((2, 2))
    for number, chance in enumerate(types):
        x, respond = divmod(number, 4)
        joint[x, respond >> x & 1] += chance
        for do in (0, 1):
            acted[do, respond >> do & 1] += chance
    known = Knowledge.from_tables(
        BOW, dict.fromkeys("XY", TWO), observational=joint, experimental={"X": acted}
    )
    y, y_do, y_not = float(joint[:, 1].sum()), float(acted[1, 1]), float(acted[0, 1])
    lower = max(0, y_do - y_not, y - y_not, y_do - y)
    upper = min(
        y_do,
        1 - y_not,
        joint[1, 1] + joint[0, 0],
        y_do - y_not + joint[1, 0] + joint[0, 1],
    )
    assert ends(known, "PNS(X, Y=1)") == pytest.approx((lower, upper), abs=1e-8)
    if joint[1, 1] > 0:
        least = max(0, (y - y_not) / joint[1, 1])
        most = min(1, (1 - y_not - joint[0, 0]) / joint[1, 1])
        assert ends(known, "PN(X, Y=1)") == pytest.approx((least, most), abs=1e-7)
    if joint[0, 0] > 0:
        least = max(0, (y_do - y) / joint[0, 0])
        most = min(1, (y_do - joint[1, 1]) / joint[0, 0])
        assert ends(known, "PS(X, Y=1)") == pytest.approx((least, most), abs=1e-7)
