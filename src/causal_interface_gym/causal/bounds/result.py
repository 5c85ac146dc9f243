"""Bounds: the least and the most that a causal question can be, given what is known.

``bounds`` takes a ``Knowledge`` (a graph, P(v), experiments) or an ``SCM`` whose tables are known
while undeclared couplings are not. Sharp means that both ends are attained by models that agree
with everything known; those models come along, and the engine has answered for them.

Source: [manski1990], [balke1997], [tian2000], [zhang2022] for the canonical models.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bounds.block import MAX_COLUMNS
from causal_interface_gym.causal.bounds.districts import frame_of, loose_districts, relevant
from causal_interface_gym.causal.bounds.frame import Frame
from causal_interface_gym.causal.bounds.knowledge import Knowledge, distribution
from causal_interface_gym.causal.bounds.objective import Objective, objective_of
from causal_interface_gym.causal.bounds.question import Question
from causal_interface_gym.causal.bounds.search import End, Method, settle, upper_end
from causal_interface_gym.causal.mechanism import MAX_CELLS
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import (
    ImpossibleEventError,
    InferenceError,
    UndeclaredCouplingError,
)

__all__ = ["Bounds", "Extreme", "bounds", "outer_reason", "require_fit"]

TOLERANCE: Final = 1e-7
"""How far an extreme model may be from its end, or from what is known."""

_POINT: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Extreme:
    """A model that agrees with everything known, and its exact answer to the question."""

    model: SCM
    value: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The interval [lower, upper] that holds the answer in every model that fits.

    ``is_sharp``: both ends are answers of models that fit. Where it is not, ``reason`` says why and
    the interval is an outer one: it holds the answer and may be too wide. ``lowest``, ``highest``
    are the most extreme models found; None where a district has no single hidden cause, for then
    models of response functions are not models of the graph.
    """

    question: str
    lower: float
    upper: float
    is_sharp: bool
    method: Method
    reason: str
    lowest: Extreme | None = field(repr=False, compare=False)
    highest: Extreme | None = field(repr=False, compare=False)

    @property
    def is_identified(self) -> bool:
        """Whether both ends are one number."""
        return self.upper - self.lower <= TOLERANCE

    @property
    def references(self) -> tuple[str, ...]:
        """Bibliography keys of what the answer rests on."""
        return ("balke1997", "tian2000", "zhang2022")

    def __str__(self) -> str:
        """State the interval and whether it is sharp."""
        kind = "sharp" if self.is_sharp else f"outer: {self.reason}"
        return f"{self.lower:.6g} <= {self.question} <= {self.upper:.6g} ({kind})"


def bounds(
    known: Knowledge | SCM, question: str | Query | Question, *, limit: int = MAX_COLUMNS
) -> Bounds:
    """Bound a probability or an effect over every model that agrees with what is known.

    Args:
        known: ``Knowledge``: any hidden causes that the graph allows. ``SCM``: its tables hold,
            and only couplings that are not declared are open.
        question: A query, or ``"ATE(X, Y=1)"``, ETT, PN, PS, PNS, ``"NDE(X, Y=1, M)"``, NIE.
        limit: Joint response functions that the variables with common causes may have.

    >>> from causal_interface_gym.causal import ADMG
    >>> bow = ADMG([("X", "Y")], [("X", "Y")])
    >>> two = {"X": ("0", "1"), "Y": ("0", "1")}
    >>> seen = Knowledge.from_tables(bow, two, observational=[[0.3, 0.1], [0.2, 0.4]])
    >>> print(bounds(seen, "P(Y=1 | do(X=1))"))
    0.4 <= P(Y=1 | do(X=1)) <= 0.8 (sharp)

    Raises:
        IncompatibleDataError: No model of the graph gives the known distributions.
        ImpossibleEventError: The condition has probability 0 in every model that fits.
        WidthError: There are too many response functions.
        QueryError: The question is malformed or leaves a value open.

    Source: [balke1997], [tian2000].
    """
    asked = Question.of(question, known.states)
    fitting = _Fitting.of(known, asked, limit)
    objective = fitting.objective(limit)
    settled = settle(objective)
    if settled is None:
        raise ImpossibleEventError(asked.condition)
    low, high = upper_end(settled, sign=-1), upper_end(settled, sign=1)
    # Adding 0.0 makes a zero positive.
    lower, upper = (min(max(e.bound, asked.span[0]), asked.span[1]) + 0.0 for e in (low, high))
    gap = max(low.attained - low.bound, high.bound - high.attained)
    open_blocks = [fitting.frame.blocks[i].members for i in settled.free]
    reason = "" if upper - lower <= _POINT else outer_reason(open_blocks, fitting.loose, gap)
    extremes = [fitting.extreme(end) for end in (low, high)]
    return Bounds(asked.text, lower, upper, not reason, high.method, reason, *extremes)


def outer_reason(
    free: Iterable[tuple[str, ...]], loose: Collection[frozenset[str]], gap: float
) -> str:
    """Say why the ends may be too wide; nothing if models of the graph attain them.

    ``free`` are the members of the blocks that matter, ``loose`` the districts that a block allows
    more than the graph does, ``gap`` the distance from an end to the nearest model found.
    """
    for members in free:
        if frozenset(members) in loose:
            return f"not all of {', '.join(members)} share one hidden cause"
    return "the independence of several hidden causes was relaxed" if gap > TOLERANCE else ""


class _Fitting:
    """The models that agree with what is known, and the question put to them."""

    def __init__(self, known: Knowledge | SCM, asked: Question, frame: Frame) -> None:
        self.known = known
        self.asked = asked
        self.frame = frame
        is_graph = isinstance(known, Knowledge)
        self.loose = loose_districts(known.graph) if is_graph else ()

    @classmethod
    def of(cls, known: Knowledge | SCM, asked: Question, limit: int) -> "_Fitting":
        """Keep of the knowledge what bears on the question."""
        if isinstance(known, SCM):
            return cls(known, asked, Frame(known.states, known.mechanisms, known.latent))
        near = known.over(relevant(known.graph, asked.variables))
        return cls(near, asked, frame_of(near, limit=limit))

    def objective(self, limit: int) -> Objective:
        """Put the question, and open each coupling that it turns out to depend on."""
        while True:
            try:
                return objective_of(self.frame, self.asked, limit=MAX_CELLS)
            except UndeclaredCouplingError as error:
                self.frame = self.frame.freed(error.variable, limit=limit)

    def extreme(self, end: End) -> Extreme | None:
        """Build the model of an end, and let the engine answer for it.

        Raises:
            InferenceError: It fails, which is a fault of this package and worth a report.
        """
        if self.loose or not np.isfinite(end.attained):
            return None
        model = self.frame.filled(end.weights)
        value = self.asked.value(model)
        gap = max(abs(value - end.attained), self._disagreement(model))
        require_fit(gap)
        return Extreme(model, value)

    def _disagreement(self, model: SCM) -> float:
        """Give the largest difference between a model and what is known."""
        if isinstance(self.known, Knowledge):
            order = self.known.graph.order
            pairs = [(distribution(model, order, e.do), e.table) for e in self.known.experiments]
        else:
            freed = [v for block in self.frame.blocks for v in block.members]
            pairs = [(_answers(model, self.known, v), self.known.cpt(v)) for v in freed]
        return max((float(np.abs(a - b).max()) for a, b in pairs), default=0.0)


def require_fit(gap: float) -> None:
    """Refuse an extreme model that is not one.

    Raises:
        InferenceError: It is off by more than the tolerance.
    """
    if not gap <= TOLERANCE:
        message = f"an extreme model is off by {gap:.2g} from its end or from what is known"
        raise InferenceError(message)


def _answers(model: SCM, known: SCM, variable: str) -> NDArray[np.float64]:
    """Give P(v | do(parents)) of a model for each setting of the parents."""
    parents = known.mechanisms[variable].parents
    return distribution(model, (*parents, variable), parents)
