"""Find the model or graph that an argument means: a scenario, a file, or the text itself."""

from pathlib import Path
from typing import Final

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.formats.bif import read_bif
from causal_interface_gym.causal.formats.graphs.document import GraphDocument
from causal_interface_gym.causal.formats.graphs.dot import document_from_dot
from causal_interface_gym.causal.formats.graphs.gml import document_from_gml
from causal_interface_gym.causal.formats.graphs.node_link import document_from_node_link
from causal_interface_gym.causal.formats.limits import read_bytes
from causal_interface_gym.causal.formats.model_json import (
    GRAPH_FORMAT,
    graph_from_json,
    model_from_json,
)
from causal_interface_gym.causal.formats.xmlbif import read_xmlbif
from causal_interface_gym.errors import FormatError, ScenarioError
from causal_interface_gym.scenarios import registry

__all__ = ["load", "load_document", "load_graph", "load_model"]

_KINDS: Final = (
    "a scenario id, a .bif, .xmlbif, .json, .dot, .gml or dagitty file, or dagitty text such as "
    "'dag { X -> Y }'"
)


def load_model(argument: str) -> SCM:
    """Give the model that the argument names.

    Raises:
        FormatError: The file is damaged, or holds a graph without numbers.
        ScenarioError: The argument is neither a file nor a scenario.
    """
    found = load(argument)
    if isinstance(found, SCM):
        return found
    message = (
        f"{argument} is a graph without numbers, so no probability can be computed; "
        "ask cig identify for a formula, or give a scenario, a .bif or a model's .json"
    )
    raise FormatError(message)


def load_graph(argument: str) -> ADMG:
    """Give the graph that the argument names; of a model, that over its observed variables."""
    found = load(argument)
    return found.graph if isinstance(found, SCM) else found


def load(argument: str) -> SCM | ADMG:
    """Give what the argument names.

    Raises:
        FormatError: A file cannot be read, or is not what its ending says.
        ScenarioError: The argument is neither a file, nor text, nor a scenario.
    """
    path = Path(argument)
    if "{" in argument:
        return ADMG.from_dagitty(argument)
    if path.suffix or "/" in argument:
        try:
            return _from_file(path)
        except FormatError as error:
            raise error.within(argument) from None
    try:
        return registry.get(argument).model
    except ScenarioError as error:
        message = f"{error}; a model or graph is {_KINDS}"
        raise ScenarioError(message) from None


def load_document(path: Path) -> GraphDocument | None:
    """Give a graph file with all its attributes, None if the file is of another kind.

    Raises:
        FormatError: The file cannot be read, or is damaged.
    """
    try:
        return _document(path)
    except FormatError as error:
        raise error.within(str(path)) from None


def _document(path: Path) -> GraphDocument | None:
    text = _text(path) if path.suffix.lower() in {".dot", ".gv", ".gml", ".json"} else ""
    match path.suffix.lower():
        case ".dot" | ".gv":
            return document_from_dot(text)
        case ".gml":
            return document_from_gml(text)
        case ".json" if '"nodes"' in text and '"causal-interface-gym/' not in text:
            return document_from_node_link(text)
        case _:
            return None


def _from_file(path: Path) -> SCM | ADMG:
    document = load_document(path)
    if document is not None:
        return document.graph()
    try:
        if path.suffix.lower() in {".bif", ".gz"}:
            return read_bif(path)
        if path.suffix.lower() in {".xmlbif", ".xml"}:
            return read_xmlbif(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    text = _text(path)
    if path.suffix.lower() == ".json":
        return graph_from_json(text) if f'"{GRAPH_FORMAT}"' in text else model_from_json(text)
    return ADMG.from_dagitty(text)


def _text(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> FormatError:
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    message = f"cannot read this: {reason}; a model or graph is {_KINDS}"
    return FormatError(message, file=str(path))
