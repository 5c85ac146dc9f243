"""pyAgrum: graph surgery with lazy propagation, causalImpact, and a twin network built by us."""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.inputs.networks import read_network
from tests.benchmarks.inputs.tasks import (
    Answer,
    GraphQuestion,
    NetworkQuestion,
    Question,
    Task,
    Timed,
)
from tests.benchmarks.inputs.twin import Factor, build_twin, factual


def _load(path: str) -> Any:  # noqa: ANN401 - the library ships no types
    """Build a network from double-precision tables.

    The library's own reader keeps single precision and takes labels such as `<5` for errors.
    """
    gum = importlib.import_module("pyagrum")
    network = read_network(Path(path))
    return _build(gum, [factual(network, name) for name in network.states])


def _build(gum: Any, factors: Sequence[Factor]) -> Any:  # noqa: ANN401 - the library ships no types
    net = gum.BayesNet()
    for factor in factors:
        net.add(gum.RangeVariable(factor.name, factor.name, 0, factor.table.shape[-1] - 1))
    for factor in factors:
        # The library's own axes run from the last parent to the child.
        for parent in reversed(factor.parents):
            net.addArc(parent, factor.name)
        net.cpt(factor.name).fillWith(factor.table.reshape(-1).tolist())
        names = list(net.cpt(factor.name).names)
        if names != [factor.name, *reversed(factor.parents)]:
            raise ValueError(names)
    return net


def effects(task: Task) -> Callable[[Question], Timed]:
    """Answer P(y | do(x)): copy, cut the arrows into x, propagate lazily for y only."""
    gum = importlib.import_module("pyagrum")
    net, states = _load(task.network), read_network(Path(task.network)).states

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        x, y = question.treatment, question.outcome
        state = states[x].index(question.state)

        def call() -> object:
            cut = gum.BayesNet(net)
            for parent in net.parents(x):
                cut.eraseArc(parent, cut.idFromName(x))
            cut.cpt(x).fillWith(1.0).normalizeAsCPT()
            engine = gum.LazyPropagation(cut)
            engine.setEvidence({x: state})
            engine.addTarget(y)
            engine.makeInference()
            return engine.posterior(y).tolist()

        return Timed(call, _numbers)

    return prepare


def posteriors(task: Task) -> Callable[[Question], Timed]:
    """Answer P(v | e) for every v: one lazy propagation, kept warm, all variables as targets."""
    gum = importlib.import_module("pyagrum")
    net, states = _load(task.network), read_network(Path(task.network)).states
    engine = gum.LazyPropagation(net)
    engine.makeInference()

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        seen = {question.treatment: states[question.treatment].index(question.state)}

        def call() -> object:
            engine.setEvidence(seen)
            engine.makeInference()
            return [p for name in states for p in engine.posterior(name).tolist()]

        return Timed(call, _numbers)

    return prepare


def _numbers(raw: object) -> Answer:
    return [float(p) for p in raw] if isinstance(raw, list) else None


def identification(task: Task) -> Callable[[Question], Timed]:
    """Answer with causalImpact, which also evaluates the formula it finds."""
    gum = importlib.import_module("pyagrum")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        net = gum.BayesNet()
        for name in question.nodes:
            net.add(gum.LabelizedVariable(name, name, 2))
        for tail, head in question.directed:
            net.addArc(tail, head)
        net.generateCPTs()
        latents = [(f"U{i}", pair) for i, pair in enumerate(question.bidirected)]
        model = gum.CausalModel(net, latents, True)
        outcome, treatment = question.outcome, question.treatment
        return Timed(
            lambda: gum.causalImpact(model, on=outcome, doing=treatment),
            lambda raw: raw[1] is not None,  # type: ignore[index]  # a triple: formula, value, how
        )

    return prepare


def counterfactuals(task: Task) -> Callable[[Question], Timed]:
    """Ask a twin network with one factor a node; the clock sees the propagation only."""
    gum = importlib.import_module("pyagrum")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        twin = build_twin(Path(task.network), question)
        net = _build(gum, twin.factors)

        def call() -> object:
            engine = gum.LazyPropagation(net)
            engine.setEvidence(dict(twin.evidence))
            engine.addTarget(twin.target)
            engine.makeInference()
            return [engine.posterior(twin.target)[twin.state]]

        return Timed(call, _numbers)

    return prepare


def sampling(task: Task) -> Callable[[Question], Timed]:
    """Draw rows into the library's own database."""
    gum = importlib.import_module("pyagrum")
    net = _load(task.network)

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        generator = gum.BNDatabaseGenerator(net)
        n_rows, column = int(question.state), question.outcome
        labels = net.variable(column).labels()

        def read(_: object) -> Answer:
            # Counting in Python would take longer than the drawing; a part tells enough.
            at = generator.varOrderNames().index(column)
            part = [generator.samplesAt(i, at) for i in range(100_000)]
            return [part.count(k) / len(part) for k in range(len(labels))]

        return Timed(lambda: generator.drawSamples(n_rows), read)

    return prepare


ROWS = {
    "sampling": sampling,
    "effect": effects,
    "posteriors": posteriors,
    "identification": identification,
    "counterfactual": counterfactuals,
}
