"""Separations, adjustment sets and front doors, compared with numbers.

A set that is accepted must give the effect, a separation an independence. In a generic model (no
zeros, no structure in its numbers) the converse holds too: a set that the complete criterion
refuses gives another number, an open path a dependence.
"""

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal import ADMG, m_separated
from causal_interface_gym.causal.adjustment import (
    adjustment_sets,
    frontdoor_sets,
    implied_independencies,
    is_adjustment_set,
    is_frontdoor_set,
    minimal_adjustment_set,
    optimal_adjustment_set,
)
from tests.oracle.effects_of_models import Question, Seen
from tests.oracle.tally import Tally

__all__ = ["check_adjustment", "check_separation"]

Rng = np.random.Generator
Floats = NDArray[np.float64]
_SETS = 3
_ZERO = 1e-13
"""Rounding; what differs generically was never seen to differ by less than 1e-9."""


def check_separation(rng: Rng, graph: ADMG, seen: Seen, tally: Tally, *, is_generic: bool) -> None:
    """Compare separations with independencies."""
    for found in islice(implied_independencies(graph), _SETS):
        gap = _dependence(seen, [found.x], [found.y], sorted(found.given))
        tally.check("implied independence", f"{found} in {graph!r}", gap, 0.0)
    x, y, given = _parts(rng, graph.nodes)
    what = f"{x} and {y} given {given} in {graph!r}"
    gap = _dependence(seen, x, y, given)
    if m_separated(graph, x, y, given):
        tally.check("separation", what, gap, 0.0)
    elif is_generic:
        tally.hold("open path", what, gap > _ZERO, "they are independent")


def _parts(rng: Rng, nodes: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Draw two small disjoint sets of nodes and a third."""
    names = [str(nodes[i]) for i in rng.permutation(len(nodes))]
    n_x = 2 if len(names) > 3 and rng.random() < 0.25 else 1
    n_y = 2 if len(names) > n_x + 2 and rng.random() < 0.25 else 1
    rest = names[n_x + n_y :]
    return names[:n_x], names[n_x : n_x + n_y], [v for v in rest if rng.random() < 0.4]


def _dependence(seen: Seen, x: Sequence[str], y: Sequence[str], given: Sequence[str]) -> float:
    """Give the largest |P(x, y, z) P(z) - P(x, z) P(y, z)|."""
    joint = seen.table([*x, *y, *given])
    sizes = [int(np.prod([len(seen.states[v]) for v in part])) for part in (x, y)]
    joint = joint.reshape(*sizes, -1)
    left = joint * joint.sum(axis=(0, 1))
    right = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    return float(abs(left - right).max())


def check_adjustment(rng: Rng, graph: ADMG, seen: Seen, tally: Tally, *, is_generic: bool) -> None:
    """Compare adjustment and front-door formulas with effects, one treatment or two."""
    x, y, drawn = _parts(rng, graph.nodes)
    truth = _flat(Question(tuple(y), tuple(x)).truth(seen), seen, x)
    where = f"{x} on {y} in {graph!r}"
    ends = {"treatment": x, "outcome": y}
    sets = list(islice(adjustment_sets(graph, **ends), _SETS))
    for single in (minimal_adjustment_set(graph, **ends), optimal_adjustment_set(graph, **ends)):
        sets += [single] if isinstance(single, frozenset) else []
    for adjusted in dict.fromkeys(sets):
        found = _adjusted(seen, x, y, sorted(adjusted))
        _check_table("adjustment", f"{where} by {sorted(adjusted)}", found, truth, tally)
    for front in islice(frontdoor_sets(graph, **ends), _SETS):
        found = _through_the_front_door(seen, x, y, sorted(front))
        _check_table("front door", f"{where} by {sorted(front)}", found, truth, tally)
    found = _adjusted(seen, x, y, drawn)
    if is_adjustment_set(graph, drawn, **ends):
        _check_table("adjustment check", f"{where} by {drawn}", found, truth, tally)
    elif is_generic:
        gap = float(abs(found - truth).max())
        tally.hold("adjustment refused", f"{where} by {drawn}", gap > _ZERO, "the formula is right")
    if is_frontdoor_set(graph, drawn, **ends):
        found = _through_the_front_door(seen, x, y, drawn)
        _check_table("front door check", f"{where} by {drawn}", found, truth, tally)


def _flat(truth: Floats, seen: Seen, x: Sequence[str]) -> Floats:
    return truth.reshape(int(np.prod([len(seen.states[v]) for v in x])), -1)


def _check_table(kind: str, what: str, found: Floats, truth: Floats, tally: Tally) -> None:
    if np.isnan(found).any():
        tally.positivity[kind] += 1
    else:
        tally.check(kind, what, float(abs(found - truth).max()), 0.0)


def _stacked(seen: Seen, x: Sequence[str], y: Sequence[str], names: Sequence[str]) -> Floats:
    """Give P(x, y, z) as three axes."""
    sizes = [int(np.prod([len(seen.states[v]) for v in part])) for part in (x, y)]
    return seen.table([*x, *y, *names]).reshape(*sizes, -1)


def _adjusted(seen: Seen, x: Sequence[str], y: Sequence[str], names: Sequence[str]) -> Floats:
    """sum_z P(y | x, z) P(z), axes x, y; NaN where a stratum is empty."""
    joint = _stacked(seen, x, y, names)
    strata = joint.sum(axis=(0, 1))
    with np.errstate(invalid="ignore"):
        parts = joint / joint.sum(axis=1, keepdims=True) * strata
    found: Floats = parts[:, :, strata > 0].sum(axis=2)
    return found


def _through_the_front_door(
    seen: Seen, x: Sequence[str], y: Sequence[str], names: Sequence[str]
) -> Floats:
    """sum_z P(z | x) sum_x' P(y | x', z) P(x'), axes x, y; NaN where a stratum is empty."""
    joint = _stacked(seen, x, y, names)
    p_x = joint.sum(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        p_z = joint.sum(axis=1) / p_x[:, None]
        p_y = joint / joint.sum(axis=1, keepdims=True)
    found: Floats = np.einsum("xz,wyz,w->xy", p_z, p_y, p_x)
    return found
