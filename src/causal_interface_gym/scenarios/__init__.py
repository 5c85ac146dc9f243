"""Worlds with a story: curated scenarios, found by id.

>>> from causal_interface_gym import scenarios
>>> world = scenarios.get("kidney-stones-v1").world()
>>> round(world.model.p("recovery=yes | treatment=A"), 3)
0.78
>>> round(world.model.p("recovery=yes | do(treatment=A)"), 3)
0.833
"""

from causal_interface_gym.scenarios.registry import SETS, get, ids, select
from causal_interface_gym.scenarios.scenario import Citation, Scenario
from causal_interface_gym.scenarios.world import Question, Variable, World

__all__ = [
    "SETS",
    "Citation",
    "Question",
    "Scenario",
    "Variable",
    "World",
    "get",
    "ids",
    "select",
]
