"""Bounds against references written out by hand, and against the models they must hold."""

from collections.abc import Callable

import numpy as np

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.bounds import Bounds, Knowledge, Question, bounds
from causal_interface_gym.causal.mechanism import Mechanism, Table
from causal_interface_gym.errors import (
    ImpossibleEventError,
    UndeclaredCouplingError,
    WidthError,
)
from tests.oracle.intervals.reference import (
    chain_model,
    clique_case,
    coupling_reference,
    district_reference,
)
from tests.oracle.tally import Tally

__all__ = ["check_bounds", "check_exact"]

Rng = np.random.Generator

CLOSE = 1e-7
QUESTIONS = ("ATE({x}, {y}=1)", "ETT({x}, {y}=1)", "PN({x}, {y}=1)", "PS({x}, {y}=1)",
             "PNS({x}, {y}=1)", "P({y}=1 | do({x}=1))", "P({y}[{x}=0]=1 | {x}=1, {y}=1)",
             "P({y}[{x}=0]=0, {y}[{x}=1]=1)", "P({x}=1 | {y}=1)")  # fmt: skip


def undeclared(model: SCM) -> SCM:
    """Forget every coupling of a table."""
    made: dict[str, Mechanism] = {
        v: Table(m.parents, m.cpt) if isinstance(m, Table) else m
        for v, m in model.mechanisms.items()
    }
    return SCM(model.states, made, model.latent)


def check_bounds(rng: Rng, model: SCM, tally: Tally) -> None:
    """Bound one question about a model in two ways; both intervals hold the model's answer."""
    binary = [v for v in model.observed if len(model.states[v]) == 2]
    if len(binary) < 2:
        return
    x, y = (str(v) for v in rng.choice(binary, 2, replace=False))
    text = str(rng.choice(QUESTIONS)).format(x=x, y=y)
    if x in model.dag.descendants(y):
        text = f"P({y}=1 | {x}=1)"
    asked = Question.of(text, model.states)
    try:
        truth = asked.value(model)
    except (UndeclaredCouplingError, ImpossibleEventError):
        tally.refused["bounds"] += 1
        return
    experiments = [[x]] if rng.random() < 0.3 else []
    _hold(tally, "bounds from tables", undeclared(model), asked, truth)
    _hold(tally, "bounds from P(v)", _known(model, experiments), asked, truth)


def _known(model: SCM, experiments: list[list[str]]) -> Knowledge:
    return Knowledge.from_model(model, experiments=experiments)


def _hold(tally: Tally, kind: str, known: Knowledge | SCM, asked: Question, truth: float) -> None:
    try:
        found = bounds(known, asked, limit=512)
    except WidthError:
        tally.refused[kind] += 1
        return
    is_inside = found.lower - CLOSE <= truth <= found.upper + CLOSE
    tally.hold(kind, asked.text, is_inside, f"{found} does not hold {truth}")
    for end, extreme in ((found.lower, found.lowest), (found.upper, found.highest)):
        if found.is_sharp and extreme is not None:
            agrees = abs(extreme.value - end) <= CLOSE
            tally.hold(f"{kind}, ends", asked.text, agrees, f"{extreme.value} is not {end}")


def check_exact(rng: Rng, tally: Tally) -> None:
    """Compare both ends with the references, on a small district and on a small chain."""
    case = clique_case(rng)
    text = str(rng.choice(QUESTIONS)).format(x="X", y="Y")
    asked = Question.of(text, case.model.states)
    held = "X" if rng.random() < 0.4 else None
    known = _known(case.model, [[held]] if held else [])
    _compare(tally, "bounds, one district", lambda: bounds(known, asked),
             lambda: district_reference(case, asked, held))  # fmt: skip
    chain = chain_model(rng)
    _compare(tally, "bounds, couplings", lambda: bounds(chain, asked),
             lambda: coupling_reference(chain, asked))  # fmt: skip


def _compare(
    tally: Tally,
    kind: str,
    engine: Callable[[], Bounds],
    reference: Callable[[], tuple[float, float]],
) -> None:
    try:
        found = engine()
    except ImpossibleEventError:
        tally.impossible[kind] += 1
        return
    low, high = reference()
    is_right = max(abs(found.lower - low), abs(found.upper - high)) <= CLOSE and found.is_sharp
    tally.hold(kind, found.question, is_right, f"{found}, reference [{low}, {high}]")
