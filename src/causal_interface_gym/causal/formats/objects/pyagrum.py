"""Networks of pyAgrum: tables both ways, with their states.

Latent variables and couplings of the noise have no place there.
"""

import importlib
from typing import Any

import numpy as np

from causal_interface_gym.causal.model import SCM

__all__ = ["model_from_pyagrum", "model_to_pyagrum"]


def model_to_pyagrum(model: SCM) -> Any:  # noqa: ANN401 - the library ships no types
    """Give a ``pyagrum.BayesNet``; functions and noisy-or become tables.

    Raises:
        ImportError: pyAgrum is not installed.
    """
    gum = importlib.import_module("pyagrum")
    made = gum.BayesNet()
    for name, labels in model.states.items():
        made.add(gum.LabelizedVariable(name, name, list(labels)))
    for name, mechanism in model.mechanisms.items():
        for parent in mechanism.parents:
            made.addArc(parent, name)
        table = made.cpt(name)
        axes = (*mechanism.parents, name)
        wanted = [axes.index(axis) for axis in reversed(table.names)]
        # Numbers are taken with the first named variable running fastest.
        table.fillWith(mechanism.cpt.transpose(wanted).reshape(-1).tolist())
    return made


def model_from_pyagrum(network: Any) -> SCM:  # noqa: ANN401 - the library ships no types
    """Read a network.

    Raises:
        TableError: A table is no conditional distribution.
    """
    names = {node: network.variable(node).name() for node in network.nodes()}
    states = {name: list(network.variable(name).labels()) for name in names.values()}
    parents: dict[str, list[str]] = {}
    tables: dict[str, Any] = {}
    for name in names.values():
        table = network.cpt(name)
        axes = list(reversed(table.names))
        parents[name] = [axis for axis in axes if axis != name]
        tables[name] = np.moveaxis(np.asarray(table.toarray()), axes.index(name), -1)
    return SCM.from_tables(states=states, tables=tables, parents=parents)
