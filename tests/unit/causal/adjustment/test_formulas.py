"""What the criteria promise, in numbers: their formulas equal P(y | do(x)) in random models."""

from itertools import islice

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.adjustment import (
    adjustment_sets,
    frontdoor_sets,
    is_adjustment_set,
)
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from tests.strategies.paths import Case, cases, subsets

Joint = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def random_model(graph: ADMG, seed: int) -> SCM:
    """Draw positive binary tables; a hidden coin stands for each bidirected edge."""
    rng = np.random.default_rng(seed)
    parents = {v: [a for a, b in graph.directed if b == v] for v in graph.nodes}
    hidden = {f"U{i}": edge for i, edge in enumerate(graph.bidirected)}
    for coin, ends in hidden.items():
        for end in ends:
            parents[end].append(coin)
        parents[coin] = []
    tables = {v: rng.dirichlet((1.0, 1.0), size=(2,) * len(ps)) for v, ps in parents.items()}
    return SCM.from_tables(
        parents={v: tuple(ps) for v, ps in parents.items()},
        states=dict.fromkeys(parents, ("0", "1")),
        tables=tables,
        latent=set(hidden),
    )


def marginal(joint: Joint, keep: list[int]) -> Joint:
    """Sum out all but some axes, which stay with length 1 where summed."""
    rest = tuple(axis for axis in range(joint.ndim) if axis not in keep)
    total: Joint = joint.sum(axis=rest, keepdims=True)
    return total


def conditional(joint: Joint, of: list[int], given_axes: list[int]) -> Joint:
    """P(of | given) on all axes of the joint."""
    return marginal(joint, of + given_axes) / marginal(joint, given_axes)


def axes(graph: ADMG, *sets: frozenset[str]) -> list[list[int]]:
    """Positions of the sets' members among the nodes."""
    return [[i for i, v in enumerate(graph.nodes) if v in names] for names in sets]


def adjusted(case: Case, joint: Joint, adjustment: frozenset[str]) -> Joint:
    """Compute sum_z P(y | x, z) P(z)."""
    x, y, z = axes(case.graph, case.x, case.y, adjustment)
    return marginal(conditional(joint, y, x + z) * marginal(joint, z), x + y)


def front_door(case: Case, joint: Joint, mediators: frozenset[str]) -> Joint:
    """Compute sum_z P(z | x) sum_x' P(y | x', z) P(x')."""
    x, y, z = axes(case.graph, case.x, case.y, mediators)
    onward = marginal(conditional(joint, y, x + z) * marginal(joint, x), y + z)
    return marginal(conditional(joint, z, x) * onward, x + y)


def truth(case: Case, model: SCM) -> Joint:
    """P(y | do(x)) on the same axes."""
    x, y = axes(case.graph, case.x, case.y)
    names = case.graph.nodes
    found = np.zeros([2 if i in x + y else 1 for i in range(len(names))])
    for setting in np.ndindex(*(2,) * len(x)):
        do = {names[i]: str(value) for i, value in zip(x, setting, strict=True)}
        place: list[int | slice] = [slice(None)] * len(names)
        for axis, value in zip(x, setting, strict=True):
            place[axis] = slice(value, value + 1)
        table = model.table([names[i] for i in y], do=do)
        shape = [2 if i in y else 1 for i in range(len(names))]
        found[tuple(place)] = np.reshape(table, shape)
    return found


@settings(max_examples=40)
@given(cases(most=5), st.integers(0, 2**31))
def test_exactly_the_adjustment_sets_give_the_effect(case: Case, seed: int) -> None:
    model = random_model(case.graph, seed)
    joint = model.table(case.graph.nodes)
    expected = truth(case, model)
    for z in subsets(case.rest):
        error = np.abs(adjusted(case, joint, z) - expected).max()
        # A random model is not exactly unbiased by luck.
        assert bool(is_adjustment_set(case.graph, z, treatment=case.x, outcome=case.y)) == (
            error < 1e-10
        )


@settings(max_examples=80)
@given(cases(most=6), st.integers(0, 2**31))
def test_the_sets_that_are_found_give_the_effect(case: Case, seed: int) -> None:
    model = random_model(case.graph, seed)
    joint = model.table(case.graph.nodes)
    expected = truth(case, model)
    roles = {"treatment": case.x, "outcome": case.y}
    for z in islice(adjustment_sets(case.graph, **roles), 5):
        np.testing.assert_allclose(adjusted(case, joint, z), expected, atol=1e-12)
    for z in islice(frontdoor_sets(case.graph, **roles), 5):
        np.testing.assert_allclose(front_door(case, joint, z), expected, atol=1e-12)
