"""Published graphs by name: the verdict, and every formula against enumeration.

Formulas of papers are typed in as facts and checked with the same numbers: misprints are known in
several of them.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from causal_interface_gym.causal.enumeration import enumerate_joint
from causal_interface_gym.causal.expression import (
    Expression,
    Fraction,
    Probability,
    Product,
    Sum,
)
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import (
    Estimand,
    Evaluated,
    Identified,
    NotIdentified,
    identify,
)
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from tests.oracle.models import admg_model


def p(outcome: str, given: str = "") -> Probability:
    """Write a conditional with names separated by blanks."""
    return Probability(tuple(outcome.split()), tuple(given.split()))


def total(over: str, *factors: Expression) -> Sum:
    """Write a sum of a product."""
    return Sum(tuple(over.split()), Product(factors))


def graph(arrows: str, arcs: str = "") -> ADMG:
    """Read edges written as X>Y and X-Y, separated by blanks."""
    ends = [edge.split(">") for edge in arrows.split()]
    sides = [edge.split("-") for edge in arcs.split()]
    return ADMG([(a, b) for a, b in ends], [(a, b) for a, b in sides])


@dataclass(frozen=True)
class Case:
    """A published question: source, graph, query, the formula as printed (or mended)."""

    source: str
    graph: ADMG
    query: str
    formula: Expression
    text: str


NAPKIN = graph("W>R R>X X>Y", "W-X W-Y")
TIAN = graph("X>Z1 Z1>Y Z2>X Z2>Z1 Z2>Z3 Z3>Y", "X-Y X-Z2 X-Z3 Y-Z2")
VERMA = graph("A>B B>C C>D", "B-D")
TWO_OUTCOMES = graph("X>Y1 W1>X W2>Y2", "W1-W2 W1-Y1 W1-Y2 X-W2")

IDENTIFIED = [
    Case("back-door [pearl2009]", graph("Z>X Z>Y X>Y"), "P(Y | do(X))",
         total("Z", p("Y", "X Z"), p("Z")), "sum_{Z} P(Y | X, Z) P(Z)"),
    Case("front-door [pearl2009]", graph("X>Z Z>Y", "X-Y"), "P(Y | do(X))",
         total("Z", p("Z", "X"), total("X", p("Y", "X Z"), p("X"))),
         "sum_{Z} P(Z | X) sum_{X'} P(Y | X', Z) P(X')"),
    Case("napkin [pearl2018]", NAPKIN, "P(Y | do(X))",
         Fraction(total("W", p("X Y", "R W"), p("W")), total("W", p("X", "R W"), p("W"))),
         "(sum_{W} P(X, Y | W, R) P(W)) / (sum_{W} P(X | W, R) P(W))"),
    Case("[tian2002], as [tikka2017, Fig. 7]", TIAN, "P(Y | do(X))",
         total("Z1 Z2 Z3", p("Z1", "X Z2"), p("Z2"),
               total("X", p("Y", "X Z1 Z2 Z3"), p("X Z3", "Z2"))),
         "sum_{Z2, Z3, Z1} P(Z1 | X, Z2) P(Z2) sum_{X'} P(Y | X', Z2, Z3, Z1) P(X', Z3 | Z2)"),
    Case("Verma's graph, third on last [verma1993]", VERMA, "P(D | do(C))",
         total("B", p("D", "A B C"), p("B", "A")), "sum_{B} P(D | C, A, B) P(B | A)"),
    Case("Verma's graph, second on last", VERMA, "P(D | do(B))",
         total("C", p("C", "B"), total("B", p("D", "A B C"), p("B", "A"))),
         "sum_{C} P(C | B) sum_{B'} P(D | B', A, C) P(B' | A)"),
    Case("M-bias: nothing to adjust for", graph("A>Z B>Z A>X B>Y X>Y"), "P(Y | do(X))",
         p("Y", "X"), "P(Y | X)"),
    Case("M-bias with hidden corners", graph("X>Y", "X-Z Z-Y"), "P(Y | do(X))",
         p("Y", "X"), "P(Y | X)"),
    Case("[shpitser2008, Fig. 2a]", graph("X>Y"), "P(Y | do(X))", p("Y", "X"), "P(Y | X)"),
    Case("[shpitser2008, Fig. 2b]", graph("X>Y X>Z Z>Y", "Y-Z"), "P(Y | do(X))",
         total("Z", p("Y", "X Z"), p("Z", "X")), "P(Y | X)"),
    Case("[shpitser2008, Fig. 2d]", graph("X>Y Z>X Z>Y", "X-Z"), "P(Y | do(X))",
         total("Z", p("Y", "X Z"), p("Z")), "sum_{Z} P(Y | X, Z) P(Z)"),
    # Printed with P(y1, w2) in the first sum, where it must be y2.
    Case("[shpitser2008, Fig. 3a], mended", TWO_OUTCOMES, "P(Y1, Y2 | do(X))",
         Product((total("W2", p("Y2 W2")), total("W1", p("Y1", "X W1"), p("W1")))),
         "P(Y2) sum_{W1} P(Y1 | X, W1) P(W1)"),
    Case("[shpitser2008, Fig. 6a], conditional", graph("X>Z Z>Y", "X-Z"), "P(Y | do(X), Z)",
         p("Y", "X Z"), "P(Y | X, Z)"),
    Case("conditional with an exchange", graph("Z>Y X>Z W>X W>Z", "X-Y"), "P(Y | do(X), Z)",
         total("X", p("Y", "W X Z"), p("X", "W")), "sum_{X'} P(Y | X', W, Z) P(X' | W)"),
    Case("pruning example of [tikka2017]",
         graph("x>z4 z4>y z1>x z2>z1 z3>z2 z3>x z5>z1 z5>z4", "x-z2 z2-z3 z2-y z4-y z5-z4"),
         "P(y | do(x))",
         Fraction(total("z2 z5 z4", p("y", "x z1 z2 z3 z4 z5"), p("z4", "x z5"),
                        p("x", "z1 z2 z3"), p("z2", "z3"), p("z5")),
                  total("z2", p("x", "z1 z2 z3"), p("z2", "z3"))),
         "sum_{z5, z4} ((P(z4 | x, z5) sum_{z2} P(y | x, z3, z5, z2, z1, z4) P(x | z3, z2, z1) "
         "P(z2 | z3)) / (sum_{z2} P(x | z3, z2, z1) P(z2 | z3))) P(z5)"),
]  # fmt: skip

NOT_IDENTIFIED = {
    "bow": (graph("X>Y", "X-Y"), "P(Y | do(X))"),
    "instrument": (graph("Z>X X>Y", "X-Y"), "P(Y | do(X))"),
    "confounded mediator": (graph("X>Z Z>Y", "X-Z"), "P(Y | do(X))"),
    "confounded mediator and outcome": (graph("X>Z Z>Y", "X-Y Z-Y"), "P(Y | do(X))"),
    "front-door with an arrow past it": (graph("X>Z Z>Y X>Y", "X-Y"), "P(Y | do(X))"),
    "two outcomes, one more arrow": (
        graph("X>Y1 W1>X W2>Y2 W1>W2", "W1-W2 W1-Y1 W1-Y2 X-W2"), "P(Y1, Y2 | do(X))"),
    "conditional, collider given": (graph("X>Z", "X-Z Z-Y"), "P(Y | do(X), Z)"),
    "conditional, confounded chain": (graph("X>Z Z>Y", "X-Z Z-Y"), "P(Y | do(X), Z)"),
}  # fmt: skip


def truth(model: SCM, query: Query) -> NDArray[np.float64]:
    """Give P(outcome | do, given) by enumeration, axes: outcome, do, given."""
    out, given = [t.variable for t in query.outcome], [t.variable for t in query.given]
    do = [name for name, _ in query.do]
    shape = tuple(len(model.states[v]) for v in (*out, *do, *given))
    table = np.empty(shape)
    for place in np.ndindex(*(len(model.states[v]) for v in do)):
        setting = {v: model.states[v][i] for v, i in zip(do, place, strict=True)}
        joint = enumerate_joint(model, do=setting)
        kept = [v for v in model.nodes if v in (*out, *given)]
        summed = joint.sum(axis=tuple(i for i, v in enumerate(model.nodes) if v not in kept))
        cells = summed.transpose([kept.index(v) for v in (*out, *given)])
        cells = cells / cells.sum(axis=tuple(range(len(out))), keepdims=True)
        table[(slice(None),) * len(out) + place] = cells
    return table


@pytest.mark.parametrize("case", IDENTIFIED, ids=lambda case: case.source)
def test_published_effects_are_identified_with_the_right_number(case: Case) -> None:
    answer = identify(case.graph, case.query)
    assert isinstance(answer, Identified)
    assert str(answer.estimand) == case.text
    printed = Estimand(case.formula, answer.query)
    for seed in range(5):
        model = admg_model(np.random.default_rng(seed), case.graph)
        expected = truth(model, answer.query)
        for estimand in (answer.estimand, printed):
            table = estimand.evaluate(model)
            assert isinstance(table, Evaluated)
            assert np.abs(table.values - expected).max() < 1e-12


def test_the_formula_as_first_printed_is_wrong() -> None:
    misprint = Product((total("W2", p("Y1 W2")), total("W1", p("Y1", "X W1"), p("W1"))))
    query = Query.parse("P(Y1, Y2 | do(X))")
    model = admg_model(np.random.default_rng(0), TWO_OUTCOMES)
    table = Estimand(misprint, query).evaluate(model)
    assert isinstance(table, Evaluated)
    assert np.abs(table.values - truth(model, query)).max() > 1e-3


@pytest.mark.parametrize(("drawn", "query"), NOT_IDENTIFIED.values(), ids=NOT_IDENTIFIED)
def test_published_obstacles_come_with_two_models(drawn: ADMG, query: str) -> None:
    answer = identify(drawn, query)
    assert isinstance(answer, NotIdentified)
    models = (answer.witness.first, answer.witness.second)
    seen = [_observed(model, drawn.order) for model in models]
    assert np.abs(seen[0] - seen[1]).max() < 1e-12
    assert min(table.min() for table in seen) > 0
    asked = answer.witness.query
    place = tuple(
        models[0].state(v, str(label))
        for v, label in [
            *((t.variable, t.value) for t in asked.outcome),
            *asked.do,
            *((t.variable, t.value) for t in asked.given),
        ]
    )
    numbers = [float(truth(model, asked)[place]) for model in models]
    assert numbers == pytest.approx([answer.witness.p_first, answer.witness.p_second], abs=1e-12)
    assert abs(numbers[0] - numbers[1]) > 1e-2


def _observed(model: SCM, names: tuple[str, ...]) -> NDArray[np.float64]:
    joint = enumerate_joint(model)
    summed = joint.sum(axis=tuple(i for i, v in enumerate(model.nodes) if v in model.latent))
    kept = [v for v in model.nodes if v not in model.latent]
    result: NDArray[np.float64] = summed.transpose([kept.index(v) for v in names])
    return result
