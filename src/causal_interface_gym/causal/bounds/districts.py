"""What P(v) and experiments say about the response functions of each district.

P(v) is a product over districts D of Q[D], the distribution of D when everything else is held:
for v_i in D multiply P(v_i | predecessors). Each Q[D](d | parents) is the sum of the chances of the
response functions that answer so, hence linear in them; and what P(v) says is exactly these sums
over prefixes of the order whose predecessors happen. An experiment on X says the same about the
members outside X of each district.

Source: [tian2002, lemma 2] for Q[D].
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.bounds.block import Block, response_functions
from causal_interface_gym.causal.bounds.frame import Frame
from causal_interface_gym.causal.bounds.knowledge import Experiment, Knowledge
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.errors import IncompatibleDataError, WidthError

__all__ = ["frame_of", "loose_districts", "relevant"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SAME = 1e-9
MAX_CELLS = 2**24
"""Cells that the equations about one district may have."""


def relevant(graph: ADMG, variables: Collection[str]) -> tuple[str, ...]:
    """Give the ancestors of some variables, closed under districts: the rest tells nothing more."""
    bits, mask = graph.bits, graph.mask(variables)
    while True:
        found = bits.ancestors(mask)
        for v in each_bit(found):
            found |= bits.district(1 << v)
        if found == mask:
            return graph.names(mask)
        mask = found


def loose_districts(graph: ADMG) -> tuple[frozenset[str], ...]:
    """Give the districts in which some two nodes share no hidden cause.

    There a joint distribution of all response functions allows more than the graph does.
    """
    return tuple(
        d for d in graph.districts() if any(not d <= graph.spouses(v) | {v} for v in d)
    )  # fmt: skip


def frame_of(knowledge: Knowledge, *, limit: int) -> Frame:
    """Turn what is known into tables where it fixes them, and into blocks elsewhere.

    Raises:
        WidthError: A district has more than ``limit`` joint response functions.
        IncompatibleDataError: The distributions contradict the graph or each other.
    """
    graph = knowledge.graph
    parents = {v: graph.names(graph.bits.parents[i]) for i, v in enumerate(graph.order)}
    mechanisms, blocks = {}, []
    for district in graph.districts():
        members = tuple(v for v in graph.order if v in district)
        made = _Equations(knowledge, parents, members, limit)
        for experiment in knowledge.experiments:
            made.learn(experiment)
        block = made.block().trimmed()
        table = _table(knowledge, parents, block)
        if table is None:
            blocks.append(block)
        else:
            mechanisms[members[0]] = table
    return Frame(knowledge.states, mechanisms, frozenset(), tuple(blocks), parents)


def _table(knowledge: Knowledge, parents: dict[str, tuple[str, ...]], block: Block) -> Table | None:
    """Give P(v | parents) if the block is one variable and all of it is known."""
    if len(block.members) > 1:
        return None
    [(v, responses)] = block.responses.items()
    chances = []
    for setting in range(responses.shape[1]):
        for state in range(len(knowledge.states[v])):
            row = (responses[:, setting] == state).astype(float)
            match = np.flatnonzero((block.rows == row).all(axis=1))
            if row.any() and not len(match):
                return None
            chances.append(float(block.values[match[0]]) if row.any() else 0.0)
    shape = [len(knowledge.states[u]) for u in (*parents[v], v)]
    return Table(parents[v], np.array(chances).reshape(shape))


@dataclass(slots=True)
class _Equations:
    """The equations about one district, collected from distribution after distribution."""

    knowledge: Knowledge
    parents: dict[str, tuple[str, ...]]
    members: tuple[str, ...]
    responses: dict[str, Ints]
    rows: list[Floats]
    values: list[float]

    def __init__(
        self,
        knowledge: Knowledge,
        parents: dict[str, tuple[str, ...]],
        members: tuple[str, ...],
        limit: int,
    ) -> None:
        self.knowledge = knowledge
        self.parents = parents
        self.members = members
        states = knowledge.states
        sizes = {v: (len(states[v]), [len(states[p]) for p in parents[v]]) for v in members}
        self.responses = response_functions(sizes, limit=limit)
        self.rows = [np.ones(len(self.responses[members[0]]))]
        self.values = [1.0]

    def block(self) -> Block:
        """Give the response functions with all equations."""
        return Block(self.responses, np.array(self.rows), np.array(self.values))

    def learn(self, given: Experiment) -> None:
        """Add what one distribution says, prefix by prefix of the topological order."""
        order = self.knowledge.graph.order
        held = [v for v in order if v in given.do]
        free = [v for v in order if v not in given.do]
        names = held + free
        joint = np.moveaxis(given.table, [order.index(v) for v in names], range(len(names)))
        factor = np.ones(joint.shape[: len(held)])
        before = factor
        seen: list[str] = []
        for i, v in enumerate(free, start=len(held) + 1):
            now = joint.sum(axis=tuple(range(i, len(names))))
            factor = np.broadcast_to(factor[..., np.newaxis], now.shape)
            if v in self.members:
                with np.errstate(invalid="ignore", divide="ignore"):
                    # 0/0: the predecessors never happen, and nothing is said.
                    factor = factor * (now / before[..., np.newaxis])
                seen.append(v)
                self._add(factor, names[:i], seen)
            before = now

    def _add(self, factor: Floats, names: list[str], seen: list[str]) -> None:
        """Equate Q of the members seen so far with sums of response functions."""
        scope = {*seen, *(p for v in seen for p in self.parents[v])}
        axes = [v for v in names if v in scope]
        others = tuple(i for i, v in enumerate(names) if v not in scope)
        said = ~np.isnan(factor)
        low = np.where(said, factor, np.inf).min(axis=others)
        high = np.where(said, factor, -np.inf).max(axis=others)
        is_known = said.any(axis=others)
        if (high[is_known] - low[is_known] > _SAME).any():
            raise IncompatibleDataError(
                f"{', '.join(seen)} depends on more than {', '.join(axes)} when those are held"
            )
        states = self.knowledge.states
        grid = np.indices([len(states[v]) for v in axes]).reshape(len(axes), -1)
        place = dict(zip(axes, grid, strict=True))
        n_columns = len(self.responses[seen[0]])
        if n_columns * prod(low.shape) > MAX_CELLS:
            raise WidthError(n_columns * prod(low.shape), MAX_CELLS)
        fits = np.ones((grid.shape[1], n_columns), dtype=bool)
        for v in seen:
            setting = np.zeros(grid.shape[1], dtype=np.int64)
            for p in self.parents[v]:
                setting = setting * len(states[p]) + place[p]
            fits &= place[v][:, np.newaxis] == self.responses[v][:, setting].T
        known = is_known.reshape(-1)
        self.rows += list(fits[known].astype(float))
        self.values += ((low[is_known] + high[is_known]) / 2).tolist()
