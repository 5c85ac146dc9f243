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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Term
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
Terms = tuple[Term, ...]
_REMEMBERED: Final = 64
"""How many sets of demands are remembered: participants come world by world."""
_FEASIBILITY: Final = 1e-10
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
    asked = tuple((d.event, d.within) for d in found)
    shape = _shape(graph, tuple(beliefs.states.items()), asked, limit)
    if isinstance(shape, Unscored):
        return shape
    changes: list[Change] = []
    for group in _groups(found):
        corners = shape.corners[group[0].within]
        if not corners.size:
            return Unscored(f"the condition of {group[0].statement.query} cannot happen")
        changes += _mended(group, corners)
    n_unlinked = sum(bool(d.within) for d in found)
    is_exact = not n_unlinked and shape.is_whole
    return Incoherence(
        float(sum(change.counted for change in changes)),
        is_exact,
        "all beliefs about worlds of the graph" if is_exact else _RELAXED,
        tuple(changes),
        shape.size,
        n_unlinked,
    )


_RELAXED = "outer relaxation: one distribution over all responses, districts not kept independent"


def _groups(found: Sequence[Demand]) -> list[list[Demand]]:
    groups: dict[Terms, list[Demand]] = defaultdict(list)
    for demand in found:
        groups[demand.within].append(demand)
    return list(groups.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """What the statements demand, whatever numbers they have.

    ``corners`` holds by condition the different combinations of the events demanded within it,
    shape (n_demands, n_corners), with no column where the condition cannot happen.
    """

    size: int
    is_whole: bool
    corners: Mapping[Terms, Floats]


@lru_cache(maxsize=_REMEMBERED)
def _shape(
    graph: ADMG,
    states: tuple[tuple[str, tuple[str, ...]], ...],
    asked: tuple[tuple[Terms, Terms], ...],
    limit: int,
) -> _Shape | Unscored:
    """Spread the worlds out and see which events go together; participants ask for the same."""
    parts = [reads(graph, (*event, *within)) for event, within in asked]
    names = frozenset[str]().union(*parts)
    size = n_responses(graph, dict(states), names)
    if size > limit:
        return Unscored(f"the graph has {size:.3g} combinations of responses; {limit} is the limit")
    space = ResponseSpace(graph, dict(states), names)
    events: dict[Terms, list[Terms]] = defaultdict(list)
    for event, within in asked:
        events[within].append(event)
    return _Shape(
        size,
        _is_whole_simplex(graph, names, parts),
        {within: _corners(space, found, within) for within, found in events.items()},
    )


def _corners(space: ResponseSpace, events: Sequence[Terms], within: Terms) -> Floats:
    columns = space.holds(within)
    holds = np.array([space.holds(event)[columns] for event in events])
    codes = np.packbits(holds, axis=0)
    first = np.unique(codes, axis=1, return_index=True)[1]  # equal columns are one corner
    return holds[:, first].astype(float)


def _is_whole_simplex(graph: ADMG, names: frozenset[str], parts: Sequence[frozenset[str]]) -> bool:
    """Say whether each statement reads one district and each district is a clique of arcs."""
    districts = graph.subgraph(names).districts()
    cliques = all(d - {v} <= graph.spouses(v) for d in districts for v in d)
    return cliques and all(any(part <= district for district in districts) for part in parts)


def _mended(group: Sequence[Demand], corners: Floats) -> list[Change]:
    """Solve the linear programme of one group; ``corners`` has a row for each demand."""
    targets = np.array([d.target for d in group])
    reached = _nearest(corners, targets)
    return [
        Change(
            d.statement,
            float(value / d.weight) if d.weight > 0 else d.statement.p,
            float(abs(value - d.target)),
        )
        for d, value in zip(group, reached, strict=True)
    ]


def _nearest(corners: Floats, targets: Floats) -> Floats:
    """Give what comes nearest to the targets in L1 in the convex hull of different corners."""
    n_demands, n_corners = corners.shape
    if n_corners == 2**n_demands:  # the whole cube: every list of probabilities lies in it
        return targets
    if n_corners == 1:
        return corners[:, 0]
    from scipy.optimize import linprog  # noqa: PLC0415 - an optional dependency, loaded when used

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
    reached: Floats = corners @ (weights / weights.sum())
    return reached
