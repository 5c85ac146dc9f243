"""Published questions about surrogate experiments, and every formula against enumeration."""

from dataclasses import dataclass

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, Identified, NotIdentified, identify
from causal_interface_gym.causal.identification import Thicket, check_thicket, every_subset
from causal_interface_gym.causal.query import Query
from tests.oracle.general.drawing import graph
from tests.oracle.general.laboratory import Laboratory
from tests.oracle.general.worlds import check_pair
from tests.oracle.models import admg_model
from tests.oracle.tally import Tally

Experiments = list[tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """A published question: source, graph, query, the experiments, the formula."""

    source: str
    graph: ADMG
    query: str
    experiments: Experiments
    text: str


TREATMENTS = graph("X1>W W>Y X2>Y", "X1-X2 X1-W X2-Y")
CONFOUNDED = graph("Z>X X>Y", "X-Z Z-Y")
IDENTIFIED = [
    Case("two treatments tried apart [lee2019]", TREATMENTS, "P(Y | do(X1, X2))",
         [("X1",), ("X2",)], "sum_{W} P(Y | do(X2), W) P(W | do(X1))"),
    Case("a surrogate in place of the treatment [bareinboim2012]", CONFOUNDED, "P(Y | do(X))",
         [(), ("Z",)], "P(Y | do(Z), X)"),
    Case("zID example of the package causaleffect [tikka2017]",
         graph("W>Z Z>X X>Y W>Y", "W-Y Z-Y Z-X"), "P(Y | do(X))",
         [(), ("Z",)], "sum_{W} P(Y | do(Z), W, X) P(W | do(Z))"),
    Case("confounded chain from its parts [lee2019]", graph("A>W W>Y", "A-W W-Y"),
         "P(Y | do(A))", [("A",)], "P(Y | do(A))"),
]  # fmt: skip

THICKETS = {
    "two treatments, one experiment [lee2019]": (
        TREATMENTS, "P(Y | do(X1, X2))", [(), ("X1",)]),
    "two treatments, observed only [lee2019]": (TREATMENTS, "P(Y | do(X1, X2))", [()]),
    "the instrument set [bareinboim2012]": (
        graph("Z>X X>Y", "X-Y"), "P(Y | do(X))", [(), ("Z",)]),
    "every surrogate confounded [bareinboim2012]": (
        graph("Z>X X>Y", "X-Y Z-X Z-Y"), "P(Y | do(X))", [(), ("Z",)]),
    "the outcome itself set": (graph("X>Y", "X-Y"), "P(Y | do(X))", [("Y",)]),
}  # fmt: skip


@pytest.mark.parametrize("case", IDENTIFIED, ids=lambda case: case.source)
def test_published_surrogates_give_the_right_number(case: Case) -> None:
    verdict = identify(case.graph, case.query, experiments=case.experiments)
    assert isinstance(verdict, Identified)
    assert str(verdict.estimand) == case.text
    for seed in range(4):
        model = admg_model(np.random.default_rng(seed), case.graph)
        values = {v: model.states[v][0] for v in Query.parse(case.query).variables}
        found = verdict.estimand.evaluate(Laboratory(model), values)
        do = {v: s for v, s in values.items() if v != "Y"}
        truth = Laboratory(model).table(["Y"], do=do)[0]
        assert found == pytest.approx(truth, abs=1e-12)


@pytest.mark.parametrize(("drawn", "query", "experiments"), THICKETS.values(), ids=THICKETS)
def test_published_thickets_come_with_two_models(
    drawn: ADMG, query: str, experiments: Experiments
) -> None:
    verdict = identify(drawn, query, experiments=experiments)
    assert isinstance(verdict, NotIdentified)
    assert isinstance(verdict.obstruction, Thicket)
    assert not isinstance(verdict.inputs, str)
    assert check_thicket(drawn, verdict.obstruction, verdict.inputs)
    tally = Tally()
    check_pair(verdict, "pair", query, tally)
    assert tally.failures == []


def test_every_subset_is_what_zid_takes() -> None:
    inputs = [tuple(source.do) for source in every_subset(["Z"])]
    assert str(identify(CONFOUNDED, "P(Y | do(X))", experiments=inputs)).endswith("for any Z")
