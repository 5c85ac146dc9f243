"""Draw rows of a world, as its participants see them.

Where the questions say that observed rows are a selected sample, rows drawn as the world is are
those that were selected; an experiment recruits from everyone. Where they say that experiments
enrol from one population only, rows of an experiment are all from there.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.sample import sample
from causal_interface_gym.errors import ActionError
from causal_interface_gym.questions.claims import FromSelected, InPopulation
from causal_interface_gym.scenarios.world import Question, World

__all__ = ["Columns", "columns_of", "counted", "selection_of", "trials_of", "world_rng"]

Pairs = tuple[tuple[str, str], ...]
Columns = dict[str, NDArray[np.int16]]
"""For each observed variable the numbers of its states, shape (n_rows,)."""

_MAX_ROUNDS: Final = 1_000
"""Rounds of drawing in which the selected rows must be found."""


def selection_of(world: World) -> Pairs:
    """Give the states that every observed row has; empty where rows are not selected."""
    selected = {q.asked.selected for q in world.questions if isinstance(q.asked, FromSelected)}
    return tuple(sorted({pair for pairs in selected for pair in pairs}))


def trials_of(questions: Iterable[Question]) -> Pairs:
    """Give the states of all units that an experiment enrols; empty where it enrols from all."""
    found = {
        pair for q in questions if isinstance(q.asked, InPopulation) for pair in q.asked.trials
    }
    return tuple(sorted(found))


def world_rng(world: World, *purpose: int) -> np.random.Generator:
    """Make the generator of what every participant of a world sees alike."""
    name = hashlib.sha256(f"{world.scenario} {world.seed}".encode()).digest()
    return np.random.default_rng([int.from_bytes(name[:8], "big"), *purpose])


def columns_of(world: World, n_rows: int, *, rng: np.random.Generator, do: Pairs = ()) -> Columns:
    """Draw rows: after an intervention, or as they are observed.

    Raises:
        ActionError: Selected rows are too rare to be found, or an experiment sets where it enrols.
    """
    selected = trials_of(world.questions) if do else selection_of(world)
    for name, label in selected:
        if name in dict(do):
            message = f"{name} says where units live and cannot be set; experiments enrol {label}"
            raise ActionError(message, code="impossible")
    if not selected:
        return sample(world.model, n_rows, rng=rng, do=dict(do))
    kept: list[Columns] = []
    n_kept = 0
    for _ in range(_MAX_ROUNDS):
        columns = sample(world.model, n_rows, rng=rng, do=dict(do))
        kept.append(_where(world, columns, selected))
        n_kept += len(next(iter(kept[-1].values())))
        if n_kept >= n_rows:
            return {name: np.concatenate([k[name] for k in kept])[:n_rows] for name in columns}
    shown = ", ".join(f"{name}={label}" for name, label in selected)
    message = f"rows with {shown} are too rare in this world to observe {n_rows} of them"
    raise ActionError(message, code="impossible")


def counted(
    world: World, columns: Columns, where: Pairs = ()
) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Count the combinations of states among the rows in which ``where`` holds, sorted."""
    names = [v.name for v in world.variables]
    kept = _where(world, columns, where)
    counts = Counter(zip(*(kept[name].tolist() for name in names), strict=True))
    labels = [world.model.states[name] for name in names]
    return tuple(
        (tuple(own[i] for own, i in zip(labels, row, strict=True)), count)
        for row, count in sorted(counts.items())
    )


def _where(world: World, columns: Columns, where: Pairs) -> Columns:
    if not where:
        return columns
    keep = np.logical_and.reduce([columns[v] == world.model.state(v, label) for v, label in where])
    return {name: column[keep] for name, column in columns.items()}
