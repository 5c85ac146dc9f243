"""Blocks, vertices, programmes and the relaxation, each against a plain way to the same numbers."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from causal_interface_gym.causal.bounds import programme
from causal_interface_gym.causal.bounds.block import Block, response_functions
from causal_interface_gym.causal.bounds.frame import Frame, coupling_block
from causal_interface_gym.causal.bounds.objective import Objective, objective_of
from causal_interface_gym.causal.bounds.programme import feasible, is_fixed, maximise
from causal_interface_gym.causal.bounds.question import Question
from causal_interface_gym.causal.bounds.search import End, Settled, settle, upper_end
from causal_interface_gym.causal.bounds.vertices import vertices
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import (
    ImpossibleEventError,
    IncompatibleDataError,
    InferenceError,
    WidthError,
)

Floats = NDArray[np.float64]


def coupling(*rows: float) -> Block:
    """The couplings of a binary table with these chances of state 1."""
    table = np.array([[1 - p, p] for p in rows])
    return coupling_block("Y", table, limit=1000)


def settled(objective: Objective) -> Settled:
    found = settle(objective)
    assert found is not None
    return found


def both_ends(objective: Objective, *, limit: int) -> list[End]:
    return [upper_end(settled(objective), sign=sign, limit=limit) for sign in (-1, 1)]


def products(first: Block, second: Block, rng: np.random.Generator) -> Objective:
    above = rng.random((first.n_columns, second.n_columns))
    return Objective((first, second), above, np.ones((1, 1)))


def test_response_functions_are_all_functions_of_all_variables() -> None:
    found = response_functions({"X": (2, ()), "Y": (3, (2,))})
    columns = set(zip(map(tuple, found["X"]), map(tuple, found["Y"]), strict=True))
    assert len(columns) == len(found["X"]) == 2 * 9
    with pytest.raises(WidthError):
        response_functions({"Y": (2, (2, 2, 2, 2))})


def test_columns_that_make_the_impossible_happen_are_left_out() -> None:
    block = coupling(0.0, 0.3)
    assert block.responses["Y"].tolist() == [[0, 0], [0, 1]]
    assert block.members == ("Y",)
    assert feasible(block) == pytest.approx([0.7, 0.3])


def test_equations_that_contradict_each_other_are_refused() -> None:
    responses = response_functions({"Y": (2, ())})
    twice = np.array([[1.0, 1], [1, 0], [1, 0]])
    with pytest.raises(IncompatibleDataError, match="no response functions for Y"):
        Block(responses, twice, np.array([1, 0.3, 0.4])).trimmed()
    never = np.array([[1.0, 1], [1, 0], [0, 1]])
    with pytest.raises(IncompatibleDataError):
        Block(responses, never, np.array([1, 0.0, 0.0])).trimmed()
    with pytest.raises(IncompatibleDataError):
        Block(responses, never, np.array([1, 0.0, 0.4])).trimmed()


@pytest.mark.parametrize("seed", range(6))
def test_the_walk_meets_every_vertex(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chances = rng.random(4) if seed % 2 else rng.choice([0.25, 0.5, 0.75], 4)
    block = coupling(*chances[: 3 + seed % 2])
    start = maximise(block, rng.random(block.n_columns)).weights
    found = vertices(block, start, limit=100_000)
    assert found is not None
    rank = np.linalg.matrix_rank(block.rows)
    wanted = set()
    for choice in combinations(range(block.n_columns), int(rank)):
        square = block.rows[:, choice]
        if np.linalg.matrix_rank(square) < rank:
            continue
        q = np.linalg.lstsq(square, block.values, rcond=None)[0]
        if q.min() >= -1e-12:
            point = np.zeros(block.n_columns)
            point[list(choice)] = q
            wanted.add(tuple(np.round(point, 6) + 0.0))
    assert {tuple(np.round(v, 6) + 0.0) for v in found} == wanted
    assert vertices(block, start, limit=2) is None


@pytest.mark.parametrize("seed", range(5))
def test_the_relaxation_never_lies_inside_the_truth(seed: int) -> None:
    rng = np.random.default_rng(seed)
    objective = products(coupling(*rng.random(2)), coupling(*rng.random(3)), rng)
    exact = both_ends(objective, limit=512)
    relaxed = both_ends(objective, limit=0)
    assert [e.method for e in exact + relaxed] == ["vertices"] * 2 + ["relaxation"] * 2
    assert relaxed[0].bound <= exact[0].bound + 1e-9
    assert relaxed[1].bound >= exact[1].bound - 1e-9
    for e, r in zip(exact, relaxed, strict=True):
        value = objective.value(dict(enumerate(r.weights)))[0].item()
        assert value == pytest.approx(r.attained, abs=1e-9)
        assert min(abs(e.bound - r.attained), abs(r.bound - r.attained)) >= 0


def test_a_relaxation_can_be_wider_than_the_truth_and_says_what_is_attained() -> None:
    # A block of two free coins: its polytope is a square, and a sum of signs over two squares has
    # the maximum 2, while distributions that only look independent from each side reach 4.
    square = Block(
        {}, np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]]), np.array([1, 1, 2.0])
    )
    square = Block({}, square.rows, square.values / 2)
    signs = np.array([[1.0, 1], [1, -1]])
    game = 4 * np.kron(signs, np.array([[1.0, -1], [-1, 1]]))
    objective = Objective((square, square), game, np.ones((1, 1)))
    exact, relaxed = both_ends(objective, limit=512), both_ends(objective, limit=0)
    assert [e.bound for e in exact] == pytest.approx([-2, 2])
    assert [e.bound for e in relaxed] == pytest.approx([-4, 4])
    assert [e.attained for e in relaxed] == pytest.approx([-2, 2])


def test_a_relaxation_of_a_fraction_holds_the_truth() -> None:
    rng = np.random.default_rng(1)
    first, second = coupling(0.3, 0.6), coupling(0.2, 0.7)
    below = rng.random((first.n_columns, second.n_columns))
    objective = Objective((first, second), below * rng.random(below.shape), below)
    exact, relaxed = both_ends(objective, limit=512), both_ends(objective, limit=0)
    assert relaxed[0].bound <= exact[0].bound + 1e-9 <= exact[1].bound + 2e-9
    assert relaxed[1].bound >= exact[1].bound - 1e-9


def test_vertices_without_the_condition_are_passed_over() -> None:
    first, second = coupling(0.5, 0.5), coupling(0.5, 0.5)
    # The condition needs units that answer 0 -> 1 in both blocks; comonotone ones never do.
    below = np.zeros((4, 4))
    place = [r.tolist() for r in first.responses["Y"]].index([0, 1])
    below[place, place] = 1.0
    objective = Objective((first, second), below.copy(), below)
    assert [e.bound for e in both_ends(objective, limit=512)] == pytest.approx([1, 1])
    assert [e.bound for e in both_ends(objective, limit=0)] == pytest.approx([1, 1])


def test_a_relaxation_that_is_too_large_is_refused() -> None:
    rng = np.random.default_rng(0)
    wide = coupling(*rng.random(6))
    with pytest.raises(WidthError):
        both_ends(products(wide, wide, rng), limit=0)


def test_too_many_bases_end_the_walk_and_leave_the_relaxation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("causal_interface_gym.causal.bounds.search.MAX_BASES", 1)
    rng = np.random.default_rng(0)
    objective = products(coupling(0.3, 0.6), coupling(0.2, 0.7), rng)
    assert both_ends(objective, limit=512)[0].method == "relaxation"


def test_a_condition_of_probability_zero_has_no_ends() -> None:
    block = coupling(0.3, 0.6)
    assert settle(Objective((block,), np.zeros((4,)), np.zeros((4,)))) is None


@pytest.mark.parametrize("limit", [512, 0])
def test_a_condition_that_no_distribution_meets_has_no_ends(limit: int) -> None:
    # The last column has all the weight, though no equation says of the first that it has none.
    block = Block({}, np.array([[1.0, 1, 1], [0, 0, 1]]), np.array([1.0, 1]))
    first = np.array([1.0, 0, 0])
    with pytest.raises(ImpossibleEventError):
        both_ends(Objective((block,), first, first), limit=limit)
    both = np.outer(first, first)
    with pytest.raises(ImpossibleEventError):
        both_ends(Objective((block, block), both, both), limit=limit)


def test_what_the_equations_fix_is_recognised() -> None:
    block = coupling(0.3, 0.6)
    first = (block.responses["Y"][:, 0] == 1).astype(float)
    assert is_fixed(block, first[:, np.newaxis])
    both = first * (block.responses["Y"][:, 1] == 1)
    assert not is_fixed(block, both[:, np.newaxis])


def test_a_programme_is_certified_by_its_dual() -> None:
    block = coupling(0.3, 0.6)
    both = (block.responses["Y"] == 1).all(axis=1).astype(float)
    best = maximise(block, both)
    assert (best.value, best.proof) == pytest.approx((0.3, 0.3), abs=1e-9)
    share = maximise(block, both, (block.responses["Y"] == 1).any(axis=1).astype(float))
    assert (share.value, share.proof) == pytest.approx((0.5, 0.5), abs=1e-9)


def test_a_value_that_its_proof_does_not_meet_is_no_answer() -> None:
    with pytest.raises(InferenceError, match=r"gives 0.5 and its proof 0.6"):
        programme.certified(0.5, np.ones(1), 0.6)


def test_weights_that_miss_their_equations_are_no_answer() -> None:
    block = coupling(0.3, 0.6)
    with pytest.raises(IncompatibleDataError, match="miss each other by"):
        programme.polished(block, np.array([1.0, 0, 0, 0]))


def test_a_programme_without_an_optimum_is_no_answer() -> None:
    with pytest.raises(InferenceError, match="no solution"):
        programme.solve(np.array([-1.0, 0]), np.array([[0.0, 1]]), np.array([1.0]))
    with pytest.raises(IncompatibleDataError, match="no response functions"):
        programme.solve(np.array([1.0]), np.array([[1.0], [1.0]]), np.array([0.2, 0.3]))


def test_a_hidden_cause_never_takes_the_name_of_a_variable() -> None:
    table = Table((), np.array([0.5, 0.5]))
    frame = Frame(
        {"causes of Y": ("0", "1"), "Y": ("0", "1")},
        {"causes of Y": table, "Y": Table(("causes of Y",), np.array([[0.5, 0.5], [0.2, 0.8]]))},
        frozenset(),
    ).freed("Y")
    assert frame.causes == ("causes of Y'",)
    assert frame.filled().dag.parents("Y") == {"causes of Y", "causes of Y'"}


def test_an_event_too_rare_for_a_float_is_refused() -> None:
    rare = Table((), np.array([1 - 1e-250, 1e-250]))
    frame = Frame(
        {"X": ("0", "1"), "Y": ("0", "1")},
        {"X": rare, "Y": Table(("X",), np.array([[0.5, 0.5], [0.2, 0.8]]))},
        frozenset(),
    ).freed("Y")
    asked = Question.of(Query.parse("Y[X=0]=1 | X=1, Y=1"), frame.states)
    with pytest.raises(InferenceError, match="too rare"):
        objective_of(frame, asked, limit=1000)
