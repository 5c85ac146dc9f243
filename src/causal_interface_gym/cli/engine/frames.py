"""Read data from a file: CSV by the standard library, Parquet by pyarrow where it is installed."""

import csv
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from causal_interface_gym.errors import DataError

__all__ = ["load_frame"]

_SEPARATORS: Final = {".csv": ",", ".tsv": "\t"}
_PARQUET: Final = frozenset({".parquet", ".pq"})


def load_frame(path: Path, names: Collection[str]) -> Any:  # noqa: ANN401 - a mapping or a table
    """Read the named columns of a .csv, .tsv or .parquet file.

    Raises:
        DataError: The file is of another kind, lacks a column, or is damaged.
    """
    ending = path.suffix.lower()
    if ending in _SEPARATORS:
        return _read_csv(path, names, _SEPARATORS[ending])
    if ending in _PARQUET:
        return _read_parquet(path, names)
    raise DataError(f"{path} has no known ending; data are .csv, .tsv or .parquet files")


def _read_csv(path: Path, names: Collection[str], separator: str) -> Mapping[str, list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=separator, strict=True)
            header = next(rows, [])
            _refuse_header(path, header, names)
            places = {name: header.index(name) for name in names}
            columns: dict[str, list[str]] = {name: [] for name in names}
            known: dict[str, str] = {}
            for row in rows:
                if len(row) != len(header):
                    if not row:
                        continue
                    message = (
                        f"line {rows.line_num} of {path} has {len(row)} fields, its header "
                        f"{len(header)}"
                    )
                    raise DataError(message)
                for name, place in places.items():
                    # A million rows have few different values: each is kept once.
                    columns[name].append(known.setdefault(row[place], row[place]))
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text") from None
    except csv.Error as error:
        raise DataError(f"{path} is not CSV: {error}") from None
    return columns


def _refuse_header(path: Path, header: list[str], names: Collection[str]) -> None:
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise DataError(f"the header of {path} has the column {twice!r} twice")
    for name in names:
        if name not in header:
            known = ", ".join(map(repr, header[:20]))
            raise DataError(f"{path} has no column {name!r}; columns: {known or 'none'}")


def _read_parquet(path: Path, names: Collection[str]) -> Any:  # noqa: ANN401 - no types
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        message = (
            "reading Parquet needs pyarrow; install causal-interface-gym[parquet] or write the "
            "data as CSV"
        )
        raise DataError(message) from None
    with path.open("rb") as file:
        try:
            _refuse_header(path, parquet.read_schema(file).names, names)
            return parquet.read_table(file, columns=list(names))
        except ValueError as error:  # pyarrow's own errors are of this kind
            first = str(error).split("\n", maxsplit=1)[0]
            raise DataError(f"{path} is not Parquet: {first}") from None
