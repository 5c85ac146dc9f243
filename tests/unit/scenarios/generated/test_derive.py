"""A candidate becomes a world only if three computations agree."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.claims import Confounded, Determined, Direction
from causal_interface_gym.questions.question import ValidAdjustment
from causal_interface_gym.scenarios.generated.derive import (
    Generated,
    Unshown,
    derive,
    second_truth,
)
from causal_interface_gym.scenarios.generated.screening.candidates import (
    Candidate,
    Source,
    candidates,
)
from causal_interface_gym.scenarios.generated.structure.strata import FORMS

PAIRS = [(family, stratum) for family, strata in FORMS.items() for stratum in dict.fromkeys(strata)]


def first(family: str, stratum: str, *, level: int = 2, seed: int = 0) -> Candidate:
    return next(candidates(Source(family, stratum, level, seed)))


@settings(max_examples=60)
@given(st.sampled_from(PAIRS), st.integers(1, 5), st.integers(0, 10_000))
def test_screen_engine_and_enumeration_agree_on_any_candidate(
    pair: tuple[str, str], level: int, seed: int
) -> None:
    for candidate in islice(candidates(Source(*pair, level, seed)), 2):
        assert isinstance(derive(candidate, level=level), Generated)


def test_a_screen_that_is_wrong_is_noticed() -> None:
    candidate = first("intervention", "confounder")
    right = candidate.expected[0]
    for wrong in (
        replace(right, truth=right.truth + 1e-8),
        replace(right, reference=right.reference - 1e-8),
        replace(right, lures={**right.lures, "backwards": 0.5}),
    ):
        with pytest.raises(ScenarioError, match="by the engine"):
            derive(replace(candidate, expected=(wrong, candidate.expected[1])), level=2)


def test_a_screen_with_other_lures_is_noticed() -> None:
    candidate = first("intervention", "confounder")
    wrong = replace(candidate.expected[0], lures={})
    with pytest.raises(ScenarioError, match="lures"):
        derive(replace(candidate, expected=(wrong, candidate.expected[1])), level=2)


def test_an_arrow_that_happens_not_to_act_makes_no_world() -> None:
    candidate = first("direction", "confounder")
    table = candidate.tables["Y"].copy()
    place = 1 + candidate.blueprint.node("Y").parents.index("X") - 1
    table[...] = table.take([0], axis=place)
    flat = replace(candidate, tables={**candidate.tables, "Y": table})
    assert isinstance(derive(flat, level=2), Unshown)


CONFOUNDED = SCM.from_tables(
    states=dict.fromkeys("ZXY", ("no", "yes")),
    parents={"X": ("Z",), "Y": ("X", "Z")},
    tables={
        "Z": [0.5, 0.5],
        "X": [[0.8, 0.2], [0.2, 0.8]],
        "Y": [[[0.9, 0.1], [0.4, 0.6]], [[0.7, 0.3], [0.1, 0.9]]],
    },
)


def test_the_second_algorithm_on_hand_made_numbers() -> None:
    assert second_truth(CONFOUNDED, Query.parse("Y=yes | do(X=yes)")) == pytest.approx(0.6)
    assert second_truth(CONFOUNDED, Query.parse("Y=yes | X=yes")) == pytest.approx(0.78)
    assert second_truth(CONFOUNDED, ValidAdjustment("X", "Y", ("Z",))) == 1
    assert second_truth(CONFOUNDED, ValidAdjustment("X", "Y")) == 0
    assert second_truth(CONFOUNDED, Confounded("X", "Y", "yes")) == 1
    assert second_truth(CONFOUNDED, Confounded("X", "Y", "yes", threshold=0.5)) == 0
    assert second_truth(CONFOUNDED, Direction("X", "Y", "forward")) == 1
    assert second_truth(CONFOUNDED, Direction("Y", "X", "backward")) == 1
    assert second_truth(CONFOUNDED, Determined(Query.parse("Y=yes | do(X=yes)"))) == 1


def test_the_second_algorithm_sees_what_is_hidden() -> None:
    hidden = SCM(CONFOUNDED.states, CONFOUNDED.mechanisms, ["Z"])
    assert second_truth(hidden, Determined(Query.parse("Y=yes | do(X=yes)"))) == 0
    no_effect = SCM.from_tables(
        states=CONFOUNDED.states,
        parents={"X": ("Z",), "Y": ("Z",)},
        tables={
            "Z": [0.5, 0.5],
            "X": [[0.8, 0.2], [0.2, 0.8]],
            "Y": [[0.9, 0.1], [0.4, 0.6]],
        },
    )
    assert second_truth(no_effect, Direction("X", "Y", "common cause only")) == 1


def test_a_world_is_known_by_its_content() -> None:
    worlds = [derive(first("simpson", "simpson"), level=2) for _ in range(2)]
    assert all(isinstance(w, Generated) for w in worlds)
    digests = {w.digest for w in worlds if isinstance(w, Generated)}
    assert len(digests) == 1
    assert len(digests.pop()) == 64
    other = derive(first("simpson", "simpson", seed=1), level=2)
    assert isinstance(other, Generated)
    assert isinstance(worlds[0], Generated)
    assert other.cluster != worlds[0].cluster
    assert not np.array_equal(other.model.cpt("Z"), worlds[0].model.cpt("Z"))


def test_a_transport_formula_that_misses_the_target_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = derive(first("transport", "transport"), level=2)
    assert isinstance(made, Generated)
    asked = made.items[0].asked
    monkeypatch.setattr(
        "causal_interface_gym.scenarios.generated.derive.transported_value", lambda *_: 0.25
    )
    with pytest.raises(ScenarioError, match=r"0\.25 by the transport formula"):
        second_truth(made.model, asked)
