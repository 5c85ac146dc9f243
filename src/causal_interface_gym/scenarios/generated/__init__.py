"""Worlds drawn from a seed: as many as are wanted, admitted by rule, each truth computed twice.

>>> from causal_interface_gym.scenarios.generated import form
>>> drawn = form("front-door", level=1, seed=3, n_worlds=4)
>>> len(drawn.items), min(drawn.balances.values()) >= 0
(8, True)
"""

from causal_interface_gym.scenarios.generated.commitment import CANARY, Commitment, commit
from causal_interface_gym.scenarios.generated.derive import Generated
from causal_interface_gym.scenarios.generated.forms import Form, form, stream_worlds
from causal_interface_gym.scenarios.generated.structure.difficulty import LEVELS, Difficulty
from causal_interface_gym.scenarios.generated.structure.strata import FORMS, STRATA
from causal_interface_gym.scenarios.generated.triplets import CONDITIONS
from causal_interface_gym.scenarios.generated.worlds import as_world, world_of

__all__ = [
    "CANARY",
    "CONDITIONS",
    "FORMS",
    "LEVELS",
    "STRATA",
    "Commitment",
    "Difficulty",
    "Form",
    "Generated",
    "as_world",
    "commit",
    "form",
    "stream_worlds",
    "world_of",
]
