"""Exact Bayes over directed acyclic graphs with conjugate tables.

Each row of each table has an independent Dirichlet prior, so the evidence's probability under a
graph is a product with one closed form for each variable and its parents (its family), and rows in
which a variable was set by force leave its own term out. The families are few (32 for four
variables), so all 543 graphs of four variables are sums of cached numbers.

Source: [heckerman1995] for the closed form and the BDeu prior, [cooper1999] for interventions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import product
from math import prod
from typing import Final, Literal, Self, assert_never

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import InferenceError, InputError
from causal_interface_gym.gym.learner.claims import direction_holds, is_valid
from causal_interface_gym.gym.learner.evidence import Design, Evidence, States, cells_with
from causal_interface_gym.gym.learner.family import Family, family
from causal_interface_gym.gym.learner.prediction import (
    Prediction,
    Unpredictable,
    expected_probability,
    log_weights,
)
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked, ValidAdjustment

__all__ = ["MAX_NODES", "GraphLearner", "TablePrior", "all_graphs", "graph_learner"]

MAX_NODES: Final = 4
"""Above this number of variables the graphs are too many to list them all."""

Floats = NDArray[np.float64]
Parents = tuple[tuple[int, ...], ...]
"""For each graph the parents of each variable, as bitmasks over the learner's order."""


@dataclass(frozen=True, slots=True)
class TablePrior:
    """The Dirichlet prior of a table's rows.

    ``bdeu`` spreads an equivalent sample of ``strength`` rows evenly over a family's cells, so
    that graphs with the same separations stay equally likely until someone intervenes; ``uniform``
    gives every cell the pseudo-count ``strength``.

    Raises:
        InputError: The strength is not positive.
    """

    kind: Literal["bdeu", "uniform"] = "bdeu"
    strength: float = 4.0

    def __post_init__(self) -> None:
        """Check the strength; NaN fails it too."""
        if not self.strength > 0:
            message = f"the strength of a table prior is positive; got {self.strength!r}"
            raise InputError(message)

    def pseudo_count(self, n_cells: int) -> float:
        """Give the pseudo-count of each cell of a family with this many cells."""
        match self.kind:
            case "bdeu":
                return self.strength / n_cells
            case "uniform":
                return self.strength
            case _:
                assert_never(self.kind)


@dataclass(frozen=True, eq=False)
class GraphLearner:
    """The posterior over graphs and their tables.

    ``counts[v]`` are the rows in which variable v was not set, over all variables' states.
    """

    states: States
    parents: Parents
    log_prior: Floats
    table_prior: TablePrior
    counts: tuple[Floats, ...]

    @property
    def graphs(self) -> tuple[ADMG, ...]:
        """The hypotheses, in the order of ``weights``."""
        return _graphs(tuple(self.states), self.parents)

    @cached_property
    def weights(self) -> Floats:
        """The posterior probability of each graph."""
        weights: Floats = np.exp(log_weights(self.log_prior, self.log_evidence))
        return weights

    @property
    def log_evidence(self) -> Floats:
        """The log probability of the rows seen, in their order, under each graph."""
        scores = np.array([f.log_evidence for f in self._families.values()])
        total: Floats = scores[self._places].sum(axis=1)
        return total

    def rows(self, do: Sequence[tuple[str, str]] = ()) -> Floats:
        """Give each graph's distribution of the next row: the product of its mean tables."""
        sizes = [len(labels) for labels in self.states.values()]
        held = {name for name, _ in do}
        means = np.array([f.log_mean for f in self._families.values()])
        where = np.ones(sizes, dtype=bool)
        logs = np.zeros((len(self.parents), prod(sizes)))
        for name, label in do:
            where &= cells_with(self.states, name, label)
        for v, name in enumerate(self.states):
            if name not in held:
                logs += means[self._places[:, v]]
        table: Floats = np.where(where.ravel(), np.exp(logs), 0.0)
        return table.reshape(-1, *sizes)

    def after(self, evidence: Evidence) -> Self:
        """Give the learner that has seen the evidence.

        Raises:
            InferenceError: Rows are known only to have failed a condition; the posterior of such
                rows has no closed form.
        """
        if evidence.n_outside:
            message = (
                f"{evidence.n_outside} rows were hidden by a condition, so the posterior over "
                "graphs has no closed form; list models instead"
            )
            raise InferenceError(message)
        held = {name for name, _ in evidence.design.do}
        counts = tuple(
            own if name in held else own + evidence.counts
            for name, own in zip(self.states, self.counts, strict=True)
        )
        return replace(self, counts=counts)

    def predict(self, asked: Asked) -> Prediction | Unpredictable:
        """Answer a question about one world, or a claim about structure."""
        match asked:
            case Query():
                return expected_probability(self, asked)
            case ValidAdjustment() | Direction():
                holds = _truths(tuple(self.states), self.parents, asked)
                return Prediction(min(float(self.weights @ holds), 1.0), "claim")
            case Determined(query) if not query.is_counterfactual:
                return Prediction(1.0, "claim")  # nothing is hidden, so every action is identified
            case InPopulation():
                return expected_probability(self, asked.in_target)
            case IntervalEnd(query):
                return expected_probability(self, query)  # nothing is hidden: both ends are it
            case Determined() | Confounded() | FromSelected():
                return Unpredictable(f"no closed form over graphs: {asked}")
            case _:
                assert_never(asked)

    def draw(
        self, hypothesis: int, design: Design, n_rows: int, *, rng: np.random.Generator
    ) -> Evidence:
        """Draw tables from their posterior under a graph, then rows from the tables."""
        sizes = [len(labels) for labels in self.states.values()]
        held = dict(design.do)
        table = np.ones(sizes)
        for v, name in enumerate(self.states):
            if name in held:
                table = table * cells_with(self.states, name, held[name])
            else:
                table = table * self._families[v, self.parents[hypothesis][v]].draw(v, rng)
        counts = rng.multinomial(n_rows, table.ravel() / table.sum()).reshape(sizes)
        return Evidence(design, counts.astype(float))

    @cached_property
    def _families(self) -> dict[tuple[int, int], Family]:
        """The terms that graphs are made of, by variable and parents."""
        keys = sorted({(v, mask) for graph in self.parents for v, mask in enumerate(graph)})
        return {(v, mask): self._family(v, mask) for v, mask in keys}

    def _family(self, v: int, mask: int) -> Family:
        sizes = self.counts[v].shape
        n_cells = prod(sizes[u] for u in each_bit(mask | 1 << v))
        return family(self.counts[v], v, mask, self.table_prior.pseudo_count(n_cells))

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """Where each graph finds the family of each variable, shape (n_graphs, n_variables)."""
        place = {key: i for i, key in enumerate(self._families)}
        found = [[place[v, mask] for v, mask in enumerate(graph)] for graph in self.parents]
        return np.array(found, dtype=np.int64).reshape(len(found), -1)


def graph_learner(
    states: Mapping[str, Sequence[str]],
    *,
    graphs: Sequence[ADMG] = (),
    prior: Sequence[float] = (),
    table_prior: TablePrior | None = None,
) -> GraphLearner:
    """Declare the hypotheses: all graphs over the variables, or those listed.

    Args:
        states: The labels of each variable.
        graphs: The graphs to list; all of them unless given.
        prior: Their relative prior weights; equal unless given.
        table_prior: The prior of their tables; BDeu with an equivalent sample of 4 unless given.

    >>> len(graph_learner({"x": ("0", "1"), "y": ("0", "1")}).graphs)
    3

    Raises:
        InputError: Too many variables for all graphs, a graph over others or with bidirected
            edges, or a prior that is none.
    """
    names = tuple(states)
    if not graphs and len(names) > MAX_NODES:
        message = f"all graphs are listed for up to {MAX_NODES} variables; got {len(names)}"
        raise InputError(message)
    parents = tuple(_masks(names, g) for g in graphs) if graphs else all_graphs(len(names))
    sizes = [len(labels) for labels in states.values()]
    return GraphLearner(
        {name: tuple(labels) for name, labels in states.items()},
        parents,
        log_prior(prior, len(parents)),
        table_prior or TablePrior(),
        tuple(np.zeros(sizes) for _ in names),
    )


def log_prior(prior: Sequence[float], n: int) -> Floats:
    """Normalise relative prior weights, on the log scale; equal ones if none are given.

    Raises:
        InputError: They are not one positive weight for each hypothesis.
    """
    weights = np.array(prior if len(prior) else np.ones(n), dtype=float)
    if len(weights) != n or not n or not (weights > 0).all():
        message = f"a prior has one positive weight for each of {n} hypotheses; got {prior!r}"
        raise InputError(message)
    logs: Floats = np.log(weights / weights.sum())
    return logs


@cache
def all_graphs(n: int) -> Parents:
    """List the directed acyclic graphs over ``n`` variables by parents.

    >>> [len(all_graphs(n)) for n in (1, 2, 3, 4)]
    [1, 3, 25, 543]
    """
    choices = [[mask for mask in range(1 << n) if not mask >> v & 1] for v in range(n)]
    return tuple(graph for graph in product(*choices) if _is_acyclic(graph))


def _is_acyclic(parents: tuple[int, ...]) -> bool:
    left = (1 << len(parents)) - 1
    while left:
        roots = sum(1 << v for v in each_bit(left) if not parents[v] & left)
        if not roots:
            return False
        left &= ~roots
    return True


def _masks(names: tuple[str, ...], graph: ADMG) -> tuple[int, ...]:
    if not graph.is_dag or set(graph.nodes) != set(names):
        message = f"a hypothesis is a DAG over {', '.join(names)}; got {graph!r}"
        raise InputError(message)
    return tuple(sum(1 << names.index(p) for p in graph.parents(v)) for v in names)


@cache
def _graphs(names: tuple[str, ...], parents: Parents) -> tuple[ADMG, ...]:
    return tuple(
        ADMG([(names[p], names[v]) for v, m in enumerate(g) for p in each_bit(m)], nodes=names)
        for g in parents
    )


@cache
def _truths(names: tuple[str, ...], parents: Parents, claim: ValidAdjustment | Direction) -> Floats:
    graphs = _graphs(names, parents)
    if isinstance(claim, Direction):
        return np.array([float(direction_holds(claim, graph)) for graph in graphs])
    return np.array([float(is_valid(claim, graph)) for graph in graphs])
