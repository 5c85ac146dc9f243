"""Lord's paradox: two statisticians, one table, and two answers about what a canteen did.

Source: [lord1967], [pearl2016b].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("sex", "the student's sex", {"female": "a woman", "male": "a man"}),
    variable("september", "weight at the start", {"light": "light", "heavy": "heavy"}),
    variable("june", "weight at the end", {"light": "light", "heavy": "heavy"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"september": ("sex",), "june": ("sex", "september")},
    tables={
        "sex": [0.5, 0.5],
        "september": [[0.70, 0.30], [0.30, 0.70]],
        "june": [[[0.94, 0.06], [0.14, 0.86]], [[0.86, 0.14], [0.06, 0.94]]],
    },
)

SCENARIO = Scenario(
    id="lords-paradox-v1",
    title="What the canteen did to men and women",
    story=(
        "A university weighs its students in September and in June. Neither among women nor among "
        "men has the share of heavy ones changed, says the first statistician. The second compares "
        "men and women of the same weight in September and finds that more of the men end heavy. "
        "Sex acts on the final weight directly and through the first."
    ),
    structure="mediator",
    treatment="sex",
    outcome="june",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("sex", "june=heavy", levels=("female", "male")),
        Simpson("sex", "june=heavy", levels=("female", "male"), split_by="september", pooled=True),
        Mediation("sex", "june=heavy", levels=("female", "male"), fixed=(("september", "light"),)),
        Adjustment("sex", "june", candidates=((), ("september",))),
    ),
    citations=(
        Citation(
            "lord1967",
            "Lord FM. A paradox in the interpretation of group comparisons. Psychological Bulletin "
            "1967;68:304-305.",
        ),
        Citation(
            "pearl2016b",
            "Pearl J. Lord's paradox revisited (Oh Lord! Kumbaya!). Journal of Causal Inference "
            "2016;4(2).",
        ),
    ),
    published=(
        "The story, that neither group changes as a whole while men end heavier at equal first "
        "weight (first source), and the graph (second source); no number."
    ),
    illustrative="Every number, and that weight has two levels.",
)
