"""How hard an item is, by a definition that needs no participant.

The share wrong is the share of a fixed panel of reference agents (the seer, adjusting for
everything, the reversed answer, the marginal, the constant 0.5) whose answer lies more than 0.05
from the truth. The loss of the reference, (reference - truth)^2, says how much a perfect
statistician who takes seeing for doing loses. Both depend on the world and the question alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from causal_interface_gym.agents.reference.adjust_everything import adjust_everything
from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.agents.reference.policy import Rule
from causal_interface_gym.agents.reference.reverse import reverse
from causal_interface_gym.agents.reference.uniform import uniform
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.questions.question import Asked, BaseRate, Item

__all__ = ["PANEL", "WRONG", "Difficulty", "difficulty_of", "panel_answers"]

WRONG: Final = 0.05
"""An answer farther than this from the truth is wrong."""

PANEL: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "reference:associational": associational,
        "reference:adjust-everything": adjust_everything,
        "reference:reverse": reverse,
        "reference:marginal": marginal,
    }
)
"""Those of the panel that read the model; the constant 0.5 (``uniform``) is asked beside them.

The oracle is left out as always right, the random agent as never the same.
"""


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The share of the panel that is wrong, and the loss of the reference; both in [0, 1]."""

    share_wrong: float
    reference_loss: float


def panel_answers(model: SCM, asked: Asked) -> tuple[float, ...]:
    """Ask the panel; who cannot answer says 2, which is always wrong.

    >>> from causal_interface_gym import scenarios
    >>> world = scenarios.get("kidney-stones-v1").world()
    >>> len(panel_answers(world.model, world.items[0].asked)) == len(PANEL) + 1
    True
    """
    constant = uniform(asked, rng=np.random.default_rng(0))
    return (*(_answer(rule, model, asked) for rule in PANEL.values()), constant)


def difficulty_of(item: Item, answers: tuple[float, ...], *, base_rate: float) -> Difficulty:
    """Measure an item from the panel's answers; ``base_rate`` stands in for a ``BaseRate``."""
    reference = base_rate if isinstance(item.reference, BaseRate) else item.reference
    n_wrong = sum(abs(answer - item.truth) > WRONG for answer in answers)
    return Difficulty(n_wrong / len(answers), (reference - item.truth) ** 2)


def _answer(rule: Rule, model: SCM, asked: Asked) -> float:
    try:
        return rule(model, asked, rng=np.random.default_rng(0))
    except CausalGymError:  # its way of answering leads to a condition that never holds
        return 2.0
