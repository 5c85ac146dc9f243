"""A market with a lag: last year's price decides what is sown, and this year's harvest the price.

The lag unrolls the circle of supply and demand into an acyclic graph.

Source: [ezekiel1938], [wright1928].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("demand", "how much buyers want, for years", {"weak": "little", "strong": "much"}),
    variable("last_price", "last year's price", {"low": "low", "high": "high"}),
    variable("sown", "the area sown this year", {"small": "small", "large": "large"}),
    variable("weather", "the weather of this year", {"poor": "poor", "good": "good"}),
    variable("harvest", "what comes to market", {"small": "small", "large": "large"}),
    variable("price", "this year's price", {"low": "low", "high": "high"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "last_price": ("demand",),
        "sown": ("last_price",),
        "harvest": ("sown", "weather"),
        "price": ("harvest", "demand"),
    },
    tables={
        "demand": [0.5, 0.5],
        "last_price": [[0.90, 0.10], [0.10, 0.90]],
        "sown": [[0.90, 0.10], [0.10, 0.90]],
        "weather": [0.4, 0.6],
        "harvest": [[[0.97, 0.03], [0.85, 0.15]], [[0.45, 0.55], [0.05, 0.95]]],
        "price": [[[0.45, 0.55], [0.05, 0.95]], [[0.95, 0.05], [0.30, 0.70]]],
    },
    latent={"demand"},
)

SCENARIO = Scenario(
    id="lagged-market-v1",
    title="Last year's price, this year's harvest",
    story=(
        "Farmers sow more after a year of high prices, and a large harvest lowers the price. "
        "Demand that stays strong for years keeps prices high in both. So large harvests come in "
        "years of strong demand, and the data show less of what a harvest does to the price."
    ),
    structure="confounder",
    treatment="harvest",
    outcome="price",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("harvest", "price=high", levels=("small", "large")),
        Intervention(
            "harvest", "price=high", levels=("small", "large"), wrong_sets=(("weather",),)
        ),
        Adjustment(
            "harvest",
            "price",
            candidates=((), ("last_price",), ("sown",), ("weather",), ("last_price", "weather")),
        ),
        Answerable(
            ("price=high | do(harvest=large)", "price=high | do(last_price=high)"),
        ),
    ),
    citations=(
        Citation(
            "ezekiel1938",
            "Ezekiel M. The cobweb theorem. Quarterly Journal of Economics 1938;52:255-280.",
        ),
        Citation(
            "wright1928",
            "Wright PG. The Tariff on Animal and Vegetable Oils. New York: Macmillan; 1928. "
            "Appendix B.",
        ),
    ),
    published=(
        "That supply answers to the price of the period before (first source) and that weather "
        "shifts supply alone (second source); no number."
    ),
    illustrative="Every number, the two levels of each quantity and the lasting hidden demand.",
)
