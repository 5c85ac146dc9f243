"""Candidates that passed the screen, drawn structure by structure in batches.

A batch shares one blueprint, so only a few of its candidates are used before a new one is drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from causal_interface_gym.questions.question import Family
from causal_interface_gym.scenarios.generated.screening.admit import Screen, screen
from causal_interface_gym.scenarios.generated.screening.asking import questions_of
from causal_interface_gym.scenarios.generated.screening.batch import Batch
from causal_interface_gym.scenarios.generated.screening.draw import Tables, draw_tables
from causal_interface_gym.scenarios.generated.structure.blueprint import Blueprint, stream
from causal_interface_gym.scenarios.generated.structure.difficulty import Difficulty, difficulty
from causal_interface_gym.scenarios.generated.structure.strata import make_blueprint

__all__ = ["BATCH", "GENERATOR", "PER_BLUEPRINT", "Candidate", "Expected", "Source", "candidates"]

GENERATOR: Final = "1"
"""Version of what is drawn; worlds of another version are other worlds."""

BATCH: Final = 512
PER_BLUEPRINT: Final = 8
"""Most candidates that are offered from one blueprint."""
_IMAGINED: Final = frozenset({"mediation", "counterfactual"})
_IMAGINED_NODES: Final = 6
_MOST_EMPTY: Final = 400
"""Batches in a row without a candidate after which a structure is given up."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where candidates come from; two equal sources give the same candidates in the same order."""

    family: str
    stratum: str
    level: int
    seed: int | str

    def __str__(self) -> str:
        """Name the random stream."""
        return f"{GENERATOR}/{self.family}/{self.stratum}/{self.level}/{self.seed}"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the screen computed for one item."""

    truth: float
    reference: float
    lures: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One candidate: its structure, questions, tables and what the screen says of it.

    ``surplus`` holds, by baseline, how much more that baseline loses here than the reference.
    """

    blueprint: Blueprint
    questions: tuple[Family, ...]
    tables: Tables
    expected: tuple[Expected, ...]
    surplus: Mapping[str, float]
    n_drawn: int


def candidates(source: Source, *, most_empty: int = _MOST_EMPTY) -> Iterator[Candidate]:
    """Yield candidates; ``n_drawn`` counts the draws since the one before.

    The iterator ends only where no candidate is found in ``most_empty`` batches in a row.
    """
    wanted = _wanted(source)
    number = 0
    unused = 0
    while unused < most_empty * BATCH:
        rng = stream(source, number)
        number += 1
        blueprint = make_blueprint(source.stratum, wanted, rng=rng)
        questions = questions_of(source.family, blueprint, wanted, rng=rng)
        batch = Batch(blueprint, draw_tables(blueprint, wanted, n=BATCH, rng=rng))
        found = screen(batch, questions, gap=wanted.gap)
        places = np.flatnonzero(found.admitted)[:PER_BLUEPRINT]
        seen = -1
        for place in map(int, places):
            yield _candidate(batch, questions, found, place, n_drawn=place - seen + unused)
            seen, unused = place, 0
        if len(places) < PER_BLUEPRINT:
            unused += BATCH - 1 - seen


def _wanted(source: Source) -> Difficulty:
    """Give the level's attributes; imagined worlds stay small enough to enumerate their noise."""
    wanted = difficulty(source.level)
    if source.family in _IMAGINED:
        return replace(wanted, n_nodes=min(wanted.n_nodes, _IMAGINED_NODES))
    return wanted


def _candidate(
    batch: Batch, questions: tuple[Family, ...], found: Screen, place: int, *, n_drawn: int
) -> Candidate:
    return Candidate(
        batch.blueprint,
        questions,
        {name: table[place] for name, table in batch.tables.items()},
        tuple(
            Expected(
                float(item.truth[place]),
                float(item.reference[place]),
                {name: float(lure[place]) for name, lure in item.lures.items()},
            )
            for item in found.items
        ),
        dict(zip(found.baselines, found.surplus[place].tolist(), strict=True)),
        n_drawn,
    )
