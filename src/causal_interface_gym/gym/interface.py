"""An interface: what a participant may see and do. It is the experimental factor of studies."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from causal_interface_gym.errors import RunError

__all__ = ["INTERFACES", "Interface", "interface"]


@dataclass(frozen=True, slots=True)
class Interface:
    """What is shown and allowed; rows cost budget, an experiment's rows more than a survey's.

    ``budget`` counts units; ``row_cost`` and ``experiment_row_cost`` are units a row.

    Raises:
        RunError: A number is negative.
    """

    name: str
    shows_graph: bool
    can_intervene: bool
    budget: int
    row_cost: int = 1
    experiment_row_cost: int = 2

    def __post_init__(self) -> None:
        """Check the numbers."""
        if min(self.budget, self.row_cost, self.experiment_row_cost) < 0:
            message = f"budget and costs are whole numbers >= 0; got {self}"
            raise RunError(message)


INTERFACES: Final[Mapping[str, Interface]] = MappingProxyType(
    {
        made.name: made
        for made in (
            Interface("graph", shows_graph=True, can_intervene=True, budget=10_000),
            Interface("survey", shows_graph=True, can_intervene=False, budget=10_000),
            Interface("blind", shows_graph=False, can_intervene=True, budget=10_000),
        )
    }
)
"""The interfaces by name: with the graph, with the graph and no experiments, without the graph."""


def interface(name: str) -> Interface:
    """Find an interface by its name.

    Raises:
        RunError: There is no such interface; the nearest one is suggested.
    """
    if name not in INTERFACES:
        nearest = get_close_matches(name, INTERFACES, n=1, cutoff=0.3)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ";"
        message = f"unknown interface {name!r}{hint} known: {', '.join(INTERFACES)}"
        raise RunError(message)
    return INTERFACES[name]
