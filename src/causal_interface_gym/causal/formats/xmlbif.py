"""Models in XMLBIF 0.3, the interchange format of Bayesian networks in XML.

Names, labels and numbers travel whole. What the format has no word for (latent variables, the
coupling of noise) stands in PROPERTY elements that other programs skip. The reader is bounded: it
refuses entities, which can grow without end, documents and texts that are too long, and elements
nested deeper than the format has any.

Source: [cozman1998].
"""

import re
from math import prod
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

import numpy as np

from causal_interface_gym.causal.formats.limits import CELLS, MODEL_BYTES, NAME, read_bytes
from causal_interface_gym.causal.mechanism import Mechanism, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import FormatError, ModelError

__all__ = ["model_from_xmlbif", "model_to_xmlbif", "read_xmlbif", "write_xmlbif"]

MAX_BYTES = MODEL_BYTES
MAX_DEPTH = 8
MAX_NAME = NAME
MAX_CELLS = CELLS

_TABLE_TOLERANCE = 1e-6
_EXACT = 1e-12
_BLOCKS = {"VARIABLE", "DEFINITION"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_xmlbif(path: str | Path) -> SCM:
    """Read a model from a file.

    Raises:
        FormatError: The file is not XMLBIF, contradicts itself, uses entities or is too large.
    """
    try:
        return model_from_xmlbif(read_bytes(path, MAX_BYTES))
    except FormatError as error:
        raise error.within(str(path)) from None


def write_xmlbif(model: SCM, path: str | Path) -> None:
    """Write a model; functions and noisy-or become tables."""
    Path(path).write_text(model_to_xmlbif(model), "utf-8")


def model_from_xmlbif(text: str | bytes) -> SCM:
    """Read a model from text.

    >>> model = SCM.from_tables(states={"X": ("no", "yes")}, tables={"X": [0.25, 0.75]})
    >>> model_from_xmlbif(model_to_xmlbif(model)).p("X=yes")
    0.75

    Raises:
        FormatError: See ``read_xmlbif``; the line is given.
    """
    reader = _Reader()
    reader.read(text.encode() if isinstance(text, str) else text)
    return reader.model()


def model_to_xmlbif(model: SCM) -> str:
    """Write a model as text."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<BIF VERSION="0.3">', "<NETWORK>",
             "<NAME>network</NAME>"]  # fmt: skip
    for name, states in model.states.items():
        lines += ['<VARIABLE TYPE="nature">', f"  <NAME>{_text(name)}</NAME>"]
        lines += [f"  <OUTCOME>{_text(label)}</OUTCOME>" for label in states]
        lines += ["  <PROPERTY>latent</PROPERTY>"] * (name in model.latent)
        lines.append("</VARIABLE>")
    for name, mechanism in model.mechanisms.items():
        lines += ["<DEFINITION>", f"  <FOR>{_text(name)}</FOR>"]
        lines += [f"  <GIVEN>{_text(parent)}</GIVEN>" for parent in mechanism.parents]
        numbers = " ".join(map(repr, mechanism.cpt.reshape(-1).tolist()))
        lines.append(f"  <TABLE>{numbers}</TABLE>")
        if isinstance(mechanism, Table) and mechanism.coupling is not None:
            lines.append(f"  <PROPERTY>coupling {mechanism.coupling}</PROPERTY>")
        lines.append("</DEFINITION>")
    return "\n".join([*lines, "</NETWORK>", "</BIF>", ""])


def _text(text: str) -> str:
    """Escape, line breaks included.

    Raises:
        FormatError: XML has no way to write a character.
    """
    if _FORBIDDEN.search(text):
        message = f"XML cannot hold the characters of {text!r:.60}"
        raise FormatError(message)
    return escape(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


class _Reader:
    """What the elements say, collected as they end."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._entity
        self.path: list[str] = []
        self.pieces: list[str] = []
        self.block: dict[str, list[str]] = {}
        self.states: dict[str, tuple[str, ...]] = {}
        self.latent: list[str] = []
        self.n_cells = 0
        self.tables: dict[str, tuple[tuple[str, ...], list[float], str | None, int]] = {}

    def read(self, data: bytes) -> None:
        """Parse."""
        if len(data) > MAX_BYTES:
            self._fail(f"the document holds more than {MAX_BYTES} bytes")
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise FormatError(f"this is not XML: {expat.ErrorString(error.code)}",
                              line=error.lineno) from None  # fmt: skip
        except (ValueError, LookupError) as error:  # an encoding that nobody knows
            raise FormatError(f"this is not XML: {error}") from None

    def model(self) -> SCM:
        """Put the parts together."""
        if not self.states:
            self._fail("no VARIABLE is declared")
        mechanisms: dict[str, Mechanism] = {}
        for name in self.states:
            if name not in self.tables:
                self._fail(f"the variable {name!r:.60} has no DEFINITION")
            mechanisms[name] = self._table(name)
        return SCM(self.states, mechanisms, self.latent)

    def _table(self, name: str) -> Table:
        parents, numbers, coupling, line = self.tables[name]
        for parent in parents:
            if parent not in self.states:
                raise FormatError(f"the variable {parent!r:.60} is never declared", line=line)
        shape = tuple(len(self.states[v]) for v in (*parents, name))
        if len(numbers) != prod(shape):
            message = (
                f"the table of {name!r:.60} has {len(numbers)} numbers and needs {prod(shape)}"
            )
            raise FormatError(message, line=line)
        values = np.array(numbers).reshape(shape)
        totals = values.sum(axis=-1, keepdims=True)
        if not (np.abs(totals - 1) <= _TABLE_TOLERANCE).all() or not (values >= 0).all():
            raise FormatError(f"a row of the table of {name!r:.60} is no distribution", line=line)
        exact = np.where(np.abs(totals - 1) <= _EXACT, values, values / totals)
        try:
            return Table(parents, exact, coupling)  # type: ignore[arg-type]  # checked there
        except ModelError as error:
            raise FormatError(str(error), line=line) from None

    def _start(self, tag: str, _: object) -> None:
        self.path.append(tag)
        if len(self.path) > MAX_DEPTH:
            self._fail(f"elements are nested more than {MAX_DEPTH} deep")
        if tag in _BLOCKS:
            self.block = {}
        self.pieces = []

    def _characters(self, text: str) -> None:
        self.pieces.append(text)

    def _entity(self, name: str, *_: object) -> None:
        self._fail(f"entities are refused, and {name!r:.60} is declared")

    def _end(self, tag: str) -> None:
        self.path.pop()
        if tag == "VARIABLE":
            self._variable()
        elif tag == "DEFINITION":
            self._definition()
        else:
            text = "".join(self.pieces)
            if tag != "TABLE" and len(text) > MAX_NAME:
                self._fail(f"the text of {tag} is longer than {MAX_NAME} characters")
            self.block.setdefault(tag, []).append(text)
        self.pieces = []

    def _variable(self) -> None:
        name = self._one("NAME")
        if name in self.states:
            self._fail(f"the variable {name!r:.60} is declared twice")
        self.states[name] = tuple(self.block.get("OUTCOME", ()))
        if "latent" in (p.strip() for p in self.block.get("PROPERTY", ())):
            self.latent.append(name)

    def _definition(self) -> None:
        name = self._one("FOR")
        if name not in self.states:
            self._fail(f"the variable {name!r:.60} is never declared")
        if name in self.tables:
            self._fail(f"the variable {name!r:.60} has two definitions")
        words = self._one("TABLE").split(None, MAX_CELLS - self.n_cells)
        self.n_cells += len(words)
        if self.n_cells > MAX_CELLS:
            self._fail(f"the tables have more than {MAX_CELLS:,} numbers")
        try:
            numbers = [float(word) for word in words]
        except ValueError as error:
            self._fail(f"the table of {name!r:.60} holds what is no number: {error}")
        coupling = [p.split()[1] for p in self.block.get("PROPERTY", ())
                    if p.split()[:1] == ["coupling"] and len(p.split()) > 1]  # fmt: skip
        parents = tuple(self.block.get("GIVEN", ()))
        line = self.parser.CurrentLineNumber
        self.tables[name] = (parents, numbers, coupling[0] if coupling else None, line)

    def _one(self, tag: str) -> str:
        found = self.block.get(tag, [])
        if len(found) != 1:
            self._fail(f"{tag} stands once in each block, not {len(found)} times")
        return found[0]

    def _fail(self, message: str) -> NoReturn:
        raise FormatError(message, line=self.parser.CurrentLineNumber)
