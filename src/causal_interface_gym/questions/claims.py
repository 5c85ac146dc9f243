"""Claims that are true or false of a world, and questions that say more than a query can.

Like ``ValidAdjustment`` each is public: it says what is asked and nothing of the answer.
"""

from dataclasses import dataclass
from typing import Final, Literal

from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import QueryError

__all__ = [
    "DIRECTIONS",
    "Confounded",
    "Determined",
    "Direction",
    "FromSelected",
    "InPopulation",
    "IntervalEnd",
]

DIRECTIONS: Final = ("forward", "backward", "common cause only")
"""The alternatives of ``Direction``, in the order of its parts."""


@dataclass(frozen=True, slots=True)
class FromSelected:
    """A question about the whole population, whose observed rows all satisfy ``selected``.

    >>> asked = FromSelected(Query.parse("sick=yes | do(job=yes)"), (("employed", "yes"),))
    >>> str(asked)
    'P(sick=yes | do(job=yes)) in the whole population; observed rows all have employed=yes'

    Raises:
        QueryError: No selection is named, or one of its variables twice.
    """

    query: Query
    selected: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        """Check that there is a selection."""
        names = [name for name, _ in self.selected]
        if not names or len(set(names)) < len(names):
            message = f"a selection names each of its variables once; got {self.selected!r}"
            raise QueryError(message)

    def __str__(self) -> str:
        """Ask in words."""
        shown = ", ".join(f"{name}={label}" for name, label in self.selected)
        return f"{self.query} in the whole population; observed rows all have {shown}"


@dataclass(frozen=True, slots=True)
class InPopulation:
    """A question about one population, where experiments can be made in another only.

    ``population`` is an observed variable; the question is about the units with ``target``, and an
    experiment enrols those with ``source``. All are observed.

    >>> asked = InPopulation(Query.parse("sick=yes | do(drug=yes)"), "city", "LA", "NY")
    >>> str(asked)
    'P(sick=yes | do(drug=yes)) where city=NY; experiments enrol only units with city=LA'
    >>> str(asked.in_target)
    'P(sick=yes | do(drug=yes), city=NY)'

    Raises:
        QueryError: The query names the population itself, or source and target are one.
    """

    query: Query
    population: str
    source: str
    target: str

    def __post_init__(self) -> None:
        """Check that there are two populations, and that the query leaves them open."""
        if self.source == self.target:
            message = f"source and target are two states of {self.population}; got {self.source!r}"
            raise QueryError(message)
        if self.population in self.query.variables:
            message = f"{self.query} names the population {self.population!r}; leave it out"
            raise QueryError(message)

    @property
    def trials(self) -> tuple[tuple[str, str], ...]:
        """The states of all units that an experiment enrols."""
        return ((self.population, self.source),)

    @property
    def in_target(self) -> Query:
        """The query within the population asked about."""
        return self._within(self.target)

    @property
    def in_source(self) -> Query:
        """The same query within the population of the experiments."""
        return self._within(self.source)

    def _within(self, label: str) -> Query:
        given = (*self.query.given, Term(self.population, label))
        return Query(self.query.outcome, given, self.query.do)

    def __str__(self) -> str:
        """Ask in words."""
        return (
            f"{self.query} where {self.population}={self.target}; experiments enrol only units "
            f"with {self.population}={self.source}"
        )


@dataclass(frozen=True, slots=True)
class IntervalEnd:
    """One end of what a query can be, given the graph and the distribution of what is observed.

    ``experiments`` are variables of which the experiment is known as well.

    >>> str(IntervalEnd(Query.parse("y=1 | do(x=1)"), "lower"))
    'the least that P(y=1 | do(x=1)) can be, by the graph and the distribution of what is observed'

    Raises:
        QueryError: The end is neither lower nor upper.
    """

    query: Query
    end: Literal["lower", "upper"]
    experiments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the end."""
        if self.end not in {"lower", "upper"}:
            message = f"an interval has the ends lower and upper; got {self.end!r}"
            raise QueryError(message)

    @property
    def interval(self) -> tuple[str, ...]:
        """What both ends of one interval have in common."""
        return (str(self.query), *self.experiments)

    def __str__(self) -> str:
        """Ask in words."""
        which = "least" if self.end == "lower" else "most"
        tried = f" and under do({', '.join(self.experiments)})" if self.experiments else ""
        return (
            f"the {which} that {self.query} can be, by the graph and the distribution of what is "
            f"observed{tried}"
        )


@dataclass(frozen=True, slots=True)
class Confounded:
    """The claim that seeing and doing differ by more than ``threshold`` at some level.

    >>> str(Confounded("drug", "recovery", "yes"))
    'P(recovery=yes | drug) and P(recovery=yes | do(drug)) differ by more than 0.02 at some level'
    """

    treatment: str
    outcome: str
    state: str
    threshold: float = 0.02

    def __str__(self) -> str:
        """Say the claim in words."""
        y = f"{self.outcome}={self.state}"
        return (
            f"P({y} | {self.treatment}) and P({y} | do({self.treatment})) differ by more than "
            f"{self.threshold:g} at some level"
        )


@dataclass(frozen=True, slots=True)
class Direction:
    """One alternative of a stated distribution over how two variables come to be associated.

    >>> str(Direction("fever", "rash", "forward"))
    'fever is a cause of rash'

    Raises:
        QueryError: The alternative is none of ``DIRECTIONS``.
    """

    first: str
    second: str
    alternative: str

    def __post_init__(self) -> None:
        """Check the alternative."""
        if self.alternative not in DIRECTIONS:
            message = f"a direction is one of {', '.join(DIRECTIONS)}; got {self.alternative!r}"
            raise QueryError(message)

    def __str__(self) -> str:
        """Say the alternative in words."""
        match self.alternative:
            case "forward":
                return f"{self.first} is a cause of {self.second}"
            case "backward":
                return f"{self.second} is a cause of {self.first}"
            case _:
                return f"{self.first} and {self.second} only share a cause"


@dataclass(frozen=True, slots=True)
class Determined:
    """The claim that graph and observational distribution together fix the answer to a query.

    >>> str(Determined(Query.parse("y=1 | do(x=1)")))
    'the graph and the distribution of what is observed determine P(y=1 | do(x=1))'
    """

    query: Query

    def __str__(self) -> str:
        """Say the claim in words."""
        return f"the graph and the distribution of what is observed determine {self.query}"
