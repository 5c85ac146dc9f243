"""Every vertex of {q >= 0, rows @ q = values}, by walking from basis to basis.

Two bases are neighbours if one pivot of the simplex method leads from one to the other, ties
included; that graph is connected, so the walk meets every vertex. The tests compare it with all
choices of columns.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bounds.block import Block

__all__ = ["vertices"]

Floats = NDArray[np.float64]
Basis = frozenset[int]

_ZERO = 1e-10


def vertices(block: Block, start: Floats, *, limit: int) -> Floats | None:
    """List the vertices, shape (n_vertices, n_columns); None if there are over ``limit`` bases.

    ``start`` is any vertex.
    """
    rows, values = _independent(block)
    first = _basis(rows, np.flatnonzero(start > _ZERO))
    seen, todo = {first}, [first]
    found: dict[bytes, Floats] = {}
    while todo:
        basis = sorted(todo.pop())
        tableau = np.asarray(np.linalg.solve(rows[:, basis], np.column_stack([rows, values])))
        point = np.zeros(rows.shape[1])
        point[basis] = np.maximum(tableau[:, -1], 0.0)
        found.setdefault(np.round(point, 9).tobytes(), point)
        for neighbour in _neighbours(basis, tableau):
            if neighbour not in seen:
                seen.add(neighbour)
                todo.append(neighbour)
        if len(seen) > limit:
            return None
    return np.array(list(found.values()))


def _independent(block: Block) -> tuple[Floats, Floats]:
    """Keep equations that do not follow from those before."""
    kept: list[int] = []
    basis = np.zeros((0, block.n_columns))
    for i, row in enumerate(block.rows):
        rest = row - basis.T @ (basis @ row)
        rest = rest - basis.T @ (basis @ rest)
        length = float(np.linalg.norm(rest))
        if length > _ZERO * max(1.0, float(np.linalg.norm(row))):
            kept.append(i)
            basis = np.vstack([basis, rest / length])
    return block.rows[kept], block.values[kept]


def _basis(rows: Floats, used: NDArray[np.intp]) -> Basis:
    """Complete the columns that a vertex uses to a basis."""
    chosen: list[int] = []
    for j in [*used, *(j for j in range(rows.shape[1]) if j not in set(used))]:
        if np.linalg.matrix_rank(rows[:, [*chosen, j]]) > len(chosen):
            chosen.append(int(j))
    return frozenset(chosen)


def _neighbours(basis: list[int], tableau: Floats) -> Iterator[Basis]:
    """Yield every basis that one pivot reaches without leaving the polytope."""
    columns = tableau[:, :-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.maximum(tableau[:, -1:], 0.0) / columns
    ratios = np.where(columns > _ZERO, ratios, np.inf)
    ratios[:, basis] = np.inf  # a column of the basis does not enter it
    least = ratios.min(axis=0)
    for place, entering in np.argwhere((ratios <= least + _ZERO) & np.isfinite(ratios)):
        yield frozenset({*basis, int(entering)} - {basis[place]})
