"""A mixed graph as integers: node i is bit i, a set of nodes is an int.

Bits are in topological order: every directed edge runs from a lower bit to a higher one, so the
predecessors of node v are the bits below it. A set operation is one machine-word loop, which is
what makes identification of hundreds of nodes cheap. ``ADMG`` carries one of these and the names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["BitGraph", "each_bit"]


def each_bit(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first.

    >>> list(each_bit(0b1011))
    [0, 1, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@dataclass(frozen=True, slots=True)
class BitGraph:
    """Adjacency of an ADMG as one int a node: ``parents[v]``, ``children[v]``, ``spouses[v]``.

    ``spouses`` are the other ends of bidirected edges. Every method takes and gives sets as ints.
    """

    parents: tuple[int, ...]
    children: tuple[int, ...]
    spouses: tuple[int, ...]

    @property
    def all(self) -> int:
        """The set of all nodes."""
        return (1 << len(self.parents)) - 1

    def ancestors(self, of: int, *, within: int = -1) -> int:
        """Give the nodes with a directed path into ``of``, ``of`` itself included.

        Paths run inside ``within`` only (all nodes unless given).
        """
        return _closure(self.parents, of, within)

    def descendants(self, of: int, *, within: int = -1) -> int:
        """Give the nodes that ``of`` reaches by directed paths, ``of`` itself included."""
        return _closure(self.children, of, within)

    def district(self, of: int, *, within: int = -1) -> int:
        """Give what ``of`` reaches by bidirected edges inside ``within``, itself included."""
        return _closure(self.spouses, of, within)

    def districts(self, within: int) -> list[int]:
        """Split ``within`` into its districts (c-components), lowest member first."""
        found = []
        while within:
            part = self.district(within & -within, within=within)
            found.append(part)
            within &= ~part
        return found

    def parents_of(self, nodes: int) -> int:
        """Give the union of the parents of ``nodes``."""
        return _union(self.parents, nodes)

    def children_of(self, nodes: int) -> int:
        """Give the union of the children of ``nodes``."""
        return _union(self.children, nodes)

    def cut(self, *, into: int = 0, out_of: int = 0) -> "BitGraph":
        """Remove every edge with an arrowhead at ``into`` and every arrow out of ``out_of``."""
        parents = [0 if into >> v & 1 else p & ~out_of for v, p in enumerate(self.parents)]
        children = [0 if out_of >> v & 1 else c & ~into for v, c in enumerate(self.children)]
        spouses = [0 if into >> v & 1 else s & ~into for v, s in enumerate(self.spouses)]
        return BitGraph(tuple(parents), tuple(children), tuple(spouses))


def _closure(step: tuple[int, ...], start: int, within: int) -> int:
    found = todo = start & within
    while todo:
        low = todo & -todo
        new = step[low.bit_length() - 1] & within & ~found
        found |= new
        todo = (todo ^ low) | new
    return found


def _union(step: tuple[int, ...], nodes: int) -> int:
    found = 0
    while nodes:
        low = nodes & -nodes
        found |= step[low.bit_length() - 1]
        nodes ^= low
    return found
