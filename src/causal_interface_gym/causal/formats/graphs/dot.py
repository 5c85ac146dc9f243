r"""Graphs in DOT, the language of Graphviz.

Read are ``digraph`` files with nodes, arrows (chains too) and attributes of both, of the graph, and
defaults for nodes and edges. ``dir=both`` makes an edge bidirected. Attributes survive as texts;
names are written in quotes, with ``\"`` and ``\\`` inside. Subgraphs, ports and HTML texts are
refused: what they mean for a causal graph is nobody's to guess.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NoReturn

from causal_interface_gym.causal.formats.graphs.document import Attributes, Edge, GraphDocument
from causal_interface_gym.causal.formats.limits import CHARACTERS, NAME, WORDS, check_text
from causal_interface_gym.errors import FormatError

__all__ = ["document_from_dot", "document_to_dot"]

MAX_CHARACTERS = CHARACTERS

_TOKEN = re.compile(
    r"""(?P<blank>(?:\s|//[^\n]*|\#[^\n]*|/\*(?s:.*?)\*/)+)
    |   (?P<word>[^\W\d]\w*|-?(?:\.\d+|\d+(?:\.\d*)?))
    |   (?P<quote>"(?:[^"\\]|\\(?s:.))*+")
    |   (?P<mark>->|--|[{}\[\]=;,:<+])""",
    re.VERBOSE,
)
_DEFAULTS = {"node", "edge", "graph"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def document_to_dot(document: GraphDocument) -> str:
    """Write a document; attribute values become texts.

    >>> print(document_to_dot(GraphDocument({"X": {}, "Y": {}}, (Edge("X", "Y"),))), end="")
    digraph {
      "X";
      "Y";
      "X" -> "Y";
    }
    """
    lines = ["digraph {"]
    lines += [f"  {_quoted(k)}={_quoted(v)};" for k, v in document.attributes.items()]
    for name, attributes in document.nodes.items():
        lines.append(f"  {_quoted(name)}{_listed(attributes)};")
    for edge in document.edges:
        attributes = {"dir": "both"} if edge.is_bidirected else {}
        listed = _listed({**attributes, **edge.attributes})
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{listed};")
    return "\n".join([*lines, "}", ""])


def document_from_dot(text: str) -> GraphDocument:
    """Read a document.

    Raises:
        FormatError: The text is no digraph, or holds what is refused; with its line.
    """
    check_text(text, MAX_CHARACTERS)
    return _Reader(text).document()


def _quoted(value: object) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(attributes: Attributes) -> str:
    inside = ", ".join(f"{_quoted(k)}={_quoted(v)}" for k, v in attributes.items())
    return f" [{inside}]" if inside else ""


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._cut()
        self.next = 0
        self.nodes: dict[str, dict[str, object]] = {}
        self.edges: list[Edge] = []
        self.attributes: dict[str, object] = {}
        self.defaults: dict[str, dict[str, object]] = {"node": {}, "edge": {}}

    def document(self) -> GraphDocument:
        """Read the whole text."""
        if self._is_word("strict"):
            self.next += 1
        if not self._is_word("digraph"):
            self._fail("expected digraph; an undirected graph says nothing about causes")
        self.next += 1
        if self._peek().kind in {"word", "quote"}:
            self.next += 1
        self._need("{")
        while self._peek().text != "}" or self._peek().kind != "mark":
            self._statement()
        self.next += 1
        if self._peek().kind != "end":
            self._fail("expected nothing after the closing '}'")
        return GraphDocument(self.nodes, tuple(self.edges), self.attributes)

    def _statement(self) -> None:
        token = self._peek()
        if self._takes(";"):
            return
        if token.kind == "word" and token.text.lower() in _DEFAULTS:
            self.next += 1
            target = self.defaults.get(token.text.lower(), self.attributes)
            target.update(self._attribute_lists())
            return
        name = self._name()
        if self._takes("="):
            self.attributes[name] = self._name()
            return
        chain = [name]
        while self._takes("->"):
            chain.append(self._name())
        found = self._attribute_lists()
        for node in chain:
            self.nodes.setdefault(node, dict(self.defaults["node"]))
        if len(chain) == 1:
            self.nodes[name].update(found)
        given = {**self.defaults["edge"], **found}
        is_both = str(given.get("dir", "")).lower() == "both"
        kept = {k: v for k, v in given.items() if not (is_both and k == "dir")}
        for start, end in pairwise(chain):
            self.edges.append(Edge(start, end, is_both, kept))

    def _attribute_lists(self) -> dict[str, object]:
        found: dict[str, object] = {}
        while self._takes("["):
            while not self._takes("]"):
                key = self._name()
                found[key] = self._name() if self._takes("=") else "true"
                if not self._takes(","):
                    self._takes(";")
        return found

    def _name(self) -> str:
        token = self._peek()
        if token.kind not in {"word", "quote"} or self._is_word("subgraph"):
            self._fail("expected a name (subgraphs, ports and HTML texts are not read)")
        if len(token.text) > NAME:
            self._fail(f"a name or a value has at most {NAME} characters")
        self.next += 1
        if token.kind == "word":
            return token.text
        return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)

    def _peek(self) -> _Token:
        return self.tokens[self.next]

    def _is_word(self, word: str) -> bool:
        return self._peek().kind == "word" and self._peek().text.lower() == word

    def _takes(self, mark: str) -> bool:
        if self._peek().kind == "mark" and self._peek().text == mark:
            self.next += 1
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._takes(mark):
            self._fail(f"expected {mark!r}")

    def _cut(self) -> list[_Token]:
        tokens: list[_Token] = []
        place = 0
        while place < len(self.text):
            match = _TOKEN.match(self.text, place)
            if match is None:
                self._fail_at(place, f"unexpected {self.text[place]!r}")
            if len(tokens) >= WORDS:
                self._fail_at(place, f"a graph has at most {WORDS:,} words and marks")
            if match.lastgroup != "blank":
                tokens.append(_Token(str(match.lastgroup), match[0], place))
            place = match.end()
        return [*tokens, _Token("end", "", place)]

    def _fail(self, message: str) -> NoReturn:
        token = self._peek()
        got = repr(token.text[:40]) if token.text else "the end"
        self._fail_at(token.position, f"{message}; got {got}")

    def _fail_at(self, position: int, message: str) -> NoReturn:
        raise FormatError(message, line=self.text.count("\n", 0, position) + 1)
