"""Models in the Bayesian interchange format (BIF 0.3), plain or gzipped.

Names and labels that are not plain words are written in double quotes and numbers with all their
digits, so that reading undoes writing. What BIF has no word for (latent variables, the coupling of
noise) travels in ``property`` lines that other programs skip; functions and noisy-or are written as
their tables. A file that lies is refused with its line: this reader mends nothing but the last
printed digit of a row.

Source: [cozman1998].
"""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.formats.bif_text import Bif, Probability, parse_blocks, plain
from causal_interface_gym.causal.formats.limits import CELLS, MODEL_BYTES, read_bytes
from causal_interface_gym.causal.mechanism import Mechanism, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import FormatError

__all__ = ["model_to_bif", "parse_bif", "read_bif", "write_bif"]

MAX_BYTES = MODEL_BYTES
MAX_CELLS = CELLS
ROW_TOLERANCE = 1e-6
"""How far a printed row may be from 1; it is then divided by its sum."""

_EXACT = 1e-12
_GZIP = b"\x1f\x8b"

Floats = NDArray[np.float64]


def read_bif(path: str | Path, *, row_tolerance: float = ROW_TOLERANCE) -> SCM:
    """Read a model from a file.

    ``row_tolerance`` is how far the sum of a row may be from 1, for tables printed with few digits.

    Raises:
        FormatError: The file is not BIF, contradicts itself or is larger than 64 MiB.
    """
    data = read_bytes(path, MAX_BYTES)
    try:
        if data.startswith(_GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = f"the file is neither UTF-8 text nor gzipped UTF-8 text: {error}"
        raise FormatError(message, file=str(path)) from error
    if len(data) > MAX_BYTES:
        message = f"unpacked, the file holds more than {MAX_BYTES:,} bytes, the most that is read"
        raise FormatError(message, file=str(path))
    try:
        return parse_bif(text, row_tolerance=row_tolerance)
    except FormatError as error:
        raise error.within(str(path)) from None


def parse_bif(text: str, *, row_tolerance: float = ROW_TOLERANCE) -> SCM:
    """Read a model from text; see ``read_bif``.

    >>> model = parse_bif('variable X { type discrete [2] { no, "yes/maybe" }; } '
    ...                   'probability (X) { table 0.25, 0.75; }')
    >>> model.states["X"]
    ('no', 'yes/maybe')
    """
    blocks = parse_blocks(text)
    if not blocks.states:
        _fail("no variable is declared", 0)
    _check_names(blocks)
    mechanisms = {name: _mechanism(blocks, name, row_tolerance) for name in blocks.states}
    return SCM(blocks.states, mechanisms, frozenset(blocks.latent))


def model_to_bif(model: SCM) -> str:
    """Write a model as text; functions and noisy-or become tables."""
    return "".join(_lines(model))


def write_bif(model: SCM, path: str | Path) -> None:
    """Write a model; a path that ends in ``.gz`` is compressed.

    Functions and noisy-or are written as tables, so their counterfactuals are not kept.
    """
    data = model_to_bif(model).encode()
    target = Path(path)
    target.write_bytes(gzip.compress(data, mtime=0) if target.suffix == ".gz" else data)


def _check_names(blocks: Bif) -> None:
    """Refuse tables of nobody, variables without a table, and tables larger than memory."""
    cells = 0
    for name, block in blocks.probabilities.items():
        for named in (name, *block.parents):
            if named not in blocks.states:
                _fail(f"the variable {named!r} is never declared", block.line)
        cells += prod(len(blocks.states[v]) for v in (name, *block.parents))
        if cells > MAX_CELLS:
            _fail(f"the tables have more than {MAX_CELLS} cells", block.line)
    for name in blocks.states:
        if name not in blocks.probabilities:
            _fail(f"the variable {name!r} has no probability block", 0)


def _mechanism(blocks: Bif, name: str, tolerance: float) -> Table:
    block = blocks.probabilities[name]
    labels = [blocks.states[p] for p in block.parents]
    shape = tuple(len(states) for states in labels)
    size = len(blocks.states[name])
    values = _filled(block, name, labels, (*shape, size))
    totals = values.sum(axis=-1)
    for place in np.argwhere(~(abs(totals - 1.0) <= tolerance)):
        at = tuple(place)
        row = _row_name(labels, at)
        excess = float(totals[at]) - 1
        line = block.lines.get(tuple(states[i] for states, i in zip(labels, at, strict=True)), 0)
        _fail(
            f"table of {name!r}: {row} sums to {1 + excess:.10g}, off by {excess:+.3g}",
            line or block.line,
        )
    inexact = abs(totals - 1.0) > _EXACT
    values[inexact] /= totals[inexact][..., None]
    return Table(block.parents, values, block.coupling)


def _filled(
    block: Probability, name: str, labels: list[tuple[str, ...]], shape: tuple[int, ...]
) -> Floats:
    """Put the block's numbers in their cells, and refuse a block that leaves some open."""
    if block.table is not None:
        return _from_table(block, name, block.table, shape)
    values = np.full(shape, np.nan)
    if block.default is not None:
        _check_count(block.default, shape[-1], f"the default of {name!r}", block.line)
        values[...] = block.default
    index = [{label: i for i, label in enumerate(states)} for states in labels]
    for key, row in block.rows.items():
        line = block.lines[key]
        at = _place(block, name, index, key)
        _check_count(row, shape[-1], f"table of {name!r}: {_row_name(labels, at)}", line)
        values[at] = row
    missing = np.argwhere(np.isnan(values[..., 0]))
    if len(missing):
        row_name = _row_name(labels, tuple(missing[0]))
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        _fail(f"table of {name!r}: {row_name} is missing{more}", block.line)
    return values


def _from_table(
    block: Probability, name: str, numbers: tuple[float, ...], shape: tuple[int, ...]
) -> Floats:
    """Shape a ``table`` line: the variable's own state changes slowest, the last parent fastest."""
    if block.rows or block.default is not None:
        _fail(f"table of {name!r} has both a table and rows", block.line)
    _check_count(numbers, prod(shape), f"table of {name!r}", block.line)
    flat = np.array(numbers)
    values = np.moveaxis(flat.reshape(shape[-1], *shape[:-1]), 0, -1).copy()
    other = flat.reshape(shape)
    if not _sums_to_one(values) and _sums_to_one(other):
        _fail(
            f"table of {name!r} sums to one only if its own states change fastest, and BIF wants "
            "them slowest; write one row for each setting of the parents",
            block.line,
        )
    return values


def _sums_to_one(values: Floats) -> bool:
    return bool((abs(values.sum(axis=-1) - 1) <= ROW_TOLERANCE).all())


def _place(
    block: Probability, name: str, index: list[dict[str, int]], key: tuple[str, ...]
) -> tuple[int, ...]:
    line = block.lines[key]
    if len(key) != len(index):
        _fail(f"table of {name!r}: the row {key} needs {len(index)} labels", line)
    at = []
    for parent, states, label in zip(block.parents, index, key, strict=True):
        if label not in states:
            _fail(f"{label!r} is none of the states of {parent!r}: {', '.join(states)}", line)
        at.append(states[label])
    return tuple(at)


def _check_count(numbers: tuple[float, ...], wanted: int, what: str, line: int) -> None:
    if len(numbers) != wanted:
        _fail(f"{what} has {len(numbers)} numbers and needs {wanted}", line)


def _row_name(labels: list[tuple[str, ...]], at: tuple[int, ...]) -> str:
    if not at:
        return "the only row"
    return "row (" + ", ".join(states[i] for states, i in zip(labels, at, strict=True)) + ")"


def _fail(message: str, line: int) -> None:
    raise FormatError(message, line=line)


def _lines(model: SCM) -> Iterator[str]:
    yield "network unknown {\n}\n"
    for name, states in model.states.items():
        labels = ", ".join(_quoted(label) for label in states)
        yield f"variable {_quoted(name)} {{\n  type discrete [ {len(states)} ] {{ {labels} }};\n"
        yield "  property latent;\n}\n" if name in model.latent else "}\n"
    for name in model.states:
        yield from _probability_lines(model.states, name, model.mechanisms[name])


def _probability_lines(
    states: Mapping[str, tuple[str, ...]], name: str, mechanism: Mechanism
) -> Iterator[str]:
    parents = mechanism.parents
    given = f" | {', '.join(map(_quoted, parents))}" if parents else ""
    yield f"probability ( {_quoted(name)}{given} ) {{\n"
    if isinstance(mechanism, Table) and mechanism.coupling is not None:
        yield f"  property coupling {mechanism.coupling};\n"
    rows = mechanism.cpt.reshape(-1, len(states[name])).tolist()
    for key, row in zip(product(*(states[p] for p in parents)), rows, strict=True):
        start = f"({', '.join(map(_quoted, key))})" if parents else "table"
        yield f"  {start} {', '.join(map(repr, row))};\n"
    yield "}\n"


def _quoted(text: str) -> str:
    if plain(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
