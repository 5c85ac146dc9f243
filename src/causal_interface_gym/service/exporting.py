"""Whole runs as streams: one line, or one row, at a time, so that memory stays flat.

What is given is graded as it goes out: a row for each question of each finished episode, or the
transcripts themselves.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from importlib.util import find_spec
from itertools import chain, islice
from typing import Any, Final

from starlette.exceptions import HTTPException

from causal_interface_gym.runs.records import Record
from causal_interface_gym.runs.report.numbers import mark_json
from causal_interface_gym.runs.store import Store
from causal_interface_gym.scoring.marking import Answered, Mark, Missing, mark_episode
from causal_interface_gym.service.playing import loaded

__all__ = ["COLUMNS", "MEDIA_TYPES", "STREAMS", "begun", "transcript_json", "transcripts"]

# Any: JSON.
Json = dict[str, Any]

COLUMNS: Final = {
    "agent": "string",
    "scenario": "string",
    "interface": "string",
    "seed": "int64",
    "question": "string",
    "family": "string",
    "name": "string",
    "truth": "double",
    "reference": "double",
    "belief": "double",
    "unanswerable": "bool",
    "lures": "string",
    "failure": "string",
}
"""The columns of a table of beliefs, with their types; ``lures`` is JSON."""
_PIECE: Final = 1 << 16
"""Bytes that go out at once."""
_ROWS: Final = 5_000
"""Rows that are in memory at once."""


def begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Give a stream in pieces of some size; what is wrong at its beginning is raised at once."""
    pieces = _pieces(parts)
    first = next(pieces, b"")
    return chain((first,), pieces)


def transcripts(store: Store) -> Iterator[bytes]:
    """Give each finished episode as a line of JSON, in the order of the run."""
    for record in store.records():
        yield _line(transcript_json(store, record))


def transcript_json(store: Store, record: Record) -> Json:
    """Write the log of an episode, with truth, reference and lures beside each belief."""
    return {**record.to_json(), "marks": [mark_json(mark) for mark in _marks(store, record)]}


def _jsonl(store: Store) -> Iterator[bytes]:
    for row in _rows(store):
        yield _line(row)


def _csv(store: Store) -> Iterator[bytes]:
    rows: Iterator[Iterable[object]] = (row.values() for row in _rows(store))
    yield _table([COLUMNS])
    while some := list(islice(rows, _ROWS)):
        yield _table(some)


def _parquet(store: Store) -> Iterator[bytes]:
    """Write row groups as they come.

    Raises:
        HTTPException: Its library is not installed.
    """
    if find_spec("pyarrow") is None:
        message = "this service has no pyarrow (the extra parquet), so take jsonl or csv"
        raise HTTPException(HTTPStatus.NOT_IMPLEMENTED, message)
    import pyarrow as pa  # noqa: PLC0415 - large, and only this form needs it
    from pyarrow import parquet  # noqa: PLC0415 - as above

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in COLUMNS.items()])
    rows, out = _rows(store), _Out()
    with parquet.ParquetWriter(pa.PythonFile(out, "w"), schema) as writer:
        while some := list(islice(rows, _ROWS)):
            writer.write_table(pa.Table.from_pylist(some, schema=schema))
            yield out.taken()
    yield out.taken()


STREAMS: Final[dict[str, Callable[[Store], Iterator[bytes]]]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}
"""How a table of beliefs is written, by form."""
MEDIA_TYPES: Final = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


class _Out(io.RawIOBase):
    """What was written and not yet taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:  # noqa: ANN401 - whatever has bytes
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """Take what there is."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _rows(store: Store) -> Iterator[Json]:
    for record in store.records():
        failure = record.failures[0].kind if record.failures else None
        for mark in _marks(store, record):
            yield _row(record, mark, failure)


def _row(record: Record, mark: Mark, failure: str | None) -> Json:
    """Write a mark in the order of the columns; what is not there is none."""
    written = mark_json(mark)
    belief = mark.answer.p if isinstance(mark.answer, Answered) else None
    said_no = isinstance(mark.answer, Missing) and mark.answer.called_unanswerable
    return {
        "agent": record.trial.agent,
        "scenario": record.trial.scenario,
        "interface": record.trial.interface,
        "seed": record.trial.seed,
        "question": mark.question,
        "family": mark.family,
        "name": mark.name,
        "truth": mark.truth,
        "reference": written.get("reference"),
        "belief": belief,
        "unanswerable": said_no,
        "lures": json.dumps(written["lures"], allow_nan=False),
        "failure": failure,
    }


def _marks(store: Store, record: Record) -> tuple[Mark, ...]:
    return mark_episode(record.log, loaded(store.world(record.address)))


def _pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= _PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _line(body: Json) -> bytes:
    return json.dumps(body, allow_nan=False).encode() + b"\n"


def _table(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
