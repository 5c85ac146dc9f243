"""Cases on which published programs were seen to be wrong, each with the number worked out by hand.

The engine and enumeration must both give it. Graph traps (napkin, bow, ...) stand with the tests
of identification and adjustment.
"""

import numpy as np
import pytest

from causal_interface_gym.causal import SCM, effects
from causal_interface_gym.causal.enumeration import enumerate_joint, enumerate_probability
from causal_interface_gym.causal.mechanism import Coupling, Deterministic, Table
from causal_interface_gym.errors import ImpossibleEventError, UndeclaredCouplingError

BITS = ("0", "1")


def assert_both(model: SCM, query: str, truth: float) -> None:
    """Compare engine and enumeration with a number."""
    assert model.p(query) == pytest.approx(truth, abs=1e-12)
    assert enumerate_probability(model, query) == pytest.approx(truth, abs=1e-12)


def chance(p: float) -> list[float]:
    """Give a row whose state 1 has probability p."""
    return [1 - p, p]


@pytest.fixture
def sprinkler() -> SCM:
    """Clouds C set off sprinkler S and rain R; both wet the grass W."""
    return SCM.from_tables(
        states=dict.fromkeys("CSRW", BITS),
        parents={"S": ["C"], "R": ["C"], "W": ["S", "R"]},
        tables={
            "C": chance(0.5),
            "S": [chance(0.5), chance(0.1)],
            "R": [chance(0.2), chance(0.8)],
            "W": [[chance(0.0), chance(0.9)], [chance(0.9), chance(0.99)]],
        },
    )


def test_evidence_after_an_action_is_used_and_is_not_from_before_it(sprinkler: SCM) -> None:
    assert_both(sprinkler, "W=1 | do(S=1), R=0", 0.9)
    assert_both(sprinkler, "R=1 | do(S=1)", 0.5)
    assert_both(sprinkler, "C=1 | do(S=1), R=0", 0.2)
    assert_both(sprinkler, "R=1 | S=1", (0.5 * 0.2 + 0.1 * 0.8) / 0.6)


def test_an_action_truncates_where_conditioning_has_an_empty_stratum() -> None:
    # X is never 1 where Z is 0, so P(X=1, Z=0) = 0; do(X=1) is defined all the same.
    model = SCM.from_tables(
        states=dict.fromkeys("ZXY", BITS),
        parents={"X": ["Z"], "Y": ["Z", "X"]},
        tables={
            "Z": chance(0.25),
            "X": [chance(0.0), chance(0.5)],
            "Y": [[chance(0.1), chance(0.3)], [chance(0.2), chance(0.7)]],
        },
    )
    assert_both(model, "Y=1 | do(X=1)", 0.75 * 0.3 + 0.25 * 0.7)
    assert_both(model, "Y=1 | do(X=1), Z=0", 0.3)
    assert_both(model, "Z=0 | do(X=1), Y=1", 0.75 * 0.3 / 0.4)
    for ask in (model.p, lambda query: enumerate_probability(model, query)):
        with pytest.raises(ImpossibleEventError):
            ask("Y=1 | X=1, Z=0")


def test_noises_that_evidence_made_dependent_stay_dependent() -> None:
    # C = A xor B and D = W and (A or B): given C=1 exactly one of A, B is 1, so D_{W=1} = 1.
    coin = Table((), np.array([0.5, 0.5]))
    model = SCM(
        dict.fromkeys("ABCWD", BITS),
        {
            "A": coin,
            "B": coin,
            "W": coin,
            "C": Deterministic(("A", "B"), np.array([[0, 1], [1, 0]]), 2),
            "D": Deterministic(("W", "A", "B"), np.array([[[0, 0], [0, 0]], [[0, 1], [1, 1]]]), 2),
        },
    )
    assert_both(model, "D[W=1]=1 | C=1, W=0", 1.0)
    assert_both(model, "D[W=1]=1 | W=0", 0.75)


@pytest.fixture
def arrowhead() -> SCM:
    """Treatment X, mediator V3, outcome Y, and V2 that acts on both V3 and Y."""
    return SCM.from_tables(
        states={"X": BITS, "V2": BITS, "V3": BITS, "Y": BITS},
        parents={"V3": ["X", "V2"], "Y": ["X", "V2", "V3"]},
        tables={
            "X": chance(0.4),
            "V2": chance(0.3),
            "V3": [[chance(0.1), chance(0.6)], [chance(0.5), chance(0.9)]],
            "Y": np.stack([1 - ARROWHEAD_Y, ARROWHEAD_Y], axis=-1),
        },
        coupling="comonotone",
    )


ARROWHEAD_Y = np.array([[[0.1, 0.4], [0.3, 0.8]], [[0.2, 0.5], [0.6, 0.9]]])


def by_hand(x: int, natural: int) -> float:
    """P(Y=1) with X at x and V3 as under X at natural; V3 depends on V2."""
    v3 = np.array([[0.1, 0.6], [0.5, 0.9]])[natural]
    y = ARROWHEAD_Y[x]
    return float(np.array([0.7, 0.3]) @ (v3 * y[:, 1] + (1 - v3) * y[:, 0]))


def test_a_mediator_keeps_its_dependence_on_the_other_cause(arrowhead: SCM) -> None:
    assert_both(arrowhead, "Y=1 | do(X=1)", by_hand(1, 1))
    assert_both(arrowhead, "Y=1 | X=0", by_hand(0, 0))
    assert_both(arrowhead, "Y[X=1, V3[X=0]]=1", by_hand(1, 0))
    wanted = {
        effects.ate: by_hand(1, 1) - by_hand(0, 0),
        effects.ett: by_hand(1, 1) - by_hand(0, 0),
    }
    for effect, truth in wanted.items():
        assert effect(arrowhead, treatment="X", outcome="Y=1") == pytest.approx(truth, abs=1e-12)
    direct = effects.nde(arrowhead, treatment="X", outcome="Y=1", mediators=["V3"])
    indirect = effects.nie(arrowhead, treatment="X", outcome="Y=1", mediators=["V3"])
    assert direct == pytest.approx(by_hand(1, 0) - by_hand(0, 0), abs=1e-12)
    assert indirect == pytest.approx(by_hand(0, 1) - by_hand(0, 0), abs=1e-12)


def test_parents_are_not_taken_as_independent(arrowhead: SCM) -> None:
    # The product of the parents' marginals would give another number.
    truth = 0.6 * by_hand(0, 0) + 0.4 * by_hand(1, 1)
    assert_both(arrowhead, "Y=1", truth)
    joint = enumerate_joint(arrowhead)
    order = [arrowhead.nodes.index(v) for v in ("X", "V2", "V3", "Y")]
    parents = joint.transpose(order).sum(axis=3)
    marginals = np.einsum(
        "i,j,k->ijk", parents.sum((1, 2)), parents.sum((0, 2)), parents.sum((0, 1))
    )
    assert abs(float((marginals * ARROWHEAD_Y).sum()) - truth) > 0.001


def test_a_table_alone_fixes_no_counterfactual() -> None:
    def model(coupling: Coupling | None) -> SCM:
        return SCM.from_tables(
            states=dict.fromkeys("XY", BITS),
            parents={"Y": ["X"]},
            tables={"X": chance(0.5), "Y": [chance(0.2), chance(0.7)]},
            coupling=coupling,
        )

    with pytest.raises(UndeclaredCouplingError, match="bounds"):
        model(None).p("Y[X=1]=1 | X=0, Y=0")
    assert_both(model("comonotone"), "Y[X=1]=1 | X=0, Y=0", 0.5 / 0.8)
    assert_both(model("independent"), "Y[X=1]=1 | X=0, Y=0", 0.7)


def test_a_comonotone_counterfactual_depends_on_the_order_of_the_states() -> None:
    rows = {"a": [0.5, 0.2], "b": [0.3, 0.3], "c": [0.2, 0.5]}

    def model(order: str) -> SCM:
        return SCM.from_tables(
            states={"X": BITS, "Y": tuple(order)},
            parents={"Y": ["X"]},
            tables={"X": chance(0.5), "Y": [[rows[s][x] for s in order] for x in (0, 1)]},
            coupling="comonotone",
        )

    query = "Y[X=1]=b | X=0, Y=a"
    assert_both(model("abc"), query, 0.3 / 0.5)
    assert_both(model("bac"), query, 0.0)


def test_three_worlds_of_a_comonotone_table_overlap_in_all_three() -> None:
    model = SCM.from_tables(
        states={"X": ("a", "b", "c"), "Y": ("0", "1", "2")},
        parents={"Y": ["X"]},
        tables={"X": [0.2, 0.3, 0.5], "Y": [[0.5, 0.5, 0], [0.25, 0.5, 0.25], [0, 0.5, 0.5]]},
        coupling="comonotone",
    )
    assert_both(model, "Y[X=a]=1, Y[X=b]=1, Y[X=c]=1", 0.0)
    assert_both(model, "Y[X=a]=1, Y[X=b]=1", 0.25)


@pytest.mark.parametrize("label", ["Asy/Patch", 'a "b"', "x=1, y", "é"])
def test_labels_are_labels_whatever_they_hold(label: str) -> None:
    model = SCM.from_tables(states={"D": (label, "other")}, tables={"D": [0.25, 0.75]})
    escaped = label.replace('"', '\\"')
    assert_both(model, f'D="{escaped}"', 0.25)
