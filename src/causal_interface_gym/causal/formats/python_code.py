"""Models and graphs as Python that builds them again with this package."""

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.mechanism import Deterministic, Mechanism, NoisyOr, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import FormatError

__all__ = ["to_python"]


def to_python(found: SCM | ADMG) -> str:
    """Write a module with one name, ``model`` or ``graph``.

    >>> print(to_python(ADMG([("X", "Y")])), end="")
    from causal_interface_gym.causal import ADMG
    <BLANKLINE>
    graph = ADMG(
        directed=[('X', 'Y')],
        bidirected=[],
        nodes=['X', 'Y'],
    )
    """
    if isinstance(found, ADMG):
        return (
            "from causal_interface_gym.causal import ADMG\n\ngraph = ADMG(\n"
            f"    directed={list(found.directed)!r},\n    bidirected={list(found.bidirected)!r},\n"
            f"    nodes={list(found.nodes)!r},\n)\n"
        )
    lines = [
        "import numpy as np\n\nfrom causal_interface_gym.causal import SCM",
        "from causal_interface_gym.causal.mechanism import Deterministic, NoisyOr, Table\n",
        "model = SCM(\n    states={",
    ]
    lines += [f"        {v!r}: {labels!r}," for v, labels in found.states.items()]
    lines += ["    },", "    mechanisms={"]
    lines += [f"        {v!r}: {_mechanism(v, m)}," for v, m in found.mechanisms.items()]
    return "\n".join([*lines, "    },", f"    latent={sorted(found.latent)!r},", ")", ""])


def _mechanism(name: str, mechanism: Mechanism) -> str:
    match mechanism:
        case Table():
            numbers = f"np.array({mechanism.cpt.tolist()!r})"
            return f"Table({mechanism.parents!r}, {numbers}, {mechanism.coupling!r})"
        case Deterministic():
            states = f"np.array({mechanism.states.tolist()!r})"
            return f"Deterministic({mechanism.parents!r}, {states}, {mechanism.n_states})"
        case NoisyOr():
            return f"NoisyOr({mechanism.parents!r}, {mechanism.strengths!r}, {mechanism.leak!r})"
        case _:
            message = f"the mechanism of {name!r} has no spelling in Python: {mechanism!r:.80}"
            raise FormatError(message)
