"""A drug in court: was it to blame for a death that followed it?

Source: [tian2000].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.interval import CounterfactualInterval
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("choice", "what a patient would choose, unrecorded", {"no": "not it", "yes": "it"}),
    variable("drug", "a drug against pain", {"no": "not taken", "yes": "taken"}),
    variable("death", "death within the year", {"no": "alive", "yes": "died"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"drug": ("choice",), "death": ("choice", "drug")},
    tables={
        "choice": [0.5, 0.5],
        "drug": [[1, 0], [0, 1]],
        "death": [[[0.972, 0.028], [0.970, 0.030]], [[1, 0], [0.998, 0.002]]],
    },
    latent={"choice"},
)

SCENARIO = Scenario(
    id="drug-lawsuit-v1",
    title="A death, a drug and a court",
    story=(
        "A patient took a drug of her own choice and died. In a trial a few more patients died "
        "with the drug than without it; among people who choose for themselves, far fewer of those "
        "who take it die. The court asks how likely it is that she would be alive without the drug."
    ),
    structure="confounder",
    treatment="drug",
    outcome="death",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("drug", "death=yes", levels=("no", "yes")),
        Intervention("drug", "death=yes", levels=("no", "yes")),
        CounterfactualInterval("death[drug=no]=no | drug=yes, death=yes", ("drug",)),
        CounterfactualInterval("death[drug=yes]=yes | drug=no, death=no", ("drug",)),
        Adjustment("drug", "death", candidates=((),)),
    ),
    citations=(
        Citation(
            "tian2000",
            "Tian J, Pearl J. Probabilities of causation: bounds and identification. Annals of "
            "Mathematics and Artificial Intelligence 2000;28:287-313.",
        ),
    ),
    published=(
        "Deaths among 1,000: 16 with the drug and 14 without in the trial, 2 with and 28 without "
        "among those who choose. It follows that the drug was to blame for certain, and that the "
        "probability of sufficiency is between 0.002 and 0.031."
    ),
    illustrative="That half of the people choose the drug.",
)
