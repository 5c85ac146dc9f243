"""Published selection diagrams: the formula, its number, and s-hedges with two pairs of models."""

from dataclasses import dataclass

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, Identified, NotIdentified, Source, transport
from causal_interface_gym.causal.identification import Thicket, check_thicket
from causal_interface_gym.causal.query import Query
from tests.oracle.general.drawing import graph
from tests.oracle.general.laboratory import Laboratory
from tests.oracle.general.populations import check_transport_pair, two_populations
from tests.oracle.tally import Tally

TARGET = "target"


@dataclass(frozen=True)
class Case:
    """A published question: source, graph, the populations, the formula."""

    source: str
    graph: ADMG
    sources: tuple[str, ...]
    text: str
    query: str = "P(Y | do(X))"


META = graph("Z1>X Z2>X X>Z3 Z3>W Z3>U U>Y W>U Z1>Z3", "Z1-Z2 Z1-X Z2-Z3 Z2-U W-Y")
IDENTIFIED = [
    Case("age differs [pearl2014, Example 1]", graph("Z>X Z>Y X>Y"),
         (TARGET, "LA do(X) differs(Z)"), "sum_{Z} P(Y | Z, X) P(Z)"),
    Case("age differs, treatment confounded [pearl2014, Example 1]", graph("Z>X Z>Y X>Y", "X-Y"),
         (TARGET, "LA do(X) differs(Z)"), "sum_{Z} P_LA(Y | do(X), Z) P(Z)"),
    Case("language skill, a proxy of age [pearl2014, Example 2]", graph("X>Y", "Z-Y X-Y"),
         (TARGET, "LA do(X) differs(Z)"), "P_LA(Y | do(X))"),
    Case("a biomarker after treatment [pearl2014, Example 3]", graph("X>Z Z>Y", "X-Y"),
         ("target", "LA do(X) differs(Z)"), "sum_{Z} P(Z | X) sum_{X'} P(Y | X', Z) P(X')"),
    Case("all alike but the treatment [pearl2014]", graph("X>Y", "X-Y"),
         (TARGET, "LA do(X) differs(X)"), "P_LA(Y | do(X))"),
    Case("example of the package causaleffect [bareinboim2013]",
         graph("X>Z Z>W W>V V>Y", "X-Z V-Y X-Y"),
         (TARGET, "a do(X) differs(V)"),
         "sum_{Z, W, V} (P(V | W) sum_{X', Z'} P(Y | X', Z', W, V) P(X', Z')) P(W | Z) "
         "P_a(Z | do(X))"),
]  # fmt: skip

REFUSED = {
    "the outcome differs [bareinboim2013, s-hedge]": (
        graph("X>Y", "X-Y"), (TARGET, "LA do(X) differs(Y)")),
    "a confounded mediator differs [bareinboim2013]": (
        graph("X>Z Z>Y", "X-Z X-Y"), (TARGET, "LA do(X) differs(Z)")),
    "two populations, each lacking the same part [lee2020]": (
        graph("X>Z Z>Y", "X-Z Z-Y"), (TARGET, "a do(X) differs(Z)", "b do(X) differs(Z)")),
    "no data from the population itself": (
        graph("Z>X Z>Y X>Y"), ("LA do(X) differs(Z)",)),
}  # fmt: skip


def read(texts: tuple[str, ...]) -> list[Source]:
    return [Source.from_text(text) for text in texts]


@pytest.mark.parametrize("case", IDENTIFIED, ids=lambda case: case.source)
def test_published_effects_are_transported_with_the_right_number(case: Case) -> None:
    sources = read(case.sources)
    verdict = transport(case.graph, case.query, sources)
    assert isinstance(verdict, Identified)
    assert str(verdict.estimand) == case.text
    for seed in range(4):
        models = two_populations(np.random.default_rng(seed), case.graph, sources)
        values = {v: models[""].states[v][0] for v in Query.parse(case.query).variables}
        known = {name: Laboratory(model) for name, model in models.items()}
        do = {v: s for v, s in values.items() if v != "Y"}
        truth = known[""].table(["Y"], do=do)[0]
        assert verdict.estimand.evaluate(known, values) == pytest.approx(truth, abs=1e-12)


@pytest.mark.parametrize(("drawn", "texts"), REFUSED.values(), ids=REFUSED)
def test_published_refusals_come_with_two_models_of_each_population(
    drawn: ADMG, texts: tuple[str, ...]
) -> None:
    verdict = transport(drawn, "P(Y | do(X))", read(texts))
    assert isinstance(verdict, NotIdentified)
    assert isinstance(verdict.obstruction, Thicket)
    assert verdict.obstruction.is_selective
    assert check_thicket(drawn, verdict.obstruction, read(texts))
    tally = Tally()
    check_transport_pair(verdict, "pair", str(texts), tally)
    assert tally.failures == []


def test_three_populations_with_limited_experiments_are_put_together() -> None:
    """The example of the package causaleffect for [bareinboim2013]'s successor: mz-transport."""
    sources = read((
        TARGET, "target do(Z1)", "a", "a do(Z2) differs(Z2, Z3, W)", "b do(Z1) differs(Z1, W, U)",
    ))  # fmt: skip
    sources[2] = Source(domain="a", differs=sources[3].differs)
    verdict = transport(META, "P(Y | do(X))", sources)
    assert isinstance(verdict, Identified)
    models = two_populations(np.random.default_rng(0), META, sources)
    known = {name: Laboratory(model) for name, model in models.items()}
    values = {v: models[""].states[v][0] for v in ("X", "Y")}
    truth = known[""].table(["Y"], do={"X": values["X"]})[0]
    assert verdict.estimand.evaluate(known, values) == pytest.approx(truth, abs=1e-12)
