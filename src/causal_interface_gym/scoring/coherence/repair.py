"""One number for incoherence: the least L1 change that makes all statements true of one world.

The statements are demands on a distribution over the response functions of the participant's own
graph; the smallest total change that lets all be met is a linear programme, solved by HiGHS.

What "multiplied out" means. P(y | z) = b is no linear demand on the distribution. Where the
participant stated P(z) = a (or it follows by the complement or product rule), the statement enters
as P(y, z) = a b, and its change is counted on that scale: a unit of change of b counts a. Where a
was not stated there is nothing to multiply by: statements with that same condition form a group of
their own, a distribution within the condition, whose changes count on their own scale and which is
not tied to the other groups. Before that, a condition that the graph allows to be read as an action
(no open back-door path) is read so, and needs no multiplying.

What is exact. All combinations of responses share one simplex. The graph's worlds are the whole
simplex only where the variables involved all share hidden causes with each other; independence of
districts is a product, not a linear constraint, and is left out. So the number is a **lower
bound**, except where every statement speaks of one such clique (``is_exact``), for then a product
of the districts' distributions meets the same demands at the same cost.

Source: [balke1994].
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.scoring.coherence.beliefs import Beliefs, Statement
from causal_interface_gym.scoring.coherence.linear import Demand, demands, has_draw
from causal_interface_gym.scoring.coherence.response import (
    MAX_RESPONSES,
    ResponseSpace,
    n_responses,
    reads,
)
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["Change", "Incoherence", "incoherence"]

Floats = NDArray[np.float64]
_FEASIBILITY = 1e-10
"""Tolerance of the solver, below what is reported as zero."""


@dataclass(frozen=True, slots=True)
class Change:
    """A statement and the probability it has in the nearest coherent beliefs that were found.

    ``counted`` is its share of the total: the difference times the stated condition's probability.
    """

    statement: Statement
    coherent: float
    counted: float


@dataclass(frozen=True, slots=True)
class Incoherence:
    """The least total change, >= 0; a lower bound unless ``is_exact``.

    ``method`` says which set of beliefs counts as coherent; ``n_responses`` is the size of its
    space; ``n_unlinked`` counts statements whose condition's probability was not stated.
    """

    amount: float
    is_exact: bool
    method: str
    changes: tuple[Change, ...]
    n_responses: int
    n_unlinked: int


def incoherence(
    beliefs: Beliefs, graph: ADMG, *, limit: int = MAX_RESPONSES
) -> Incoherence | Unscored:
    """Give the smallest L1 change that puts the statements in the polytope of the graph.

    Needs scipy. ``graph`` names every variable that the statements name.

    Raises:
        UnknownVariableError: A statement names a variable that the graph does not have.
    """
    if not beliefs.stated:
        return Unscored("nothing was stated")
    drawn = [s.query for s in beliefs.stated if has_draw(s.query)]
    if drawn:
        return Unscored(f"{drawn[0]} has a stochastic intervention, which is not audited")
    found = list(demands(beliefs, graph))
    parts = [reads(graph, (*d.event, *d.within)) for d in found]
    names = frozenset[str]().union(*parts)
    size = n_responses(graph, beliefs.states, names)
    if size > limit:
        return Unscored(f"the graph has {size:.3g} combinations of responses; {limit} is the limit")
    space = ResponseSpace(graph, beliefs.states, names)
    changes: list[Change] = []
    for group in _groups(found):
        columns = space.holds(group[0].within)
        if not columns.any():
            return Unscored(f"the condition of {group[0].statement.query} cannot happen")
        events = np.array([space.holds(d.event)[columns] for d in group])
        changes += _mended(group, events)
    n_unlinked = sum(bool(d.within) for d in found)
    is_exact = not n_unlinked and _is_whole_simplex(graph, names, parts)
    return Incoherence(
        float(sum(change.counted for change in changes)),
        is_exact,
        "all beliefs about worlds of the graph" if is_exact else _RELAXED,
        tuple(changes),
        size,
        n_unlinked,
    )


_RELAXED = "outer relaxation: one distribution over all responses, districts not kept independent"


def _groups(found: Sequence[Demand]) -> list[list[Demand]]:
    groups: dict[object, list[Demand]] = defaultdict(list)
    for demand in found:
        groups[demand.within].append(demand)
    return list(groups.values())


def _is_whole_simplex(graph: ADMG, names: frozenset[str], parts: Sequence[frozenset[str]]) -> bool:
    """Say whether each statement reads one district and each district is a clique of arcs."""
    districts = graph.subgraph(names).districts()
    cliques = all(d - {v} <= graph.spouses(v) for d in districts for v in d)
    return cliques and all(any(part <= district for district in districts) for part in parts)


def _mended(group: Sequence[Demand], events: NDArray[np.bool_]) -> list[Change]:
    """Solve the linear programme of one group; ``events`` has a row for each demand."""
    codes = np.packbits(events, axis=0)
    first = np.unique(codes, axis=1, return_index=True)[1]  # equal columns are one corner
    corners = events[:, first].astype(float)
    targets = np.array([d.target for d in group])
    reached = corners @ _nearest(corners, targets)
    return [
        Change(
            d.statement,
            float(value / d.weight) if d.weight > 0 else d.statement.p,
            float(abs(value - d.target)),
        )
        for d, value in zip(group, reached, strict=True)
    ]


def _nearest(corners: Floats, targets: Floats) -> Floats:
    """Give the distribution over corners that comes nearest to the targets in L1."""
    if len(targets) == 1:  # an interval: no programme is needed
        (row,) = corners
        low, high = row.min(), row.max()
        share = (targets[0] - low) / (high - low) if high > low else 1.0
        return np.where(row == high, share, 1 - share)
    from scipy.optimize import linprog  # noqa: PLC0415 - an optional dependency, loaded when used

    n_demands, n_corners = corners.shape
    slack = np.eye(n_demands)
    mass = np.concatenate([np.ones(n_corners), np.zeros(2 * n_demands)])
    solved = linprog(
        1 - mass,
        A_eq=np.vstack([np.hstack([corners, -slack, slack]), mass]),
        b_eq=np.append(targets, 1.0),
        method="highs",
        options={
            "primal_feasibility_tolerance": _FEASIBILITY,
            "dual_feasibility_tolerance": _FEASIBILITY,
        },
    )
    weights: Floats = np.clip(solved.x[:n_corners], 0, None)
    total: float = weights.sum()
    return weights / total
