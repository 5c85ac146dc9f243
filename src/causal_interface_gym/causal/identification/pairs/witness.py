r"""Two models that nobody can tell apart by observation, and that answer a query differently.

Let F, F' be the forests of a hedge with root R, T a tree of bidirected edges that spans F' and
then F, with a fair hidden coin on each edge; each node of F outside R gets one child in F, nodes
of F' one in F'. In the first model a node of F is the noisy parity of the parents that chose it
and of its coins, with strength s; in the second, nodes of F' leave out the parents and coins that
come from outside F', with strength s'.

*They agree.* P(v) = 2^-n times the sum over subsets A of F of E[product of (-1)^(what a bit and
its reads add up to), a in A] times the strengths. A coin averages to 0 unless A holds both or none
of the nodes that read it. As T is connected, in the first model only A = {} and A = F survive. In
the second the coins between F' and the rest are read outside F' only, so that only {} and F'
survive. Each chosen edge cancels, and what is left is the parity of R: P(v) =
2^-n (1 + s^|F| (-1)^sum(R)) and 2^-n (1 + s'^|F'| (-1)^sum(R)). With s^|F| = s'^|F'| = 1/2 both
are equal, and positive.

*They differ.* Setting a node of F outside F' takes its own sign away, so that F no longer survives
in the first model and its roots become fair coins; the second keeps its bias of 1/2.

*The bias reaches the outcome.* The root's bits travel down directed paths that avoid the actions,
as further noisy bits, to the first outcome or given. Mechanisms of these bits are the same in both
models, so P(v) stays equal. If a root reaches an outcome, the parity of what arrives is biased in
one model only, for every value of the givens. Else all arrive at givens; as no given can be
exchanged for an action, an open back-door path leads from such a given to the outcome. Along it
forks and hidden causes are fair coins, chains copy, colliders add up both arms and hand the sum
down to the given that opens them, and the near end is added to the bit that arrived: in the
second model the givens then tell something about the outcome's bit, in the first nothing.

Source: [shpitser2006] shows that such models exist; these are positive everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.hedge import Hedge
from causal_interface_gym.causal.identification.pairs.wiring import Plan, plan_wiring, wire
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import InferenceError

__all__ = ["Witness", "find_witness", "require_agreement"]

MAX_CHECKED_CELLS = 2**18
"""Cells up to which the joint distributions of a pair are compared in full."""

_SAME = 1e-12
_DIFFERENT = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """Two models of the graph with the same P(v) > 0 and different answers.

    ``query`` has concrete values; ``p_first`` and ``p_second`` are its exact answers.
    ``is_checked`` says whether all observational probabilities were compared one by one; the pair
    is equal by proof in any case. ``elsewhere`` holds the two models of each other population that
    the input speaks of, ``policy`` the tables of a plan under which both are asked.
    """

    first: SCM
    second: SCM
    query: Query
    p_first: float
    p_second: float
    is_checked: bool
    elsewhere: Mapping[str, tuple[SCM, SCM]] = field(default_factory=dict)
    policy: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __str__(self) -> str:
        """Give both answers."""
        return f"{self.query} is {self.p_first:.6g} in one model and {self.p_second:.6g} in another"


def find_witness(graph: ADMG, query: Query, hedge: Hedge, *, actions: int, givens: int) -> Witness:
    """Build the pair for a hedge; ``actions`` and ``givens`` are those after exchanges.

    Raises:
        WidthError: A node of the hedge has so many neighbours that its table is too large.
        InferenceError: The pair fails its check.
    """
    outcome = graph.mask(t.variable for t in query.outcome)
    layout = plan_wiring(graph, hedge, outcome=outcome, actions=actions, givens=givens)
    return _checked(graph, query, layout)


def _checked(graph: ADMG, query: Query, layout: Plan) -> Witness:
    circuits = [wire(graph, layout, second=second) for second in (False, True)]
    first, second = (circuit.model() for circuit in circuits)
    involved = circuits[0].involved
    cells = np.prod([float(len(first.states[v])) for v in involved])
    is_checked = bool(cells <= MAX_CHECKED_CELLS)
    if is_checked:
        require_agreement(first.table(involved), second.table(involved))
    return compare(first, second, query, is_checked=is_checked)


def require_agreement(first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
    """Fail unless two joint distributions are equal and positive everywhere.

    Raises:
        InferenceError: They are not, which is a fault of this package and worth a report.
    """
    gap = float(np.abs(first - second).max())
    if gap > _SAME or min(first.min(), second.min()) <= 0:
        message = f"the pair differs by {gap} on what is observed, or is not positive"
        raise InferenceError(message)


def compare(first: SCM, second: SCM, query: Query, *, is_checked: bool) -> Witness:
    """Choose values for the query for which the models differ, those of the query if they do.

    Raises:
        InferenceError: The models answer alike.
    """
    do = {name: _label(first, name, value) for name, value in query.do}
    given = {t.variable: _label(first, t.variable, t.value) for t in query.given}
    outcome = [t.variable for t in query.outcome]
    tables = [model.table(outcome, do=do, given=given) for model in (first, second)]
    gaps = np.abs(tables[0] - tables[1])
    wanted = [_label(first, t.variable, t.value) for t in query.outcome]
    place = tuple(first.state(v, label) for v, label in zip(outcome, wanted, strict=True))
    if gaps[place] < _DIFFERENT:
        place = tuple(int(i) for i in np.unravel_index(int(gaps.argmax()), gaps.shape))
    if gaps[place] < _DIFFERENT:
        message = f"the pair differs by {float(gaps[place])} only on {query}"
        raise InferenceError(message)
    labels = {v: first.states[v][i] for v, i in zip(outcome, place, strict=True)}
    concrete = Query.of(outcome=labels, do=do, given=given)
    p_first, p_second = (float(table[place]) for table in tables)
    return Witness(first, second, concrete, p_first, p_second, is_checked)


def _label(model: SCM, name: str, wanted: object) -> str:
    labels = model.states[name]
    return wanted if isinstance(wanted, str) and wanted in labels else labels[0]
