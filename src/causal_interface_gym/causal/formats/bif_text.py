"""The grammar of BIF: text to blocks, each with its lines; what the numbers mean is checked later.

The scanner moves forward only, so time and memory are linear in the text. Rows without quotes, the
common case, are cut by one regular expression.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from causal_interface_gym.causal.mechanism import Coupling
from causal_interface_gym.errors import FormatError

__all__ = ["Bif", "Probability", "parse_blocks", "plain"]

_BLANK = r"(?:\s|//[^\n]*|/\*(?s:.*?)\*/)*+"
_WORD = r"""(?!//|/\*)[^\s,;{}()|\[\]"']+|"(?:[^"\\]|\\(?s:.))*+\""""
_SKIP = re.compile(_BLANK)
_PLAIN = re.compile(r"""(?!//|/\*)[^\s,;{}()|\[\]"']+""")
_NEXT_WORD = re.compile(rf"{_BLANK}(?:,{_BLANK})?({_WORD})")
_PROPERTY = re.compile(r'property\b((?:[^;"]|"(?:[^"\\]|\\(?s:.))*+")*+);')
_NUMBERS = re.compile(rf"{_BLANK}([0-9eE+\-.,\s]*+)(;)?")
_PLAIN_ROW = re.compile(r'\(((?:[^()"\'/]|/(?![/*]))*+)\)\s*([0-9eE+\-.,\s]*+);')
_COUPLINGS: dict[str, Coupling] = {
    "coupling comonotone": "comonotone",
    "coupling independent": "independent",
}


@dataclass(slots=True)
class Probability:
    """A probability block: one ``table``, or rows by the parents' labels with a ``default``."""

    parents: tuple[str, ...]
    line: int
    table: tuple[float, ...] | None = None
    default: tuple[float, ...] | None = None
    rows: dict[tuple[str, ...], tuple[float, ...]] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    coupling: Coupling | None = None


@dataclass(slots=True)
class Bif:
    """All blocks of a text by name of their variable, in its order."""

    states: dict[str, tuple[str, ...]] = field(default_factory=dict)
    latent: set[str] = field(default_factory=set)
    probabilities: dict[str, Probability] = field(default_factory=dict)


def parse_blocks(text: str) -> Bif:
    """Cut a text into its blocks; text outside the grammar is a ``FormatError`` with its line."""
    scanner = _Scanner(text)
    blocks = Bif()
    while not scanner.at_end():
        match scanner.word("network, variable or probability"):
            case "network":
                _network(scanner)
            case "variable":
                _variable(scanner, blocks)
            case "probability":
                _probability(scanner, blocks)
            case other:
                scanner.fail(f"expected network, variable or probability, got {other!r:.60}")
    return blocks


def plain(text: str) -> bool:
    """Say whether a name or label can stand without quotes."""
    return bool(_PLAIN.fullmatch(text))


class _Scanner:
    """A place in the text that moves forward."""

    def __init__(self, text: str) -> None:
        """Start at the beginning."""
        self.text = text
        self.place = 0
        self._counted = 0
        self._line = 1

    @property
    def line(self) -> int:
        """The line of the place, counted from 1."""
        self._line += self.text.count("\n", self._counted, self.place)
        self._counted = self.place
        return self._line

    def fail(self, message: str) -> NoReturn:
        """Refuse the text at this place.

        Raises:
            FormatError: Always.
        """
        raise FormatError(message, line=self.line)

    def skip(self) -> None:
        """Move over blanks and comments."""
        match = _SKIP.match(self.text, self.place)
        self.place = match.end() if match else self.place

    def at_end(self) -> bool:
        """Say whether only blanks are left."""
        self.skip()
        return self.place >= len(self.text)

    def takes(self, mark: str) -> bool:
        """Take a mark if it comes next."""
        self.skip()
        if not self.text.startswith(mark, self.place):
            return False
        self.place += len(mark)
        return True

    def need(self, mark: str) -> None:
        """Take a mark or refuse."""
        if not self.takes(mark):
            self.fail(f"expected {mark!r}, got {self._got()}")

    def word(self, what: str) -> str:
        """Take a word, quoted or not, with the comma before it if there is one."""
        match = _NEXT_WORD.match(self.text, self.place)
        if match is None:
            self.skip()
            self.fail(f"expected {what}, got {self._got()}")
        self.place = match.end()
        word = match[1]
        if not word.startswith('"'):
            return word
        if word == '""':
            self.fail("a name or label cannot be empty")
        return re.sub(r"\\(?s:(.))", r"\1", word[1:-1])

    def words(self, what: str, end: str) -> tuple[str, ...]:
        """Take words up to a closing mark."""
        found = []
        while not self.takes(end):
            found.append(self.word(f"{what} or {end!r}"))
        return tuple(found)

    def property(self) -> str | None:
        """Take a property line if it comes next and give its text, blanks made single."""
        self.skip()
        match = _PROPERTY.match(self.text, self.place)
        if match is None:
            return None
        self.place = match.end()
        return " ".join(match[1].split())

    def plain_row(self) -> re.Match[str] | None:
        """Take a row without quotes or comments if one comes next."""
        match = _PLAIN_ROW.match(self.text, self.place)
        if match:
            self.place = match.end()
        return match

    def numbers(self) -> tuple[float, ...]:
        """Take numbers up to the semicolon."""
        match = _NUMBERS.match(self.text, self.place)
        if match is None or match[2] is None:
            self.place = match.end() if match else self.place
            self.fail(f"expected numbers and ';', got {self._got()}")
        self.place = match.end()
        return self.floats(match[1])

    def floats(self, text: str) -> tuple[float, ...]:
        """Read numbers that stand between commas or blanks."""
        try:
            found = tuple(map(float, text.replace(",", " ").split()))
        except ValueError as error:
            self.fail(f"this is no number: {error}")
        if found and not min(found) >= 0:
            self.fail(f"{min(found)} is no probability")
        return found

    def _got(self) -> str:
        rest = self.text[self.place : self.place + 20].split("\n")[0]
        return repr(rest) if self.place < len(self.text) else "the end of the text"


def _network(scanner: _Scanner) -> None:
    if not scanner.takes("{"):
        scanner.word("a name of the network or '{'")
        scanner.need("{")
    while scanner.property() is not None:
        pass
    scanner.need("}")


def _variable(scanner: _Scanner, blocks: Bif) -> None:
    name = scanner.word("the name of a variable")
    if name in blocks.states:
        scanner.fail(f"the variable {name!r:.60} is declared twice")
    scanner.need("{")
    while not scanner.takes("}"):
        text = scanner.property()
        if text is None:
            if name in blocks.states:
                scanner.fail(f"the states of {name!r:.60} are given twice")
            blocks.states[name] = _states(scanner, name)
        elif text == "latent":
            blocks.latent.add(name)
    if name not in blocks.states:
        scanner.fail(f"the variable {name!r:.60} has no states")


def _states(scanner: _Scanner, name: str) -> tuple[str, ...]:
    for word in ("type", "discrete"):
        if (got := scanner.word(word)) != word:
            scanner.fail(f"expected {word!r}, got {got!r:.60}: variables are 'type discrete [n]'")
    scanner.need("[")
    count = scanner.word("the number of states")
    scanner.need("]")
    scanner.need("{")
    states = scanner.words("a label", "}")
    scanner.takes(";")
    if count != str(len(states)):
        scanner.fail(
            f"{name!r:.60} announces {count:.20} states and lists {len(states)}; "
            "labels that hold blanks stand in quotes"
        )
    if len(set(states)) < len(states):
        scanner.fail(f"{name!r:.60} lists a state twice")
    return states


def _probability(scanner: _Scanner, blocks: Bif) -> None:
    line = scanner.line
    scanner.need("(")
    name = scanner.word("the name of a variable")
    parents = scanner.words("the name of a parent", ")") if scanner.takes("|") else ()
    if not parents:
        scanner.takes(")") or scanner.fail("parents stand behind '|'")
    if name in blocks.probabilities:
        scanner.fail(f"{name!r:.60} has two probability blocks")
    if len({name, *parents}) <= len(parents):
        scanner.fail(f"{name!r:.60} has a parent twice or itself as a parent")
    block = blocks.probabilities[name] = Probability(parents, line)
    scanner.need("{")
    while not scanner.takes("}"):
        _entry(scanner, block)


def _entry(scanner: _Scanner, block: Probability) -> None:
    """Take one row, ``table``, ``default`` or ``property`` line."""
    match = scanner.plain_row()
    if match:
        _add_row(scanner, block, tuple(match[1].replace(",", " ").split()), match[2])
    elif scanner.takes("("):
        _add_row(scanner, block, scanner.words("a label", ")"), None)
    elif (text := scanner.property()) is not None:
        block.coupling = _COUPLINGS.get(text, block.coupling)
    else:
        _whole(scanner, block)


def _add_row(
    scanner: _Scanner, block: Probability, key: tuple[str, ...], numbers: str | None
) -> None:
    if key in block.rows:
        scanner.fail(f"the row ({', '.join(key):.60}) is given twice")
    row = scanner.numbers() if numbers is None else scanner.floats(numbers)
    block.rows[key] = row
    block.lines[key] = scanner.line


def _whole(scanner: _Scanner, block: Probability) -> None:
    match scanner.word("a row, table, default or '}'"):
        case "table" if block.table is None:
            block.table = scanner.numbers()
        case "default" if block.default is None:
            block.default = scanner.numbers()
        case other:
            scanner.fail(f"expected one table or default, or a row, got {other!r:.60}")
