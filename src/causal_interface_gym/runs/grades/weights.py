"""The fallacy fingerprint and the reliability diagram, from what was summed by item.

Items that were answered n times enter the regression as one row, times the square root of n: the
normal equations, the residual of each world and its CR2 variance are the same as with n rows.
"""

from dataclasses import replace

import numpy as np

from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.grades.tally import N_BINS, Tally
from causal_interface_gym.scoring.calibration import Reliability, ReliabilityBin
from causal_interface_gym.scoring.fallacies import (
    Fingerprint,
    LuredBelief,
    design_of,
    fit_weights,
)
from causal_interface_gym.scoring.lures import LureCount
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["fingerprint_of", "lures_of", "reliability_of"]


def fingerprint_of(tally: Tally, table: ItemTable) -> Fingerprint | Unscored:
    """Fit the fallacy weights of one participant."""
    chosen = [row for row in np.flatnonzero(tally.n).tolist() if table.items[row].marginal]
    if not chosen:
        return Unscored("no probability was stated")
    n = tally.n[chosen]
    beliefs = [_mean_belief(row, tally, table) for row in chosen]
    design = design_of(beliefs)
    root = np.sqrt(n)
    named = [_named(belief) for belief in beliefs]
    fitted = fit_weights(
        replace(
            design,
            columns=design.columns * root[:, None],
            response=design.response * root,
            counts=tuple(
                int(n[[name in names for names in named]].sum())
                if place < len(design.names) - 2
                else int(n.sum())
                for place, name in enumerate(design.names)
            ),
        )
    )
    return replace(fitted, n_items=int(n.sum()))


def lures_of(tally: Tally, table: ItemTable) -> dict[str, LureCount]:
    """Count by fallacy the answers nearer to the lure than to the truth."""
    counts: dict[str, LureCount] = {}
    for row in np.flatnonzero(tally.n).tolist():
        for place, fallacy in enumerate(table.items[row].fallacies):
            name = fallacy.partition(":")[0]
            old = counts.get(name, LureCount(0, 0))
            counts[name] = LureCount(
                old.n_nearer + int(tally.near[row, place]), old.n_items + int(tally.n[row])
            )
    return dict(sorted(counts.items()))


def reliability_of(tally: Tally, table: ItemTable) -> Reliability:
    """Give the reliability diagram of one participant."""
    truths = table.truths()
    bins = []
    for place in range(N_BINS):
        counts = tally.binned[:, place]
        n = int(counts.sum())
        if n:
            rows = np.flatnonzero(counts).tolist()
            bins.append(
                ReliabilityBin(
                    low=place / N_BINS,
                    high=(place + 1) / N_BINS,
                    belief=float(tally.bin_totals[place]) / n,
                    truth=float((counts * truths).sum()) / n,
                    n_items=n,
                    n_worlds=len({table.items[row].unanswered.cluster for row in rows}),
                )
            )
    return Reliability(tuple(bins), int(tally.n.sum()), int(tally.missing.sum()))


def _mean_belief(row: int, tally: Tally, table: ItemTable) -> LuredBelief:
    item = table.items[row]
    mark = item.unanswered
    belief = min(max(float(tally.total[row]) / int(tally.n[row]), 0.0), 1.0)
    return LuredBelief(mark.cluster, belief, mark.truth, item.marginal[0], mark.lures)


def _named(belief: LuredBelief) -> set[str]:
    return {lure.fallacy.partition(":")[0] for lure in belief.lures}
