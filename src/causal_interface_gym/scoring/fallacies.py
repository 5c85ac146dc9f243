"""Fallacy weights: how far a participant's errors point towards each lure.

One pooled least-squares fit over items, with belief b and truth t:

    b - t = sum over k of lambda_k (lure_k - t) + lambda_half (0.5 - t) + lambda_marginal (P(y) - t)

A weight of 0 means no pull and 1 that the lure itself is answered. The last two columns are
compulsory: an answer that ignores the question would otherwise show as a fallacy. The fit is not
constrained; its intervals are CR2 with t, clustered by world. The vector is the fingerprint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import InputError
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd
from causal_interface_gym.questions.question import Asked, Lure
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.marking import Answered, Mark
from causal_interface_gym.scoring.robust import Coefficient, cluster_robust
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "HALF",
    "MARGINAL",
    "Design",
    "FallacyWeight",
    "Fingerprint",
    "LuredBelief",
    "PictureWeight",
    "UnscoredWeight",
    "design_of",
    "fingerprint",
    "fit_weights",
    "lured_beliefs",
    "picture",
]

Floats = NDArray[np.float64]

HALF: Final = "half"
"""The pull towards 0.5."""

MARGINAL: Final = "marginal"
"""The pull towards P(y), whatever is seen or done."""

_ROUNDING: Final = 1e-12
"""A lure this near to the truth equals it: the difference is rounding, not direction."""


@dataclass(frozen=True, slots=True)
class LuredBelief:
    """A stated probability beside its truth, its lures and P(y); ``world`` is the distinct SCM.

    Raises:
        InputError: One of the numbers is not a probability.
    """

    world: str
    belief: float
    truth: float
    marginal: float
    lures: tuple[Lure, ...]

    def __post_init__(self) -> None:
        """Check every number."""
        numbers = {"belief": self.belief, "truth": self.truth, "marginal": self.marginal}
        numbers |= {lure.fallacy: lure.value for lure in self.lures}
        for name, value in numbers.items():
            # Exact numbers may leave [0, 1] by rounding.
            if not -_ROUNDING <= value <= 1 + _ROUNDING:
                message = f"the {name} of an item is a probability in [0, 1]; got {value}"
                raise InputError(message)


@dataclass(frozen=True, slots=True)
class FallacyWeight:
    """The weight of a fallacy with its interval of level 0.95.

    ``df`` are the degrees of freedom of its t; ``n_items`` counts the items that define the lure.
    """

    fallacy: str
    value: float
    low: float
    high: float
    df: float
    n_items: int


@dataclass(frozen=True, slots=True)
class UnscoredWeight:
    """A fallacy whose weight these items do not determine, and why."""

    fallacy: str
    unscored: Unscored
    n_items: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The weights of all fallacies, in the order in which the items name them, then the two pulls.

    ``unscored`` holds those without a number, so no name is in both.
    """

    weights: tuple[FallacyWeight, ...]
    unscored: tuple[UnscoredWeight, ...]
    n_items: int
    n_worlds: int


@dataclass(frozen=True, slots=True)
class PictureWeight:
    """A weight of the non-negative fit; for a picture, never for a claim."""

    fallacy: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The regression behind a fingerprint.

    ``columns`` has shape (n_items, n_names), ``response`` is b - t, ``counts`` says how many
    items define each column and ``worlds`` is the cluster of each item.
    """

    names: tuple[str, ...]
    columns: Floats
    response: Floats
    counts: tuple[int, ...]
    worlds: tuple[str, ...]


def lured_beliefs(marks: Sequence[Mark], world: World) -> tuple[LuredBelief, ...]:
    """Put the P(y) of the world beside the marks of one episode in it.

    Left out are missing answers, which point nowhere, and claims, which have no P(y).

    Raises:
        ScenarioError: A mark is about a question that this world does not ask.
    """
    found = []
    for mark in marks:
        base = _base(world.item(mark.question).asked)
        if isinstance(mark.answer, Answered) and base is not None:
            marginal = _marginal(world.model, base)
            found.append(LuredBelief(mark.cluster, mark.answer.p, mark.truth, marginal, mark.lures))
    return tuple(found)


def design_of(beliefs: Sequence[LuredBelief]) -> Design:
    """Lay out the regression; what a lure's name adds after a colon is left out.

    A fallacy that an item does not define contributes 0 there. Of two lures of one fallacy in an
    item the first-named counts, the one that the rule of the gap is about.
    """
    rows = [_by_fallacy(belief.lures) for belief in beliefs]
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    truth = np.array([belief.truth for belief in beliefs])
    lures = [[row.get(name, t) for name in names] for row, t in zip(rows, truth, strict=True)]
    columns = np.column_stack(
        [
            np.array(lures).reshape(len(rows), len(names)),
            np.full(len(rows), 0.5),
            [belief.marginal for belief in beliefs],
        ]
    )
    columns -= truth[:, None]
    columns[np.abs(columns) < _ROUNDING] = 0
    return Design(
        names=(*names, HALF, MARGINAL),
        columns=columns,
        response=np.array([belief.belief for belief in beliefs]) - truth,
        counts=(*(sum(name in row for row in rows) for name in names), len(rows), len(rows)),
        worlds=tuple(belief.world for belief in beliefs),
    )


def fingerprint(beliefs: Sequence[LuredBelief]) -> Fingerprint | Unscored:
    """Fit the weights of one participant over all items.

    Answering the lure itself in ten worlds of two items gives a weight of 1:

    >>> rng = np.random.default_rng(0)
    >>> items = rng.uniform(size=(20, 3))
    >>> fitted = fingerprint([
    ...     LuredBelief(f"w{i // 2}", see, do, base, (Lure("see for do", see),))
    ...     for i, (see, do, base) in enumerate(items)
    ... ])
    >>> [(w.fallacy, round(abs(w.value), 9)) for w in fitted.weights]
    [('see for do', 1.0), ('half', 0.0), ('marginal', 0.0)]
    """
    if not beliefs:
        return Unscored("no probability was stated")
    return fit_weights(design_of(beliefs))


def fit_weights(design: Design) -> Fingerprint:
    """Fit a design; a weight that it does not determine is unscored, with the reason."""
    fitted = cluster_robust(
        design.columns,
        design.response,
        clusters=design.worlds,
        names=design.names,
        magnitude=1.0,
    )
    entries = [
        _entry(name, coefficient, n_items)
        for name, coefficient, n_items in zip(design.names, fitted, design.counts, strict=True)
    ]
    return Fingerprint(
        weights=tuple(entry for entry in entries if isinstance(entry, FallacyWeight)),
        unscored=tuple(entry for entry in entries if isinstance(entry, UnscoredWeight)),
        n_items=len(design.response),
        n_worlds=len(set(design.worlds)),
    )


def picture(beliefs: Sequence[LuredBelief]) -> tuple[PictureWeight, ...]:
    """Fit weights that are not negative, of the fallacies whose weight is determined.

    Only for drawing a fingerprint: such a fit has no interval and no test.
    """
    fitted = fingerprint(beliefs)
    if isinstance(fitted, Unscored) or not fitted.weights:
        return ()
    # Loaded when used: importing the package stays fast.
    from scipy.optimize import nnls  # noqa: PLC0415

    # All columns take part: a tied group still draws its share away from the others.
    design = design_of(beliefs)
    values, _ = nnls(design.columns, design.response)
    by_name = dict(zip(design.names, values, strict=True))
    return tuple(PictureWeight(w.fallacy, float(by_name[w.fallacy])) for w in fitted.weights)


def _entry(name: str, coefficient: Coefficient, n_items: int) -> FallacyWeight | UnscoredWeight:
    if isinstance(coefficient, Unscored):
        return UnscoredWeight(name, coefficient, n_items)
    found = coefficient
    return FallacyWeight(name, found.value, found.low, found.high, found.df, n_items)


def _by_fallacy(lures: Sequence[Lure]) -> dict[str, float]:
    found: dict[str, float] = {}
    for lure in lures:
        found.setdefault(lure.fallacy.partition(":")[0], lure.value)
    return found


def _base(asked: Asked) -> Query | None:
    """Ask for P(y): the outcome without the world it is asked in and without conditions.

    In a question about one population it is that population's; a claim has none.
    """
    match asked:
        case Query():
            return Query.of({term.variable: term.value for term in asked.outcome})
        case FromSelected() | IntervalEnd():
            return _base(asked.query)
        case InPopulation():
            outcome = {term.variable: term.value for term in asked.query.outcome}
            return Query.of(outcome, given={asked.population: asked.target})
        case _:
            return None


@lru_cache(maxsize=4096)
def _marginal(model: SCM, base: Query) -> float:
    return model.p(base)
