"""Graphs as node-link JSON, the form of networkx and of most web libraries.

``dir: "both"`` makes an edge bidirected. Every other key of a node, of an edge and of the graph
survives with its JSON value. networkx objects are read and written where that library is installed.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from causal_interface_gym.causal.formats.graphs.document import Edge, GraphDocument
from causal_interface_gym.causal.formats.limits import CHARACTERS, NAME, check_text
from causal_interface_gym.errors import FormatError

__all__ = ["document_from_networkx", "document_from_node_link", "document_to_networkx",
           "document_to_node_link"]  # fmt: skip

MAX_CHARACTERS = CHARACTERS

Json = Any  # JSON as it is read or written


def document_to_node_link(document: GraphDocument) -> str:
    """Write a document."""
    links = []
    for place, edge in enumerate(document.edges):
        both = {"dir": "both"} if edge.is_bidirected else {}
        links.append({**edge.attributes, **both, "source": edge.source, "target": edge.target,
                      "key": place})  # fmt: skip
    data = {
        "directed": True,
        "multigraph": True,
        "graph": dict(document.attributes),
        "nodes": [{**attributes, "id": name} for name, attributes in document.nodes.items()],
        "edges": links,
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def document_from_node_link(text: str) -> GraphDocument:
    """Read a document; edges stand under ``edges`` or ``links``.

    >>> document_from_node_link(
    ...     '{"nodes": [{"id": "X"}, {"id": "Y"}], "links": [{"source": "X", "target": "Y"}]}'
    ... ).graph()
    ADMG(X -> Y)

    Raises:
        FormatError: The text is no JSON of that form, or its graph is undirected.
    """
    check_text(text, MAX_CHARACTERS)
    try:
        data: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"this is not JSON: {error}"
        raise FormatError(message) from None
    if not isinstance(data, dict) or not isinstance(data.get("nodes"), list):
        _fail("node-link JSON is an object with a list of nodes")
    if data.get("directed") is False:
        _fail("an undirected graph says nothing about causes")
    nodes: dict[str, dict[str, object]] = {}
    for item in data["nodes"]:
        name = _text(item, "id")
        if name in nodes:
            _fail(f"the node {name!r:.60} stands twice")
        nodes[name] = {k: v for k, v in item.items() if k != "id"}
    links = data.get("edges", data.get("links", []))
    if not isinstance(links, list):
        _fail("edges are a list")
    attributes = data.get("graph", {})
    return GraphDocument(
        nodes, tuple(map(_edge, links)), dict(attributes if isinstance(attributes, dict) else {})
    )


def document_to_networkx(document: GraphDocument) -> Any:  # noqa: ANN401 - networkx has no types
    """Give a ``networkx.MultiDiGraph``."""
    import networkx as nx  # noqa: PLC0415 - loaded on use

    made = nx.MultiDiGraph(**document.attributes)
    for name, attributes in document.nodes.items():
        made.add_node(name, **attributes)
    for edge in document.edges:
        both = {"dir": "both"} if edge.is_bidirected else {}
        made.add_edge(edge.source, edge.target, **{**edge.attributes, **both})
    return made


def document_from_networkx(graph: Any) -> GraphDocument:  # noqa: ANN401 - networkx has no types
    """Read a directed networkx graph; names become texts.

    Raises:
        FormatError: It is undirected.
    """
    if not graph.is_directed():
        _fail("an undirected graph says nothing about causes")
    nodes = {str(name): {str(k): v for k, v in a.items()} for name, a in graph.nodes(data=True)}
    edges = [
        _edge({**{str(k): v for k, v in a.items()}, "source": str(s), "target": str(t)})
        for s, t, a in graph.edges(data=True)
    ]
    return GraphDocument(nodes, tuple(edges), {str(k): v for k, v in graph.graph.items()})


def _edge(item: Json) -> Edge:
    source, target = _text(item, "source"), _text(item, "target")
    is_both = item.get("dir") == "both"
    dropped = {"source", "target", "key"} | ({"dir"} if is_both else set())
    return Edge(source, target, is_both, {k: v for k, v in item.items() if k not in dropped})


def _text(item: Json, key: str) -> str:
    value = item.get(key) if isinstance(item, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        _fail(f"every node has an id, every edge a source and a target; got {item!r:.60}")
    if len(str(value)) > NAME:
        _fail(f"a name has at most {NAME} characters; got {len(str(value)):,}")
    return str(value)


def _fail(message: str) -> NoReturn:
    raise FormatError(message)
