"""``cig scenario``: begin a scenario of one's own, check it, and run it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym import scenarios
from causal_interface_gym.cli.app import app
from causal_interface_gym.scenarios.catalogue import FIELDS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mine(folder: Path) -> Path:
    assert cig("new", "winter-tyres-v1").exit_code == 0
    return folder / "winter_tyres.py"


def cig(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["scenario", *map(str, arguments)])


def checked(*arguments: str | Path, exit_code: int = 0) -> Any:  # noqa: ANN401 - JSON
    result = cig("check", *arguments, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def refused(*arguments: str | Path) -> str:
    result = cig(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_file_keeps_the_contract_as_it_is(mine: Path) -> None:
    result = cig("check", mine)
    assert result.exit_code == 0, result.output
    assert "keeps the contract: 0 errors, 0 warnings" in result.stdout
    assert checked(mine) == {"file": str(mine), "findings": [], "is_valid": True}


def test_a_new_file_never_replaces_one(mine: Path) -> None:
    mine.write_text("precious", encoding="utf-8")
    assert "is there already" in refused("new", "winter-tyres-v1")
    assert mine.read_text("utf-8") == "precious"


def test_a_new_file_needs_an_id_of_its_own(folder: Path) -> None:
    assert "words-with-hyphens" in refused("new", "Winter Tyres")
    assert "curated" in refused("new", "asia-v1")
    assert list(folder.iterdir()) == []


def test_errors_are_listed_and_give_exit_code_1(mine: Path) -> None:
    change(mine, '"no": "not given"', '"no": ""')
    change(mine, "salas1999", "salas")
    found = checked(mine, exit_code=1)
    assert not found["is_valid"]
    assert {f["rule"] for f in found["findings"]} == {"words", "citation"}
    result = cig("check", mine)
    assert "error (words) drug=no: say what the state means" in result.stdout
    assert "does not keep the contract: 2 errors" in result.stdout


def test_what_the_package_refuses_to_build_is_a_finding(mine: Path) -> None:
    change(mine, 'outcome="recovery"', 'outcome="drug"')
    (finding,) = checked(mine, exit_code=1)["findings"]
    assert finding["rule"] == "construction"
    assert "treatment and outcome must differ" in finding["message"]


def test_warnings_count_only_when_strict(mine: Path) -> None:
    change(mine, "[[0.90, 0.10], [0.10, 0.90]],  # rows", "[[0.55, 0.45], [0.45, 0.55]],  # rows")
    found = checked(mine)
    assert {f["level"] for f in found["findings"]} == {"warning"}
    assert not checked(mine, "--strict", exit_code=1)["is_valid"]


def test_citations_are_looked_up_in_ones_own_bibliography(mine: Path, folder: Path) -> None:
    bib = folder / "mine.bib"
    bib.write_text("@article{salas1999,\n  year = {1999}\n}\n", encoding="utf-8")
    assert checked(mine, "--bib", bib)["is_valid"]
    bib.write_text("@article{ salas2000,\n}\n", encoding="utf-8")
    (finding,) = checked(mine, "--bib", bib, exit_code=1)["findings"]
    assert finding["rule"] == "citation"
    assert "cannot read the bibliography" in refused("check", mine, "--bib", folder / "none.bib")


@pytest.mark.parametrize(
    "text", ["x = 1", "x = (", "raise ValueError('no')", "import nothing_there"]
)
def test_a_file_that_cannot_be_used_gives_exit_code_2(folder: Path, text: str) -> None:
    file = folder / "broken.py"
    file.write_text(text, encoding="utf-8")
    assert "broken.py" in refused("check", file)
    assert "no scenario file" in refused("check", folder / "none.py")
    assert "no scenario file" in refused("check", "asia-v1")


def test_scenarios_are_listed_by_field_or_set() -> None:
    result = cig("list", "--set", "incidents", "--json")
    assert [(s["id"], s["field"]) for s in json.loads(result.stdout)] == [
        (name, "incidents") for name in FIELDS["incidents"]
    ]
    assert "economics" in cig("list").stdout
    assert "did you mean" in refused("list", "--set", "incident")


def test_a_file_can_be_listed_beside_the_curated_ones(mine: Path) -> None:
    (entry,) = json.loads(cig("list", "--set", mine, "--json").stdout)
    assert entry["field"] == "your own"
    assert entry["id"] not in scenarios.ids()
