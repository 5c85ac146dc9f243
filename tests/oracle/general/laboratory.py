"""What observation and experiments show of a model, enumerated; all that a formula may look at."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal import SCM, Query
from causal_interface_gym.causal.enumeration import Enumeration, enumerate_joint
from causal_interface_gym.causal.mechanism import Mechanism, Table

__all__ = ["Laboratory", "coupled", "sliced_probability"]

Floats = NDArray[np.float64]
Rng = np.random.Generator


class Laboratory:
    """The joint distribution of the observed variables under any setting of some."""

    def __init__(self, model: SCM) -> None:
        """Run no experiment yet."""
        self.model = model
        self.states: Mapping[str, Sequence[str]] = model.states
        self._runs: dict[tuple[tuple[str, str], ...], Floats] = {}

    def table(self, names: Sequence[str], *, do: Mapping[str, str] | None = None) -> Floats:
        """Give the joint distribution of some variables, axes in their order."""
        setting = tuple(sorted((do or {}).items()))
        if setting not in self._runs:
            self._runs[setting] = enumerate_joint(self.model, do=dict(setting))
        joint, nodes = self._runs[setting], self.model.nodes
        gone = tuple(i for i, v in enumerate(nodes) if v not in names)
        left = [v for v in nodes if v in names]
        found: Floats = joint.sum(axis=gone).transpose([left.index(v) for v in names])
        return found


def coupled(rng: Rng, model: SCM, *, most_rows: int = 4) -> SCM:
    """Declare a random coupling for every table, comonotone where rows are many."""
    mechanisms: dict[str, Mechanism] = {}
    for v, mechanism in model.mechanisms.items():
        assert isinstance(mechanism, Table)
        n_rows = mechanism.cpt[..., 0].size
        few = n_rows <= most_rows and mechanism.cpt.shape[-1] == 2
        coupling = "independent" if few and rng.random() < 0.7 else "comonotone"
        mechanisms[v] = Table(mechanism.parents, mechanism.cpt, coupling)  # type: ignore[arg-type]  # one of the two literals
    return SCM(model.states, mechanisms, model.latent)


def sliced_probability(model: SCM, query: Query) -> float:
    """Give a probability as the average over all states of the latents, each enumerated.

    Every latent is a root, and given all of them the other tables are small.
    """
    latents = sorted(model.latent)
    sizes = [len(model.states[u]) for u in latents]
    top = bottom = 0.0
    for place in np.ndindex(*sizes):
        fixed = dict(zip(latents, place, strict=True))
        weight = float(np.prod([model.cpt(u)[i] for u, i in fixed.items()]))
        run = Enumeration(_without(model, fixed))
        top += weight * run.probability(Query(query.outcome + query.given, (), query.do))
        if query.given:
            bottom += weight * run.probability(Query(query.given, (), query.do))
    return top / bottom if query.given else top


def _without(model: SCM, fixed: Mapping[str, int]) -> SCM:
    mechanisms: dict[str, Mechanism] = {}
    for v in model.observed:
        mechanism = model.mechanisms[v]
        assert isinstance(mechanism, Table)
        where = tuple(fixed.get(p, slice(None)) for p in mechanism.parents)
        parents = tuple(p for p in mechanism.parents if p not in fixed)
        rows = mechanism.cpt[where]
        mechanisms[v] = Table(parents, rows, mechanism.coupling)
    return SCM({v: model.states[v] for v in model.observed}, mechanisms)
