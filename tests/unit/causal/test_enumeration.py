"""Brute force, compared with hand-made numbers and with an even plainer brute force."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from causal_interface_gym.causal import SCM, Query
from causal_interface_gym.causal.enumeration import (
    Enumeration,
    enumerate_joint,
    enumerate_probability,
)
from causal_interface_gym.causal.mechanism import Coupling, Deterministic, NoisyOr, Table
from causal_interface_gym.causal.query import Term
from causal_interface_gym.errors import (
    ImpossibleEventError,
    QueryError,
    UndeclaredCouplingError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)
from tests.oracle.models import random_model

BITS = ("0", "1")


def two(coupling: Coupling | None = None) -> SCM:
    """A fair coin X and its noisy effect Y."""
    return SCM.from_tables(
        states={"X": BITS, "Y": BITS},
        parents={"Y": ("X",)},
        tables={"X": [0.5, 0.5], "Y": [[0.9, 0.1], [0.2, 0.8]]},
        coupling=coupling,
    )


def naive(model: SCM, event: dict[str, str], given: dict[str, str], do: dict[str, str]) -> float:
    """Visit every assignment in a dictionary and add up products of table entries."""
    total = {True: 0.0, False: 0.0}
    for values in product(*(model.states[v] for v in model.nodes)):
        world = dict(zip(model.nodes, values, strict=True))
        weight = float(all(world[v] == value for v, value in do.items()))
        for v in model.nodes:
            if v not in do:
                at = [model.states[u].index(world[u]) for u in (*model.mechanisms[v].parents, v)]
                weight *= float(model.mechanisms[v].cpt[tuple(at)])
        if all(world[v] == value for v, value in given.items()):
            total[all(world[v] == value for v, value in event.items())] += weight
    if total[True] + total[False] == 0:
        raise ImpossibleEventError("the condition")
    return total[True] / (total[True] + total[False])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_seeing_and_doing_equal_a_dictionary_of_all_assignments(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = random_model(rng, budget=200)

    def draw(most: int) -> dict[str, str]:
        names = rng.permutation(list(model.nodes))[: int(rng.integers(most + 1))]
        return {str(v): str(rng.choice(model.states[str(v)])) for v in names}

    do = draw(2)
    event, condition = draw(1) or {model.nodes[0]: model.states[model.nodes[0]][0]}, draw(2)
    query = Query.of(outcome=event, given=condition, do=do)
    try:
        truth = naive(model, event, condition, do)
    except ImpossibleEventError:
        with pytest.raises(ImpossibleEventError):
            enumerate_probability(model, query)
        return
    assert enumerate_probability(model, query) == pytest.approx(truth, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_the_joint_distribution_is_the_product_of_all_tables(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = random_model(rng, budget=200)
    v = str(rng.choice(list(model.nodes)))
    label = model.states[v][-1]
    joint, held = enumerate_joint(model), enumerate_joint(model, do={v: label})
    spread = enumerate_joint(model, do=[v])
    axis = model.nodes.index(v)
    assert joint.sum() == pytest.approx(1, abs=1e-12)
    assert held.sum() == pytest.approx(1, abs=1e-12)
    assert spread.sum() == pytest.approx(len(model.states[v]), abs=1e-12)
    assert np.allclose(held.take(-1, axis), spread.take(-1, axis), rtol=0, atol=1e-15)
    for u in model.nodes:
        i = model.nodes.index(u)
        first = float(joint.take(0, i).sum())
        assert first == pytest.approx(naive(model, {u: model.states[u][0]}, {}, {}), abs=1e-12)


@pytest.mark.parametrize(
    ("coupling", "query", "truth"),
    [
        # u <= .2 gives 0 under both, .2 < u <= .9 changes, u > .9 gives 1 under both
        ("comonotone", "Y[X=1]=1 | X=0, Y=0", Fraction(7, 9)),
        ("comonotone", "Y[X=1]=1 | X=0, Y=1", Fraction(1)),
        ("comonotone", "Y[X=0]=0, Y[X=1]=1", Fraction(7, 10)),
        ("comonotone", "Y[X=0]=1, Y[X=1]=0", Fraction(0)),
        ("independent", "Y[X=1]=1 | X=0, Y=0", Fraction(8, 10)),
        ("independent", "Y[X=0]=1, Y[X=1]=0", Fraction(2, 100)),
        ("independent", "Y[X=1]=1 | X=1, Y=1", Fraction(1)),
        (None, "Y=1 | do(X=1)", Fraction(8, 10)),
        (None, "Y[X=1]=1", Fraction(8, 10)),
        (None, "X=1 | Y=1", Fraction(8, 9)),
        (None, "Y=1 | do(X ~ {0: 0.25, 1: 0.75})", Fraction(625, 1000)),
        (None, "X=1 | do(X ~ {0: 0.25, 1: 0.75}), Y=1", Fraction(600, 625)),
        ("comonotone", "Y[X[Y=1]]=1 | X=1", Fraction(8, 10)),
        ("comonotone", "X[Y=0]=1 | X=1", Fraction(1)),
    ],
)
def test_answers_that_can_be_worked_out_by_hand(
    coupling: Coupling | None, query: str, truth: Fraction
) -> None:
    assert enumerate_probability(two(coupling), query) == pytest.approx(float(truth), abs=1e-12)


def test_three_worlds_share_one_uniform_draw() -> None:
    model = SCM.from_tables(
        states={"X": ("a", "b", "c"), "Y": ("0", "1", "2")},
        parents={"Y": ("X",)},
        tables={"X": [1 / 3] * 3, "Y": [[0.5, 0.5, 0], [0.25, 0.5, 0.25], [0, 0.5, 0.5]]},
        coupling="comonotone",
    )
    # The intervals of the value 1: (.5, 1], (.25, .75] and (0, .5] have no common point.
    assert enumerate_probability(model, "Y[X=a]=1, Y[X=b]=1, Y[X=c]=1") == 0
    assert enumerate_probability(model, "Y[X=a]=1, Y[X=b]=1") == pytest.approx(0.25)
    assert enumerate_probability(model, "Y[X=b]=1, Y[X=c]=1") == pytest.approx(0.25)


def test_inhibitors_of_a_noisy_or_keep_their_draw() -> None:
    coin = Table((), np.array([0.5, 0.5]))
    model = SCM(
        {"A": BITS, "B": BITS, "Y": BITS},
        {"A": coin, "B": coin, "Y": NoisyOr(("A", "B"), (0.5, 0.25), 0.2)},
    )
    # Neither the leak nor cause B acted; cause A is free to.
    assert enumerate_probability(model, "Y[A=1]=1 | A=0, B=1, Y=0") == pytest.approx(0.5)
    assert enumerate_probability(model, "Y[A=0, B=0]=1 | A=1, B=0, Y=1") == pytest.approx(0.2 / 0.6)
    assert np.allclose(enumerate_joint(model).reshape(4, 2)[:, 0] * 4, [0.8, 0.6, 0.4, 0.3])


def test_a_function_needs_no_coupling() -> None:
    coin = Table((), np.array([0.5, 0.5]))
    model = SCM(
        {"X": BITS, "Y": BITS}, {"X": coin, "Y": Deterministic(("X",), np.array([1, 0]), 2)}
    )
    assert enumerate_probability(model, "Y[X=1]=0 | Y=1") == 1
    assert enumerate_joint(model).tolist() == [[0, 0.5], [0.5, 0]]


def test_rounding_makes_no_state_of_the_noise() -> None:
    rows = [[0.1, 0.2, 0.7], [0.3, 0.0, 0.7]]  # 0.1 + 0.2 is not 0.3 in binary
    model = SCM.from_tables(
        states={"X": BITS, "Y": ("0", "1", "2")},
        parents={"Y": ("X",)},
        tables={"X": [0.5, 0.5], "Y": rows},
        coupling="comonotone",
    )
    with pytest.raises(ImpossibleEventError):
        enumerate_probability(model, "X=0 | Y[X=0]=2, Y[X=1]=0")


def test_several_worlds_are_refused_without_a_coupling() -> None:
    with pytest.raises(UndeclaredCouplingError) as caught:
        enumerate_probability(two(), "Y[X=1]=1 | X=0, Y=0")
    assert caught.value.variable == "Y"


def test_a_coupling_can_be_supposed_where_none_is_declared() -> None:
    supposed = Enumeration(two(), undeclared="independent")
    assert supposed.probability("Y[X=1]=1 | X=0, Y=0") == pytest.approx(0.8)
    assert supposed.probability("Y=1 | X=0") == pytest.approx(0.1)
    assert supposed.probability("Y=1 | X=1") == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("Y=1 | X=0, X=1", ImpossibleEventError),
        ("Y=1 | do(X=1), X=0", ImpossibleEventError),
        ("Y | X=0", QueryError),
        ("Z=1", UnknownVariableError),
        ("Y=2", UnknownStateError),
        ("Y=1 | do(X=2)", UnknownStateError),
    ],
)
def test_a_question_without_an_answer_is_refused(query: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        enumerate_probability(two(), query)


def test_a_query_value_works_as_its_text() -> None:
    query = Query((Term("Y", "1", (("X", "1"),)),))
    assert enumerate_probability(two(), query) == pytest.approx(0.8)


def large(n: int, coupling: Coupling) -> SCM:
    """One effect of ``n`` coins."""
    names = [f"x{i}" for i in range(n)]
    rows = np.random.default_rng(0).uniform(0.1, 0.9, (2,) * n)
    return SCM.from_tables(
        states=dict.fromkeys([*names, "y"], BITS),
        parents={"y": names},
        tables={**dict.fromkeys(names, (0.5, 0.5)), "y": np.stack([rows, 1 - rows], -1)},
        coupling=coupling,
    )


@pytest.mark.parametrize("coupling", ["comonotone", "independent"])
def test_too_much_noise_is_refused(coupling: Coupling) -> None:
    with pytest.raises(WidthError):
        enumerate_probability(large(12, coupling), "y[x0=1]=1 | y=0")


def test_too_many_draws_are_refused() -> None:
    half = "X ~ {0: 0.5, 1: 0.5}"
    with pytest.raises(WidthError):
        Enumeration(two(), limit=6).probability(f"Y=1 | do({half})")


def test_too_many_causes_of_a_noisy_or_are_refused() -> None:
    names = tuple(f"x{i}" for i in range(10))
    coin = Table((), np.array([0.5, 0.5]))
    effect = NoisyOr(names, (0.5,) * 10)
    model = SCM(dict.fromkeys([*names, "y"], BITS), {**dict.fromkeys(names, coin), "y": effect})
    with pytest.raises(WidthError):
        enumerate_probability(model, "y=1")


def test_a_joint_distribution_of_too_many_cells_is_refused() -> None:
    with pytest.raises(WidthError):
        enumerate_joint(large(6, "comonotone"), limit=100)


def test_a_mechanism_of_another_kind_is_refused() -> None:
    class Foreign(Table):
        pass

    class Strange:
        parents = ()
        cpt = np.array([0.5, 0.5])

        def joint(self, variable: str, settings: object) -> NDArray[np.float64]:
            """Never asked."""
            raise NotImplementedError

    model = SCM({"X": BITS}, {"X": Strange()})
    with pytest.raises(QueryError, match="tables, functions and noisy-or"):
        enumerate_probability(model, "X=1")
    own = SCM({"X": BITS}, {"X": Foreign((), np.array([0.5, 0.5]))})
    assert enumerate_probability(own, "X=1") == 0.5
