"""Graphs in GML, the graph modelling language.

Nodes carry their name as ``label``; ``dir "both"`` makes an edge bidirected. Other keys survive:
whole numbers, decimals, texts, and lists in brackets as mappings.
"""

import re
from html import unescape
from typing import NoReturn

from causal_interface_gym.causal.formats.graphs.document import Edge, GraphDocument
from causal_interface_gym.causal.formats.limits import CHARACTERS, NAME, WORDS, check_text
from causal_interface_gym.errors import FormatError

__all__ = ["document_from_gml", "document_to_gml"]

MAX_CHARACTERS = CHARACTERS
MAX_DEPTH = 16

_TOKEN = re.compile(
    r"""(?P<blank>(?:\s|\#[^\n]*)+)
    |   (?P<key>[A-Za-z][A-Za-z0-9_]*)
    |   (?P<decimal>[+-]?(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?\d+[eE][+-]?\d+)
    |   (?P<whole>[+-]?\d+)
    |   (?P<quote>"[^"]*")
    |   (?P<mark>[\[\]])""",
    re.VERBOSE,
)
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_MOST_DIGITS = 300

Pairs = list[tuple[str, object]]


def document_to_gml(document: GraphDocument) -> str:
    """Write a document.

    Raises:
        FormatError: GML has no word for a key or a value.
    """
    place = {name: i for i, name in enumerate(document.nodes)}
    lines = ["graph [", "  directed 1"]
    lines += _lines(document.attributes.items(), 1)
    for name, attributes in document.nodes.items():
        lines += ["  node [", f"    id {place[name]}", f"    label {_value(name)}"]
        lines += [*_lines(attributes.items(), 2), "  ]"]
    for edge in document.edges:
        lines += [
            "  edge [",
            f"    source {place[edge.source]}",
            f"    target {place[edge.target]}",
        ]
        lines += ['    dir "both"'] * edge.is_bidirected
        lines += [*_lines(edge.attributes.items(), 2), "  ]"]
    return "\n".join([*lines, "]", ""])


def document_from_gml(text: str) -> GraphDocument:
    """Read a document.

    >>> document_from_gml('graph [ directed 1 node [ id 0 label "X" ] node [ id 1 label "Y" ] '
    ...                   'edge [ source 0 target 1 ] ]').graph()
    ADMG(X -> Y)

    Raises:
        FormatError: The text is no directed GML graph.
    """
    check_text(text, MAX_CHARACTERS)
    pairs = _Reader(text).pairs(0)
    graphs = [v for k, v in pairs if k == "graph"]
    graph = graphs[0] if len(graphs) == 1 else None
    if not isinstance(graph, list):
        _fail("one graph [ ... ] is needed", 1)
    if ("directed", 1) not in graph:
        _fail("the graph is not directed 1, and an undirected one says nothing about causes", 1)
    names: dict[object, str] = {}
    nodes: dict[str, dict[str, object]] = {}
    for key, value in graph:
        if key == "node":
            node = _mapping(value)
            name = str(node.pop("label", node.get("id")))
            names[node.pop("id", None)] = name
            if name in nodes:
                _fail(f"the node {name!r:.60} stands twice", 1)
            nodes[name] = node
    edges = tuple(_edge(_mapping(v), names) for k, v in graph if k == "edge")
    rest = [(k, v) for k, v in graph if k not in {"node", "edge", "directed"}]
    return GraphDocument(nodes, edges, _mapping(rest))


def _edge(found: dict[str, object], names: dict[object, str]) -> Edge:
    ends = []
    for key in ("source", "target"):
        number = found.pop(key, None)
        if number not in names:
            _fail(f"the {key} of an edge is the id of a node; got {number!r:.60}", 1)
        ends.append(names[number])
    is_both = found.get("dir") == "both"
    if is_both:
        del found["dir"]
    return Edge(ends[0], ends[1], is_both, found)


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, list):
        _fail(f"expected [ ... ]; got {value!r:.60}", 1)
    found: dict[str, object] = {}
    for key, inner in value:
        if key in found:
            _fail(f"the key {key!r:.60} stands twice", 1)
        found[key] = _mapping(inner) if isinstance(inner, list) else inner
    return found


def _lines(pairs: object, depth: int) -> list[str]:
    lines = []
    for key, value in pairs:  # type: ignore[attr-defined]  # items of a mapping
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            _fail(f"GML cannot hold the key {key!r:.60}: letters and digits only", 0)
        if isinstance(value, dict):
            lines += [
                f"{'  ' * depth}{key} [",
                *_lines(value.items(), depth + 1),
                f"{'  ' * depth}]",
            ]
        else:
            lines.append(f"{'  ' * depth}{key} {_value(value)}")
    return lines


def _value(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        text = repr(value)
        if text.lstrip("-")[0].isdigit():
            return text if "." in text or "e" in text else f"{text}.0"
        _fail(f"GML cannot hold {value}", 0)
    escaped = str(value).replace("&", "&amp;").replace('"', "&quot;")
    return f'"{escaped}"'


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.n_words = 0

    def pairs(self, depth: int) -> Pairs:
        """Read keys and values up to the closing bracket, or to the end."""
        if depth > MAX_DEPTH:
            self.fail(f"lists are nested more than {MAX_DEPTH} deep")
        found: Pairs = []
        while True:
            kind, text = self.take()
            if kind == "end" or text == "]":
                if (kind == "end") != (depth == 0):
                    self.fail("brackets do not match")
                return found
            if kind != "key":
                self.fail(f"expected a key; got {text!r:.40}")
            found.append((text, self.value(depth)))

    def value(self, depth: int) -> object:
        """Read one value."""
        kind, text = self.take()
        if kind == "whole" and len(text) <= _MOST_DIGITS:
            return int(text)
        if kind == "decimal":
            return float(text)
        if kind == "quote":
            return unescape(text[1:-1])
        if text == "[":
            return self.pairs(depth + 1)
        return self.fail(f"expected a number, a text or [; got {text!r:.40}")

    def take(self) -> tuple[str, str]:
        """Give kind and text of the next token."""
        while self.place < len(self.text):
            match = _TOKEN.match(self.text, self.place)
            if match is None:
                self.fail(f"unexpected {self.text[self.place]!r}")
            self.place = match.end()
            self.n_words += 1
            if self.n_words > WORDS:
                self.fail(f"a graph has at most {WORDS:,} words and marks")
            if match.lastgroup != "blank":
                if len(match[0]) > NAME + 2:
                    self.fail(f"a text has at most {NAME:,} characters")
                return str(match.lastgroup), match[0]
        return "end", ""

    def fail(self, message: str) -> NoReturn:
        """Refuse, with the line."""
        _fail(message, self.text.count("\n", 0, self.place) + 1)


def _fail(message: str, line: int) -> NoReturn:
    raise FormatError(message, line=line) if line else FormatError(message)
