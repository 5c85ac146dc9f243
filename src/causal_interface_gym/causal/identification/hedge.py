"""Hedges: what a graph must hold for an effect not to be identified.

A C-forest with root R is a set of nodes that is joined by bidirected edges and in which every node
has a directed path to R. Two C-forests F and F' with the same root, F' inside F, where F meets the
actions and F' does not, are a hedge for an outcome that R leads to by paths without actions. An
effect is not identified exactly when there is one [shpitser2006]; that R may not lead to the
outcome through further actions matters, see [shpitser2023].
"""

from dataclasses import dataclass

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.algorithm import Obstacle

__all__ = ["Hedge", "find_hedge"]


@dataclass(frozen=True, slots=True)
class Hedge:
    """Two C-forests with the same ``root``: ``forest`` meets the actions, ``subforest`` not."""

    forest: frozenset[str]
    subforest: frozenset[str]
    root: frozenset[str]

    @property
    def name(self) -> str:
        """The name in the literature."""
        return "hedge"

    def __str__(self) -> str:
        """Name the three sets."""
        forest, subforest, root = (
            "{" + ", ".join(sorted(s)) + "}" for s in (self.forest, self.subforest, self.root)
        )
        return f"forest {forest} over subforest {subforest}, both with root {root}"

    @property
    def explanation(self) -> str:
        """Why the hedge forbids identification, in words."""
        acted = ", ".join(sorted(self.forest - self.subforest))
        kept = ", ".join(sorted(self.subforest))
        return (
            f"hidden causes join {', '.join(sorted(self.forest))} into one district, and each of "
            f"them leads to {', '.join(sorted(self.root))}; observation cannot tell whether "
            f"{acted} acts on {kept} or only shares its hidden causes"
        )


def find_hedge(graph: ADMG, obstacle: Obstacle, *, actions: int) -> Hedge:
    """Shrink the obstacle: no root can be left out, nor then any other node.

    Leaving a node out that was needed in a larger forest never becomes possible in a smaller one,
    so one pass is enough.
    """
    bits = graph.bits
    root = _sinks(bits, obstacle.subforest)
    found = obstacle
    for v in each_bit(root):
        smaller = _hedge_in(bits, found.forest, root & ~(1 << v), actions)
        if smaller:
            root, found = root & ~(1 << v), smaller
    for v in each_bit(found.forest & ~root):
        found = _hedge_in(bits, found.forest & ~(1 << v), root, actions) or found
    forest, subforest, roots = (
        frozenset(graph.names(mask)) for mask in (found.forest, found.subforest, root)
    )
    return Hedge(forest, subforest, roots)


def _sinks(bits: BitGraph, of: int) -> int:
    return sum(1 << v for v in each_bit(of) if not bits.children[v] & of)


def _hedge_in(bits: BitGraph, within: int, root: int, actions: int) -> Obstacle | None:
    """Find the largest hedge with this root in a set of nodes, if there is one."""
    if not root:
        return None
    forest = _forest(bits, within, root)
    subforest = _forest(bits, forest & ~actions, root)
    return Obstacle(forest, subforest) if subforest and subforest != forest else None


def _forest(bits: BitGraph, within: int, root: int) -> int:
    """Find the largest C-forest with this root inside ``within``; 0 if there is none."""
    while not root & ~within:
        ancestral = bits.ancestors(root, within=within)
        district = bits.district(root & -root, within=ancestral)
        if district == within:
            return within
        within = district
    return 0
