"""The file that ``cig scenario new`` writes: a small scenario that runs, with comments to follow.

The example is complete and keeps the whole contract, so that every change can be checked at once.
"""

from string import Template
from typing import Final

from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.scenarios.catalogue import CURATED
from causal_interface_gym.scenarios.scenario import is_scenario_id

__all__ = ["file_name", "scenario_template"]

_TEXT: Final = '''"""$title: say in one line what makes this case instructive.

Check this file with: cig scenario check $file
Try it with:          cig run --scenarios $file
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

# 1. Variables: name, what it is, and what each state means, in words that a reader understands.
#    Describe hidden variables too; participants never see them.
_VARIABLES = (
    variable("severity", "how ill the patient is", {"mild": "mildly ill", "grave": "gravely ill"}),
    variable("drug", "the treatment", {"no": "not given", "yes": "given"}),
    variable("recovery", "the outcome", {"no": "not recovered", "yes": "recovered"}),
)

# 2. The model: the parents of each variable, and one row of probabilities for each combination of
#    their states, in the order given above. Variables without parents have a single row.
_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"drug": ("severity",), "recovery": ("severity", "drug")},
    tables={
        "severity": [0.5, 0.5],
        "drug": [[0.90, 0.10], [0.10, 0.90]],  # rows: mild, grave
        "recovery": [
            [[0.30, 0.70], [0.10, 0.90]],  # mild: drug no, yes
            [[0.90, 0.10], [0.65, 0.35]],  # grave: drug no, yes
        ],
    },
    # Name what nobody measured:  latent={"severity"}
    # A coupling fixes counterfactuals; declare one only if the case justifies it:
    #   coupling={"recovery": "comonotone"}
)

# 3. The scenario. Every number that is not in a cited source is illustrative: say so.
SCENARIO = Scenario(
    id="$id",
    title="$title",
    story=(
        "Doctors give the drug mostly to the gravely ill. So the treated recover less often than "
        "the others, although the drug helps everyone."
    ),
    # confounder, mediator, collider, m-bias, front-door, instrument, simpson, transport or network
    structure="confounder",
    treatment="drug",
    outcome="recovery",
    variables=_VARIABLES,
    model=_MODEL,
    # Questions. Their truths and lures are computed from the model; other families are in
    # causal_interface_gym.questions (seeing, doing, imagining).
    families=(
        Association("drug", "recovery=yes", levels=("no", "yes")),
        Intervention("drug", "recovery=yes", levels=("no", "yes")),
        Adjustment("drug", "recovery", candidates=((), ("severity",))),
    ),
    citations=(
        Citation(
            "salas1999",
            "Salas M, Hofman A, Stricker BHC. Confounding by indication: an example of variation "
            "in the use of epidemiologic terminology. American Journal of Epidemiology "
            "1999;149:981-983.",
        ),
    ),
    published="The structure (confounding by indication); no number.",
    illustrative="Every number and the story.",
)
'''


def file_name(scenario: str) -> str:
    """Give the file's name of a scenario.

    >>> file_name("winter-tyres-v1")
    'winter_tyres.py'
    """
    return scenario.rpartition("-v")[0].replace("-", "_") + ".py"


def scenario_template(scenario: str) -> str:
    """Write the text of a new scenario file.

    Raises:
        ScenarioError: The id is not spelt like one, or belongs to a curated scenario.
    """
    if not is_scenario_id(scenario):
        message = f"an id is words-with-hyphens-v1, such as winter-tyres-v1; got {scenario!r}"
        raise ScenarioError(message)
    if scenario in CURATED:
        message = f"{scenario!r} is the id of a curated scenario; choose another"
        raise ScenarioError(message)
    title = scenario.rpartition("-v")[0].replace("-", " ").capitalize()
    return Template(_TEXT).substitute(id=scenario, title=title, file=file_name(scenario))
