"""Hand-over to DoWhy and EconML: our graph and adjustment set, their estimators.

DoWhy draws a hidden common cause as a node that is not observed; so does ``graph_to_dowhy``.
"""

import importlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import DataError, UnknownVariableError

__all__ = ["econml_arrays", "graph_from_dowhy", "graph_to_dowhy", "model_to_dowhy"]

_HIDDEN = "U"


def graph_to_dowhy(graph: ADMG) -> Any:  # noqa: ANN401 - networkx has no types
    """Give a ``networkx.DiGraph`` in which each arc is a node with ``observed="no"``.

    Raises:
        ImportError: networkx is not installed.
    """
    networkx = importlib.import_module("networkx")
    made = networkx.DiGraph()
    made.add_nodes_from(graph.nodes, observed="yes")
    made.add_edges_from(graph.directed)
    for number, (a, b) in enumerate(graph.bidirected):
        name = _fresh(f"{_HIDDEN}{number}", made)
        made.add_node(name, observed="no")
        made.add_edges_from([(name, a), (name, b)])
    return made


def graph_from_dowhy(graph: Any) -> ADMG:  # noqa: ANN401 - networkx has no types
    """Read a graph of DoWhy, or a ``CausalModel``'s; nodes that are not observed are projected out.

    Raises:
        CycleError: The arrows run in a circle.
    """
    found = getattr(graph, "_graph", graph)  # a CausalModel holds a graph that holds networkx's
    found = getattr(found, "_graph", found)
    hidden = [str(v) for v, facts in found.nodes(data=True) if facts.get("observed") == "no"]
    full = ADMG([(str(a), str(b)) for a, b in found.edges()], nodes=map(str, found.nodes()))
    return full.latent_projection(hidden) if hidden else full


def model_to_dowhy(
    graph: ADMG,
    frame: Any,  # noqa: ANN401 - a pandas frame
    *,
    treatment: str | Sequence[str],
    outcome: str | Sequence[str],
) -> Any:  # noqa: ANN401 - the library ships no types
    """Give a ``dowhy.CausalModel`` of a data frame and our graph, ready to identify and estimate.

    Raises:
        ImportError: dowhy is not installed.
        UnknownVariableError: The graph has no such treatment or outcome.
    """
    named = [*_names(treatment), *_names(outcome)]
    graph.mask(named)
    dowhy = importlib.import_module("dowhy")
    return dowhy.CausalModel(
        data=frame, treatment=treatment, outcome=outcome, graph=graph_to_dowhy(graph)
    )


def econml_arrays(
    frame: Any,  # noqa: ANN401 - anything with columns
    *,
    treatment: str,
    outcome: str,
    adjust_for: Iterable[str] = (),
    vary_with: Iterable[str] = (),
) -> dict[str, NDArray[Any] | None]:
    """Give ``Y``, ``T``, ``X`` and ``W`` as an EconML estimator's ``fit`` takes them.

    ``adjust_for`` is a valid adjustment set, such as ``optimal_adjustment_set`` gives; what the
    effect may vary with goes to X and out of W. Empty parts are None.

    Raises:
        UnknownVariableError: The frame has no such column.
        DataError: A variable is given in two parts.
    """
    varying, rest = tuple(vary_with), tuple(adjust_for)
    columns = [str(name) for name in frame.columns]
    for name in (treatment, outcome, *varying, *rest):
        if name not in columns:
            raise UnknownVariableError(name, columns)
    if {treatment, outcome} & {*varying, *rest} or treatment == outcome:
        message = f"treatment {treatment!r} and outcome {outcome!r} cannot be adjusted for"
        raise DataError(message)

    def block(names: Sequence[str]) -> NDArray[Any] | None:
        return np.column_stack([np.asarray(frame[name]) for name in names]) if names else None

    return {
        "Y": np.asarray(frame[outcome]),
        "T": np.asarray(frame[treatment]),
        "X": block(varying),
        "W": block([name for name in rest if name not in varying]),
    }


def _names(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _fresh(name: str, taken: Any) -> str:  # noqa: ANN401 - a graph of networkx
    while name in taken:
        name += "_"
    return name
