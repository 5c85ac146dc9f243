"""Shared answers: worlds that differ in names only are answered once, and by the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from causal_interface_gym import scenarios
from causal_interface_gym.agents.reference.adjust_everything import adjust_everything
from causal_interface_gym.agents.reference.hedged import hedged
from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.agents.reference.reverse import reverse
from causal_interface_gym.agents.reference.shared.answers import Rule, answers
from causal_interface_gym.causal.mechanism import Deterministic, NoisyOr, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import UnknownVariableError
from causal_interface_gym.questions.claims import Determined
from causal_interface_gym.questions.question import Asked
from causal_interface_gym.scenarios import registry

RULES = (oracle, reverse, hedged, adjust_everything)


class Counting:
    """A rule that notes which models and questions it was asked."""

    def __init__(self) -> None:
        """Start with nothing noted."""
        self.met: list[tuple[SCM, Asked]] = []

    def __call__(self, model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
        """Answer by the oracle."""
        self.met.append((model, asked))
        return oracle(model, asked, rng=rng)


@dataclass(frozen=True, slots=True, eq=False)
class Foreign:
    """A mechanism that is not one of ours."""

    own: Table

    @property
    def parents(self) -> tuple[str, ...]:
        """Those of the table."""
        return self.own.parents

    @property
    def cpt(self) -> NDArray[np.float64]:
        """That of the table."""
        return self.own.cpt

    def joint(self, variable: str, settings: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
        """As the table does."""
        return self.own.joint(variable, settings)


def asked_in(scenario: str, seed: int) -> tuple[SCM, list[Asked]]:
    world = scenarios.get(scenario).world(seed=seed)
    return world.model, [question.asked for question in world.questions]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", scenarios.ids())
def test_a_shared_answer_is_the_answer_under_the_worlds_own_names(name: str, rule: Rule) -> None:
    for seed in (0, 5):
        model, asked = asked_in(name, seed)
        alone = [rule(model, q, rng=np.random.default_rng(1)) for q in asked]
        assert answers(rule, model, asked, seed=1) == alone


def test_all_seeds_of_a_scenario_are_answered_once() -> None:
    rule = Counting()
    for seed in range(4):
        answers(rule, *asked_in("kidney-stones-v1", seed), seed=0)
    assert len(rule.met) == len(asked_in("kidney-stones-v1", 0)[1])
    assert len({id(model) for model, _ in rule.met}) == 1


def test_models_with_other_numbers_share_nothing() -> None:
    query = Query.parse("y=1 | do(x=1)")

    def model(p: float) -> SCM:
        return SCM.from_tables(
            states={"x": ("0", "1"), "y": ("0", "1")},
            parents={"y": ("x",)},
            tables={"x": [0.5, 0.5], "y": [[0.9, 0.1], [1 - p, p]]},
        )

    found = [answers(oracle, model(p), [query], seed=0)[0] for p in (0.25, 0.75)]
    assert found == [0.25, 0.75]


def test_claims_about_formulas_are_shared_too() -> None:
    model, _ = asked_in("kidney-stones-v1", 0)
    claim = Determined(Query.parse("recovery=yes | do(treatment=A)"))
    assert answers(oracle, model, [claim], seed=0) == [1.0]


def test_mechanisms_with_one_table_are_told_apart() -> None:
    states = {"x": ("no", "yes"), "y": ("no", "yes")}
    x, gate = Table((), np.array([0.5, 0.5])), NoisyOr(("x",), (0.5,), 0.1)
    table = Table(("x",), gate.cpt, "independent")
    sure = Deterministic(("x",), np.array([0, 1]), 2)
    query = Query.parse("y[x=yes]=yes | x=no, y=no")
    for mechanism in (gate, table, sure):
        model = SCM(states, {"x": x, "y": mechanism})
        alone = oracle(model, query, rng=np.random.default_rng(0))
        assert answers(oracle, model, [query], seed=0) == [alone]


def test_a_question_whose_order_hangs_on_names_is_answered_under_its_own() -> None:
    model = SCM.from_tables(
        states={"b": ("0", "1"), "a": ("0", "1"), "y": ("0", "1")},
        parents={"y": ("b", "a")},
        tables={
            "b": [0.5, 0.5],
            "a": [0.5, 0.5],
            "y": [[[0.9, 0.1], [0.8, 0.2]], [[0.7, 0.3], [0.6, 0.4]]],
        },
    )
    rule = Counting()
    for _ in range(2):
        assert answers(rule, model, [Query.parse("y=1 | do(a=1, b=0)")], seed=0) == [
            pytest.approx(0.2)
        ]
    assert [met is model for met, _ in rule.met] == [True, True]


def test_a_refusal_names_what_the_world_names() -> None:
    model, _ = asked_in("kidney-stones-v1", 0)
    with pytest.raises(UnknownVariableError, match="nowhere"):
        answers(oracle, model, [Query.parse("nowhere=yes")], seed=0)


def test_a_model_with_a_mechanism_of_ones_own_is_left_as_it_is() -> None:
    own = Table((), np.array([0.25, 0.75]))
    model = SCM({"x": ("0", "1")}, {"x": Foreign(own)})
    rule = Counting()

    def seen(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
        rule.met.append((model, asked))
        del rng
        assert isinstance(asked, Query)
        return model.p(asked)

    assert answers(seen, model, [Query.parse("x=1")], seed=0) == [0.75]
    assert [met is model for met, _ in rule.met] == [True]


@pytest.mark.parametrize("name", ["form/transport/level-2/1", "form/instrument/level-2/1"])
def test_populations_and_intervals_are_answered_once_for_all_seeds(name: str) -> None:
    rule = Counting()
    for seed in range(3):
        world = registry.world_of(name, seed=seed)
        assert len(world.questions) == 2
        answers(rule, world.model, [q.asked for q in world.questions], seed=0)
    assert len(rule.met) == 2
