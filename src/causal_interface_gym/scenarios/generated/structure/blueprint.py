"""A blueprint: the structure that a batch of candidate worlds shares, before any number."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

__all__ = ["LABELS", "POPULATIONS", "Blueprint", "Node", "Role", "labels_of", "stream"]

Role = Literal["treatment", "outcome", "cause", "mediator", "consequence", "encouragement",
               "population"]  # fmt: skip

LABELS: Final[dict[int, tuple[str, ...]]] = {2: ("no", "yes"), 3: ("low", "middle", "high")}
"""State labels by cardinality."""

POPULATIONS: Final = ("source", "target")
"""The states of a variable that says in which population a unit lives."""


@dataclass(frozen=True, slots=True)
class Node:
    """A variable: its parents, how strongly each acts, and the part it plays for naming.

    A strength of 1 belongs to the structure; weaker arrows come with further variables.
    """

    name: str
    parents: tuple[str, ...]
    strengths: tuple[float, ...]
    role: Role
    n_states: int = 2
    is_hidden: bool = False
    is_deterministic: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Nodes in topological order; the question is always about X and Y, both binary.

    A control is confounded so little that seeing is nearly doing: there to punish whoever always
    corrects.
    """

    stratum: str
    nodes: tuple[Node, ...]
    is_control: bool = False

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the variables that are not hidden, in order."""
        return tuple(node.name for node in self.nodes if not node.is_hidden)

    def node(self, name: str) -> Node:
        """Find a node by its name."""
        return next(node for node in self.nodes if node.name == name)

    def others(self) -> tuple[str, ...]:
        """Names of the observed variables beside treatment and outcome."""
        return tuple(name for name in self.observed if name not in {"X", "Y"})

    def descendants(self, name: str) -> frozenset[str]:
        """Names of all that the variable acts on, itself included."""
        found = {name}
        for node in self.nodes:
            if found.intersection(node.parents):
                found.add(node.name)
        return frozenset(found)


def labels_of(node: Node) -> tuple[str, ...]:
    """Give a node's state labels."""
    return POPULATIONS if node.role == "population" else LABELS[node.n_states]


def stream(*parts: object) -> np.random.Generator:
    """Open the random stream of a name: the same in every process, whatever the hash seed.

    >>> bool(stream("form", 3).random() == stream("form", 3).random())
    True
    """
    text = "/".join(map(str, parts))
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))
