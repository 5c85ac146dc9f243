"""A scenario file is loaded when it is named, and its faults are told by file and line."""

import sys
from pathlib import Path

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.errors import FormatError, ScenarioError
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.contract import check_scenario
from causal_interface_gym.scenarios.source import load_scenario
from causal_interface_gym.scenarios.template import file_name, scenario_template


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_template_is_a_scenario_that_keeps_the_contract(tmp_path: Path) -> None:
    found = load_scenario(written(tmp_path, scenario_template("winter-tyres-v2")))
    assert found.id == "winter-tyres-v2"
    assert found.title == "Winter tyres"
    assert check_scenario(found) == ()
    assert file_name(found.id) == "winter_tyres.py"


def test_loading_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    keeps = sys.dont_write_bytecode
    load_scenario(written(tmp_path, scenario_template("winter-tyres-v1")))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]
    assert sys.dont_write_bytecode == keeps


def test_a_changed_file_is_loaded_anew(tmp_path: Path) -> None:
    text = scenario_template("winter-tyres-v1")
    load_scenario(written(tmp_path, text))
    changed = load_scenario(written(tmp_path, text.replace("[0.5, 0.5]", "[0.25, 0.75]")))
    assert changed.model.p("severity=grave") == pytest.approx(0.75)


@pytest.mark.parametrize("name", ["Tyres", "winter-tyres", "asia-v1", ""])
def test_a_new_scenario_needs_an_id_of_its_own(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"an id is|choose another"):
        scenario_template(name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\ny = x / 0\n", r"ZeroDivisionError: division by zero \(line 2\)"),
        ("x = (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("x = 1", "it defines nothing of that name"),
        ("SCENARIO = 'asia-v1'", "it defines a str"),
    ],
)
def test_a_file_that_holds_no_scenario_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        load_scenario(written(tmp_path, text))


def test_a_path_that_is_no_scenario_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.py", written(tmp_path, "{}", "mine.json"), tmp_path):
        with pytest.raises(FormatError, match="no scenario file"):
            load_scenario(path)


def test_a_scenario_that_the_package_refuses_says_why(tmp_path: Path) -> None:
    text = scenario_template("winter-tyres-v1").replace('outcome="recovery"', 'outcome="drug"')
    with pytest.raises(ScenarioError, match="treatment and outcome must differ"):
        load_scenario(written(tmp_path, text))


def test_a_file_is_selected_by_its_path_and_then_known_by_its_id(tmp_path: Path) -> None:
    file = written(tmp_path, scenario_template("planted-for-this-test-v1"))
    with pytest.raises(ScenarioError, match="named by its file first"):
        scenarios.get("planted-for-this-test-v1")
    assert scenarios.select(f"{file},asia-v1") == ("planted-for-this-test-v1", "asia-v1")
    assert registry.world_of("planted-for-this-test-v1").scenario == "planted-for-this-test-v1"
    assert "planted-for-this-test-v1" not in scenarios.ids()


def test_a_curated_id_cannot_be_taken(tmp_path: Path) -> None:
    text = scenario_template("winter-tyres-v1").replace("winter-tyres-v1", "asia-v1")
    with pytest.raises(ScenarioError, match="curated scenario; give yours another"):
        scenarios.select(str(written(tmp_path, text)))
