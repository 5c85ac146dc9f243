"""Flu vaccine: the frail stay unvaccinated, so the vaccinated live longer even before the flu.

Source: [jackson2006].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("frail", "the state of health in autumn", {"no": "robust", "yes": "frail"}),
    variable("vaccine", "the flu vaccine", {"no": "not given", "yes": "given in autumn"}),
    variable("early", "hospital before any flu is about", {"no": "not there", "yes": "there"}),
    variable("death", "the person in spring", {"no": "alive", "yes": "dead"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"vaccine": ("frail",), "early": ("frail",), "death": ("frail", "vaccine")},
    tables={
        "frail": [0.6, 0.4],
        "vaccine": [[0.10, 0.90], [0.80, 0.20]],
        "early": [[0.92, 0.08], [0.35, 0.65]],
        "death": [[[0.88, 0.12], [0.92, 0.08]], [[0.25, 0.75], [0.32, 0.68]]],
    },
)

SCENARIO = Scenario(
    id="flu-vaccine-v1",
    title="The vaccine that worked before the flu came",
    story=(
        "In spring far fewer of the vaccinated seniors have died. But already in autumn, before "
        "any flu, fewer of the vaccinated were in hospital: the frail had not come to be "
        "vaccinated. The vaccine helps a little; who gets it explains the rest."
    ),
    structure="confounder",
    treatment="vaccine",
    outcome="death",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("vaccine", "death=yes", levels=("no", "yes")),
        Association("vaccine", "early=yes", levels=("no", "yes")),
        Intervention("vaccine", "death=yes", levels=("no", "yes"), wrong_sets=(("early",),)),
        Intervention("vaccine", "early=yes", levels=("no", "yes")),
        Confounding("vaccine", "death=yes"),
        Adjustment("vaccine", "death", candidates=((), ("frail",), ("early",))),
    ),
    citations=(
        Citation(
            "jackson2006",
            "Jackson LA, Jackson ML, Nelson JC, Neuzil KM, Weiss NS. Evidence of bias in estimates "
            "of influenza vaccine effectiveness in seniors. International Journal of Epidemiology "
            "2006;35:337-344.",
        ),
    ),
    published=(
        "That the vaccinated did better before the flu season, which a vaccine cannot cause, and "
        "so must differ in health; no number."
    ),
    illustrative="Every number. They are far from real rates of death.",
)
