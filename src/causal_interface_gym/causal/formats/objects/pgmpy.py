"""Networks of pgmpy: tables both ways, with their states and latent variables.

Couplings of the noise have no place there: a model that comes back answers seeing and doing.
"""

import importlib
from typing import Any

import numpy as np

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import FormatError

__all__ = ["model_from_pgmpy", "model_to_pgmpy"]


def model_to_pgmpy(model: SCM) -> Any:  # noqa: ANN401 - the library ships no types
    """Give a ``pgmpy.models.DiscreteBayesianNetwork``; functions and noisy-or become tables.

    Raises:
        ImportError: pgmpy is not installed.
    """
    models = importlib.import_module("pgmpy.models")
    factors = importlib.import_module("pgmpy.factors.discrete")
    made = models.DiscreteBayesianNetwork()
    made.add_nodes_from(model.states)
    made.latents = set(model.latent)
    for name, mechanism in model.mechanisms.items():
        parents = mechanism.parents
        made.add_edges_from((parent, name) for parent in parents)
        n_states = len(model.states[name])
        table = factors.TabularCPD(
            name,
            n_states,
            mechanism.cpt.reshape(-1, n_states).T,
            evidence=list(parents) or None,
            evidence_card=[len(model.states[p]) for p in parents] or None,
            state_names={v: list(model.states[v]) for v in (name, *parents)},
        )
        made.add_cpds(table)
    return made


def model_from_pgmpy(network: Any) -> SCM:  # noqa: ANN401 - the library ships no types
    """Read a discrete network; names and states become texts.

    Raises:
        FormatError: A variable has no table, or two states or names that read alike.
        TableError: A table is no conditional distribution.
    """
    states: dict[str, list[str]] = {}
    parents: dict[str, list[str]] = {}
    tables: dict[str, Any] = {}
    for node in network.nodes():
        found = network.get_cpds(node)
        if found is None:
            message = f"the variable {node!r} has no table; add its TabularCPD first"
            raise FormatError(message)
        given = list(found.variables[1:])
        name = str(node)
        states[name] = [str(label) for label in found.state_names[node]]
        parents[name] = [str(parent) for parent in given]
        # The library's first axis is the variable's own; ours is the last.
        tables[name] = np.moveaxis(np.asarray(found.values, dtype=float), 0, -1)
    _check_names(states, len(network.nodes()))
    _check_states(network, states)
    latent = [str(name) for name in network.latents]
    return SCM.from_tables(states=states, tables=tables, parents=parents, latent=latent)


def _check_names(states: dict[str, list[str]], n_nodes: int) -> None:
    if len(states) < n_nodes:
        message = "two variables have the same name once names are texts"
        raise FormatError(message)


def _check_states(network: Any, states: dict[str, list[str]]) -> None:  # noqa: ANN401 - no types
    """Refuse tables whose parents' states stand in another order than the parent's own."""
    for node in network.nodes():
        for other, labels in network.get_cpds(node).state_names.items():
            if [str(label) for label in labels] != states[str(other)]:
                message = (
                    f"the table of {node!r} lists the states of {other!r} as {labels!r}, "
                    f"its own table as {states[str(other)]!r}"
                )
                raise FormatError(message)
