"""A causal graph in words: ``rain -> wet, sprinkler -> wet``; ``a <-> b`` shares a hidden cause."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from causal_interface_gym.agents.elicitation.fields import Words
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import GraphError, InvalidOutputError

__all__ = ["GraphReader", "ReadGraph", "graph_field"]

_LONGEST: Final = 2_000
_NONE: Final = frozenset({"", "none", "no arrows"})


@dataclass(frozen=True, slots=True)
class ReadGraph:
    """The arrows and the pairs with a hidden common cause, by the world's own names."""

    directed: tuple[tuple[str, str], ...]
    bidirected: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GraphReader:
    """Reads graphs over the variables of a brief.

    >>> reader = GraphReader(Handles({"rain": "rain", "wet": "wet"}, {}))
    >>> reader("rain -> wet").directed
    (('rain', 'wet'),)
    """

    handles: Handles

    @property
    def pattern(self) -> str:
        """A pattern for the text of a graph: small models write no arrow without it."""
        names = "|".join(self.handles.variables.values())
        arrow = f"({names}) (->|<->) ({names})"
        return f"^(none|{arrow}(, {arrow}){{0,{2 * len(self.handles.variables)}}})$"

    def __call__(self, text: str) -> ReadGraph:
        """Read a graph.

        Raises:
            InvalidOutputError: A name is unknown, an arrow is none, or they run in a circle.
        """
        if text.strip().casefold().rstrip(".") in _NONE:
            return ReadGraph((), ())
        directed: dict[tuple[str, str], None] = {}
        bidirected: dict[tuple[str, str], None] = {}
        for part in text.replace(";", ",").replace("\n", ",").split(","):
            if part.strip():
                edges, is_directed = self._edges(part)
                (directed if is_directed else bidirected).update(dict.fromkeys(edges))
        self._check(tuple(directed), tuple(bidirected))
        return ReadGraph(tuple(directed), tuple(bidirected))

    def _edges(self, part: str) -> tuple[list[tuple[str, str]], bool]:
        is_directed = "<->" not in part
        names = [name.strip() for name in part.split("->" if is_directed else "<->")]
        if len(names) < 2 or (not is_directed and len(names) > 2):  # noqa: PLR2004 - two ends
            message = f"an arrow is written A -> B; got {ascii(part.strip())[:80]}"
            raise InvalidOutputError(message)
        known = [self._named(name) for name in names]
        return list(pairwise(known)), is_directed

    def _named(self, text: str) -> str:
        name = self.handles.named(text)
        if name is None:
            known = ", ".join(self.handles.variables.values())
            message = f"there is no variable {ascii(text)[:60]}; they are {known}"
            raise InvalidOutputError(message)
        return name

    def _check(
        self, directed: tuple[tuple[str, str], ...], bidirected: tuple[tuple[str, str], ...]
    ) -> None:
        try:
            ADMG(directed, bidirected, nodes=self.handles.variables)
        except GraphError as error:
            raise InvalidOutputError(str(error)) from None


def graph_field(name: str, handles: Handles) -> Words:
    """Make a field for a graph over the variables of a brief."""
    reader = GraphReader(handles)
    about = "arrows as A -> B, C -> B, with the variables' names, or none"
    return Words(name, _LONGEST, about, reader, is_cut=False, pattern=reader.pattern)
