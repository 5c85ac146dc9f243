"""A price ceiling: capped rents draw more people to fewer flats.

Source: [friedman1946], [diamond2019].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("growth", "the city's growth", {"slow": "slow", "fast": "many come"}),
    variable("ceiling", "a legal ceiling on rents", {"no": "none", "yes": "in force"}),
    variable("offered", "flats offered to let", {"many": "many", "few": "few"}),
    variable("wanted", "households that look for one", {"few": "few", "many": "many"}),
    variable("shortage", "a household's search", {"no": "finds a flat", "yes": "finds none"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "ceiling": ("growth",),
        "offered": ("ceiling",),
        "wanted": ("growth", "ceiling"),
        "shortage": ("offered", "wanted"),
    },
    tables={
        "growth": [0.5, 0.5],
        "ceiling": [[0.90, 0.10], [0.15, 0.85]],
        "offered": [[0.75, 0.25], [0.35, 0.65]],
        "wanted": [[[0.95, 0.05], [0.75, 0.25]], [[0.15, 0.85], [0.05, 0.95]]],
        "shortage": [[[0.96, 0.04], [0.50, 0.50]], [[0.75, 0.25], [0.08, 0.92]]],
    },
)

SCENARIO = Scenario(
    id="price-ceiling-v1",
    title="A ceiling on rents",
    story=(
        "A ceiling on rents makes owners offer fewer flats and more households look for one. "
        "Cities adopt it when they grow fast, and growth alone makes flats scarce. How much of the "
        "shortage under a ceiling does the ceiling make, and how much would remain if owners "
        "offered what they offer without it?"
    ),
    structure="mediator",
    treatment="ceiling",
    outcome="shortage",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("ceiling", "shortage=yes", levels=("no", "yes")),
        Intervention(
            "ceiling",
            "shortage=yes",
            levels=("no", "yes"),
            wrong_sets=(("offered",), ("offered", "wanted")),
        ),
        Mediation("ceiling", "shortage=yes", levels=("no", "yes"), fixed=(("offered", "many"),)),
        Adjustment(
            "ceiling",
            "shortage",
            candidates=((), ("growth",), ("offered",), ("wanted",), ("growth", "offered")),
        ),
    ),
    citations=(
        Citation(
            "friedman1946",
            "Friedman M, Stigler GJ. Roofs or Ceilings? The Current Housing Problem. "
            "Irvington-on-Hudson: Foundation for Economic Education; 1946.",
        ),
        Citation(
            "diamond2019",
            "Diamond R, McQuade T, Qian F. The effects of rent control expansion on tenants, "
            "landlords, and inequality: evidence from San Francisco. American Economic Review "
            "2019;109:3365-3394.",
        ),
    ),
    published=(
        "That a binding ceiling lowers what is offered and raises what is wanted (first source), "
        "and that landlords reduced supply when a city extended rent control (second source); no "
        "number."
    ),
    illustrative="Every number, and that growth alone decides where a ceiling is adopted.",
)
