"""Parity circuits: models whose variables hold noisy bits, each the parity of other bits.

A bit that reads bits a, b, ... with strength s is a + b + ... modulo 2 with probability
(1 + s) / 2; one that reads nothing is 0 with that probability. So E[(-1)^(bit + a + b + ...)] = s
given all that is read, and the expectation of a product of such signs is either 0 or a product of
strengths, which is what the proof in ``witness`` counts with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import WidthError

__all__ = ["MAX_TABLE_CELLS", "Circuit", "Wire"]

MAX_TABLE_CELLS = 2**20
"""Cells that the table of one mechanism may have."""


class Wire(NamedTuple):
    """One bit of one node: the node's number and the bit's place in its state."""

    node: int
    place: int


@dataclass(slots=True)
class _Bit:
    reads: list[Wire]
    latents: list[str]
    strength: float


@dataclass(slots=True)
class Circuit:
    """A parity circuit over the nodes of ``graph`` while it is wired."""

    graph: ADMG
    _bits: dict[int, list[_Bit]] = field(default_factory=dict)
    _latents: list[str] = field(default_factory=list)

    def add(
        self,
        node: int,
        reads: Iterable[Wire] = (),
        latents: Iterable[str] = (),
        *,
        strength: float,
    ) -> Wire:
        """Give a node one more bit."""
        bits = self._bits.setdefault(node, [])
        bits.append(_Bit(list(reads), list(latents), strength))
        return Wire(node, len(bits) - 1)

    def connect(self, wire: Wire, *, read: Wire | None = None, latent: str | None = None) -> None:
        """Let a bit read one thing more."""
        bit = self._bits[wire.node][wire.place]
        bit.reads += [read] if read else []
        bit.latents += [latent] if latent else []

    def latent(self) -> str:
        """Make a hidden fair coin with a name that no variable has."""
        number = len(self._latents) + 1
        name = f"U{number}"
        while name in self.graph.index:
            name = f"U_{name[1:]}"
        self._latents.append(name)
        return name

    @property
    def involved(self) -> tuple[str, ...]:
        """The variables that hold a bit; all others are separate fair coins."""
        return tuple(self.graph.order[v] for v in sorted(self._bits))

    def model(self) -> SCM:
        """Build the model: states are the bits side by side, "0" and "1" or "00" to "11" ...

        Raises:
            WidthError: A table would have too many cells.
        """
        names = self.graph.order
        states: dict[str, tuple[str, ...]] = dict.fromkeys(self._latents, ("0", "1"))
        tables: dict[str, NDArray[np.float64]] = {u: np.full(2, 0.5) for u in self._latents}
        parents: dict[str, tuple[str, ...]] = {}
        for v, name in enumerate(names):
            bits = self._bits.get(v) or [_Bit([], [], 0.0)]
            above = sorted({wire.node for bit in bits for wire in bit.reads})
            latents = sorted({u for bit in bits for u in bit.latents})
            states[name] = tuple(f"{i:0{len(bits)}b}" for i in range(2 ** len(bits)))
            parents[name] = (*(names[p] for p in above), *latents)
            tables[name] = self._table(bits, above, latents)
        return SCM.from_tables(states=states, tables=tables, parents=parents, latent=self._latents)

    def _table(
        self, bits: Sequence[_Bit], above: Sequence[int], latents: Sequence[str]
    ) -> NDArray[np.float64]:
        widths = [len(self._bits[p]) for p in above]
        shape = (*(2**w for w in widths), *(2 for _ in latents), 2 ** len(bits))
        if prod(shape) > MAX_TABLE_CELLS:
            raise WidthError(prod(shape), MAX_TABLE_CELLS)
        grid = np.indices(shape, sparse=True)
        table = np.ones(shape)
        for place, bit in enumerate(bits):
            parity = grid[-1] >> (len(bits) - 1 - place) & 1
            for wire in bit.reads:
                axis = above.index(wire.node)
                parity = parity ^ (grid[axis] >> (widths[axis] - 1 - wire.place) & 1)
            for u in bit.latents:
                parity = parity ^ grid[len(above) + latents.index(u)]
            table *= (1 + bit.strength * (1 - 2 * parity)) / 2
        return table
