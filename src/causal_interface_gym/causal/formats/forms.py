"""The forms in which a model or a graph is written, by name."""

from collections.abc import Callable
from typing import Final

from causal_interface_gym.causal.formats.bif import model_to_bif
from causal_interface_gym.causal.formats.dagitty import write_dagitty
from causal_interface_gym.causal.formats.graphs.document import GraphDocument
from causal_interface_gym.causal.formats.graphs.dot import document_to_dot
from causal_interface_gym.causal.formats.graphs.gml import document_to_gml
from causal_interface_gym.causal.formats.graphs.node_link import document_to_node_link
from causal_interface_gym.causal.formats.model_json import graph_to_json, model_to_json
from causal_interface_gym.causal.formats.python_code import to_python
from causal_interface_gym.causal.formats.xmlbif import model_to_xmlbif
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import FormatError

__all__ = ["GRAPH_FORMS", "MODEL_FORMS", "written"]

MODEL_FORMS: Final[dict[str, Callable[[SCM], str]]] = {
    "bif": model_to_bif,
    "json": model_to_json,
    "python": to_python,
    "xmlbif": model_to_xmlbif,
}
"""Forms that keep the numbers of a model."""
GRAPH_FORMS: Final[dict[str, Callable[[ADMG], str]]] = {
    "dagitty": write_dagitty,
    "dot": lambda graph: document_to_dot(GraphDocument.of(graph)),
    "gml": lambda graph: document_to_gml(GraphDocument.of(graph)),
    "json": graph_to_json,
    "node-link": lambda graph: document_to_node_link(GraphDocument.of(graph)),
    "python": to_python,
}
"""Forms of a graph; a model that is written in one of them alone loses its numbers."""


def written(found: SCM | ADMG, form: str) -> str:
    r"""Write a model or a graph in a form.

    >>> written(ADMG([("X", "Y")]), "dagitty")
    'dag {\nX\nY\nX -> Y\n}'

    Raises:
        FormatError: There is no such form, or it is one of models and this is a graph.
    """
    if isinstance(found, SCM) and form in MODEL_FORMS:
        return MODEL_FORMS[form](found)
    if form in GRAPH_FORMS:
        return GRAPH_FORMS[form](found.graph if isinstance(found, SCM) else found)
    if form in MODEL_FORMS:
        message = f"a graph has no numbers to write as {form}; forms: {', '.join(GRAPH_FORMS)}"
        raise FormatError(message)
    message = f"there is no form {form!r}; forms: {', '.join({**MODEL_FORMS, **GRAPH_FORMS})}"
    raise FormatError(message)
