"""A twin network as plain factors, for a library that knows conditional tables only.

Each node downstream of the treatment gets a second copy v' with the table
P(v' | v, parents, parents'), in which the node's noise is summed out under the comonotone
coupling: the overlap of the two intervals of the cumulative distribution. It is built here with
numpy, apart from the engine, and so checks the engine's counterfactuals as well.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.inputs.networks import Network, read_network
from tests.benchmarks.inputs.tasks import NetworkQuestion

PRIME = "__cf"


@dataclass(frozen=True, slots=True)
class Factor:
    """P(name | parents): the table's axes are the parents in order, then the node itself."""

    name: str
    parents: tuple[str, ...]
    table: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Twin:
    """The factors needed for one question, the evidence as state numbers, the target's state."""

    factors: tuple[Factor, ...]
    evidence: tuple[tuple[str, int], ...]
    target: str
    state: int


def build_twin(path: Path, question: NetworkQuestion) -> Twin:
    """Build the twin network of one question, pruned to what it needs."""
    network = read_network(path)
    moved = _descendants(network, question.treatment)
    needed = network.ancestors({name for name, _ in question.given} | {question.outcome})
    copied = network.ancestors({question.outcome}) & moved
    factors = [factual(network, name) for name in needed]
    factors += [_copy(network, name, copied, question) for name in copied]
    evidence = [(name, network.states[name].index(label)) for name, label in question.given]
    target = question.outcome + PRIME if question.outcome in copied else question.outcome
    state = network.states[question.outcome].index(question.value)
    return Twin(tuple(factors), tuple(evidence), target, state)


def _descendants(network: Network, source: str) -> set[str]:
    found, size = {source}, 0
    while size != len(found):
        size = len(found)
        found |= {v for v, parents in network.parents.items() if found & set(parents)}
    return found


def _table(network: Network, name: str) -> NDArray[np.float64]:
    shape = [len(network.states[v]) for v in (*network.parents[name], name)]
    table = np.array(network.tables[name], dtype=np.float64).reshape(shape)
    total: NDArray[np.float64] = table.sum(axis=-1, keepdims=True)
    return table / total


def factual(network: Network, name: str) -> Factor:
    """Return a node's own table as a factor."""
    return Factor(name, network.parents[name], _table(network, name))


def _copy(network: Network, name: str, copied: set[str], question: NetworkQuestion) -> Factor:
    if name == question.treatment:
        table = np.zeros(len(network.states[name]))
        table[network.states[name].index(question.state)] = 1.0
        return Factor(name + PRIME, (), table)
    parents = network.parents[name]
    primed = tuple(p + PRIME for p in parents if p in copied)
    table = _comonotone(_table(network, name), [p in copied for p in parents])
    return Factor(name + PRIME, (*parents, *primed, name), table)


def _comonotone(table: NDArray[np.float64], moves: list[bool]) -> NDArray[np.float64]:
    """Return P(v' | parents, moved parents', v) from P(v | parents)."""
    shape, width = table.shape[:-1], table.shape[-1]
    upper = np.cumsum(table, axis=-1)
    lower = upper - table
    primed = [range(n) for n, moved in zip(shape, moves, strict=True) if moved]
    sizes = [len(axis) for axis in primed]
    out = np.zeros((*shape, *sizes, width, width))
    for here in itertools.product(*(range(n) for n in shape)):
        for moved in itertools.product(*primed):
            chosen = iter(moved)
            there = tuple(next(chosen) if m else h for h, m in zip(here, moves, strict=True))
            top = np.minimum(upper[here][:, None], upper[there][None, :])
            bottom = np.maximum(lower[here][:, None], lower[there][None, :])
            joint = np.clip(top - bottom, 0.0, None)
            total = joint.sum(axis=-1, keepdims=True)
            out[(*here, *moved)] = np.where(
                total > 0, joint / np.where(total > 0, total, 1), 1 / width
            )
    return out
