"""A query as events in worlds: which variable has which value under which intervention.

Every term of a query is an event in the world of its own intervention inside the query's one. A
variable may be set to its value in another world; that world then has no event of its own. What is
left open is one unknown value per variable, the same wherever it is left open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query, Settings, Stochastic, Term
from causal_interface_gym.errors import QueryError

__all__ = ["Borrowed", "Event", "Fixed", "Worlds", "read_worlds"]


class Fixed(NamedTuple):
    """A value that the query gives; None is the one that it leaves open."""

    label: str | None


class Borrowed(NamedTuple):
    """The value that the variable has in another world, given by its number."""

    world: int


class Event(NamedTuple):
    """A variable (its bit) has a value in a world; conditions are ``is_given``."""

    variable: int
    world: int
    label: str | None
    is_given: bool


World = dict[int, Fixed | Borrowed]


@dataclass(slots=True)
class Worlds:
    """The interventions of all worlds, each once, and the events in them."""

    settings: list[World] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def values(self) -> Iterator[tuple[int, str | None]]:
        """Yield every value that an intervention or an event gives a variable."""
        for settings in self.settings:
            for v, value in settings.items():
                if isinstance(value, Fixed):
                    yield v, value.label
        yield from ((event.variable, event.label) for event in self.events)

    def number(self, settings: World) -> int:
        """Give the number of a world, a new one if it is not known yet."""
        if settings not in self.settings:
            self.settings.append(settings)
        return self.settings.index(settings)


def read_worlds(graph: ADMG, query: Query) -> Worlds:
    """Collect the worlds and events of a query.

    Raises:
        UnknownVariableError: A variable is not in the graph.
        QueryError: An intervention is drawn at random.
    """
    worlds = Worlds()
    for is_given, terms in ((True, query.given), (False, query.outcome)):
        for term in terms:
            world = worlds.number(_settings(graph, query, term.do, worlds, inherits=True))
            variable = graph.mask(term.variable).bit_length() - 1
            worlds.events.append(Event(variable, world, term.value, is_given))
    return worlds


def _settings(graph: ADMG, query: Query, own: Settings, worlds: Worlds, *, inherits: bool) -> World:
    """Give the intervention of a world; what it borrows makes further worlds."""
    found: World = {}
    base = query.do if inherits else ()
    for part, inner in ((base, False), (own, inherits)):
        for name, value in part:
            bit = graph.mask(name).bit_length() - 1
            match value:
                case Stochastic():
                    message = (
                        f"{query} draws {name!r} at random; identify do({name}) and average the "
                        "answers over the draw"
                    )
                    raise QueryError(message)
                case Term():
                    other = _settings(graph, query, value.do, worlds, inherits=inner)
                    found[bit] = other[bit] if bit in other else Borrowed(worlds.number(other))
                case _:
                    found[bit] = Fixed(value)
    return dict(sorted(found.items()))
