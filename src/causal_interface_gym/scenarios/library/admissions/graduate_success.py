"""Graduate success: among those who were admitted the test seems to predict little.

Source: [dawes1975], [elwert2014].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("score", "preparation, as the test shows it", {"low": "low", "high": "high"}),
    variable("letters", "letters of recommendation", {"weak": "weak", "strong": "strong"}),
    variable("admitted", "the committee's decision", {"no": "rejected", "yes": "admitted"}),
    variable("degree", "the degree, here or elsewhere", {"no": "none", "yes": "obtained"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"admitted": ("score", "letters"), "degree": ("score", "letters")},
    tables={
        "score": [0.5, 0.5],
        "letters": [0.6, 0.4],
        "admitted": [[[0.98, 0.02], [0.40, 0.60]], [[0.40, 0.60], [0.05, 0.95]]],
        "degree": [[[0.90, 0.10], [0.40, 0.60]], [[0.55, 0.45], [0.05, 0.95]]],
    },
)

SCENARIO = Scenario(
    id="graduate-success-v1",
    title="Does the admission test matter?",
    story=(
        "A committee admits those with a good test or with strong letters. It then looks at its "
        "own students, finds that a low score was hardly a handicap, and wants to drop the test. "
        "But those admitted in spite of a low score had strong letters."
    ),
    structure="collider",
    treatment="score",
    outcome="degree",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("score", "degree=yes", levels=("low", "high")),
        ExplainingAway("letters=strong", "admitted=yes", "score=high"),
        Selection("score", "degree=yes", levels=("low", "high"), selected="admitted=yes"),
        Adjustment("score", "degree", candidates=((), ("letters",), ("admitted",))),
    ),
    citations=(
        Citation(
            "dawes1975",
            "Dawes RM. Graduate admission variables and future success. Science 1975;187:721-723.",
        ),
        Citation(
            "elwert2014",
            "Elwert F, Winship C. Endogenous selection bias: the problem of conditioning on a "
            "collider variable. Annual Review of Sociology 2014;40:31-53.",
        ),
    ),
    published=(
        "That admission on several merits makes them negatively related among the admitted and "
        "hides their worth (first source), as a collider (second source); no number."
    ),
    illustrative=(
        "Every number, and that admission itself does not change who obtains a degree somewhere."
    ),
)
