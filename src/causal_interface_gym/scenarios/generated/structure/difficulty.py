"""How hard a generated world is: a few attributes, and the levels that climb them together."""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.errors import ScenarioError

__all__ = ["LEVELS", "MAX_NODES", "Difficulty", "difficulty"]

MAX_NODES: Final = 8
_MIN_NODES: Final = 3
_MAX_STATES: Final = 3


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The attributes of a level.

    ``n_nodes`` counts hidden variables too and is a minimum: some structures need more. ``gap`` is
    how far the first-named lure stands from the truth, at least; nearer is harder. ``n_lures`` is
    how many wrong adjustments are named, at most. ``n_hidden`` variables are hidden beyond those
    of the structure. ``n_states`` is the cardinality of causes that are not treatment or outcome.
    ``noise`` is the least probability of a state, so smaller is nearer to determinism;
    ``is_deterministic`` makes the outcome a function of its parents.

    Raises:
        ScenarioError: An attribute is out of its range.
    """

    n_nodes: int
    gap: float
    n_lures: int
    n_hidden: int
    n_states: int
    noise: float
    is_deterministic: bool = False

    def __post_init__(self) -> None:
        """Check the ranges."""
        ranges = {
            f"n_nodes is {_MIN_NODES} to {MAX_NODES}": _MIN_NODES <= self.n_nodes <= MAX_NODES,
            "gap is 0.15 to 0.5": 0.15 <= self.gap <= 0.5,  # noqa: PLR2004 - the scoring rule
            "n_lures and n_hidden are >= 0": min(self.n_lures, self.n_hidden) >= 0,
            f"n_states is 2 to {_MAX_STATES}": 2 <= self.n_states <= _MAX_STATES,  # noqa: PLR2004
            "noise is 0.01 to 0.2": 0.01 <= self.noise <= 0.2,  # noqa: PLR2004
        }
        for rule, holds in ranges.items():
            if not holds:
                message = f"{rule}; got {self}"
                raise ScenarioError(message)


LEVELS: Final = (
    Difficulty(n_nodes=3, gap=0.17, n_lures=1, n_hidden=0, n_states=2, noise=0.05),
    Difficulty(n_nodes=4, gap=0.15, n_lures=1, n_hidden=0, n_states=2, noise=0.03),
    Difficulty(n_nodes=5, gap=0.15, n_lures=2, n_hidden=1, n_states=2, noise=0.03),
    Difficulty(n_nodes=6, gap=0.15, n_lures=2, n_hidden=1, n_states=3, noise=0.02),
    Difficulty(
        n_nodes=8,
        gap=0.15,
        n_lures=2,
        n_hidden=2,
        n_states=3,
        noise=0.01,
        is_deterministic=True,
    ),
)
"""The curriculum: level 1 first."""


def difficulty(level: int) -> Difficulty:
    """Give the attributes of a level.

    >>> difficulty(2).n_nodes
    4

    Raises:
        ScenarioError: There is no such level.
    """
    if not 1 <= level <= len(LEVELS):
        message = f"levels run from 1 to {len(LEVELS)}; got {level!r}"
        raise ScenarioError(message)
    return LEVELS[level - 1]
