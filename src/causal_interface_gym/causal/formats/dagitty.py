"""Graphs in the text notation of DAGitty, and in the adjacency lists that it wrote before.

``dag { X [exposure]; U [latent]; X -> {A B}; A <-> B }``: statements are separated by ``;`` or
blanks, names that are not words stand in double quotes, ``//``, ``/* */`` and ``#`` begin comments.
The older form has a line per variable (``X E @0.1,0.2``), an empty line, then a line per cause with
its effects. Undirected and circle-marked edges are refused: such a graph is no ADMG.

Source: [textor2016].
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote

from causal_interface_gym.causal.formats.limits import CHARACTERS, NAME, WORDS, check_text
from causal_interface_gym.errors import FormatError

if TYPE_CHECKING:
    from causal_interface_gym.causal.graph import ADMG

__all__ = ["DagittyText", "parse_dagitty", "write_dagitty"]

MAX_CHARACTERS = CHARACTERS
MAX_EDGES = 1_000_000
MAX_DEPTH = 32

_TOKEN = re.compile(
    r"""(?P<blank>(?:\s|;|,|//[^\n]*|\#[^\n]*|/\*(?s:.*?)\*/)+)
    |   (?P<word>[\w.]+)
    |   (?P<edge><->|->|<-(?!@)|--|<-@|@->|@-@|@--|--@)
    |   (?P<quote>"(?:[^"\\]|\\(?s:.))*+")
    |   (?P<attributes>\[(?:[^\]"]|"(?:[^"\\]|\\(?s:.))*+")*+\])
    |   (?P<mark>[{}=])""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r'([^\s,;="]+)(?:\s*=\s*(?:"(?:[^"\\]|\\(?s:.))*+"|[^\s,;"]+))?|"|=')
_WORD = re.compile(r"[\w.]+")
_OLD_FLAG = re.compile(r"[EOAUS]|[0-9.]+")
_ROLES = {
    "exposure": "exposure", "e": "exposure", "source": "exposure",
    "outcome": "outcome", "o": "outcome", "target": "outcome",
    "adjusted": "adjusted", "a": "adjusted", "adjustednode": "adjusted",
    "latent": "latent", "unobserved": "latent", "l": "latent", "u": "latent",
    "selected": "selected", "s": "selected", "selectionnode": "selected",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DagittyText:
    """What a text says: edges as (cause, effect) or unordered pairs, and the roles of nodes.

    Names appear in the order of the text, each once. Nothing is checked for cycles here.
    """

    nodes: tuple[str, ...] = ()
    directed: tuple[tuple[str, str], ...] = ()
    bidirected: tuple[tuple[str, str], ...] = ()
    latent: tuple[str, ...] = ()
    exposure: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()


def parse_dagitty(text: str) -> DagittyText:
    """Read a graph and the roles of its nodes.

    Text in neither notation, or an edge other than -> and <->, is a ``FormatError`` with its line.

    >>> parse_dagitty("dag { X [exposure]; X -> Y <- Z; X <-> Z }").directed
    (('X', 'Y'), ('Z', 'Y'))
    """
    check_text(text, MAX_CHARACTERS)
    if "{" not in text:
        return _adjacency_lists(text)
    reader = _Reader(text)
    reader.header()
    reader.statements(depth=1)
    if reader.peek().kind != "end":
        reader.fail(reader.peek(), "expected nothing after the closing '}'")
    return reader.found.freeze()


def write_dagitty(
    graph: "ADMG",
    *,
    exposure: Iterable[str] = (),
    outcome: Iterable[str] = (),
    adjusted: Iterable[str] = (),
    latent: Iterable[str] = (),
) -> str:
    """Write a graph so that it reads back equal, nodes in their order of display.

    A role given to a node that the graph does not have is an ``UnknownVariableError``.

    >>> from causal_interface_gym.causal.graph import ADMG
    >>> print(write_dagitty(ADMG([("X", "Y")], [("X", "Y")]), exposure=["X"]))
    dag {
    X [exposure]
    Y
    X -> Y
    X <-> Y
    }
    """
    given = {"exposure": exposure, "outcome": outcome, "adjusted": adjusted, "latent": latent}
    roles = {role: set(graph.names(graph.mask(tuple(names)))) for role, names in given.items()}
    lines = ["dag {"]
    for node in graph.nodes:
        marks = ",".join(role for role, names in roles.items() if node in names)
        lines.append(_name(node) + (f" [{marks}]" if marks else ""))
    lines += [f"{_name(a)} -> {_name(b)}" for a, b in graph.directed]
    lines += [f"{_name(a)} <-> {_name(b)}" for a, b in graph.bidirected]
    return "\n".join([*lines, "}"])


def _name(node: str) -> str:
    if _WORD.fullmatch(node):
        return node
    return '"' + node.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(text: str) -> str:
    return re.sub(r"\\(?s:(.))", r"\1", text[1:-1])


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


@dataclass(slots=True)
class _Found:
    """A graph while it is read; dictionaries keep the first place of each name and edge."""

    nodes: dict[str, None] = field(default_factory=dict)
    directed: dict[tuple[str, str], None] = field(default_factory=dict)
    bidirected: dict[tuple[str, str], None] = field(default_factory=dict)
    roles: dict[str, dict[str, None]] = field(
        default_factory=lambda: {role: {} for role in _ROLES.values()}
    )

    def add(self, left: str, mark: str, right: str) -> None:
        """Add one edge."""
        if mark == "<->":
            if (right, left) not in self.bidirected:
                self.bidirected[left, right] = None
        else:
            self.directed[(left, right) if mark == "->" else (right, left)] = None

    def freeze(self) -> DagittyText:
        """Give the value."""
        return DagittyText(
            tuple(self.nodes),
            tuple(self.directed),
            tuple(self.bidirected),
            **{role: tuple(names) for role, names in self.roles.items()},
        )


class _Reader:
    """Reads statements from left to right into ``found``."""

    def __init__(self, text: str) -> None:
        """Cut the text into tokens."""
        self.text = text
        self.found = _Found()
        self._tokens = list(self._cut())
        self._next = 0
        self._n_links = 0

    def peek(self, ahead: int = 0) -> _Token:
        """Give a token to come."""
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def take(self) -> _Token:
        """Give the next token and move on."""
        token = self.peek()
        self._next += 1
        return token

    def fail(self, token: _Token, message: str) -> NoReturn:
        """Say what was wanted, what stands there and in which line.

        Raises:
            FormatError: Always.
        """
        got = f"{token.text[:40]!r}" if token.kind != "end" else "the end of the text"
        message = f"{message}, got {got}"
        raise FormatError(message, line=self.text.count("\n", 0, token.position) + 1)

    def header(self) -> None:
        """Take ``dag {``, with a name between if there is one."""
        kind = self.take()
        if kind.text.lower() not in {"dag", "digraph"}:
            self.fail(kind, "a graph starts with 'dag {' (mag, pdag and pag are other graphs)")
        if self.peek().kind in {"word", "quote"}:
            self.take()
        if self.take().text != "{":
            self.fail(self._tokens[self._next - 1], "expected '{' after 'dag'")

    def statements(self, *, depth: int) -> dict[str, None]:
        """Take statements up to the closing brace and give the nodes they name."""
        if depth > MAX_DEPTH:
            self.fail(self.peek(), f"braces are nested more than {MAX_DEPTH} deep")
        named: dict[str, None] = {}
        while self.peek().text != "}":
            if self.peek(1).text == "=":
                self._graph_attribute()
            else:
                named.update(self._chain(depth))
        self.take()
        return named

    def _graph_attribute(self) -> None:
        """Take ``bb="0,0,1,1"`` and the like, which are about the picture."""
        self.take()
        self.take()
        if self.peek().kind not in {"word", "quote", "attributes"}:
            self.fail(self.peek(), "expected a value after '='")
        self.take()

    def _chain(self, depth: int) -> dict[str, None]:
        """Take ``A -> {B C} <-> D [attributes]`` and give the nodes it names."""
        left = self._operand(depth)
        named = dict(left)
        is_edge = False
        while self.peek().kind == "edge":
            mark = self.take()
            if mark.text not in {"->", "<-", "<->"}:
                self.fail(mark, "an ADMG has the edges ->, <- and <-> only")
            right = self._operand(depth)
            self._link(mark, left, right)
            named.update(right)
            left, is_edge = right, True
        if self.peek().kind == "attributes":
            self._attributes({} if is_edge else left)
        return named

    def _operand(self, depth: int) -> dict[str, None]:
        token = self.take()
        if token.text == "{":
            return self.statements(depth=depth + 1)
        if token.kind not in {"word", "quote"}:
            self.fail(token, "expected the name of a node")
        name = _unquoted(token.text) if token.kind == "quote" else token.text
        if not name:
            self.fail(token, "the name of a node cannot be empty")
        if len(name) > NAME:
            self.fail(token, f"the name of a node has at most {NAME:,} characters")
        self.found.nodes[name] = None
        return {name: None}

    def _link(self, mark: _Token, left: dict[str, None], right: dict[str, None]) -> None:
        self._n_links += len(left) * len(right)
        if self._n_links > MAX_EDGES:
            self.fail(mark, f"a graph may have {MAX_EDGES} edges")
        for a in left:
            for b in right:
                self.found.add(a, mark.text, b)

    def _attributes(self, nodes: dict[str, None]) -> None:
        token = self.take()
        for match in _ATTRIBUTE.finditer(token.text[1:-1]):
            if match[1] is None:
                self.fail(token, "attributes are names or name=value")
            role = _ROLES.get(match[1].lower())
            if role and "=" not in match[0]:
                self.found.roles[role].update(nodes)

    def _cut(self) -> Iterator[_Token]:
        place = n_words = 0
        while place < len(self.text):
            n_words += 1
            match = _TOKEN.match(self.text, place)
            if n_words > WORDS:
                here = _Token("bad", self.text[place : place + 1], place)
                self.fail(here, f"a graph has at most {WORDS:,} words and marks")
            if match is None or match.lastgroup is None:
                here = _Token("bad", self.text[place : place + 1], place)
                self.fail(here, "unexpected character or a quote, bracket or comment left open")
            if match.lastgroup != "blank":
                yield _Token(match.lastgroup, match[0], place)
            place = match.end()
        yield _Token("end", "", len(self.text))


def _adjacency_lists(text: str) -> DagittyText:
    """Read the older form; names are percent-encoded, what begins with ``@`` is a place.

    Raises:
        FormatError: The text is empty.
    """
    found = _Found()
    in_edges = False
    for number, line in enumerate(text.strip().splitlines(), start=1):
        words = [unquote(word) for word in line.split() if not word.startswith("@")]
        if not words:
            in_edges = True
        elif in_edges:
            _old_edges(found, words, number)
        else:
            _old_node(found, words, number)
    if not found.nodes:
        message = "an empty text is no graph; write 'dag { X -> Y }'"
        raise FormatError(message)
    return found.freeze()


def _old_node(found: _Found, words: list[str], line: int) -> None:
    name, flags = words[0], words[1:]
    if len(flags) > 1 or not all(_OLD_FLAG.fullmatch(flag) for flag in flags):
        message = f"expected 'dag {{' or a line such as 'X 1 @0.1,0.2'; got {' '.join(words)!r:.60}"
        raise FormatError(message, line=line)
    if name in found.nodes:
        message = f"node {name!r} is declared twice"
        raise FormatError(message, line=line)
    found.nodes[name] = None
    for flag in flags:
        if role := _ROLES.get(flag.lower()):
            found.roles[role][name] = None


def _old_edges(found: _Found, words: list[str], line: int) -> None:
    for name in words:
        if name not in found.nodes:
            message = f"node {name!r} is not declared above the empty line"
            raise FormatError(message, line=line)
    for effect in words[1:]:
        found.add(words[0], "->", effect)
