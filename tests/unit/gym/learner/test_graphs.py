"""Bayes over graphs: by hand, by quadrature, and as a property of random evidence."""

from itertools import product
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import (
    InferenceError,
    InputError,
    UnknownStateError,
    UnknownVariableError,
)
from causal_interface_gym.gym.learner import (
    Design,
    Evidence,
    GraphLearner,
    Prediction,
    TablePrior,
    Unpredictable,
    graph_learner,
)
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked, ValidAdjustment

Floats = NDArray[np.float64]
XY = {"x": ("0", "1"), "y": ("0", "1")}
XYZ = {"x": ("0", "1"), "y": ("0", "1"), "z": ("0", "1", "2")}
EMPTY, FORWARD, BACK = ADMG([], nodes=["x", "y"]), ADMG([("x", "y")]), ADMG([("y", "x")])
BOTH_ONE = np.array([[0.0, 0.0], [0.0, 1.0]])


def pair(prior: TablePrior | None = None) -> GraphLearner:
    return graph_learner(XY, graphs=[EMPTY, FORWARD, BACK], table_prior=prior)


def test_two_rows_of_two_variables_by_hand() -> None:
    # BDeu, 4 rows: each variable alone has pseudo-counts (2, 2), a child's row (1, 1).
    learner = pair().after(Evidence(Design(), 2 * BOTH_ONE))
    alone, child = (2 / 4) * (3 / 5), (1 / 2) * (2 / 3)
    by_hand = np.array([alone * alone, alone * child, alone * child])
    assert np.exp(learner.log_evidence) == pytest.approx(by_hand)
    assert learner.weights == pytest.approx(by_hand / by_hand.sum())


def test_a_set_variable_says_nothing_about_its_own_causes() -> None:
    seen = pair().after(Evidence(Design(), 2 * BOTH_ONE))
    learner = seen.after(Evidence(Design((("x", "1"),)), BOTH_ONE))
    by_hand = np.array([0.09 * 4 / 6, 0.1 * 3 / 4, 0.1 * 4 / 6])
    assert learner.weights == pytest.approx(by_hand / by_hand.sum())


def test_seeing_alone_does_not_orient_an_edge() -> None:
    counts = np.array([[7.0, 1.0], [2.0, 5.0]])
    _, forward, back = pair().after(Evidence(Design(), counts)).weights
    assert forward == pytest.approx(back)


def _quadrature() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(12)
    return (nodes + 1) / 2, weights / 2


def test_posterior_and_prediction_agree_with_numerical_integration() -> None:
    """Under uniform tables every integrand is a polynomial, so the quadrature is exact."""
    seen, done = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([[0.0, 0.0], [1.0, 2.0]])
    nodes, weights = _quadrature()
    a, b, c = np.meshgrid(nodes, nodes, nodes, indexing="ij")
    mass = weights[:, None, None] * weights[None, :, None] * weights[None, None, :]
    evidence, mean = [], []
    for graph in ("empty", "forward", "back"):
        joint, after = _tables(graph, a, b, c)
        likelihood = mass.copy()
        for i, j in product(range(2), range(2)):
            likelihood = likelihood * joint[i][j] ** seen[i, j] * after[j] ** done[i, j]
        evidence.append(likelihood.sum())
        mean.append((likelihood * after[1]).sum())
    learner = pair(TablePrior("uniform", 1.0))
    learner = learner.after(Evidence(Design(), seen))
    learner = learner.after(Evidence(Design((("x", "1"),)), done))
    assert np.exp(learner.log_evidence) == pytest.approx(np.array(evidence))
    found = learner.predict(Query.parse("y=1 | do(x=1)"))
    assert isinstance(found, Prediction)
    assert found.meaning == "posterior mean"
    assert found.p == pytest.approx(sum(mean) / sum(evidence))


def _tables(graph: str, a: Floats, b: Floats, c: Floats) -> tuple[list[list[Floats]], list[Floats]]:
    """Give P(x, y) and P(y | do(x=1)) of a graph whose tables are a and b (and c)."""
    one, x, y = np.ones_like(a), [1 - a, a], [1 - b, b]
    match graph:
        case "empty":
            return [[x[i] * y[j] for j in range(2)] for i in range(2)], y
        case "forward":
            rows = [[1 - b, b], [1 - c, c]]
            return [[x[i] * rows[i][j] for j in range(2)] for i in range(2)], rows[1]
        case _:
            rows = [[1 - b, b], [1 - c, c]]
            return [[x[j] * rows[j][i] * one for j in range(2)] for i in range(2)], x


def random_evidence(rng: np.random.Generator) -> list[Evidence]:
    shape = (2, 2, 3)
    counts = rng.integers(0, 4, size=(3, *shape)).astype(float)
    counts[1, 0] = 0
    counts[2, :, 0] = counts[2, :, :, 1:] = 0
    designs = [Design(), Design((("x", "1"),)), Design((("y", "1"), ("z", "0")))]
    return [Evidence(d, c) for d, c in zip(designs, counts, strict=True)]


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_evidence_does_not_matter(seed: int) -> None:
    evidence = random_evidence(np.random.default_rng(seed))
    ahead = behind = graph_learner(XYZ)
    for one, other in zip(evidence, reversed(evidence), strict=True):
        ahead, behind = ahead.after(one), behind.after(other)
    assert ahead.weights == pytest.approx(behind.weights, abs=1e-12)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_a_prediction_of_a_row_is_the_evidence_it_would_add(seed: int) -> None:
    learner = graph_learner(XYZ)
    for seen in random_evidence(np.random.default_rng(seed)):
        learner = learner.after(seen)
    for do in ((), (("z", "2"),), (("x", "0"), ("y", "1"))):
        table = learner.rows(do)
        assert table.sum(axis=(1, 2, 3)) == pytest.approx(1.0)
        cell = (0, 1, 2)
        row = np.zeros((2, 2, 3))
        row[cell] = 1.0
        after = learner.after(Evidence(Design(do), row)).log_evidence
        assert np.exp(after - learner.log_evidence) == pytest.approx(table[(slice(None), *cell)])


def test_a_conditional_is_the_chance_of_the_next_row() -> None:
    learner = pair().after(Evidence(Design(), np.array([[4.0, 1.0], [2.0, 6.0]])))
    table = np.tensordot(learner.weights, learner.rows(), axes=1)
    found = learner.predict(Query.parse("y=1 | x=1"))
    assert isinstance(found, Prediction)
    assert found.meaning == "next row"
    assert found.p == pytest.approx(table[1, 1] / table[1].sum())


def test_a_claim_has_the_weight_of_the_graphs_in_which_it_holds() -> None:
    learner = pair().after(Evidence(Design(), np.array([[4.0, 1.0], [2.0, 6.0]])))
    found = learner.predict(ValidAdjustment("x", "y"))
    assert isinstance(found, Prediction)
    assert found.meaning == "claim"
    assert found.p == pytest.approx(learner.weights[0] + learner.weights[1])


def test_every_relation_has_the_weight_of_its_graphs() -> None:
    states = dict.fromkeys("xyu", ("0", "1"))
    fork, chain = ADMG([("u", "x"), ("u", "y")]), ADMG([("x", "y"), ("u", "y")])
    learner = graph_learner(states, graphs=[fork, chain, ADMG([], nodes=states)], prior=[5, 2, 1])
    for alternative, p in (("forward", 0.25), ("backward", 0.0), ("common cause only", 0.625)):
        found = learner.predict(Direction("x", "y", alternative))
        assert isinstance(found, Prediction)
        assert found.p == pytest.approx(p)


def test_with_nothing_hidden_every_action_is_determined() -> None:
    assert pair().predict(Determined(Query.parse("y=1 | do(x=1)"))) == Prediction(1.0, "claim")


@pytest.mark.parametrize(
    "asked",
    [
        Determined(Query.parse("y[x=1]=1 | x=0")),
        Confounded("x", "y", "1"),
        FromSelected(Query.parse("y=1 | do(x=1)"), (("x", "1"),)),
    ],
)
def test_other_claims_have_no_closed_form(asked: Asked) -> None:
    assert isinstance(pair().predict(asked), Unpredictable)


@pytest.mark.parametrize(
    "text", ["y[x=1]=1 | x=0", "y=1 | do(x ~ {0: 0.5, 1: 0.5})", "y=1 | do(x=1), x=0"]
)
def test_what_the_tables_do_not_determine_is_unpredictable(text: str) -> None:
    assert isinstance(pair().predict(Query.parse(text)), Unpredictable)


def test_another_world_in_all_terms_is_an_action() -> None:
    learner = pair()
    done = learner.predict(Query.parse("y=1 | do(x=1)"))
    assert learner.predict(Query.parse("y[x=1]=1")) == done


def test_unknown_names_are_refused() -> None:
    for text in ("w=1", "y=1 | do(w=1)"):
        with pytest.raises(UnknownVariableError):
            pair().predict(Query.parse(text))
    with pytest.raises(UnknownStateError):
        pair().predict(Query.parse("y=2"))


def test_rows_hidden_by_a_condition_have_no_closed_form() -> None:
    with pytest.raises(InferenceError, match="3 rows were hidden"):
        pair().after(Evidence(Design((), (("x", "1"),)), BOTH_ONE, 3))


def test_prior_weights_count() -> None:
    learner = graph_learner(XY, graphs=[EMPTY, FORWARD], prior=[1, 3])
    assert learner.weights == pytest.approx([0.25, 0.75])


def test_declarations_are_checked() -> None:
    with pytest.raises(InputError):
        graph_learner(dict.fromkeys("abcde", ("0", "1")))
    for graph in (ADMG([], [("x", "y")]), ADMG([("x", "z")])):
        with pytest.raises(InputError):
            graph_learner(XY, graphs=[graph])
    for prior in ([1.0], [1.0, -1.0], [1.0, float("nan")]):
        with pytest.raises(InputError):
            graph_learner(XY, graphs=[EMPTY, FORWARD], prior=prior)
    for strength in (0.0, float("nan")):
        with pytest.raises(InputError):
            TablePrior("bdeu", strength)


def test_drawn_tables_have_the_posterior_mean() -> None:
    rng = np.random.default_rng(3)
    learner = pair().after(Evidence(Design(), np.array([[4.0, 1.0], [2.0, 6.0]])))
    design = Design((("x", "1"),))
    total = sum(learner.draw(1, design, 1, rng=rng).counts for _ in range(4000))
    assert np.asarray(total) / 4000 == pytest.approx(learner.rows(design.do)[1], abs=0.03)


def test_tables_so_spiked_that_they_underflow_are_still_tables() -> None:
    learner = graph_learner(XY, table_prior=TablePrior("uniform", 1e-12))
    drawn = learner.draw(0, Design(), 10, rng=np.random.default_rng(0))
    assert drawn.n == 10


def test_evidence_is_logged_without_overflow() -> None:
    learner = pair().after(Evidence(Design(), np.array([[9e5, 1e5], [1e5, 9e5]])))
    assert learner.weights.sum() == pytest.approx(1.0)
    assert exp(log(float(learner.weights[1]) * 2)) == pytest.approx(1.0)


def test_with_nothing_hidden_an_interval_is_a_point_and_a_population_a_condition() -> None:
    learner = graph_learner({"x": ("0", "1"), "y": ("0", "1")})
    effect = Query.parse("y=1 | do(x=1)")
    point = learner.predict(effect)
    assert learner.predict(IntervalEnd(effect, "lower")) == point
    assert learner.predict(IntervalEnd(effect, "upper")) == point
    there = InPopulation(Query.parse("y=1"), "x", "0", "1")
    assert learner.predict(there) == learner.predict(Query.parse("y=1 | x=1"))
