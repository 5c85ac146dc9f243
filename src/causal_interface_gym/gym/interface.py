"""An interface: what a participant may see and do. It is the experimental factor of studies.

One value says it all. From it follow the text brief and the tools of an agent, and the page of a
person (``gym.presentation``); ``interface_to_json`` writes it, so a study can keep its arms.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.action import MAX_ROWS

__all__ = [
    "INTERFACES",
    "Interface",
    "allowed_kinds",
    "interface",
    "interface_from_json",
    "interface_to_json",
]

_FORMAT: Final = "causal-interface-gym/interface"
_VERSION: Final = 1
_MOST: Final = 10**9


@dataclass(frozen=True, slots=True)
class Interface:
    """What is shown and allowed; rows cost budget, an experiment's rows more than a survey's.

    ``budget`` counts units; ``row_cost`` and ``experiment_row_cost`` are units a row. A data table
    of ``table_rows`` rows and the associations in ``correlation_rows`` rows are shown at the start
    and cost nothing; 0 shows none. ``shows_history`` false lets the participant see only its last
    action. ``gives_feedback`` answers each statement with how far the participant has come, and
    never with the truth. After ``max_actions`` actions the episode ends.

    Raises:
        RunError: A number is negative or too large, or a field has another type.
    """

    name: str
    shows_graph: bool
    can_intervene: bool
    budget: int
    row_cost: int = 1
    experiment_row_cost: int = 2
    can_observe: bool = True
    table_rows: int = 0
    correlation_rows: int = 0
    shows_history: bool = True
    gives_feedback: bool = False
    max_actions: int = 200

    def __post_init__(self) -> None:
        """Check types and numbers."""
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not field.type:
                wanted = getattr(field.type, "__name__", "")
                message = f"{field.name} of an interface is of type {wanted}; got {value!r:.100}"
                raise RunError(message)
            if isinstance(value, int) and not 0 <= value <= _MOST:
                message = f"budget, costs and numbers of rows are whole numbers >= 0; got {self}"
                raise RunError(message)
        if max(self.table_rows, self.correlation_rows) > MAX_ROWS:
            message = f"at most {MAX_ROWS} rows are shown at the start; got {self}"
            raise RunError(message)


def allowed_kinds(interface: Interface) -> tuple[str, ...]:
    """Give the kinds of action that an interface allows.

    >>> allowed_kinds(INTERFACES["survey"])
    ('observe', 'believe', 'hypothesise', 'submit')
    """
    allowed = {"observe": interface.can_observe, "intervene": interface.can_intervene}
    kinds = ("observe", "intervene", "believe", "hypothesise", "submit")
    return tuple(kind for kind in kinds if allowed.get(kind, True))


INTERFACES: Final[Mapping[str, Interface]] = MappingProxyType(
    {
        made.name: made
        for made in (
            Interface("graph", shows_graph=True, can_intervene=True, budget=10_000),
            Interface("survey", shows_graph=True, can_intervene=False, budget=10_000),
            Interface("blind", shows_graph=False, can_intervene=True, budget=10_000),
            Interface(
                "table",
                shows_graph=False,
                can_intervene=False,
                budget=0,
                can_observe=False,
                table_rows=1_000,
            ),
            Interface(
                "correlations",
                shows_graph=False,
                can_intervene=False,
                budget=0,
                can_observe=False,
                correlation_rows=1_000,
            ),
            Interface(
                "laboratory",
                shows_graph=False,
                can_intervene=True,
                budget=10_000,
                can_observe=False,
            ),
            Interface(
                "forgetful",
                shows_graph=True,
                can_intervene=True,
                budget=10_000,
                shows_history=False,
            ),
            Interface(
                "full",
                shows_graph=True,
                can_intervene=True,
                budget=10_000,
                table_rows=1_000,
                correlation_rows=1_000,
                gives_feedback=True,
            ),
        )
    }
)
"""The named interfaces: with the graph, without experiments, without the graph, and others."""


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


def interface_to_json(interface: Interface) -> dict[str, Any]:  # Any: JSON
    """Write an interface in its JSON form."""
    return {"format": _FORMAT, "version": _VERSION, **asdict(interface)}


def interface_from_json(data: object) -> Interface:
    """Read what ``interface_to_json`` writes.

    >>> interface_from_json(interface_to_json(INTERFACES["full"])) == INTERFACES["full"]
    True

    Raises:
        RunError: The format or version is another, or a field is missing, unknown or wrong.
    """
    if not isinstance(data, Mapping):
        message = f"an interface is an object with the fields of Interface; got {data!r:.100}"
        raise RunError(message)
    found = {key: value for key, value in data.items() if key not in {"format", "version"}}
    if (data.get("format"), data.get("version")) != (_FORMAT, _VERSION):
        message = f"an interface has format {_FORMAT!r} and version {_VERSION}; got {data!r:.100}"
        raise RunError(message)
    names = [field.name for field in fields(Interface)]
    if set(found) != set(names):
        message = (
            f"an interface has the fields {', '.join(names)}; got {', '.join(map(str, found))}"
        )
        raise RunError(message)
    return Interface(**found)
