"""Beliefs from repeated samples: the mean of each, and how far the samples lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from statistics import pstdev

from causal_interface_gym.gym.belief import (
    Belief,
    StatedDistribution,
    StatedInterval,
    Statement,
)

__all__ = ["Pooled", "mixed", "pooled"]


@dataclass(frozen=True, slots=True)
class Pooled:
    """Mean statements; ``dispersion`` is the standard deviation between samples by question.

    Of a distribution or an interval it is that of the part which varies most.
    """

    statements: tuple[Statement, ...]
    dispersion: tuple[tuple[str, float], ...]


def pooled(samples: Sequence[Sequence[Statement]]) -> Pooled:
    """Pool samples; a question is pooled over those samples that answer it.

    >>> pooled([[Belief("q1", 0.25)], [Belief("q1", 0.75)]])
    Pooled(statements=(Belief(query='q1', p=0.5),), dispersion=(('q1', 0.25),))
    """
    said: dict[str, list[Statement]] = {}
    for statement in (s for sample in samples for s in sample):
        said.setdefault(statement.query, []).append(statement)
    return Pooled(
        tuple(mixed([(1.0, s) for s in own]) for own in said.values()),
        tuple((query, _dispersion(own)) for query, own in said.items()),
    )


def mixed(weighted: Sequence[tuple[float, Statement]]) -> Statement:
    """Give the weighted mean of statements about one question; weights are >= 0, not all 0."""
    total = fsum(weight for weight, _ in weighted)
    parts = [_numbers(statement) for _, statement in weighted]
    means = [
        min(fsum(w * own[i] for (w, _), own in zip(weighted, parts, strict=True)) / total, 1.0)
        for i in range(len(parts[0]))
    ]
    match weighted[0][1]:
        case Belief(query, _):
            return Belief(query, means[0])
        case StatedDistribution(query, own):
            names = [name for name, _ in own]
            return StatedDistribution(query, tuple(zip(names, means, strict=True)))
        case StatedInterval(query, _, _):
            return StatedInterval(query, min(means), max(means))


def _numbers(statement: Statement) -> list[float]:
    match statement:
        case Belief():
            return [statement.p]
        case StatedDistribution():
            return [p for _, p in statement.parts]
        case StatedInterval():
            return [statement.low, statement.high]


def _dispersion(statements: Sequence[Statement]) -> float:
    return max(float(pstdev(numbers)) for numbers in zip(*map(_numbers, statements), strict=True))
