"""Models and graphs from text in every form that is read, and into those that are written."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.formats.bif import parse_bif
from causal_interface_gym.causal.formats.dagitty import DagittyText, parse_dagitty, write_dagitty
from causal_interface_gym.causal.formats.drawing.layout import places
from causal_interface_gym.causal.formats.drawing.pictures import to_mermaid, to_tikz
from causal_interface_gym.causal.formats.drawing.svg import to_svg
from causal_interface_gym.causal.formats.forms import written
from causal_interface_gym.causal.formats.graphs.document import GraphDocument
from causal_interface_gym.causal.formats.graphs.dot import document_from_dot, document_to_dot
from causal_interface_gym.causal.formats.graphs.gml import document_from_gml, document_to_gml
from causal_interface_gym.causal.formats.graphs.node_link import (
    document_from_node_link,
    document_to_node_link,
)
from causal_interface_gym.causal.formats.model_json import (
    GRAPH_FORMAT,
    MODEL_FORMAT,
    graph_from_json,
    graph_to_json,
    model_from_json,
    model_to_json,
)
from causal_interface_gym.causal.formats.xmlbif import model_from_xmlbif
from causal_interface_gym.service.playground.forms import WriteForm

__all__ = ["drawn_json", "read_text", "written_text"]

# Any: JSON.
Json = dict[str, Any]

_DOCUMENTS: Final[Mapping[str, Callable[[GraphDocument], str]]] = {
    "dot": document_to_dot,
    "gml": document_to_gml,
    "node-link": document_to_node_link,
}
_PICTURES: Final[Mapping[str, Callable[..., str]]] = {
    "mermaid": to_mermaid,
    "svg": to_svg,
    "tikz": to_tikz,
}


def read_text(text: str) -> Json:
    """Read a model or a graph; its form is told by how it begins.

    Raises:
        FormatError: It is in none of the forms, or damaged.
        CycleError: Its arrows run in a circle.
    """
    begins = text.lstrip("\ufeff \t\r\n")
    word = begins[:200].lower()
    if begins.startswith("{"):
        return _from_json(text)
    if begins.startswith("<"):
        return drawn_json(model_from_xmlbif(text))
    if word.startswith(("network", "variable ", "probability")):
        return drawn_json(parse_bif(text))
    if word.startswith("graph") and "[" in word:
        return _from_document(document_from_gml(text))
    if word.startswith(("digraph", "strict digraph")):
        return _from_document(document_from_dot(text))
    is_bare = "->" in text and not word.startswith("dag") and "{" not in text
    return _from_dagitty(parse_dagitty(f"dag {{ {text} }}" if is_bare else text))


def written_text(found: SCM | ADMG, form: WriteForm) -> str:
    """Write a model or graph, hidden causes and marks included where the form has them.

    Raises:
        FormatError: A graph has no numbers for a form that needs them.
    """
    graph = found.dag if isinstance(found, SCM) else found
    latent = sorted(found.latent) if isinstance(found, SCM) else []
    treatment, outcome = ([name] if name else [] for name in (form.treatment, form.outcome))
    if form.form == "dagitty":
        return write_dagitty(
            graph, exposure=treatment, outcome=outcome, adjusted=form.adjusted, latent=latent
        )
    if form.form in _PICTURES:
        draw = _PICTURES[form.form]
        return draw(graph, latent=latent, treatment=treatment, outcome=outcome)
    if form.form in _DOCUMENTS:
        marks = {name: {"latent": "yes"} for name in latent}
        return _DOCUMENTS[form.form](GraphDocument.of(graph, attributes=marks))
    return written(found, form.form)


def drawn_json(found: SCM | ADMG, *, roles: Mapping[str, Iterable[str]] | None = None) -> Json:
    """Write what a page needs to draw: the document, places in layers, and the roles of nodes."""
    graph = found.dag if isinstance(found, SCM) else found
    text = model_to_json(found) if isinstance(found, SCM) else graph_to_json(found)
    return {
        "document": json.loads(text),
        "places": {name: list(place) for name, place in places(graph).items()},
        "roles": {role: list(names) for role, names in (roles or {}).items()},
    }


def _from_json(text: str) -> Json:
    if f'"{GRAPH_FORMAT}"' in text:
        return drawn_json(graph_from_json(text))
    if f'"{MODEL_FORMAT}"' in text:
        return drawn_json(model_from_json(text))
    return _from_document(document_from_node_link(text))


def _from_document(found: GraphDocument) -> Json:
    edges = [(e.source, e.target) for e in found.edges if not e.is_bidirected]
    arcs = [(e.source, e.target) for e in found.edges if e.is_bidirected]
    return drawn_json(ADMG(edges, arcs, list(found.nodes)), roles={"latent": found.latent})


def _from_dagitty(found: DagittyText) -> Json:
    graph = ADMG(found.directed, found.bidirected, found.nodes)
    roles = {
        "exposure": found.exposure,
        "outcome": found.outcome,
        "adjusted": found.adjusted,
        "latent": found.latent,
        "selected": found.selected,
    }
    return drawn_json(graph, roles=roles)
