"""Sprinkler: the textbook network of clouds, a sprinkler, rain and wet grass.

Source: [russell1995], [pearl2009].
"""

from causal_interface_gym.causal.mechanism import NoisyOr
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("cloudy", "the morning sky", {"no": "clear", "yes": "cloudy"}),
    variable("sprinkler", "the lawn sprinkler", {"off": "stays off", "on": "is switched on"}),
    variable("rain", "rain during the day", {"no": "none", "yes": "it rains"}),
    variable("wet", "the grass in the evening", {"no": "dry", "yes": "wet"}),
)

_TABLES = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"sprinkler": ("cloudy",), "rain": ("cloudy",), "wet": ("sprinkler", "rain")},
    tables={
        "cloudy": [0.5, 0.5],
        "sprinkler": [[0.5, 0.5], [0.9, 0.1]],
        "rain": [[0.8, 0.2], [0.2, 0.8]],
        "wet": [[[1.0, 0.0], [0.1, 0.9]], [[0.1, 0.9], [0.01, 0.99]]],
    },
)
_MODEL = _TABLES.change({"wet": NoisyOr(("sprinkler", "rain"), (0.9, 0.9))})
"""The same table as a mechanism: each source wets the grass unless its own shield stops it."""

SCENARIO = Scenario(
    id="sprinkler-v1",
    title="The sprinkler and the rain",
    story=(
        "On clear mornings the gardener is more likely to switch the sprinkler on; cloudy mornings "
        "bring rain. Either wets the grass unless something shields it. So wet grass after the "
        "sprinkler ran tells less about the sprinkler than it seems."
    ),
    structure="confounder",
    treatment="sprinkler",
    outcome="wet",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("sprinkler", "wet=yes", levels=("off", "on")),
        Diagnosis("rain=yes", "wet=yes"),
        Intervention("sprinkler", "wet=yes", levels=("off", "on")),
        Counterfactual("wet[sprinkler=off]=yes | sprinkler=on, wet=yes"),
        Counterfactual("wet[sprinkler=on]=yes | sprinkler=off"),
        Adjustment("sprinkler", "wet", candidates=((), ("cloudy",), ("rain",), ("cloudy", "rain"))),
    ),
    citations=(
        Citation(
            "russell1995",
            "Russell S, Norvig P. Artificial Intelligence: A Modern Approach. Englewood Cliffs: "
            "Prentice Hall; 1995.",
        ),
        Citation(
            "pearl2009",
            "Pearl J. Causality: Models, Reasoning, and Inference. 2nd edition. Cambridge "
            "University Press; 2009.",
        ),
    ),
    published=(
        "All four tables (cloudy 0.5; sprinkler 0.5 and 0.1; rain 0.2 and 0.8; wet 0, 0.9, 0.9, "
        "0.99), invented by their authors for teaching."
    ),
    illustrative=(
        "The table of the grass is exactly a noisy-or with strengths 0.9 and 0.9; reading it as "
        "that mechanism (each source wets the grass unless its own shield stops it) fixes the "
        "counterfactuals and is this scenario's choice."
    ),
)
