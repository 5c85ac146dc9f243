"""Instruments: published cases, every reason, and the oracle over all conditioning sets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.adjustment import Instrument, instruments, is_instrument
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import QueryError
from tests.strategies.paths import Drawing, graphs, subsets

TRIAL = ADMG([("Z", "X"), ("X", "Y")], [("X", "Y")])


def listed(graph: ADMG) -> list[str]:
    """Show what is found for the effect of X on Y."""
    return [str(found) for found in instruments(graph, treatment="X", outcome="Y")]


def test_the_instrument_of_a_trial_with_noncompliance_is_found() -> None:
    assert listed(TRIAL) == ["Z"]
    check = is_instrument(TRIAL, "Z", treatment="X", outcome="Y")
    assert str(check) == "Z is an instrument: it meets the criterion"


def test_a_conditional_instrument_as_dagitty_finds_it() -> None:
    # w -> z -> x -> y, w -> u -> x, u -> y with u hidden: z given w.
    graph = ADMG([("w", "z"), ("z", "x"), ("x", "y"), ("w", "x"), ("w", "y")], [("x", "y")])
    found = list(instruments(graph, treatment="x", outcome="y"))
    assert found == [Instrument("z", frozenset({"w"}))]
    assert str(found[0]) == "z | w"
    assert not is_instrument(graph, "z", treatment="x", outcome="y")


def test_an_instrument_of_the_total_effect_passes_by_mediators() -> None:
    graph = ADMG([("Z", "X"), ("X", "M"), ("M", "Y")], [("X", "Y")])
    assert listed(graph) == ["Z"]


def test_a_variable_with_its_own_effect_on_the_outcome_is_none() -> None:
    graph = ADMG([("Z", "X"), ("X", "Y"), ("Z", "Y")], [("X", "Y")])
    assert listed(graph) == []
    check = is_instrument(graph, "Z", treatment="X", outcome="Y")
    assert check.reason == "apart from the effect, Z -> Y is open: its ends are adjacent"


def test_a_variable_that_says_nothing_about_the_treatment_is_none() -> None:
    graph = ADMG([("Z", "X"), ("X", "Y")], nodes=["X", "Y", "Z", "W"])
    check = is_instrument(graph, "W", treatment="X", outcome="Y")
    assert str(check) == "W is not an instrument: W and the treatment are separated"


def test_covariates_affected_by_the_effect_are_named() -> None:
    graph = ADMG([("Z", "X"), ("X", "M"), ("M", "Y"), ("Y", "D")], [("X", "Y")])
    check = is_instrument(graph, "Z", given=["M", "D"], treatment="X", outcome="Y")
    assert check.reason.startswith("M lies on a causal path; D is affected by the effect: Y -> D")


def test_roles_are_one_variable_each() -> None:
    with pytest.raises(QueryError, match="treatment of an instrument is one variable; got 2"):
        instruments(TRIAL, treatment=["X", "Z"], outcome="Y")  # type: ignore[arg-type] # the mistake under test
    with pytest.raises(QueryError, match="cannot be both in variable and in treatment"):
        is_instrument(TRIAL, "X", treatment="X", outcome="Y")
    with pytest.raises(QueryError, match="variable of an instrument is one variable; got 0"):
        is_instrument(TRIAL, [], treatment="X", outcome="Y")  # type: ignore[arg-type] # the mistake under test


@pytest.mark.oracle
@settings(max_examples=200)
@given(graphs(), st.data())
def test_the_check_and_the_search_equal_the_definition(graph: ADMG, data: st.DataObject) -> None:
    x, y, *others = data.draw(st.permutations(graph.nodes))
    roles = {"treatment": x, "outcome": y}
    drawing = Drawing.of(graph)
    ends = frozenset({x}), frozenset({y})
    backdoor = drawing.backdoor(*ends)
    affected = drawing.affected(drawing.causal_nodes(*ends) | {y})
    found = {i.variable: i.given for i in instruments(graph, **roles)}
    conditional: set[str] = set()
    for z in others:
        ancestral = {v for v in graph.nodes if {z, y} & backdoor.descendants(v)}
        valid = []
        for w in subsets(set(others) - {z}):
            clean = not w & affected and backdoor.separated([z], [y], w)
            expected = clean and not backdoor.separated([z], [x], w)
            assert bool(is_instrument(graph, z, w, **roles)) == expected
            valid += [w] if expected else []
        conditional |= {z} if valid else set()
        assert (z in found) == any(w <= ancestral for w in valid)
        if z in found:
            assert found[z] in valid
            smaller = subsets(found[z])[:-1]
            assert not any(backdoor.separated([z], [y], w) for w in smaller)
    assert bool(conditional) == bool(found)


@settings(max_examples=150)
@given(graphs(most=7), st.integers(0, 2**31), st.data())
def test_in_a_linear_model_the_ratio_of_covariances_is_the_total_effect(
    graph: ADMG, seed: int, data: st.DataObject
) -> None:
    x, y, *_ = data.draw(st.permutations(graph.nodes))
    rng = np.random.default_rng(seed)
    place, n = graph.index, len(graph.nodes)
    weights, noise = np.zeros((n, n)), np.eye(n)
    for a, b in graph.directed:
        weights[place[b], place[a]] = rng.uniform(0.5, 2.0)
    for a, b in graph.bidirected:
        shared = np.zeros(n)
        shared[[place[a], place[b]]] = rng.uniform(0.5, 2.0, size=2)
        noise += np.outer(shared, shared)
    total = np.linalg.inv(np.eye(n) - weights)
    covariance = total @ noise @ total.T
    for found in instruments(graph, treatment=x, outcome=y):
        given_axes = [place[v] for v in sorted(found.given)]
        ends = [place[v] for v in (found.variable, x, y)]
        across = covariance[np.ix_(ends, given_axes)]
        inner = covariance[np.ix_(given_axes, given_axes)]
        partial = covariance[np.ix_(ends, ends)] - across @ np.linalg.solve(inner, across.T)
        effect = total[place[y], place[x]]
        # Compared without dividing: the covariance with the treatment may be small.
        np.testing.assert_allclose(partial[0, 2], effect * partial[0, 1], atol=1e-6)
