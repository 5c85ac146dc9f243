"""A model with holes: what is known of it as mechanisms, and blocks for what is not.

Filled with a distribution for each block it is an ordinary ``SCM`` whose hidden causes choose
response functions, so that the engine itself answers for it. A table without a coupling stays a
table until a question turns out to depend on its coupling; then it becomes a block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bounds.block import MAX_COLUMNS, Block, response_functions
from causal_interface_gym.causal.mechanism import Deterministic, Mechanism, Table
from causal_interface_gym.causal.model import SCM

__all__ = ["Frame", "coupling_block"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Variables with their states, parents and mechanisms; members of blocks have none."""

    states: Mapping[str, tuple[str, ...]]
    mechanisms: Mapping[str, Mechanism]
    latent: frozenset[str]
    blocks: tuple[Block, ...] = ()
    parents: Mapping[str, tuple[str, ...]] | None = None
    """Those of the members of blocks."""

    @property
    def causes(self) -> tuple[str, ...]:
        """The name of each block's hidden cause, different from every variable's."""
        made: list[str] = []
        for block in self.blocks:
            name = f"causes of {', '.join(block.members)}"
            while name in self.states:
                name += "'"
            made.append(name)
        return tuple(made)

    def filled(self, weights: Sequence[Floats] | None = None) -> SCM:
        """Give the model in which each block follows a distribution, uniform unless given.

        Columns of weight 0 are left out.
        """
        states, mechanisms = dict(self.states), dict(self.mechanisms)
        for i, (block, cause) in enumerate(zip(self.blocks, self.causes, strict=True)):
            n = block.n_columns
            q = np.full(n, 1 / n) if weights is None else weights[i]
            used = np.flatnonzero(q > 0)
            states[cause] = tuple(str(r) for r in used)
            mechanisms[cause] = Table((), q[used] / q[used].sum())
            for v, responses in block.responses.items():
                parents = (self.parents or {})[v]
                shape = (*(len(self.states[p]) for p in parents), len(used))
                table = responses[used].T.reshape(shape)
                mechanisms[v] = Deterministic((*parents, cause), table, len(self.states[v]))
        return SCM(states, mechanisms, self.latent | set(self.causes))

    def freed(self, variable: str, *, limit: int = MAX_COLUMNS) -> "Frame":
        """Give the frame in which the coupling of one table is open.

        Raises:
            WidthError: The variable has more than ``limit`` response functions.
        """
        mechanism = self.mechanisms[variable]
        left = {v: m for v, m in self.mechanisms.items() if v != variable}
        block = coupling_block(variable, mechanism.cpt, limit=limit)
        parents = {**(self.parents or {}), variable: mechanism.parents}
        return replace(self, mechanisms=left, blocks=(*self.blocks, block), parents=parents)


def coupling_block(variable: str, cpt: Floats, *, limit: int) -> Block:
    """Give the response functions of one variable, of which P(v | parents) is known."""
    n_states = cpt.shape[-1]
    found = response_functions({variable: (n_states, cpt.shape[:-1])}, limit=limit)
    answers = found[variable]
    rows = [np.ones(len(answers))]
    values = [1.0]
    for setting, chances in enumerate(cpt.reshape(-1, n_states)):
        rows += [(answers[:, setting] == state).astype(float) for state in range(n_states)]
        values += chances.tolist()
    return Block(found, np.array(rows), np.array(values)).trimmed()
