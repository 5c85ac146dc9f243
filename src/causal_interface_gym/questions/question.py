"""What is asked of a participant, and the key by which the answer is marked.

A family (one file each, in folders on Pearl's ladder) turns its parameters and a model into items.
An item's ``asked`` is public; its truth, reference and lures stay on the scoring side.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)

__all__ = [
    "Asked",
    "BaseRate",
    "Claim",
    "Distribution",
    "Elicited",
    "End",
    "Family",
    "Item",
    "Lure",
    "Probability",
    "Reference",
    "ValidAdjustment",
    "event",
    "probability_item",
]


@dataclass(frozen=True, slots=True)
class ValidAdjustment:
    """The claim that adjusting for ``adjust`` gives the effect of treatment on outcome.

    >>> str(ValidAdjustment("drug", "recovery", ("age",)))
    'adjusting for {age} gives the effect of drug on recovery'
    """

    treatment: str
    outcome: str
    adjust: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say the claim in words."""
        names = ", ".join(self.adjust)
        return f"adjusting for {{{names}}} gives the effect of {self.treatment} on {self.outcome}"


Claim = ValidAdjustment | Confounded | Direction | Determined
"""What is true or false of a world."""

Asked = Query | FromSelected | InPopulation | IntervalEnd | Claim
"""What one elicited probability is about: an event under conditions, or a claim."""


@dataclass(frozen=True, slots=True)
class Lure:
    """The exact number that a named fallacy would give, in [0, 1]."""

    fallacy: str
    value: float


@dataclass(frozen=True, slots=True)
class BaseRate:
    """The reference answers the mean truth of the whole form, which no single world knows."""


Reference = float | BaseRate
"""What the participant of Causal Score 0 answers."""


@dataclass(frozen=True, slots=True)
class Probability:
    """The item is a probability by itself; who knows nothing says 0.5."""

    @property
    def uniform(self) -> float:
        """What who knows nothing says."""
        return 0.5


@dataclass(frozen=True, slots=True)
class Distribution:
    """The item is part number ``part`` of a distribution over named alternatives.

    The Brier score of the distribution, sum of (b - t)^2, is the sum of the parts' losses.
    """

    alternatives: tuple[str, ...]
    part: int

    @property
    def uniform(self) -> float:
        """What who knows nothing says."""
        return 1 / len(self.alternatives)


@dataclass(frozen=True, slots=True)
class End:
    """The item is an end of an interval: part 0 is the lower, part 1 the upper.

    The loss of the interval, (l - L)^2 + (u - U)^2, is the sum of the losses of its ends. Who knows
    nothing says 0.5 of both ends, or everything from 0 to 1.
    """

    part: int

    @property
    def uniform(self) -> float:
        """What who knows nothing says, as a point."""
        return 0.5


Elicited = Probability | Distribution | End
"""How the number of an item is asked for."""


@dataclass(frozen=True, slots=True)
class Item:
    """One elicited probability with its key.

    ``name`` is the question in the scenario's own words; it stays when a world is renamed.
    """

    family: str
    name: str
    asked: Asked
    truth: float
    reference: Reference
    lures: tuple[Lure, ...] = ()
    elicited: Elicited = Probability()

    @property
    def lure(self) -> dict[str, float]:
        """The lures by the name of their fallacy."""
        return {lure.fallacy: lure.value for lure in self.lures}


class Family(Protocol):
    """A kind of question: what is elicited, the truth, the lures and the reference.

    ``rung`` is the rung of Pearl's ladder (1 seeing, 2 doing, 3 imagining). ``is_headline`` says
    whether the family enters the headline score, whose reference is the seer.
    """

    name: ClassVar[str]
    rung: ClassVar[int]
    is_headline: ClassVar[bool]

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the items of this question in a model."""
        ...


def event(text: str) -> Term:
    """Read ``variable=state``.

    >>> event("recovery=yes")
    Term(variable='recovery', value='yes', do=())

    Raises:
        QueryError: The text is not one variable with one state.
    """
    query = Query.parse(text)
    term = query.outcome[0]
    if len(query.outcome) > 1 or query.given or query.do or term.do or term.value is None:
        message = f"an outcome is one variable with its state, e.g. recovery=yes; got {text!r}"
        raise QueryError(message)
    return term


def probability_item(
    model: SCM, family: str, *, asked: Query, reference: Query, lures: dict[str, Query | float]
) -> Item:
    """Make the item of a probability: each query that is named becomes its exact number."""
    return Item(
        family,
        str(asked),
        asked,
        truth=model.p(asked),
        reference=model.p(reference),
        lures=tuple(
            Lure(name, model.p(lure) if isinstance(lure, Query) else lure)
            for name, lure in lures.items()
        ),
    )
