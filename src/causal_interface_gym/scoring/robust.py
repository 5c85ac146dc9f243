"""Least squares whose intervals hold when errors are correlated within clusters.

The variance is CR2, bias-reduced linearisation: it is unbiased when errors are independent and of
equal variance, and consistent whatever they are within a cluster. The reference distribution is
Student's t with Satterthwaite degrees of freedom for each coefficient, computed from the design.
Clusters of one item each give the HC2 variance.

Everything is computed in the coordinates of an orthonormal basis Q of the columns, where cluster
g has the p x p matrix K = Q_g'Q_g, because (I - Q_g Q_g')^(-1/2) Q_g = Q_g (I - K)^(-1/2): no
matrix as large as a cluster is ever formed.

Source: [bell2002], [pustejovsky2018], [tipton2015].
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import InputError
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["MIN_DF", "Coefficient", "Estimate", "Regression", "cluster_robust", "regress"]

Floats = NDArray[np.float64]

MIN_DF: Final = 4.0
"""Below this the t approximation is known to fail [tipton2015], so no interval is given."""

_LEVEL: Final = 0.95
_RANK: Final = 1e-8
"""A column this close (relative) to the span of the others is taken to lie in it."""

_NEED: Final = 1e-6
"""A column enters the combination that gives another one if its part is larger than this."""

_SHARE: Final = 1e-6
"""A coefficient with more than this part of its variance out of sight has no interval."""

_ROUNDING: Final = 16 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its interval of level 0.95; ``df`` are Satterthwaite's degrees."""

    value: float
    standard_error: float
    df: float
    low: float
    high: float

    @property
    def p_value(self) -> float:
        """The two-sided p-value against 0."""
        # Loaded when used: importing the package stays fast.
        from scipy.special import stdtr  # noqa: PLC0415

        return float(2 * stdtr(self.df, -abs(self.value) / self.standard_error))


Coefficient = Estimate | Unscored
"""A coefficient, or why it has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """A fit of full rank: arrays of shape (n_columns,).

    ``seen`` is the share of the variance that CR2 can see, below 1 where a single cluster decides
    a coefficient alone; ``df`` is 0 where nothing is seen.
    """

    values: Floats
    standard_errors: Floats
    df: Floats
    seen: Floats
    n_clusters: int


def cluster_robust(
    columns: Floats,
    response: Floats,
    *,
    clusters: Sequence[Hashable],
    names: Sequence[str],
    magnitude: float = 0.0,
) -> tuple[Coefficient, ...]:
    """Fit ``response`` on ``columns`` and give each coefficient, or why it has none.

    A coefficient is unscored when its column is zero, when the other columns determine it, when a
    single cluster decides it, or when fewer than ``MIN_DF`` degrees of freedom remain. The others
    are the same whichever columns stand in for a collinear group.

    Args:
        columns: Shape (n_items, n_columns).
        response: Shape (n_items,).
        clusters: The cluster of each item.
        names: The columns in words, for the reasons.
        magnitude: Size of the numbers whose difference the response is: it carries their rounding.

    Raises:
        InputError: The shapes differ or a number is not finite.
    """
    _check(columns, response, clusters)
    rank = _rank(columns, names)
    if not rank.base:
        return tuple(map(Unscored, rank.reasons))
    fit = regress(columns[:, rank.base], response, clusters=clusters, magnitude=magnitude)
    return tuple(
        Unscored(reason) if reason else _coefficient(fit, rank.base.index(column))
        for column, reason in enumerate(rank.reasons)
    )


def regress(
    columns: Floats, response: Floats, *, clusters: Sequence[Hashable], magnitude: float = 0.0
) -> Regression:
    """Fit columns of full rank by least squares, with CR2 standard errors and their degrees.

    A standard error holds a bound of the rounding, so that an exact fit claims no more precision
    than its arithmetic has.

    >>> fit = regress(np.ones((4, 1)), np.array([0.0, 1.0, 2.0, 5.0]), clusters="abcc")
    >>> round(float(fit.standard_errors[0] ** 2 * 24), 9), round(float(fit.df[0]), 9)
    (37.0, 1.8)

    Raises:
        InputError: The shapes differ, a number is not finite, or the columns are collinear.
    """
    _check(columns, response, clusters)
    basis, triangle = np.linalg.qr(columns)
    diagonal = np.abs(np.diag(triangle))
    norms = np.linalg.norm(columns, axis=0)
    if len(diagonal) < len(norms) or (diagonal <= 1e-12 * norms).any():
        message = "the columns of a regression are collinear; leave out those the others determine"
        raise InputError(message)
    gamma = np.linalg.inv(triangle)
    values = gamma @ (basis.T @ response)
    residuals = response - columns @ values
    variance = _variances(basis, residuals, gamma.T, clusters=_codes(clusters))
    size = np.linalg.norm(response) + np.linalg.norm(columns * values)
    size += magnitude * sqrt(len(response))
    rounding = _ROUNDING * np.sqrt((gamma**2).sum(axis=1)) * size + np.finfo(np.float64).tiny
    errors = np.hypot(np.sqrt(variance.value), rounding)
    return Regression(values, errors, variance.df, variance.seen, len(set(clusters)))


@dataclass(frozen=True, slots=True, eq=False)
class _Variance:
    value: Floats
    df: Floats
    seen: Floats


def _variances(
    basis: Floats, residuals: Floats, contrasts: Floats, *, clusters: NDArray[np.intp]
) -> _Variance:
    """Compute CR2 and its degrees of freedom; column j of ``contrasts`` is R^-T e_j.

    Under the working model the estimate of coefficient j is a quadratic form in normal errors
    with matrix P = diag(weight) - B B', so Satterthwaite's degrees are tr(P)^2 / tr(P P).
    """
    n_clusters, width = int(clusters.max()) + 1, basis.shape[1]
    gram = np.zeros((n_clusters, width, width))
    np.add.at(gram, clusters, basis[:, :, None] * basis[:, None, :])
    moment = np.zeros((n_clusters, width))
    np.add.at(moment, clusters, basis * residuals[:, None])
    adjust = _inverse_root(gram)
    scores = np.einsum("gij,gj,ik->gk", adjust, moment, contrasts)
    turned = np.einsum("gij,jk->gik", adjust, contrasts)
    across = np.einsum("gij,gjk->gik", gram, turned)
    weight = (turned * across).sum(axis=1)
    own = (across**2).sum(axis=1)
    mixed = np.einsum("gik,gjk->kij", across, across)
    trace = (weight - own).sum(axis=0)
    square = (weight**2).sum(axis=0) - 2 * (weight * own).sum(axis=0) + (mixed**2).sum(axis=(1, 2))
    # Cancellation may lose it; by Cauchy-Schwarz tr(P P) >= tr(P)^2 / rank, so df <= n_clusters.
    square = np.maximum(square, trace**2 / n_clusters)
    full = (contrasts**2).sum(axis=0)
    is_seen = trace > _SHARE * full
    df = np.where(is_seen, trace**2, 0) / np.where(is_seen, square, 1)
    return _Variance((scores**2).sum(axis=0), df, trace / full)


def _inverse_root(gram: Floats) -> Floats:
    """Compute (I - K)^(-1/2) for a stack of matrices, 0 along directions where K is 1."""
    eigenvalues, vectors = np.linalg.eigh(np.eye(gram.shape[1]) - gram)
    # What is left of an eigenvalue 0 after rounding is far below this.
    is_free = eigenvalues > 1e-10  # noqa: PLR2004
    roots = np.where(is_free, 1 / np.sqrt(np.where(is_free, eigenvalues, 1)), 0)
    return np.asarray(np.einsum("gij,gj,gkj->gik", vectors, roots, vectors))


def _coefficient(fit: Regression, place: int) -> Coefficient:
    if fit.n_clusters == 1:
        return Unscored("all items belong to one world")
    if fit.seen[place] < 1 - _SHARE:
        return Unscored("a single world decides it")
    df = float(fit.df[place])
    if df < MIN_DF:
        return Unscored(f"too few worlds: {df:.1f} degrees of freedom, {MIN_DF:.0f} are needed")
    # Loaded when used: importing the package stays fast.
    from scipy.special import stdtrit  # noqa: PLC0415

    value, error = float(fit.values[place]), float(fit.standard_errors[place])
    half = float(stdtrit(df, (1 + _LEVEL) / 2)) * error
    return Estimate(value, error, df, value - half, value + half)


@dataclass(frozen=True, slots=True)
class _Rank:
    """Columns that span all others, and why a column has no coefficient: empty if it has one."""

    base: tuple[int, ...]
    reasons: tuple[str, ...]


def _rank(columns: Floats, names: Sequence[str]) -> _Rank:
    """Find what the columns determine by a pivoted QR factorisation of the scaled columns.

    A column outside the base is a combination of the base; it and the columns that it needs are
    not told apart. A column of the base that no such combination needs is determined.
    """
    # Loaded when used: importing the package stays fast.
    from scipy.linalg import qr  # noqa: PLC0415

    norms = np.linalg.norm(columns, axis=0)
    reasons = ["" if norm > 0 else "it equals the truth in every item" for norm in norms]
    present = [j for j, norm in enumerate(norms) if norm > 0]
    if not present:
        return _Rank((), tuple(reasons))
    triangle, pivots = qr(columns[:, present] / norms[present], mode="r", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > _RANK * sqrt(len(present))).sum())
    order = [present[pivot] for pivot in pivots]
    base, rest = order[:rank], order[rank:]
    needs = np.linalg.solve(triangle[:rank, :rank], triangle[:rank, rank:])
    groups = {j: {j} for j in order}
    for place, column in enumerate(rest):
        tied = {column, *(base[i] for i in np.flatnonzero(np.abs(needs[:, place]) > _NEED))}
        for j in tied:
            groups[j] |= tied
    for j, group in groups.items():
        others = ", ".join(names[k] for k in sorted(group - {j}))
        reasons[j] = f"not told apart from: {others}" if others else ""
    return _Rank(tuple(base), tuple(reasons))


def _codes(clusters: Sequence[Hashable]) -> NDArray[np.intp]:
    codes: dict[Hashable, int] = {}
    return np.array([codes.setdefault(cluster, len(codes)) for cluster in clusters], dtype=np.intp)


def _check(columns: Floats, response: Floats, clusters: Sequence[Hashable]) -> None:
    if columns.ndim != 2 or not len(columns) == len(response) == len(clusters):  # noqa: PLR2004
        message = (
            "a regression needs a row of columns, a response and a cluster for each item; got "
            f"columns {columns.shape}, {len(response)} responses, {len(clusters)} clusters"
        )
        raise InputError(message)
    if not (np.isfinite(columns).all() and np.isfinite(response).all()):
        message = "a regression needs finite numbers; leave out items without one"
        raise InputError(message)
