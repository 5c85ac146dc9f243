"""Answers in their JSON form agree with the engine, and say how far they were checked."""

import json
from itertools import pairwise

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal import ADMG, SCM, Query, identify
from causal_interface_gym.causal.bounds import Knowledge, bounds
from causal_interface_gym.causal.formats.answers import (
    adjustment_json,
    bounds_json,
    probability_json,
    verdict_json,
)

CONFOUNDED = ADMG.from_dagitty("dag { Z -> X; Z -> Y; X -> Y }")
BOW = ADMG.from_dagitty("dag { X -> Y; X <-> Y }")


def chain(n: int) -> SCM:
    names = [f"V{i}" for i in range(n)]
    tables = {name: [[0.9, 0.1], [0.2, 0.8]] for name in names[1:]}
    parents = {effect: (cause,) for cause, effect in pairwise(names)}
    return SCM.from_tables(
        states=dict.fromkeys(names, ("0", "1")),
        tables={"V0": [0.5, 0.5], **tables},
        parents=parents,
    )


@pytest.mark.parametrize(
    ("query", "rung"),
    [
        ("P(recovery=yes | treatment=A)", "seeing"),
        ("P(recovery=yes | do(treatment=A))", "doing"),
        ("P(recovery[treatment=A]=yes)", "imagining"),
    ],
)
def test_a_probability_is_that_of_the_model_and_confirmed(query: str, rung: str) -> None:
    model = scenarios.get("kidney-stones-v1").model
    answer = probability_json(model, Query.parse(query))
    assert answer["value"] == model.p(query)
    assert (answer["rung"], answer["confirmed"]) == (rung, True)
    assert json.loads(json.dumps(answer)) == answer


def test_a_probability_in_a_large_model_says_that_it_was_not_confirmed() -> None:
    model = chain(20)
    answer = probability_json(model, Query.parse("P(V19=1 | do(V0=1))"))
    assert answer["value"] == pytest.approx(model.p("P(V19=1 | do(V0=1))"))
    assert answer["confirmed"] is False


def test_an_outcome_without_a_value_gives_the_distribution() -> None:
    answer = probability_json(chain(2), Query.parse("P(V1 | do(V0=1))"))
    assert answer["distribution"] == pytest.approx({"0": 0.2, "1": 0.8})


def test_a_verdict_is_an_estimand_or_a_hedge_with_two_models_that_disagree() -> None:
    found = verdict_json(identify(CONFOUNDED, "P(Y | do(X))"))
    assert found["identified"] is True
    assert found["estimand"]
    none = verdict_json(identify(BOW, "P(Y | do(X))"))
    assert none["identified"] is False
    assert none["witness"]["first"] != none["witness"]["second"]


def test_an_adjustment_gives_its_sets_or_the_reason_why_there_is_none() -> None:
    found = adjustment_json(CONFOUNDED, treatment="X", outcome="Y")
    assert (found["adjustment_sets"], found["optimal"]) == ([["Z"]], {"set": ["Z"]})
    assert "reason" not in found
    none = adjustment_json(BOW, treatment="X", outcome="Y")
    assert (none["adjustment_sets"], "none" in none["optimal"]) == ([], True)
    assert none["reason"]


def test_an_interval_comes_with_the_models_at_its_ends_where_there_are_such() -> None:
    states = dict.fromkeys("XZY", ("0", "1"))
    seen = [[0.3, 0.1], [0.2, 0.4]]
    known = Knowledge.from_tables(BOW, dict.fromkeys("XY", ("0", "1")), observational=seen)
    sharp = bounds_json(bounds(known, "P(Y=1 | do(X=1))"), known="tables")
    assert sharp["sharp"] is True
    assert (sharp["lower"], sharp["upper"]) == pytest.approx((0.4, 0.8))
    assert sharp["lowest"]["value"] == pytest.approx(0.4)
    chain = ADMG([("X", "Y")], [("X", "Z"), ("Z", "Y")])
    even = [[[0.125] * 2] * 2] * 2
    known = Knowledge.from_tables(chain, states, observational=even)
    outer = bounds_json(bounds(known, "P(Y=1 | do(X=1))"), known="tables")
    assert (outer["sharp"], outer["lowest"], outer["highest"]) == (False, None, None)
    assert outer["reason"]
