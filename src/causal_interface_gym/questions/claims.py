"""Claims that are true or false of a world, and a question whose data are a selected sample.

Like ``ValidAdjustment`` each is public: it says what is asked and nothing of the answer.
"""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError

__all__ = ["DIRECTIONS", "Confounded", "Determined", "Direction", "FromSelected"]

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
