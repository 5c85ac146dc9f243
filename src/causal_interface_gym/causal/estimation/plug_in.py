"""The plug-in estimate of an identified query, with a percentile bootstrap interval.

Every probability in the formula is replaced by its relative frequency. The interval resamples the
units with replacement, which is one multinomial draw of the counts, and evaluates the formula on
all resamples in one pass: the resample is one more variable that every probability is conditioned
on [efron1979].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.estimation.counts import Counts
from causal_interface_gym.causal.estimation.resamples import RESAMPLE, Resamples
from causal_interface_gym.causal.estimation.rewriting import conditioned, variables_in
from causal_interface_gym.causal.expression import Symbol
from causal_interface_gym.causal.identification.estimand import Estimand, Evaluated
from causal_interface_gym.causal.identification.verdict import Identified
from causal_interface_gym.causal.query import Query, Setting, Term
from causal_interface_gym.errors import DataError, PositivityViolation, QueryError, WidthError

__all__ = ["PlugIn", "estimate", "variables_of"]

Floats = NDArray[np.float64]

_SCRATCH: Final = 1 << 22
"""Numbers that one pass over resamples may hold for the counts."""


@dataclass(frozen=True, slots=True)
class PlugIn:
    """A number estimated from data.

    Attributes:
        query: What was asked.
        value: The formula on the relative frequencies.
        interval: The ends of the bootstrap interval, or None where none was asked for.
        standard_error: The spread of the resamples, or None.
        confidence: What the interval covers in the long run, e.g. 0.95.
        n_units: How many units the data hold; over all populations, where there are several.
        n_resamples: How many resamples were drawn.
        n_undefined: In how many of them some stratum was empty; they are left out.
    """

    query: str
    value: float
    interval: tuple[float, float] | None
    standard_error: float | None
    confidence: float
    n_units: int
    n_resamples: int
    n_undefined: int = 0

    def __str__(self) -> str:
        """Show the value with its interval."""
        text = f"{self.query} = {self.value:.6g}"
        if self.interval is None:
            return f"{text} (plug-in, no interval)"
        low, high = self.interval
        text += f" ({self.confidence:.0%} interval {low:.4g} to {high:.4g}"
        text += f", plug-in on {self.n_units} units, {self.n_resamples} resamples)"
        if self.n_undefined:
            text += f"; {self.n_undefined} resamples lost a stratum and are left out"
        return text


def estimate(
    answer: Identified,
    data: Any,  # noqa: ANN401 - Counts, a mapping of populations to Counts, or any frame
    *,
    rng: np.random.Generator,
    against: Mapping[str, str] | None = None,
    confidence: float = 0.95,
    n_resamples: int = 1000,
) -> PlugIn:
    """Estimate an identified query from data.

    Args:
        answer: What ``identify`` or ``transport`` found; its query gives every value.
        data: ``Counts``, a frame, or for several populations a mapping of their names to Counts
            ("" is the one asked about).
        against: Other values for some variables of the query: the estimate is then that of the
            difference, from the same resamples, e.g. ``{"X": "0"}`` for a risk difference.
        confidence: Between 0 and 1.
        n_resamples: 0 for no interval.

    Raises:
        PositivityViolation: A stratum that the formula needs is empty; its name is in the error.
        DataError: A column is missing or unfit, or the weights are no counts of units.
        QueryError: The query leaves a value open, or ``against`` names what it does not have.

    >>> from causal_interface_gym.causal import ADMG, identify
    >>> found = identify(ADMG([("X", "Y")]), "P(Y=1 | do(X=1))")
    >>> data = {"X": [0, 0, 1, 1, 1, 1], "Y": [0, 1, 1, 1, 0, 1]}
    >>> print(estimate(found, data, rng=np.random.default_rng(0), n_resamples=0))
    P(Y=1 | do(X=1)) = 0.75 (plug-in, no interval)

    Source: [efron1979].
    """
    _check_options(confidence, n_resamples)
    domains = _domains(answer.estimand, data)
    terms = _terms(answer.estimand, against)
    value = sum(_plug_in(term, domains) for term in terms)
    n_units = sum(_sizes(counts) for counts in domains.values())
    found = PlugIn(_title(answer.query, against), value, None, None, confidence, n_units, 0)
    if not n_resamples:
        return found
    _check_units(domains)
    return _with_interval(found, _resampled(terms, domains, n_resamples, rng))


def variables_of(answer: Identified) -> list[str]:
    """Give the columns that the data must have, in alphabetical order."""
    return _named(answer.estimand)


def _check_options(confidence: float, n_resamples: int) -> None:
    if not 0 < confidence < 1 or n_resamples < 0:
        message = (
            f"confidence lies between 0 and 1, n_resamples is 0 or more; got {confidence} and "
            f"{n_resamples}"
        )
        raise QueryError(message)


def _with_interval(found: PlugIn, draws: Floats) -> PlugIn:
    """Cut the interval from the resamples in which the formula is defined."""
    kept = draws[np.isfinite(draws)]
    lost = len(draws) - len(kept)
    if len(kept) < len(draws) / 2:
        message = (
            f"in {lost} of {len(draws)} resamples a stratum is empty, so there is no interval; "
            "merge states, or give n_resamples=0"
        )
        raise DataError(message)
    tail = (1 - found.confidence) / 2
    low, high = (float(q) for q in np.quantile(kept, [tail, 1 - tail]))
    return replace(
        found,
        interval=(low, high),
        standard_error=float(kept.std(ddof=1)) if len(kept) > 1 else 0.0,
        n_resamples=len(draws),
        n_undefined=lost,
    )


@dataclass(frozen=True, slots=True)
class _Term:
    """A formula that counts with a sign."""

    sign: float
    estimand: Estimand


def _terms(estimand: Estimand, against: Mapping[str, str] | None) -> list[_Term]:
    """Give the formula, and with the opposite sign that for the other values."""
    terms = [_Term(1.0, estimand)]
    if against:
        if estimand.symbols is not None:
            message = f"{estimand.query} speaks of several worlds; estimate each probability alone"
            raise QueryError(message)
        other = _with_values(estimand.query, against)
        terms.append(_Term(-1.0, replace(estimand, query=other)))
    return terms


def _with_values(query: Query, values: Mapping[str, str]) -> Query:
    """Put other values into a query."""
    for name in values:
        if name not in query.variables:
            message = f"{name!r} does not stand in {query}; its variables: {query.variables}"
            raise QueryError(message)

    def term(old: Term) -> Term:
        return replace(old, value=values.get(old.variable, old.value))

    def setting(name: str, old: Setting) -> Setting:
        return values.get(name, old)

    return Query(
        tuple(map(term, query.outcome)),
        tuple(map(term, query.given)),
        tuple((name, setting(name, old)) for name, old in query.do),
    )


def _title(query: Query, against: Mapping[str, str] | None) -> str:
    return f"{query} - {_with_values(query, against)}" if against else str(query)


def _domains(estimand: Estimand, data: Any) -> dict[str, Counts]:  # noqa: ANN401 - see estimate
    """Read what the formula speaks about; a population of no concern stays as it is."""
    if isinstance(data, Counts):
        return {"": data}
    if isinstance(data, Mapping) and any(isinstance(v, Counts) for v in data.values()):
        wrong = [name for name, counts in data.items() if not isinstance(counts, Counts)]
        if wrong:
            raise DataError(f"populations are given as Counts; {wrong[0]!r} is not")
        return dict(data)
    return {"": Counts.from_frame(data, _named(estimand))}


def _named(estimand: Estimand) -> list[str]:
    symbols = dict(estimand.symbols or ())
    named = variables_in(estimand.expression) | set(estimand.query.variables)
    return sorted({symbols[n].variable if n in symbols else n for n in named})


def _plug_in(term: _Term, domains: Mapping[str, Counts]) -> float:
    try:
        value = term.estimand.evaluate(domains)
    except PositivityViolation as error:
        raise PositivityViolation(error.stratum, where="these data") from None
    if isinstance(value, Evaluated):
        message = f"{term.estimand.query} leaves a value open; give every variable one, e.g. Y=1"
        raise QueryError(message)
    return term.sign * value


def _sizes(counts: Counts) -> int:
    return counts.n_units + sum(map(_sizes, counts.trials.values()))


def _check_units(domains: Mapping[str, Counts]) -> None:
    for counts in domains.values():
        for part in (counts, *counts.trials.values()):
            if not part.n_units:
                message = (
                    "the weights are no whole numbers, so there is no sample to resample; give "
                    "counts of units, or n_resamples=0"
                )
                raise DataError(message)


def _resampled(
    terms: Sequence[_Term], domains: Mapping[str, Counts], n: int, rng: np.random.Generator
) -> Floats:
    """Evaluate the formulas on ``n`` resamples, some at a time; NaN where a stratum is empty."""
    inside = [_Term(t.sign, _within(t.estimand)) for t in terms]
    n_cells = max(len(counts.weights) for counts in domains.values())
    step = max(1, min(n, _SCRATCH // n_cells))
    found: list[Floats] = []
    while n:
        size = min(step, n)
        joint = {name: Resamples.of(counts, size, rng) for name, counts in domains.items()}
        try:
            found.append(_evaluated(inside, joint))
        except WidthError:
            if step == 1:
                raise
            step = max(1, step // 8)
            continue
        n -= size
    return np.concatenate(found)


def _within(estimand: Estimand) -> Estimand:
    """Condition every probability of a formula on the resample, and ask for each of them."""
    expression = conditioned(estimand.expression, RESAMPLE)
    if estimand.symbols is not None:
        symbols = (*estimand.symbols, (RESAMPLE, Symbol(RESAMPLE)))
        return Estimand(expression, estimand.query, symbols)
    query = replace(estimand.query, given=(*estimand.query.given, Term(RESAMPLE)))
    return Estimand(expression, query)


def _evaluated(terms: Sequence[_Term], joint: Mapping[str, Resamples]) -> Floats:
    total: Floats = np.zeros(len(next(iter(joint.values())).weights))
    for term in terms:
        found = term.estimand.where_defined(joint)
        total = total + term.sign * np.where(found.undefined, np.nan, found.values)
    return total
