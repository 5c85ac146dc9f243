"""Validation finds a planted wrong number, and passes what is right."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.question import Item, Lure
from causal_interface_gym.scenarios.scenario import Scenario
from causal_interface_gym.validation import validate_generated, validate_scenario
from causal_interface_gym.validation.rederive import EnumeratedModel

SPRINKLER = scenarios.get("sprinkler-v1")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A family whose key was tampered with."""

    part: str

    name: ClassVar[str] = "intervention"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Spoil one part of the first item."""
        item = Intervention("sprinkler", "wet=yes", levels=("off", "on")).items(model)[0]
        claim = Adjustment("sprinkler", "wet", candidates=(("cloudy",),)).items(model)[0]
        match self.part:
            case "truth":
                return (replace(item, truth=item.truth + 1e-6),)
            case "reference":
                return (replace(item, reference=0.5),)
            case "lure":
                return (replace(item, lures=(Lure("see for do", 1.5),)),)
            case "engine":
                is_slow = isinstance(model, EnumeratedModel)
                return (replace(item, lures=(Lure("see for do", float(is_slow)),)),)
            case _:
                return (replace(claim, truth=0.0),)


def spoiled(part: str) -> Scenario:
    return replace(SPRINKLER, families=(Wrong(part),))


def test_a_right_scenario_is_valid() -> None:
    result = validate_scenario(SPRINKLER)
    assert result.is_valid
    assert result.errors == ()


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("truth", "enumeration"),
        ("reference", "the seer answers"),
        ("lure", "see for do is no probability: 1.5"),
        ("claim", "trying gives 1.0"),
        ("engine", "the stored lure 'see for do' is 0.0, enumeration gives 1.0"),
    ],
)
def test_a_planted_error_is_found(part: str, message: str) -> None:
    result = validate_scenario(spoiled(part))
    assert not result.is_valid
    assert any(message in error for error in result.errors)


def test_a_counterfactual_that_its_mechanism_does_not_fix_is_found() -> None:
    families = (Counterfactual("rain[cloudy=no]=yes | cloudy=yes, rain=yes"),)
    result = validate_scenario(replace(SPRINKLER, families=families))
    assert not result.is_valid
    assert "UndeclaredCouplingError" in result.errors[0]


def test_a_generated_world_is_validated_by_its_id() -> None:
    assert validate_generated("generated/front-door/level-2/3").is_valid


def test_an_id_that_names_no_world_is_a_finding() -> None:
    result = validate_generated("generated/nowhere/level-1/0")
    assert not result.is_valid
    assert "ScenarioError" in result.errors[0]
