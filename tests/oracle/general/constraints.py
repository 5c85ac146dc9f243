"""What graphs say about observation, measured on enumerated models of them."""

import numpy as np

from causal_interface_gym.causal import ADMG, local_independencies, verma_constraints
from causal_interface_gym.errors import PositivityViolation
from tests.oracle.general.laboratory import Laboratory
from tests.oracle.models import admg_model, random_admg
from tests.oracle.tally import Tally

__all__ = ["check_constraints"]


def check_constraints(rng: np.random.Generator, tally: Tally) -> None:
    """Draw a mixed graph and two models of it; every constraint must hold in both."""
    graph = random_admg(rng, int(rng.choice([4, 5, 6])))
    for p_zero in (0.0, 0.15):
        seen = Laboratory(admg_model(rng, graph, p_zero=p_zero))
        _check_independencies(graph, seen, tally)
        for found in verma_constraints(graph):
            try:
                violation = found.violation(seen)
            except PositivityViolation:
                tally.positivity["verma"] += 1
                continue
            tally.check("verma", f"{found} in {graph!r}", violation, 0.0)


def _check_independencies(graph: ADMG, seen: Laboratory, tally: Tally) -> None:
    """P(v, others, given) P(given) = P(v, given) P(others, given)."""
    for found in local_independencies(graph):
        names = [found.variable, *sorted(found.others), *sorted(found.given)]
        joint = seen.table(names)
        others = tuple(range(1, 1 + len(found.others)))
        one, rest = joint.sum(axis=others, keepdims=True), joint.sum(axis=0, keepdims=True)
        gap = joint * rest.sum(axis=others, keepdims=True) - one * rest
        tally.check("independence", f"{found} in {graph!r}", float(abs(gap).max()), 0.0)
