"""Response functions: a hidden cause whose states say how each variable answers its parents.

Whatever the hidden causes of some finite variables are, all that matters of them is which function
from parent settings to values each variable follows. A ``Block`` lists those functions for the
variables that share hidden causes; a distribution over its columns is a model of them, and what is
known about the model is linear in that distribution. Blocks are independent of each other.

Source: [balke1994], [balke1997], [tian2000, section 3.1].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import IncompatibleDataError, WidthError

__all__ = ["MAX_COLUMNS", "Block", "response_functions"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_COLUMNS = 2**14
"""Joint response functions that one block may have by default."""

_ZERO = 1e-15
_SAME = 1e-9
_NO_ROOM = "they leave no response functions for {}"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Variables with common hidden causes: their joint response functions, and what is known.

    ``responses[v]`` holds, for each column, the state of v under each flat parent setting, shape
    (n_columns, n_settings). A distribution q over the columns is a model of the block if it is
    nonnegative and ``rows @ q == values``; a row of ones is among them.
    """

    responses: Mapping[str, Ints]
    rows: Floats
    values: Floats

    @property
    def members(self) -> tuple[str, ...]:
        """The variables, in topological order."""
        return tuple(self.responses)

    @property
    def n_columns(self) -> int:
        """How many joint response functions there are."""
        return int(self.rows.shape[1])

    def trimmed(self) -> "Block":
        """Leave out the columns that would make an event of probability 0 happen.

        Raises:
            IncompatibleDataError: What is left cannot have the probabilities that are known.
        """
        alive = ~(self.rows[self.values <= _ZERO] > 0).any(axis=0)
        if not alive.any():
            raise IncompatibleDataError(_NO_ROOM.format(", ".join(self.members)))
        rows, first, which = np.unique(
            self.rows[:, alive], axis=0, return_index=True, return_inverse=True
        )
        values = np.where((rows > 0).any(axis=1), self.values[first], 0.0)
        if (np.abs(values[which] - self.values) > _SAME).any():
            raise IncompatibleDataError(_NO_ROOM.format(", ".join(self.members)))
        is_used = (rows > 0).any(axis=1)
        responses = {v: r[alive] for v, r in self.responses.items()}
        return Block(responses, rows[is_used], values[is_used])


def response_functions(
    sizes: Mapping[str, tuple[int, Sequence[int]]], *, limit: int = MAX_COLUMNS
) -> dict[str, Ints]:
    """List all joint response functions of some variables.

    Args:
        sizes: For each variable its number of states, and those of its parents.
        limit: Columns that there may be.

    >>> response_functions({"Y": (2, (2,))})["Y"].tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1]]

    Raises:
        WidthError: There are more than ``limit`` of them.
    """
    total = 1
    for n_states, parents in sizes.values():
        total *= n_states ** prod(parents)
        if total > limit:
            raise WidthError(total, limit)
    counter = np.arange(total)
    found = {}
    for v, (n_states, parents) in sizes.items():
        answers = np.empty((total, prod(parents)), dtype=np.int64)
        for setting in range(prod(parents)):
            answers[:, setting] = counter % n_states
            counter = counter // n_states
        found[v] = answers
    return found
