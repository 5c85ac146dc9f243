"""Cholera and water: two companies served the same streets, and one of them drew sewage.

Source: [snow1855], [freedman1991].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_HOUSES = {"lambeth": 26_107, "southwark": 40_046, "other": 256_423}
_DEATHS = {"lambeth": 98, "southwark": 1_263, "other": 1_422}

_VARIABLES = (
    variable(
        "company",
        "who supplied the house with water",
        {
            "lambeth": "Lambeth, from the Thames above the town",
            "southwark": "Southwark and Vauxhall, from the Thames in the town",
            "other": "any other supply in London",
        },
    ),
    variable("death", "cholera in the house", {"no": "no death", "yes": "a death"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"death": ("company",)},
    tables={
        "company": [n / sum(_HOUSES.values()) for n in _HOUSES.values()],
        "death": [[1 - _DEATHS[c] / n, _DEATHS[c] / n] for c, n in _HOUSES.items()],
    },
)

SCENARIO = Scenario(
    id="cholera-water-v1",
    title="London, 1854: the water and the cholera",
    story=(
        "Two companies laid their pipes in the same streets, and rich and poor took water from "
        "either. One had moved its intake up the river, above the sewers; the other had not. "
        "Nobody chose the company with cholera in mind: nature made the experiment."
    ),
    structure="network",
    treatment="company",
    outcome="death",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("company", "death=yes", levels=("lambeth", "southwark", "other")),
        Diagnosis("company=southwark", "death=yes"),
        Confounding("company", "death=yes"),
        Adjustment("company", "death", candidates=((),)),
    ),
    citations=(
        Citation(
            "snow1855",
            "Snow J. On the Mode of Communication of Cholera. 2nd edition. London: John Churchill; "
            "1855. Table IX.",
        ),
        Citation(
            "freedman1991",
            "Freedman DA. Statistical models and shoe leather. Sociological Methodology "
            "1991;21:291-313.",
        ),
    ),
    published=(
        "All counts: 1,263 deaths in 40,046 houses of Southwark and Vauxhall, 98 in 26,107 of "
        "Lambeth, 1,422 in 256,423 in the rest of London."
    ),
    illustrative=(
        "That each death is in a house of its own, and that nothing confounds company and death "
        "in the rest of London either (the source argues it for the two companies)."
    ),
)
