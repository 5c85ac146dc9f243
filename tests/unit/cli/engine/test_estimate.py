"""``cig estimate`` on files."""

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.causal.estimation import Counts
from causal_interface_gym.cli.app import app

GRAPH = "dag { Size -> Treatment; Size -> Recovered; Treatment -> Recovered }"
QUERY = "P(Recovered=yes | do(Treatment=open))"
# Charig and others (1986).
STONES = """Size,Treatment,Recovered,n
small,open,yes,81
small,open,no,6
small,pcnl,yes,234
small,pcnl,no,36

large,open,yes,192
large,open,no,71
large,pcnl,yes,55
large,pcnl,no,25
"""
TRUTH = 357 / 700 * 81 / 87 + 343 / 700 * 192 / 263


def cig(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def read(*arguments: str | Path) -> Any:  # noqa: ANN401 - JSON
    result = cig(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: str | Path) -> str:
    result = cig(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.fixture
def stones(tmp_path: Path) -> Path:
    path = tmp_path / "stones.csv"
    path.write_text(STONES)
    return path


def test_kidney_stones_from_csv_and_parquet_charig_1986(stones: Path) -> None:
    from_csv = read("estimate", GRAPH, QUERY, stones, "--count", "n")
    assert from_csv["value"] == pytest.approx(TRUTH)
    assert from_csv["formula"].startswith("sum_{Size}")
    assert from_csv["interval"][0] < TRUTH < from_csv["interval"][1]
    rows = [line.split(",") for line in STONES.split("\n")[1:] if line]
    columns = {
        name: [row[i] for row in rows for _ in range(int(row[3]))]
        for i, name in enumerate(("Size", "Treatment", "Recovered"))
    }
    path = stones.with_suffix(".parquet")
    pq.write_table(pa.table(columns | {"unused": [1.5] * 700}), path)
    assert read("estimate", GRAPH, QUERY, path) == from_csv
    assert Counts.from_frame(pa.table(columns)).n_units == 700
    tabs = stones.with_suffix(".tsv")
    tabs.write_text(STONES.replace(",", "\t"))
    assert read("estimate", GRAPH, QUERY, tabs, "--count", "n") == from_csv


def test_a_difference_is_said_with_its_interval(stones: Path) -> None:
    result = cig(
        "estimate", GRAPH, QUERY, stones, "--count", "n", "--against", "Treatment=pcnl",
        "--confidence", "0.9", "--resamples", "200", "--seed", "3",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "= 0.0536712 (90% interval" in result.stdout
    assert "by the formula sum_{Size} P(Recovered=yes | Treatment=open, Size) P(Size)" in (
        result.stdout
    )


def test_what_is_not_identified_exits_with_one(stones: Path) -> None:
    result = cig("estimate", "dag { X -> Y; X <-> Y }", "P(Y=1 | do(X=1))", stones)
    assert result.exit_code == 1
    assert "cig bounds gives the interval" in result.stdout


def test_an_experiment_comes_from_its_own_file(tmp_path: Path) -> None:
    """P(Y | do(X)) from an experiment on Z where X and Z, Z and Y are confounded (gID)."""
    graph = "dag { Z -> X; X -> Y; X <-> Z; Z <-> Y }"
    trial = tmp_path / "trial.csv"
    trial.write_text("Z,X,Y\n0,1,1\n0,1,0\n0,0,0\n1,1,1\n1,1,1\n1,0,0\n")
    seen = tmp_path / "seen.csv"
    seen.write_text("Z,X,Y\n0,1,1\n1,0,0\n")
    data = read(
        "estimate", graph, "P(Y=1 | do(X=1))", seen, "--trial", f"Z={trial}", "--resamples", "0"
    )
    assert data["value"] in {0.5, 1.0}  # the formula holds for either state of Z
    assert data["formula"] == "P(Y=1 | do(Z), X=1)"
    assert (data["interval"], data["n_units"]) == (None, 8)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Size,Treatment\nsmall,open\n", "no column 'Recovered'; columns: 'Size', 'Treatment'"),
        ("", "columns: none"),
        ("Size,Size\na,b\n", "column 'Size' twice"),
        ("Size,Treatment,Recovered\nsmall,open\n", "line 2"),
        ('Size,Treatment,Recovered\n"small,open,yes\n', "is not CSV: unexpected end of data"),
        ("Size,Treatment,Recovered\nsmall,,yes\n", "column 'Treatment' is empty in 1 rows"),
        ("Size,Treatment,Recovered\n" + "x" * 200_000 + ",a,b\n", "field larger than"),
        ("Size,Treatment,Recovered\nsmall,pcnl,yes\n", "unknown state of 'Treatment': 'open'"),
    ],
)
def test_damaged_data_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text)
    assert message in refused("estimate", GRAPH, QUERY, path)


def test_an_empty_stratum_is_named(stones: Path) -> None:
    rows = [line for line in STONES.split("\n") if not line.startswith("large,open")]
    stones.write_text("\n".join(rows))
    said = refused("estimate", GRAPH, QUERY, stones, "--count", "n")
    assert "stratum Treatment=open, Size=large, which has probability 0 in these data" in said


def test_files_of_other_kinds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = ("estimate", GRAPH, QUERY)
    assert "no known ending" in refused(*ask, tmp_path / "data.xlsx")
    assert "No such file" in refused(*ask, tmp_path / "data.csv")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"Size\xff\xfe,Treatment\n")
    assert "is not UTF-8 text" in refused(*ask, binary)
    assert "is not Parquet" in refused(*ask, binary.rename(tmp_path / "binary.parquet"))
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "causal-interface-gym[parquet]" in refused(*ask, tmp_path / "binary.parquet")


def test_options_that_are_no_pairs_are_refused(stones: Path) -> None:
    ask = ("estimate", GRAPH, QUERY, stones)
    assert "write --against X=0" in refused(*ask, "--against", "Treatment")
    assert "write --trial Z=trial.csv" in refused(*ask, "--trial", "=x")
