"""Returning bombers: holes are counted on the planes that came back.

Source: [wald1943], [mangel1984].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("fire", "where the fire comes from", {"ground": "guns below", "air": "fighters"}),
    variable("hit", "where the plane is hit", {"fuselage": "fuselage", "engine": "an engine"}),
    variable("returned", "the end of the flight", {"no": "lost", "yes": "came back"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"hit": ("fire",), "returned": ("hit",)},
    tables={
        "fire": [0.5, 0.5],
        "hit": [[0.55, 0.45], [0.30, 0.70]],
        "returned": [[0.05, 0.95], [0.65, 0.35]],
    },
)

SCENARIO = Scenario(
    id="returning-bombers-v1",
    title="The planes that came back",
    story=(
        "Bombers come home with few holes in their engines and many in the fuselage. Where should "
        "armour go? Planes that were hit in an engine seldom came home to be counted."
    ),
    structure="collider",
    treatment="fire",
    outcome="hit",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("fire", "hit=engine", levels=("ground", "air")),
        Diagnosis("hit=engine", "returned=no"),
        Selection("fire", "hit=engine", levels=("ground", "air"), selected="returned=yes"),
        Adjustment("fire", "hit", candidates=((), ("returned",))),
    ),
    citations=(
        Citation(
            "wald1943",
            "Wald A. A Method of Estimating Plane Vulnerability Based on Damage of Survivors. New "
            "York: Statistical Research Group, Columbia University; 1943.",
        ),
        Citation(
            "mangel1984",
            "Mangel M, Samaniego FJ. Abraham Wald's work on aircraft survivability. Journal of the "
            "American Statistical Association 1984;79:259-267.",
        ),
    ),
    published="That damage is seen on survivors only, and how to reason back; no number.",
    illustrative="Every number, that each plane is hit once, and the two directions of fire.",
)
