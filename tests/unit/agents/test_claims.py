"""How reference agents answer claims."""

import numpy as np
import pytest

from causal_interface_gym.agents.reference.adjust_everything import adjust_everything
from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.agents.reference.policy import Rule
from causal_interface_gym.agents.reference.reverse import reverse
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.claims import (
    DIRECTIONS,
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked

MODEL = SCM.from_tables(
    states=dict.fromkeys("zxys", ("no", "yes")),
    parents={"x": ("z",), "y": ("x", "z"), "s": ("x", "y")},
    tables={
        "z": [0.5, 0.5],
        "x": [[0.8, 0.2], [0.2, 0.8]],
        "y": [[[0.9, 0.1], [0.4, 0.6]], [[0.7, 0.3], [0.1, 0.9]]],
        "s": [[[0.5, 0.5], [0.5, 0.5]], [[0.9, 0.1], [0.5, 0.5]]],
    },
    latent={"z"},
)
DO = Query.parse("y=yes | do(x=yes)")
SELECTED = FromSelected(DO, (("s", "yes"),))
FORWARD = [Direction("x", "y", a) for a in DIRECTIONS]
BACKWARD = [Direction("y", "x", a) for a in DIRECTIONS]


def answer(rule: Rule, *asked: Asked) -> list[float]:
    return [rule(MODEL, each, rng=np.random.default_rng(0)) for each in asked]


def test_the_oracle_finds_out_what_holds() -> None:
    claims = (Confounded("x", "y", "yes"), Determined(DO), Determined(Query.parse("y=yes | x=yes")))
    assert answer(oracle, *claims) == [1, 0, 1]
    assert answer(oracle, *FORWARD) == [1, 0, 0]
    assert answer(oracle, *BACKWARD) == [0, 1, 0]
    assert answer(oracle, SELECTED) == pytest.approx([0.6])


def test_the_oracle_finds_a_common_cause() -> None:
    seen = SCM(MODEL.states, {**MODEL.mechanisms, "y": MODEL.mechanisms["x"]}, ["z"])
    rng = np.random.default_rng(0)
    assert oracle(seen, Direction("x", "y", "common cause only"), rng=rng) == 1


def test_the_seer_trusts_association() -> None:
    assert answer(associational, Confounded("x", "y", "yes"), Determined(DO)) == [0, 1]
    assert answer(associational, *FORWARD) == answer(associational, *BACKWARD) == [1, 0, 0]
    in_sample = MODEL.p("y=yes | x=yes, s=yes")
    assert answer(associational, SELECTED) == pytest.approx([in_sample])


def test_the_reversed_answer_denies_and_turns_round() -> None:
    assert answer(reverse, Confounded("x", "y", "yes"), Determined(DO)) == [0, 1]
    assert answer(reverse, *FORWARD) == [0, 1, 0]
    assert answer(reverse, SELECTED) == pytest.approx([MODEL.p("y=yes | do(x=no)")])


def test_the_marginal_spreads_its_belief() -> None:
    assert answer(marginal, *FORWARD) == pytest.approx([1 / 3] * 3)
    assert answer(marginal, Determined(DO)) == [0.5]
    assert answer(marginal, SELECTED) == pytest.approx([MODEL.p("y=yes")])


def test_adjusting_for_everything_stays_in_the_sample() -> None:
    assert answer(adjust_everything, SELECTED) == pytest.approx([MODEL.p("y=yes | x=yes, s=yes")])
    assert answer(adjust_everything, *FORWARD) == [1, 0, 0]


TRIAL = InPopulation(Query.parse("y=yes | do(x=yes)"), "place", "here", "there")
PLACES = SCM.from_tables(
    states={**dict.fromkeys("zuxy", ("no", "yes")), "place": ("here", "there")},
    parents={"z": ("place",), "x": ("z", "u"), "y": ("z", "x", "u")},
    tables={
        "place": [0.5, 0.5],
        "u": [0.5, 0.5],
        "z": [[0.8, 0.2], [0.3, 0.7]],
        "x": [[[0.9, 0.1], [0.4, 0.6]], [[0.7, 0.3], [0.2, 0.8]]],
        "y": [
            [[[0.8, 0.2], [0.6, 0.4]], [[0.7, 0.3], [0.3, 0.7]]],
            [[[0.5, 0.5], [0.4, 0.6]], [[0.2, 0.8], [0.1, 0.9]]],
        ],
    },
    latent=["u"],
)


def there(rule: Rule, asked: Asked = TRIAL) -> float:
    return rule(PLACES, asked, rng=np.random.default_rng(0))


def test_each_reference_answers_within_the_population_asked_about() -> None:
    assert there(oracle) == pytest.approx(0.3 * 0.5 + 0.7 * 0.85)
    assert there(associational) == PLACES.p("y=yes | x=yes, place=there")
    assert there(marginal) == PLACES.p("y=yes | place=there")
    assert there(reverse) == pytest.approx(0.3 * 0.3 + 0.7 * 0.55)
    by_age = [PLACES.p(f"y=yes | x=yes, z={z}, place=there") for z in ("no", "yes")]
    assert there(adjust_everything) == pytest.approx(0.3 * by_age[0] + 0.7 * by_age[1])


def test_each_reference_answers_an_interval_in_its_way() -> None:
    low, high = IntervalEnd(DO, "lower"), IntervalEnd(DO, "upper")
    seen, off = Query.parse("y=yes | x=yes"), IntervalEnd(Query.parse("y=yes | do(x=no)"), "lower")
    ends = MODEL.p("x=yes, y=yes"), 1 - MODEL.p("x=yes, y=no")
    assert answer(oracle, low, high) == pytest.approx(ends)
    assert answer(associational, low, high) == [MODEL.p(seen)] * 2
    assert answer(marginal, low, high) == [MODEL.p("y=yes")] * 2
    assert answer(reverse, low) == pytest.approx(answer(oracle, off))
    assert answer(adjust_everything, low) == answer(adjust_everything, DO)
