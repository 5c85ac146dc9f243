"""Expected information against enumeration of what could be seen."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.gym.learner import (
    Design,
    Evidence,
    GraphLearner,
    batch_gain,
    designs,
    entropy,
    graph_learner,
    information_gain,
)

STATES = {"x": ("0", "1"), "y": ("0", "1")}


def taught(rng: np.random.Generator, *graphs: ADMG) -> GraphLearner:
    counts = rng.integers(0, 9, size=(2, 2)).astype(float)
    return graph_learner(STATES, graphs=graphs).after(Evidence(Design(), counts))


def expected_fall(learner: GraphLearner, design: Design, n_rows: int) -> float:
    """Average the fall of the entropy over all sequences of rows."""
    if n_rows == 0:
        return 0.0
    total = 0.0
    table = np.tensordot(learner.weights, learner.rows(design.do), axes=1)
    for cell in product(range(2), range(2)):
        if table[cell] > 0:
            row = np.zeros((2, 2))
            row[cell] = 1
            after = learner.after(Evidence(design, row))
            fall = entropy(learner) - entropy(after) + expected_fall(after, design, n_rows - 1)
            total += float(table[cell]) * fall
    return total


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_the_gain_of_a_row_is_the_expected_fall_of_the_entropy(seed: int) -> None:
    learner = taught(np.random.default_rng(seed))
    for design in designs(learner, can_intervene=True):
        gain = information_gain(learner, design)
        assert gain >= 0
        assert gain == pytest.approx(expected_fall(learner, design, 1), abs=1e-12)


def test_a_known_graph_leaves_nothing_to_learn() -> None:
    learner = taught(np.random.default_rng(0), ADMG([("x", "y")]))
    assert entropy(learner) == 0
    for design in designs(learner, can_intervene=True):
        assert information_gain(learner, design) == pytest.approx(0, abs=1e-12)


def test_a_batch_is_estimated_within_its_error() -> None:
    rng = np.random.default_rng(1)
    learner = taught(rng)
    design = Design((("x", "1"),))
    found = batch_gain(learner, design, 2, n_draws=3000, rng=rng)
    assert found.n_draws == 3000
    assert 0 < found.standard_error < 0.01
    assert abs(found.mean - expected_fall(learner, design, 2)) < 4 * found.standard_error


def test_a_condition_hides_part_of_what_a_row_tells() -> None:
    learner = taught(np.random.default_rng(2))
    shown, hidden = Design(), Design((), (("x", "1"),))
    assert 0 < information_gain(learner, hidden) < information_gain(learner, shown)


def test_designs_are_to_observe_and_to_set_what_leaves_something_free() -> None:
    learner = graph_learner({"x": ("0", "1"), "y": ("a", "b", "c")})
    assert [str(d) for d in designs(learner, can_intervene=False)] == ["observe"]
    assert [str(d) for d in designs(learner, can_intervene=True)] == [
        "observe",
        "do(x=0)",
        "do(x=1)",
        "do(y=a)",
        "do(y=b)",
        "do(y=c)",
    ]
    assert str(Design((), (("x", "1"),))) == "observe where x=1"


def test_with_many_variables_actions_set_one_at_a_time() -> None:
    names = [*"abcde"]
    learner = graph_learner(dict.fromkeys(names, ("0", "1")), graphs=[ADMG([], nodes=names)])
    found = list(designs(learner, can_intervene=True))
    assert len(found) == 11
    assert max(len(design.do) for design in found) == 1
