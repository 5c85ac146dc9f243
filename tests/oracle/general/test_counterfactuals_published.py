"""Published counterfactuals by name: the verdict, and every formula against enumeration."""

from dataclasses import dataclass

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, Identified, NotIdentified, Query, identify
from causal_interface_gym.causal.enumeration import Enumeration
from causal_interface_gym.causal.identification import ConflictingWorlds, check_conflict
from causal_interface_gym.errors import ImpossibleEventError
from tests.oracle.general.drawing import graph
from tests.oracle.general.laboratory import Laboratory, coupled
from tests.oracle.general.worlds import check_pair
from tests.oracle.models import admg_model
from tests.oracle.tally import Tally


@dataclass(frozen=True)
class Case:
    """A published question: source, graph, query, whether from all experiments, the formula."""

    source: str
    graph: ADMG
    query: str
    is_all: bool
    text: str


DRUGS = graph("X>W W>Y D>Z Z>Y", "X-Y")
DRUGS_TOO = graph("X>W W>Y D>Z Z>Y X>Y", "X-Y")
FACTS = "X=1, Z[D=0]=0, D=0"
MEDIATED = graph("X>M M>Y X>Y")
CONFOUNDED = graph("X>Z Z>Y", "X-Z")

IDENTIFIED = [
    Case("[shpitser2008], joint", DRUGS, f"P(Y[X=0]=0, {FACTS})", True,
         "P(Z=0 | do(D=0)) P(D=0) sum_{W} P(W | do(X=0)) P(X=1, Y=0 | do(W, Z=0))"),
    Case("[shpitser2008], as in [tikka2023]", DRUGS, f"P(Y[X=0]=0 | {FACTS})", True,
         "(sum_{W} P(W | do(X=0)) P(X=1, Y=0 | do(W, Z=0))) / (P(X=1))"),
    Case("the same from observation", DRUGS, f"P(Y[X=0]=0 | {FACTS})", False,
         "sum_{W} P(W | X=0) P(Y=0 | X=1, W, Z=0)"),
    Case("the treated, back-door [pearl2009, ch. 8]", graph("Z>X Z>Y X>Y"),
         "P(Y[X=0]=1 | X=1)", False,
         "(sum_{Z} P(Y=1 | Z, X=0) P(Z, X=1)) / (P(X=1))"),
    Case("the treated, front-door [shpitser2009]", graph("X>M M>Y", "X-Y"),
         "P(Y[X=0]=1 | X=1)", False, "sum_{M} P(M | X=0) P(Y=1 | X=1, M)"),
    Case("mediation formula [pearl2001]", MEDIATED, "P(Y[X=1, M[X=0]]=1)", False,
         "sum_{M'} P(Y=1 | X=1, M') P(M' | X=0)"),
    Case("consistency [pearl2009, ch. 7]", graph("X>Y"), "P(Y[X=1]=1, Y=1, X=1)", False,
         "P(Y=1 | X=1) P(X=1)"),
    Case("an effect [tikka2023]", CONFOUNDED, "P(Y[Z=0]=1)", True, "P(Y=1 | do(Z=0))"),
    Case("a chain of worlds [tikka2023]", CONFOUNDED, "P(Y[Z=0]=1, Z[X=0]=0, X=0)", True,
         "P(Y=1 | do(Z=0)) P(X=0, Z=0)"),
    Case("a tautology [tikka2023]", DRUGS, "P(Y[Y=0]=0)", True, "1"),
    Case("a contradiction [tikka2023]", DRUGS, "P(Y[Y=1]=0)", True, "0"),
    Case("an inconsistent conjunction [tikka2023]", CONFOUNDED,
         "P(Y[Z=0]=1, Z[X=0]=0, X=0 | Y=1, Z=0, X=1)", True, "0"),
    Case("what is given follows [tikka2023]", CONFOUNDED,
         "P(Y[Z=0]=1, Z[X=0]=0, X=0 | Y=1, Z=0, X=0)", True, "1"),
]  # fmt: skip

CONFLICTS = {
    "[shpitser2008] with X -> Y, joint": (DRUGS_TOO, f"P(Y[X=0]=0, {FACTS})"),
    "[shpitser2008] with X -> Y": (DRUGS_TOO, f"P(Y[X=0]=0 | {FACTS})"),
    "two potential outcomes [shpitser2008]": (graph("X>Y"), "P(Y[X=0]=0, Y[X=1]=1)"),
    "necessity, unconfounded [tian2000]": (graph("X>Y"), "P(Y[X=0]=0 | X=1, Y=1)"),
    "the treated in the bow [shpitser2009]": (graph("X>Y", "X-Y"), "P(Y[X=0]=1 | X=1)"),
    "w-graph [shpitser2008]": (graph("X>Y X>Z", "Y-Z"), "P(Y[X=0]=0, Z[X=1]=0)"),
    "zig-zag [shpitser2008]": (
        graph("X>Y X>Z", "Y-A A-B B-Z"), "P(Y[X=0]=0, A=0, B=0, Z[X=1]=0)"),
    "mediator confounded with the outcome [pearl2001]": (
        graph("X>M M>Y X>Y", "M-Y"), "P(Y[X=1, M[X=0]]=1)"),
    "recanting witness [avin2005]": (
        graph("X>W W>M W>Y M>Y"), "P(Y[W[X=1], M[W[X=0]]]=1)"),
}  # fmt: skip


@pytest.mark.parametrize("case", IDENTIFIED, ids=lambda case: case.source)
def test_published_counterfactuals_are_identified_with_the_right_number(case: Case) -> None:
    verdict = identify(case.graph, case.query, experiments="all" if case.is_all else None)
    assert isinstance(verdict, Identified)
    assert str(verdict.estimand) == case.text
    assert verdict.input == ("all experiments" if case.is_all else "P(v)")
    for seed in range(4):
        rng = np.random.default_rng(seed)
        model = coupled(rng, admg_model(rng, case.graph))
        found = verdict.estimand.evaluate(Laboratory(model))
        assert found == pytest.approx(Enumeration(model).probability(case.query), abs=1e-12)


@pytest.mark.parametrize(("drawn", "query"), CONFLICTS.values(), ids=CONFLICTS)
def test_published_conflicts_are_refused_even_with_all_experiments(drawn: ADMG, query: str) -> None:
    verdict = identify(drawn, query, experiments="all")
    assert isinstance(verdict, NotIdentified)
    assert isinstance(verdict.obstruction, ConflictingWorlds)
    assert check_conflict(drawn, verdict.obstruction)
    tally = Tally()
    check_pair(verdict, "pair", query, tally)
    assert tally.failures == []
    assert verdict.witness.is_checked


def test_a_condition_that_contradicts_itself_has_no_answer() -> None:
    with pytest.raises(ImpossibleEventError, match="Y"):
        identify(DRUGS, "P(Y[X=0]=0 | Y[Y=1]=0)", experiments="all")


def test_the_treated_in_the_bow_are_known_from_all_experiments_if_treatment_is_binary() -> None:
    """P(y_0 | x=1) = (P(y | do(x=0)) - P(y, x=0)) / P(x=1): the refusal needs a third state."""
    rng = np.random.default_rng(0)
    model = coupled(rng, admg_model(rng, graph("X>Y", "X-Y")))
    assert len(model.states["X"]) == 2
    seen = Laboratory(model)
    joint = seen.table(["X", "Y"])
    forced = seen.table(["Y"], do={"X": "0"})
    number = (forced[1] - joint[0, 1]) / joint[1].sum()
    truth = Enumeration(model).probability(Query.parse("P(Y[X=0]=1 | X=1)"))
    assert number == pytest.approx(truth, abs=1e-12)
