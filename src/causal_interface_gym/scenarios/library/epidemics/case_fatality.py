"""Case fatality: a country does better in every age group and worse over all.

Source: [von-kugelgen2021].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("country", "where the patient fell ill", {"a": "country A", "b": "country B"}),
    variable("age", "the patient's age", {"younger": "under 60", "older": "60 or more"}),
    variable("death", "the outcome", {"no": "survives", "yes": "dies"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"age": ("country",), "death": ("country", "age")},
    tables={
        "country": [0.5, 0.5],
        "age": [[0.90, 0.10], [0.20, 0.80]],
        "death": [[[0.92, 0.08], [0.40, 0.60]], [[0.96, 0.04], [0.48, 0.52]]],
    },
)

SCENARIO = Scenario(
    id="case-fatality-v1",
    title="Where is it more dangerous to fall ill?",
    story=(
        "Of the patients of country B more die than of those of country A, though of the younger "
        "fewer do, and of the older too. Patients in B are older. Asking what the country does to "
        "a patient counts its ages in; asking how well it treats them does not."
    ),
    structure="mediator",
    treatment="country",
    outcome="death",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("country", "death=yes", levels=("a", "b")),
        Simpson("country", "death=yes", levels=("a", "b"), split_by="age", pooled=True),
        Mediation("country", "death=yes", levels=("a", "b"), fixed=(("age", "younger"),)),
        Adjustment("country", "death", candidates=((), ("age",))),
    ),
    citations=(
        Citation(
            "von-kugelgen2021",
            "von Kugelgen J, Gresele L, Scholkopf B. Simpson's paradox in COVID-19 case fatality "
            "rates: a mediation analysis of age-related causal effects. IEEE Transactions on "
            "Artificial Intelligence 2021;2:18-27.",
        ),
    ),
    published=(
        "The graph (country, age of the case, fatality) and the reversal between two countries; no "
        "number."
    ),
    illustrative=(
        "Every number and the two age groups; that is why the countries have no names. They are "
        "far from real case fatality rates."
    ),
)
