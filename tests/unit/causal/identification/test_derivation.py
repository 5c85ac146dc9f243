"""Derivations that a person can follow."""

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import Identified, Step, identify

FRONT_DOOR = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])
NAPKIN = ADMG([("W", "R"), ("R", "X"), ("X", "Y")], [("W", "X"), ("W", "Y")])


def test_the_front_door_is_derived_step_by_step() -> None:
    derivation = identify(FRONT_DOOR, "P(Y | do(X))").derivation
    assert [step.statement for step in derivation] == [
        "P(Y | do(X)) = sum_{M} Q[M, Y]",
        "Q[M, Y] = Q[M] Q[Y]",
        "Q[M] = P(M | X)",
        "Q[X, Y] = P(Y | X, M) P(X)",
        "Q[Y] = sum_{X} Q[X, Y] = sum_{X} P(Y | X, M) P(X)",
        "P(Y | do(X)) = sum_{M} P(M | X) sum_{X'} P(Y | X', M) P(X')",
    ]


def test_every_step_has_a_licence_and_a_reference() -> None:
    for step in identify(NAPKIN, "P(Y | do(X))").derivation:
        assert step.licence
        assert step.reference.startswith("[")
        assert str(step) == f"{step.statement}  ({step.rule}: {step.licence}; {step.reference})"


def test_the_napkin_passes_through_a_district_of_the_summed_distribution() -> None:
    derivation = identify(NAPKIN, "P(Y | do(X))").derivation
    assert [step.rule for step in derivation] == [
        "relevant part",
        "factorise",
        "sum out",
        "district within",
        "result",
    ]
    assert "each variable is conditioned on its past in Q" in derivation[3].licence


def test_a_conditional_effect_names_the_exchange_and_its_separation() -> None:
    graph = ADMG([("Z", "Y"), ("X", "Z"), ("W", "X"), ("W", "Z")], [("X", "Y")])
    answer = identify(graph, "P(Y | do(X), Z)")
    assert isinstance(answer, Identified)
    exchange = answer.derivation[0]
    assert exchange.statement == "P(Y | do(X), Z) = P(Y | do(X, Z))"
    assert exchange.licence == (
        "Y and Z are m-separated given X in the graph without the arrowheads at X "
        "and the arrows out of Z"
    )


def test_a_given_that_stays_a_given_leads_to_a_quotient() -> None:
    graph = ADMG([("X", "Z"), ("M", "Z"), ("M", "Y"), ("X", "N"), ("N", "Y")], [("X", "Y")])
    rules = [step.rule for step in identify(graph, "P(Y | do(X), Z)").derivation]
    assert rules[0] == "conditional effect"
    assert rules[-1] == "normalise"


def test_dropping_one_action_keeps_the_other() -> None:
    chain = ADMG([("A", "B"), ("B", "C")], [("A", "B")])
    first = identify(chain, "P(C | do(A, B))").derivation[0]
    assert first.statement == "P(C | do(A, B)) = P(C | do(B))"
    assert first.licence == "no directed path leads from A to C once B is set"


def test_doing_is_seeing_where_the_back_door_is_closed() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])
    (step,) = identify(graph, "P(Y | do(X), Z)").derivation
    assert step.statement == "P(Y | do(X), Z) = P(Y | X, Z)"
    assert step.licence == (
        "Y and X are m-separated given Z in the graph without the arrows out of X"
    )


def test_derivations_are_sequences() -> None:
    derivation = identify(FRONT_DOOR, "P(Y | do(X))").derivation
    assert len(derivation[:2]) == 2
    assert all(isinstance(step, Step) for step in derivation[1:])
    assert derivation[-1].rule == "result"
    assert str(derivation).splitlines()[0].startswith("1. P(Y | do(X)) = sum_{M} Q[M, Y]")
