"""Random worlds of random graphs, and true statements about them."""

from collections.abc import Iterator

import numpy as np

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Term
from causal_interface_gym.scoring.coherence import Statement

NAMES = ("a", "b", "c")
STATES = dict.fromkeys(NAMES, ("0", "1"))

Rng = np.random.Generator


def random_graph(rng: Rng) -> ADMG:
    order = [str(name) for name in rng.permutation(NAMES)]
    pairs = [(u, v) for i, u in enumerate(order) for v in order[i + 1 :]]
    directed = [pair for pair in pairs if rng.random() < 0.6]
    bidirected = [pair for pair in pairs if rng.random() < 0.3]
    return ADMG(directed, bidirected, order)


def random_world(rng: Rng, graph: ADMG) -> SCM:
    """Draw a model with one hidden cause an arc, every table positive."""
    parents = {v: sorted(graph.parents(v)) for v in graph.nodes}
    hidden = [f"u_{a}{b}" for a, b in graph.bidirected]
    for (a, b), u in zip(graph.bidirected, hidden, strict=True):
        parents[a].append(u)
        parents[b].append(u)
    names = [*hidden, *graph.nodes]
    return SCM.from_tables(
        states=dict.fromkeys(names, ("0", "1")),
        parents=parents,
        tables={
            v: rng.dirichlet([2.0, 2.0], size=(2,) * len(parents.get(v, ()))) * 0.9 + 0.05
            for v in names
        },
        latent=hidden,
        coupling="comonotone",
    )


def true_statements(rng: Rng, world: SCM) -> list[Statement]:
    return [Statement(query, world.p(query)) for query in _queries(rng)]


def _queries(rng: Rng) -> Iterator[Query]:
    """Draw questions of every rung; half of the conditions have a stated probability."""
    for _ in range(3):
        a, b, c = (str(name) for name in rng.permutation(NAMES))
        i, j, k = (str(label) for label in rng.integers(2, size=3))
        yield Query.of({a: i})
        yield Query.of({a: i, b: j})
        yield Query.of({a: i}, given={b: j})
        yield Query.of({a: i}, given={b: j, c: k})
        yield Query.of({a: i}, do={b: j})
        yield Query.of({a: i}, do={b: j}, given={c: k})
        yield Query.of({a: i, b: j}, do={c: k})
        yield Query((Term(a, i, ((b, j),)),), (Term(b, k),))
        yield Query((Term(a, "1", ((b, "1"),)), Term(a, "0", ((b, "0"),))))
        yield Query((Term(a, "0", ((b, "0"),)),), (Term(b, "1"), Term(a, "1")))
        settings: list[tuple[str, Setting]] = [(b, "1"), (c, Term(c, None, ((b, "0"),)))]
        held = tuple(sorted(settings, key=lambda pair: pair[0]))
        yield Query((Term(a, i, held),))
