"""Random models that are small to enumerate and full of what goes wrong elsewhere.

Two to seven variables of two to four states, every kind of mechanism and coupling, latents, rows
with zeros, ties between rows. The product of all noises stays below a budget, by giving way to
functions where it would pass it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.mechanism import Deterministic, Mechanism, NoisyOr, Table

__all__ = ["admg_model", "random_admg", "random_mechanism", "random_model", "random_rows"]

Rng = np.random.Generator
NOISE_BUDGET = 3000
NAMES = ("A", "B", "C", "D", "E", "F", "G")
_MAX_PARENTS = 3


@dataclass(frozen=True, slots=True)
class _Taste:
    """What one model is like."""

    p_edge: float
    p_zero: float
    is_coarse: bool
    p_undeclared: float


def random_model(rng: Rng, *, budget: int = NOISE_BUDGET) -> SCM:
    """Draw a model."""
    n = int(rng.choice(np.arange(2, 8), p=[0.06, 0.16, 0.24, 0.24, 0.18, 0.12]))
    taste = _Taste(
        p_edge=float(rng.uniform(0.25, 0.8)),
        p_zero=float(rng.choice([0.0, 0.25])),
        is_coarse=bool(rng.random() < 0.4),
        p_undeclared=float(rng.choice([0.0, 0.2], p=[0.8, 0.2])),
    )
    names = [str(name) for name in rng.permutation(NAMES[:n])]
    sizes = {v: int(rng.choice([2, 3, 4], p=[0.75, 0.2, 0.05])) for v in names}
    mechanisms: dict[str, Mechanism] = {}
    room = float(budget)
    for i, v in enumerate(names):
        parents = [p for p in names[:i] if rng.random() < taste.p_edge]
        parents = [str(p) for p in rng.permutation(parents)[:_MAX_PARENTS]]
        mechanisms[v] = _affordable(rng, parents, sizes, v, taste, room)
        room /= noise_size(mechanisms[v])
    states = {str(v): tuple(str(s) for s in range(sizes[v])) for v in rng.permutation(names)}
    return SCM(states, mechanisms, _latents(rng, names, mechanisms))


def _latents(rng: Rng, names: Sequence[str], mechanisms: dict[str, Mechanism]) -> list[str]:
    """Hide up to two causes, leaving two variables or more to ask about."""
    causes = [v for v in names if any(v in m.parents for m in mechanisms.values())]
    count = min(int(rng.choice([0, 1, 2], p=[0.4, 0.35, 0.25])), len(causes), len(names) - 2)
    return [str(v) for v in rng.permutation(causes)[:count]]


def _affordable(
    rng: Rng, parents: list[str], sizes: dict[str, int], v: str, taste: _Taste, room: float
) -> Mechanism:
    while True:
        made = _mechanism(rng, parents, sizes, v, taste)
        if noise_size(made) <= room:
            return made
        if not parents:
            return Table((), np.eye(sizes[v])[0])
        if rng.random() < 0.5:
            return _function(rng, parents, sizes, v)
        parents = parents[1:]


def random_mechanism(rng: Rng, parents: Sequence[str], sizes: dict[str, int], v: str) -> Table:
    """Draw a table of any coupling, for a change of mechanism."""
    shape = [sizes[p] for p in parents]
    coupling = rng.choice(["comonotone", "independent"])
    return Table(tuple(parents), random_rows(rng, shape, sizes[v]), coupling)


def _mechanism(
    rng: Rng, parents: list[str], sizes: dict[str, int], v: str, taste: _Taste
) -> Mechanism:
    is_binary = all(sizes[u] == 2 for u in (v, *parents))
    kind = rng.random()
    if parents and kind < 0.15:
        return _function(rng, parents, sizes, v)
    if parents and kind < 0.3 and is_binary:
        return _noisy_or(rng, parents, taste)
    rows = random_rows(
        rng, [sizes[p] for p in parents], sizes[v], p_zero=taste.p_zero, is_coarse=taste.is_coarse
    )
    if rng.random() < taste.p_undeclared:
        return Table(tuple(parents), rows)
    return Table(tuple(parents), rows, rng.choice(["comonotone", "independent"]))


def _function(rng: Rng, parents: list[str], sizes: dict[str, int], v: str) -> Deterministic:
    shape = [sizes[p] for p in parents]
    return Deterministic(tuple(parents), rng.integers(sizes[v], size=shape), sizes[v])


def _noisy_or(rng: Rng, parents: list[str], taste: _Taste) -> NoisyOr:
    strengths = rng.uniform(0.05, 0.95, len(parents))
    strengths[rng.random(len(parents)) < taste.p_zero / 2] = rng.choice([0.0, 1.0])
    leak = 0.0 if rng.random() < 0.3 else float(rng.uniform(0.01, 0.4))
    return NoisyOr(tuple(parents), tuple(strengths.tolist()), leak)


def random_rows(
    rng: Rng,
    shape: Sequence[int],
    size: int,
    *,
    p_zero: float = 0.0,
    is_coarse: bool = False,
) -> NDArray[np.float64]:
    """Draw a distribution for each setting of the parents; coarse ones share their steps."""
    if is_coarse:
        rows = rng.integers(1, 5, (*shape, size)).astype(float)
    else:
        rows = rng.uniform(0.05, 1.0, (*shape, size))
    rows[rng.random(rows.shape) < p_zero] = 0.0
    empty = rows.sum(axis=-1) == 0
    rows[empty] = np.eye(size)[rng.integers(size, size=int(empty.sum()))]
    result: NDArray[np.float64] = rows / rows.sum(axis=-1, keepdims=True)
    return result


def noise_size(mechanism: Mechanism) -> int:
    """Count the states of a mechanism's noise, as an upper bound."""
    match mechanism:
        case NoisyOr(parents=parents):
            return int(2 ** (len(parents) + 1))
        case Table(cpt=cpt, coupling=coupling):
            rows = cpt.reshape(-1, cpt.shape[-1])
            independent = prod(int(n) for n in (rows > 0).sum(axis=1))
            steps = np.unique(np.cumsum(rows, axis=1)[:, :-1].round(12)).size + 1
            return steps if coupling == "comonotone" else max(steps, independent)
        case _:
            return 1


def random_admg(rng: Rng, n: int) -> ADMG:
    """Draw a mixed graph over ``n`` nodes."""
    names = [str(v) for v in rng.permutation(NAMES[:n])]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    p_directed, p_bidirected = rng.uniform(0.25, 0.8), rng.uniform(0.05, 0.5)
    arrows = [pair for pair in pairs if rng.random() < p_directed]
    arcs = [pair for pair in pairs if rng.random() < p_bidirected]
    return ADMG(arrows, arcs[: max(0, 11 - n)], names)


def admg_model(rng: Rng, graph: ADMG, *, p_zero: float = 0.0) -> SCM:
    """Draw a model of a graph, with one latent of two or three states a bidirected edge."""
    parents = {v: sorted(graph.parents(v)) for v in graph.nodes}
    sizes = dict.fromkeys(graph.nodes, 2)
    if len(sizes) <= 4:  # larger ones stay binary
        sizes = {v: int(rng.choice([2, 3], p=[0.8, 0.2])) for v in graph.nodes}
    latent = []
    for a, b in graph.bidirected:
        u = f"U_{a}{b}"
        latent.append(u)
        sizes[u] = int(rng.choice([2, 3], p=[0.8, 0.2])) if len(graph.bidirected) <= 4 else 2
        parents[a].append(u)
        parents[b].append(u)
    mechanisms: dict[str, Mechanism] = {
        u: Table((), random_rows(rng, [], sizes[u])) for u in latent
    }
    for v in graph.nodes:
        rows = random_rows(rng, [sizes[p] for p in parents[v]], sizes[v], p_zero=p_zero)
        mechanisms[v] = Table(tuple(parents[v]), rows)
    states = {v: tuple(str(s) for s in range(size)) for v, size in sizes.items()}
    return SCM(states, mechanisms, latent)
