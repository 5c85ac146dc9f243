"""The number that adjusting for a set gives, whether or not the set is valid."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Term
from causal_interface_gym.errors import ImpossibleEventError

__all__ = ["adjusted_probability"]

_ALL: Final[Mapping[str, str]] = MappingProxyType({})


def adjusted_probability(
    model: SCM,
    *,
    treatment: Term,
    outcome: Term,
    adjust: Iterable[str],
    selected: Mapping[str, str] = _ALL,
) -> float:
    """Compute sum over z of P(y | x, z) P(z) from the observational distribution.

    With ``selected``, everything is taken from the rows in which those variables have those states.

    Strata in which the treatment level never occurs tell nothing; they are left out and the
    weights of the others scaled to 1, as an analyst would do with a data table.

    Raises:
        ImpossibleEventError: The treatment level occurs in no stratum.
    """
    names = [n for n in adjust if n not in {treatment.variable, outcome.variable}]
    joint = model.table([outcome.variable, treatment.variable, *names], given=selected)
    level = model.states[treatment.variable].index(str(treatment.value))
    state = model.states[outcome.variable].index(str(outcome.value))
    weights = joint.sum(axis=(0, 1)).ravel()
    chosen = joint[:, level].reshape(joint.shape[0], -1)
    totals = chosen.sum(axis=0)
    known = totals > 0
    if not known.any():
        raise ImpossibleEventError(str(treatment))
    rates = chosen[state][known] / totals[known]
    return float(np.dot(rates, weights[known]) / weights[known].sum())
