"""What the input shows of the wide cause: one row of numbers for each probability.

A source shows Q[S] for the district S that reads the wide cause among what it does not set; all
experiments show it for every set S. Each probability is a sum over the states of the wide cause of
its chance times a number of these rows, so two distributions of the cause that differ by a vector
orthogonal to all rows agree on the whole input.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.identification.evidence.source import Source
from causal_interface_gym.causal.identification.pairs.parameters import Parameters
from causal_interface_gym.errors import WidthError

__all__ = ["MAX_ROW_CELLS", "shown_rows"]

MAX_ROW_CELLS = 2**22
"""Numbers that the rows of one district may have."""

Floats = NDArray[np.float64]


def shown_rows(parameters: Parameters, inputs: Sequence[Source] | Literal["all"]) -> Floats:
    """Give all rows, shape (probabilities, states of the wide cause).

    Raises:
        WidthError: A district is so large that its rows would not fit.
    """
    rows = [np.ones((1, parameters.n_wide))]
    for district, domain in dict.fromkeys(_shown(parameters, inputs)):
        rows.append(_district_rows(parameters, district, domain))
    return np.concatenate(rows)


def _shown(
    parameters: Parameters, inputs: Sequence[Source] | Literal["all"]
) -> Iterator[tuple[int, str]]:
    """Yield the sets of variables whose Q is shown, and in which population."""
    graph = parameters.graph
    wide = graph.mask(parameters.wide)
    if isinstance(inputs, str):
        whole = list(each_bit(graph.bits.district(wide)))
        for n in range(1, len(whole) + 1):
            for some in combinations(whole, n):
                mask = sum(1 << v for v in some)
                if mask & wide:
                    yield mask, ""
        return
    for source in inputs:
        do = graph.mask(source.do)
        if wide & ~do:
            district = graph.bits.cut(into=do).district(wide & ~do)
            yield district, source.domain


def _district_rows(parameters: Parameters, district: int, domain: str) -> Floats:
    """Multiply the tables of a district and sum its other hidden causes out."""
    names = parameters.graph.names(district)
    variables = list(dict.fromkeys(p for v in names for p in (*parameters.parents[v], v)))
    number = {v: i for i, v in enumerate(variables)}
    operands: list[object] = []
    for v in names:
        axes = [number[p] for p in (*parameters.parents[v], v)]
        operands += [parameters.table(v, domain), axes]
    others = [u for u in variables if u in parameters.hidden and u != parameters.name]
    for u in others:
        size = parameters.hidden[u]
        operands += [np.full(size, 1 / size), [number[u]]]
    seen = [v for v in variables if v not in parameters.hidden]
    cells = prod(len(parameters.states[v]) for v in seen) * parameters.n_wide
    if cells > MAX_ROW_CELLS:
        raise WidthError(cells, MAX_ROW_CELLS)
    out = [*(number[v] for v in seen), number[parameters.name]]
    table: Floats = np.einsum(*operands, out, optimize=True)  # type: ignore[call-overload]  # operands and axes alternate
    return table.reshape(-1, parameters.n_wide)
