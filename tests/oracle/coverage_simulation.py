"""Do the intervals of the fallacy weights cover? ``python -m tests.oracle.coverage_simulation``.

A form has random binary worlds in which z confounds x and y; its items are P(y | do x) at both
levels. A participant with a planted weight lambda answers

    b = t + lambda (see - t) + noise,  noise with a correlation of 0.3 within a world,

and each repetition draws a new form and new noise. The noise is bounded by the room that an
answer has in [0, 1], so b is a probability without clipping and the planted weight is exact.
Three kinds of form: any worlds; admitted ones (seeing and doing at least 0.15 apart at both
levels) with a fifth of controls without confounding; and generated ones, the very forms of the
intervention family, structures, ledger, lures and controls included. Of those a number are drawn
from seeds of their own and take turns; the noise is new in each repetition.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.scenarios import generated
from causal_interface_gym.scoring.fallacies import (
    HALF,
    MARGINAL,
    Design,
    LuredBelief,
    design_of,
    fit_weights,
)

__all__ = [
    "ICC",
    "PARTICIPANTS",
    "Coverage",
    "Form",
    "Laid",
    "draw_generated",
    "draw_pool",
    "main",
    "noise",
    "simulate",
    "simulate_generated",
]

Floats = NDArray[np.float64]

ICC: Final = 0.3
NAMES: Final = ("see for do", "backwards", HALF, MARGINAL)
_BAND: Final = (0.93, 0.97)
_GAP: Final = 0.15
_TRUTH: Final = (0.05, 0.95)
_SPREAD: Final = 0.08
_POOL: Final = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The items of some worlds: every array has shape (n_worlds, 2), one column a level of x."""

    truth: Floats
    see: Floats
    backwards: Floats
    marginal: Floats

    def take(self, rows: NDArray[np.intp]) -> "Form":
        """Choose worlds."""
        return Form(self.truth[rows], self.see[rows], self.backwards[rows], self.marginal[rows])


def draw_pool(n_worlds: int, *, is_admitted: bool, rng: np.random.Generator) -> Form:
    """Draw worlds, in batches until enough are admitted; a fifth of those are controls."""
    if not is_admitted:
        return _closed_form(_tables(n_worlds, rng), is_confounded=True)
    n_controls = n_worlds // 5
    kept = [_closed_form(_tables(n_controls, rng), is_confounded=False)]
    n_missing = n_worlds - n_controls
    while n_missing > 0:
        batch = _closed_form(_tables(50_000, rng), is_confounded=True)
        rows = np.flatnonzero(_is_admitted(batch))[:n_missing]
        kept.append(batch.take(rows))
        n_missing -= len(rows)
    columns = [[f.truth, f.see, f.backwards, f.marginal] for f in kept]
    return Form(*(np.concatenate(parts) for parts in zip(*columns, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A form with the regression laid out for it; the response is put in later."""

    form: Form
    design: Design


def draw_generated(seed: int, *, n_worlds: int) -> Laid:
    """Draw a form of the intervention family, with all the lures that its items name."""
    drawn = generated.form("intervention", level=2, seed=seed, n_worlds=n_worlds)
    rng = np.random.default_rng(0)  # the marginal has no randomness
    beliefs = [
        LuredBelief(
            world.digest,
            item.truth,
            item.truth,
            marginal(world.model, item.asked, rng=rng),
            item.lures,
        )
        for world in drawn.worlds
        for item in world.items
    ]
    columns = [
        [belief.truth for belief in beliefs],
        *([item.lure[name] for item in drawn.items] for name in NAMES[:2]),
        [belief.marginal for belief in beliefs],
    ]
    return Laid(
        Form(*(np.reshape(column, (n_worlds, 2)) for column in columns)), design_of(beliefs)
    )


Participant = Callable[[Form, Floats], Floats]
"""From a form and standardised noise, shape (n_worlds, 2), to the answers."""


def _planted(weight: float) -> Participant:
    def answer(form: Form, error: Floats) -> Floats:
        return _disturbed(form.truth + weight * (form.see - form.truth), error)

    return answer


PARTICIPANTS: Final[dict[str, tuple[Participant, float]]] = {
    "planted 0": (_planted(0.0), 0.0),
    "planted 0.3": (_planted(0.3), 0.3),
    "planted 1": (_planted(1.0), 1.0),
    "noisy 0.5": (lambda form, error: _disturbed(np.full_like(form.truth, 0.5), error), 0.0),
    "noisy marginal": (lambda form, error: _disturbed(form.marginal, error), 0.0),
    "constant 0.5": (lambda form, _: np.full_like(form.truth, 0.5), 0.0),
    "marginal": (lambda form, _: form.marginal, 0.0),
}
"""Each participant with its true weight of seeing for doing."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the interval of the see-for-do weight held the planted one."""

    participant: str
    covered: float
    mean: float
    width: float
    n_repetitions: int


def simulate(
    name: str, pool: Form, *, n_worlds: int, n_repetitions: int, rng: np.random.Generator
) -> Coverage:
    """Fit ``n_repetitions`` forms, each of ``n_worlds`` distinct worlds of the pool.

    A form whose weight has no interval counts as not covered.

    Raises:
        ValueError: No form has an interval.
    """

    def draw() -> Laid:
        return _laid(pool.take(rng.choice(len(pool.truth), size=n_worlds, replace=False)))

    return _covered(name, draw, n_repetitions=n_repetitions, rng=rng)


def simulate_generated(
    name: str, forms: Sequence[Laid], *, n_repetitions: int, rng: np.random.Generator
) -> Coverage:
    """Fit ``n_repetitions`` times, with the forms taking turns.

    Raises:
        ValueError: No form has an interval.
    """
    turns = count()
    return _covered(
        name, lambda: forms[next(turns) % len(forms)], n_repetitions=n_repetitions, rng=rng
    )


def _covered(
    name: str, draw: Callable[[], Laid], *, n_repetitions: int, rng: np.random.Generator
) -> Coverage:
    participant, weight = PARTICIPANTS[name]
    n_covered, values, widths, n_worlds = 0, [], [], 0
    for _ in range(n_repetitions):
        laid = draw()
        n_worlds = len(laid.form.truth)
        answers = participant(laid.form, noise(n_worlds, rng))
        found = fit_weights(replace(laid.design, response=(answers - laid.form.truth).ravel()))
        for see in (w for w in found.weights if w.fallacy == NAMES[0]):
            n_covered += see.low <= weight <= see.high
            values.append(see.value)
            widths.append(see.high - see.low)
    if not values:
        message = f"{n_worlds} worlds give no interval; use more worlds"
        raise ValueError(message)
    return Coverage(
        name,
        n_covered / n_repetitions,
        float(np.mean(values)),
        float(np.mean(widths)),
        n_repetitions,
    )


def noise(n_worlds: int, rng: np.random.Generator) -> Floats:
    """Draw errors of mean 0, variance 1 and correlation ``ICC`` within a world, all bounded."""
    edge = np.sqrt(3)
    shared = rng.uniform(-edge, edge, size=(n_worlds, 1))
    own = rng.uniform(-edge, edge, size=(n_worlds, 2))
    return np.asarray(np.sqrt(ICC) * shared + np.sqrt(1 - ICC) * own)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; exit code 1 if a coverage leaves the band."""
    parser = argparse.ArgumentParser(description="Coverage of the intervals of fallacy weights.")
    parser.add_argument("--repetitions", type=int, default=2000)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--forms", type=int, default=200, help="generated forms that take turns")
    given = parser.parse_args(arguments)
    console = Console(highlight=False, width=100)
    started, n_outside = time.monotonic(), 0
    console.print(f"{'form':<10}{'participant':<18}{'coverage':>10}{'mean':>10}{'width':>10}")
    for kind, found in _all(given):
        n_outside += not _is_inside(found)
        numbers = f"{found.covered:>10.4f}{found.mean:>10.4f}{found.width:>10.4f}"
        verdict = "" if _is_inside(found) else "  outside"
        console.print(f"{kind:<10}{found.participant:<18}{numbers}{verdict}")
    seconds = time.monotonic() - started
    console.print(
        f"{given.repetitions} repetitions of {given.worlds} worlds each, seed {given.seed}, "
        f"in {seconds:.0f} s; {n_outside} outside"
    )
    return 1 if n_outside else 0


def _all(given: argparse.Namespace) -> Iterator[tuple[str, Coverage]]:
    """Simulate every participant on every kind of form."""
    n_repetitions = given.repetitions
    for number, kind in enumerate(("any", "admitted")):
        rng = np.random.default_rng([given.seed, number])
        pool = draw_pool(_POOL, is_admitted=kind == "admitted", rng=rng)
        for name in PARTICIPANTS:
            yield (
                kind,
                simulate(name, pool, n_worlds=given.worlds, n_repetitions=n_repetitions, rng=rng),
            )
    rng = np.random.default_rng([given.seed, 2])
    n_forms = min(given.forms, n_repetitions)
    seeds = range(given.seed * n_forms, (given.seed + 1) * n_forms)
    forms = [draw_generated(seed, n_worlds=given.worlds) for seed in seeds]
    for name in PARTICIPANTS:
        yield "generated", simulate_generated(name, forms, n_repetitions=n_repetitions, rng=rng)


def _is_inside(found: Coverage) -> bool:
    """Whether the coverage is right; an answer without noise leaves nothing to chance."""
    if found.participant in {"constant 0.5", "marginal"}:
        return found.covered == 1.0
    return _BAND[0] <= found.covered <= _BAND[1]


def _laid(form: Form) -> Laid:
    truth = form.truth.ravel()
    columns = [form.see.ravel(), form.backwards.ravel(), np.full(truth.shape, 0.5)]
    n_worlds = len(form.truth)
    design = Design(
        names=NAMES,
        columns=np.column_stack([*columns, form.marginal.ravel()]) - truth[:, None],
        response=np.zeros(truth.shape),
        counts=(len(truth),) * len(NAMES),
        worlds=tuple(f"w{i // 2}" for i in range(2 * n_worlds)),
    )
    return Laid(form, design)


def _disturbed(answers: Floats, error: Floats) -> Floats:
    """Add noise of standard deviation 0.08, less where an answer has less room in [0, 1]."""
    most = np.sqrt(3) * (np.sqrt(ICC) + np.sqrt(1 - ICC))
    room = np.minimum(answers, 1 - answers) / most
    return np.asarray(answers + np.minimum(_SPREAD, room) * error)


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """P(z=1), P(x=1 | z) and P(y=1 | x, z), for many worlds at once."""

    z: Floats
    x: Floats
    y: Floats


def _tables(n_worlds: int, rng: np.random.Generator) -> _Tables:
    low, high = _TRUTH
    shapes = ((n_worlds,), (n_worlds, 2), (n_worlds, 2, 2))
    return _Tables(*(rng.uniform(low, high, size=shape) for shape in shapes))


def _closed_form(tables: _Tables, *, is_confounded: bool) -> Form:
    """Compute truth and lures; unconfounded worlds use the first column of P(x | z) for both."""
    p_z = np.stack([1 - tables.z, tables.z], axis=1)
    p_x = tables.x if is_confounded else np.repeat(tables.x[:, :1], 2, axis=1)
    p_xz = np.stack([1 - p_x, p_x], axis=1) * p_z[:, None, :]
    base = p_xz.sum(axis=2)
    do = (tables.y * p_z[:, None, :]).sum(axis=2)
    see = (tables.y * p_xz).sum(axis=2) / base
    marginal = np.repeat((tables.y * p_xz).sum(axis=(1, 2))[:, None], 2, axis=1)
    # Setting y does not move its cause: P(x | do y) = P(x).
    return Form(do, see, base, marginal)


def _is_admitted(form: Form) -> NDArray[np.bool_]:
    is_apart = (np.abs(form.see - form.truth) >= _GAP).all(axis=1)
    is_inner = ((form.truth >= _TRUTH[0]) & (form.truth <= _TRUTH[1])).all(axis=1)
    return np.asarray(is_apart & is_inner)


if __name__ == "__main__":
    sys.exit(main())
