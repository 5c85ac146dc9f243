"""A trial elsewhere: an effect found in one city is wanted in another, whose people are older.

Source: [pearl2014].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.transport import Transport
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("city", "where a person lives", {"LA": "Los Angeles", "NY": "New York"}),
    variable("age", "the age group", {"young": "under sixty", "old": "sixty or more"}),
    variable("worry", "worry about one's health, unrecorded", {"no": "little", "yes": "much"}),
    variable("visit", "yearly visits by a nurse", {"no": "none", "yes": "visited"}),
    variable("well", "health after two years", {"no": "poor", "yes": "good"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"age": ("city",), "visit": ("age", "worry"), "well": ("age", "worry", "visit")},
    tables={
        "city": [0.5, 0.5],
        "age": [[0.90, 0.10], [0.20, 0.80]],
        "worry": [0.55, 0.45],
        "visit": [[[0.85, 0.15], [0.30, 0.70]], [[0.75, 0.25], [0.15, 0.85]]],
        "well": [
            [[[0.20, 0.80], [0.15, 0.85]], [[0.50, 0.50], [0.40, 0.60]]],
            [[[0.75, 0.25], [0.35, 0.65]], [[0.95, 0.05], [0.65, 0.35]]],
        ],
    },
    latent={"worry"},
)

SCENARIO = Scenario(
    id="trial-elsewhere-v1",
    title="A trial in Los Angeles, a decision in New York",
    story=(
        "In Los Angeles it was decided by lot whom a nurse visits every year. New York wants to "
        "know what such visits would do there, may not make a trial, and has only records of who "
        "was visited. Its people are older, age changes what a visit does, and those who worry "
        "about their health ask for visits more often. At a given age people of both cities are "
        "alike."
    ),
    structure="transport",
    treatment="visit",
    outcome="well",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("visit", "well=yes", levels=("no", "yes")),
        Transport(
            "visit",
            "well=yes",
            levels=("no", "yes"),
            population="city",
            source="LA",
            target="NY",
        ),
        Adjustment("visit", "well", candidates=((), ("age",))),
    ),
    citations=(
        Citation(
            "pearl2014",
            "Pearl J, Bareinboim E. External validity: from do-calculus to transportability across "
            "populations. Statistical Science 2014;29:579-595.",
        ),
    ),
    published=(
        "The problem: a trial in Los Angeles, New York with another distribution of age, and that "
        "effects within an age group carry over; no number."
    ),
    illustrative="Every number, the visits, and that worry is what confounds them.",
)
