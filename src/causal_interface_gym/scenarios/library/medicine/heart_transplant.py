"""Heart transplant: those in critical condition are treated more often, and die more often.

Source: [hernan2020], [salas1999].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("critical", "condition before treatment", {"no": "stable", "yes": "critical"}),
    variable("transplant", "the treatment", {"no": "no transplant", "yes": "heart transplant"}),
    variable("death", "the outcome after five days", {"no": "alive", "yes": "dead"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"transplant": ("critical",), "death": ("critical", "transplant")},
    tables={
        "critical": [8 / 20, 12 / 20],
        "transplant": [[4 / 8, 4 / 8], [3 / 12, 9 / 12]],
        "death": [[[3 / 4, 1 / 4], [3 / 4, 1 / 4]], [[1 / 3, 2 / 3], [3 / 9, 6 / 9]]],
    },
)

SCENARIO = Scenario(
    id="heart-transplant-v1",
    title="A transplant for those who need it most",
    story=(
        "Twenty members of a family wait for a heart. Those in critical condition are more likely "
        "to get one, and more likely to die whatever is done: confounding by indication. The "
        "treated die more often although the transplant changes nothing."
    ),
    structure="confounder",
    treatment="transplant",
    outcome="death",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("transplant", "death=yes", levels=("no", "yes")),
        Intervention("transplant", "death=yes", levels=("no", "yes")),
        Counterfactual("death[transplant=no]=yes | transplant=yes"),
        Adjustment("transplant", "death", candidates=((), ("critical",))),
    ),
    citations=(
        Citation(
            "hernan2020",
            "Hernan MA, Robins JM. Causal Inference: What If. Boca Raton: Chapman and Hall/CRC; "
            "2020. Chapters 2 and 3.",
        ),
        Citation(
            "salas1999",
            "Salas M, Hofman A, Stricker BHC. Confounding by indication: an example of variation "
            "in the use of epidemiologic terminology. American Journal of Epidemiology "
            "1999;149:981-983.",
        ),
    ),
    published=(
        "All counts (hypothetical, by their authors): 8 stable, 4 of them treated, 1 of 4 dies in "
        "either group; 12 critical, 9 treated of whom 6 die, 3 untreated of whom 2 die."
    ),
)
