"""A form: the fixed set of items of a family on which participants are compared.

Items that are selected for a gap of 0.15 make the reference artificially bad, so that even the
constant 0.5 would score. A form is therefore filled with a ledger. For every baseline (constant
0.5, marginal, reversed answer; in selection and mediation also whoever adjusts for everything) it
keeps the balance: the losses of the baseline so far, less those of the reference. Slots are filled
structure by structure in the family's order, each with the first candidate after which no balance
is negative. So every baseline has a Causal Score of at most 0 on the form, and on each of its
beginnings; controls, where the reference loses almost nothing, pay for worlds without an effect,
where the marginal is exact.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Final

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.question import Item
from causal_interface_gym.scenarios.generated.derive import Generated, derive
from causal_interface_gym.scenarios.generated.screening.candidates import (
    Candidate,
    Source,
    candidates,
)
from causal_interface_gym.scenarios.generated.structure.difficulty import difficulty
from causal_interface_gym.scenarios.generated.structure.strata import FORMS

__all__ = ["HEADLINE_WORLDS", "Form", "form", "stream_worlds"]

HEADLINE_WORLDS: Final = 100
"""Worlds that a form of a headline family has at least."""

_MOST_WAITING: Final = 64
"""Candidates that wait for a better balance; beyond it the oldest are dropped."""
_MOST_TRIED: Final = 2048


@dataclass(frozen=True)
class Form:
    """The worlds of a form in order; their items are its items.

    ``n_drawn`` counts the candidates drawn, so that acceptance can be reported.
    """

    family: str
    level: int
    seed: int
    worlds: tuple[Generated, ...]
    balances: Mapping[str, float]
    n_drawn: int

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items, world by world."""
        return tuple(item for world in self.worlds for item in world.items)


def form(family: str, *, level: int = 2, seed: int = 0, n_worlds: int = HEADLINE_WORLDS) -> Form:
    """Draw a form: the same for the same arguments, in every process.

    A longer form begins with the shorter one.

    Raises:
        ScenarioError: There is no such family or level, or n_worlds is not positive.
    """
    if n_worlds < 1:
        message = f"a form has at least one world; got n_worlds={n_worlds}"
        raise ScenarioError(message)
    filling = _Filling(family, level, seed)
    worlds = tuple(islice(filling.worlds(), n_worlds))
    balances = MappingProxyType(dict(filling.balances))
    return Form(family, level, seed, worlds, balances, filling.n_drawn)


def stream_worlds(family: str, *, level: int = 2, seed: int = 0) -> Iterator[Generated]:
    """Yield the worlds of a form without end.

    Raises:
        ScenarioError: There is no such family or level.
    """
    return _Filling(family, level, seed).worlds()


class _Filling:
    """A form while it is being filled."""

    def __init__(self, family: str, level: int, seed: int) -> None:
        """Open a source of candidates for each structure.

        Raises:
            ScenarioError: There is no such family or level.
        """
        if family not in FORMS:
            message = f"no worlds are generated for family {family!r}; known: {', '.join(FORMS)}"
            raise ScenarioError(message)
        difficulty(level)
        self.level = level
        self.order = FORMS[family]
        self.sources = {s: Pool(Source(family, s, level, seed)) for s in dict.fromkeys(self.order)}
        self.balances: dict[str, float] = {}

    @property
    def n_drawn(self) -> int:
        """Candidates drawn so far."""
        return sum(pool.n_drawn for pool in self.sources.values())

    def worlds(self) -> Iterator[Generated]:
        """Fill slot after slot."""
        while True:
            for stratum in self.order:
                yield self._fill(self.sources[stratum])

    def _fill(self, pool: "Pool") -> Generated:
        while True:
            candidate = pool.take(self.balances)
            world = derive(candidate, level=self.level)
            if isinstance(world, Generated):
                for name, surplus in candidate.surplus.items():
                    self.balances[name] = self.balances.get(name, 0.0) + surplus
                return world


class Pool:
    """Candidates of one structure, those that could not be afforded yet first."""

    def __init__(self, source: Source) -> None:
        """Open the source."""
        self.source = source
        self.n_drawn: int = 0
        self.n_tried: int = 0
        self._fresh = candidates(source)
        self._waiting: deque[Candidate] = deque(maxlen=_MOST_WAITING)

    def take(self, balances: Mapping[str, float]) -> Candidate:
        """Give the first candidate that leaves every balance at zero or above.

        Raises:
            ScenarioError: None was found among very many.
        """
        for place, candidate in enumerate(self._waiting):
            if _is_affordable(candidate, balances):
                del self._waiting[place]
                return candidate
        for candidate in islice(self._fresh, _MOST_TRIED):
            self.n_drawn += candidate.n_drawn
            self.n_tried += 1
            if _is_affordable(candidate, balances):
                return candidate
            self._waiting.append(candidate)
        message = f"no world of {self.source} leaves the form admissible; start with other seeds"
        raise ScenarioError(message)


def _is_affordable(candidate: Candidate, balances: Mapping[str, float]) -> bool:
    return all(balances.get(name, 0.0) + s >= 0 for name, s in candidate.surplus.items())
