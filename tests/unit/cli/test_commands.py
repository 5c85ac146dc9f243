"""The command line on real input: results, JSON, and errors of one paragraph with exit code 2."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym import scenarios
from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.formats.bif import write_bif
from causal_interface_gym.causal.formats.model_json import (
    graph_to_json,
    model_from_json,
    write_model,
)
from causal_interface_gym.cli.app import app
from causal_interface_gym.runs.records import Failure
from causal_interface_gym.runs.store import Played
from causal_interface_gym.storage.folder import create_run, open_run

SMALL = ("--scenarios", "kidney-stones-v1,smoking-tar-v1,homework-v1", "--seeds", "0-1")


def cig(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def read(*arguments: str | Path, exit_code: int = 0) -> Any:  # noqa: ANN401 - JSON
    result = cig(*arguments, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def refused(*arguments: str | Path) -> str:
    result = cig(*arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert result.stdout == ""
    return result.stderr


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "small"
    result = cig("run", *SMALL, "--out", folder)
    assert result.exit_code == 0, result.output
    assert "reference:oracle" in result.stdout
    assert result.stdout.splitlines()[-1] == f"report: {folder / 'report.html'}"
    return folder


def test_a_run_leaves_its_reports_in_its_folder(played: Path) -> None:
    names = {path.name for path in played.iterdir()}
    assert names == {"run.db", "report.json", "report.md", "report.html"}
    scores = {a["agent"]: a["causal_score"] for a in read("report", played)["agents"]}
    assert scores["reference:oracle"]["value"] == pytest.approx(1, abs=1e-12)
    assert scores["reference:associational"]["value"] == pytest.approx(0, abs=1e-12)


def test_the_same_run_gives_the_same_bytes(played: Path, tmp_path: Path) -> None:
    result = cig("run", *SMALL, "--out", tmp_path / "again", "--json")
    assert result.stdout == cig("report", played, "--json").stdout
    assert result.stdout == (played / "report.json").read_text("utf-8")


def test_a_stopped_run_is_resumed(played: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with open_run(played) as whole, create_run(copy, whole.spec) as part:
        for record in islice(whole.records(), 5):
            part.append([Played(record, whole.world(record.address))])
    result = cig("run", "--resume", copy, "--seeds", "0-1", "--json")
    assert result.stdout == (played / "report.json").read_text("utf-8")
    assert "another configuration" in refused("run", "--resume", copy, "--seeds", "0-2")


def test_a_run_is_replaced_only_on_demand(tmp_path: Path) -> None:
    one = ("--agent", "reference:uniform", "--scenarios", "homework-v1", "--seeds", "0")
    assert cig("run", *one, "--out", tmp_path).exit_code == 0
    assert "--overwrite" in refused("run", *one, "--out", tmp_path)
    assert cig("run", *one, "--interface", "blind", "--out", tmp_path, "--overwrite").exit_code == 0
    assert read("report", tmp_path)["run"]["interface"] == "blind"


def test_a_report_is_written_in_every_form(played: Path, tmp_path: Path) -> None:
    assert "| reference:oracle° | 1.00 |" in cig("report", played, "--markdown").stdout
    page = tmp_path / "page.html"
    assert f"report: {page}" in cig("report", played, "--html", page).stdout
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert "By family" in cig("report", played).stdout


def test_an_episode_shows_belief_truth_and_lures(played: Path) -> None:
    key = ("--agent", "reference:associational", "--scenario", "smoking-tar-v1", "--seed", "0")
    text = cig("episode", played, *key).stdout
    assert "belief 0.8525   truth 0.4525   loss 0.160000" in text
    assert "see for do 0.8525" in text
    data = read("episode", played, *key)
    assert {mark["family"] for mark in data["marks"]} == {"association", "front-door", "adjustment"}
    assert "not part of this run" in refused("episode", played, *key[:4], "--seed", "9")


def test_an_episode_without_answers_says_so(played: Path, tmp_path: Path) -> None:
    with open_run(played) as whole, create_run(tmp_path, whole.spec) as part:
        first = next(whole.records())
        silent = replace(first, log=(), failures=(Failure("RunError", "no reply"),))
        part.append([Played(silent, whole.world(first.address))])
    key = ("--agent", first.trial.agent, "--scenario", first.trial.scenario, "--seed", "0")
    text = cig("episode", tmp_path, *key).stdout
    assert "no answer" in text
    assert "failed: RunError: no reply" in text
    assert all("missing" in mark for mark in read("episode", tmp_path, *key)["marks"])
    assert cig("run", "--resume", tmp_path).exit_code == 1


def test_scenarios_are_listed_and_shown() -> None:
    assert [s["id"] for s in read("scenario", "list")] == list(scenarios.ids())
    assert "Two ways to remove a kidney stone" in cig("scenario", "list").stdout
    for name in scenarios.ids():
        text = cig("scenario", "show", name).stdout
        assert scenarios.get(name).citations[0].text in text
        data = read("scenario", "show", name)
        assert data["citations"]
        assert len(data["questions"]) == len(scenarios.get(name).world().items)
    assert "did you mean" in refused("scenario", "show", "kidney-stone")


@pytest.mark.parametrize(
    ("query", "value", "rung"),
    [
        ("P(recovery=yes | treatment=A)", 0.78, "seeing"),
        ("recovery=yes | do(treatment=A)", 0.832546, "doing"),
        ("recovery[treatment=B]=yes | treatment=A, recovery=no", 0.121148, "imagining"),
    ],
)
def test_a_query_gets_its_exact_answer_and_a_second_opinion(
    query: str, value: float, rung: str
) -> None:
    data = read("query", "kidney-stones-v1", query)
    assert data["rung"] == rung
    assert data["confirmed"] is True
    text = cig("query", "kidney-stones-v1", query).stdout
    assert f"{rung}; by variable elimination; confirmed by enumeration" in text
    if rung != "imagining":
        assert data["value"] == pytest.approx(value, abs=1e-6)


def test_an_open_outcome_gets_its_distribution() -> None:
    data = read("query", "asia-v1", "P(dysp | do(bronc=yes))")
    assert data["distribution"]["yes"] == pytest.approx(0.806482, abs=1e-5)
    assert "yes: 0.80648" in cig("query", "asia-v1", "P(dysp | do(bronc=yes))").stdout


def test_a_sampled_answer_says_that_it_is_one() -> None:
    asked = ("query", "asia-v1", "P(dysp=yes | do(bronc=yes))")
    data = read(*asked, "--samples", "20000", "--seed", "2")
    exact = read(*asked)["value"]
    assert (data["method"], data["exact"], data["rows"], data["seed"]) == (
        "sampling",
        False,
        20_000,
        2,
    )
    assert abs(data["value"] - exact) < 5 * data["standard_error"]
    text = cig(*asked, "--samples", "20000").stdout
    assert "is about" in text
    assert "doing; sampled, not exact: standard error 0.00" in text


def test_a_counterfactual_without_a_coupling_is_refused() -> None:
    query = "admitted[gender=female]=yes | gender=male, department=A, admitted=no"
    assert "coupling" in refused("query", "berkeley-admissions-v1", query)


def test_a_model_too_large_to_enumerate_is_still_answered(tmp_path: Path) -> None:
    names = [f"x{i}" for i in range(16)]
    model = SCM.from_tables(
        states=dict.fromkeys(names, ("0", "1")), tables={name: [0.75, 0.25] for name in names}
    )
    write_model(model, tmp_path / "wide.json")
    data = read("query", tmp_path / "wide.json", "x3=1")
    assert data["value"] == 0.25
    assert data["confirmed"] is False
    assert data["check"] == "too large to confirm by enumeration"


def test_models_and_graphs_are_read_from_files(tmp_path: Path) -> None:
    model = scenarios.get("asia-v1").model
    bif, own, graph = tmp_path / "asia.bif", tmp_path / "asia.json", tmp_path / "graph.json"
    write_bif(model, bif)
    write_model(model, own)
    graph.write_text(graph_to_json(model.graph), "utf-8")
    text = tmp_path / "graph.txt"
    text.write_text("dag { smoke -> bronc -> dysp; smoke -> lung -> dysp }", "utf-8")
    for path in (bif, own):
        value = read("query", path, "dysp=yes | do(bronc=yes)")["value"]
        assert value == pytest.approx(model.p("dysp=yes | do(bronc=yes)"), abs=1e-12)
    for path in (bif, own, graph, text):
        assert read("adjust", path, "bronc", "dysp")["adjustment_sets"]
    assert "a graph without numbers" in refused("query", graph, "dysp=yes")


def test_an_identified_effect_comes_with_its_derivation() -> None:
    data = read("identify", "smoking-tar-v1", "P(cancer | do(smoking))")
    assert data["identified"] is True
    assert data["references"]
    text = cig("identify", "smoking-tar-v1", "P(cancer | do(smoking))").stdout
    assert data["estimand"] in text
    assert "1. " in text
    latex = cig("identify", "smoking-tar-v1", "P(cancer | do(smoking))", "--latex").stdout
    assert latex.strip() == data["latex"]


def test_an_effect_that_is_not_identified_is_a_finding_with_two_models() -> None:
    bow = ("dag { X -> Y; X <-> Y }", "P(Y | do(X))")
    data = read("identify", *bow, exit_code=1)
    assert data["witness"]["first"] != data["witness"]["second"]
    assert "Two models agree" in cig("identify", *bow).stdout


def test_adjustment_lists_sets_front_doors_instruments_and_reasons() -> None:
    data = read("adjust", "m-bias-v1", "schooling", "diabetes")
    assert data["adjustment_sets"] == [["age"]]
    assert "mother is a collider" in cig("adjust", "m-bias-v1", "schooling", "diabetes").stdout
    data = read("adjust", "smoking-tar-v1", "smoking", "cancer", exit_code=1)
    assert data["frontdoor_sets"] == [["tar"]]
    data = read("adjust", "cholestyramine-v1", "taken", "response", exit_code=1)
    assert data["instruments"] == [{"variable": "assigned", "given": []}]
    text = cig("adjust", "dag { Z -> I; I -> X; Z -> Y; X -> Y; X <-> Y }", "X", "Y").stdout
    assert "instruments: I given {Z}" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("query", "kidney-stones-v1", "P(recovery=yes | do(treatment=A)"), "^"),
        (("query", "kidney-stones-v1", "recovery=yes | do(treatment=C)"), "unknown state"),
        (("query", "kidney-stones-v1", "recover=yes"), "did you mean 'recovery'"),
        (("query", "kidney-stone", "x=1"), "did you mean"),
        (("query", "no/such.bif", "x=1"), "cannot read"),
        (("identify", "dag { X -> Y; Y -> X }", "P(Y | do(X))"), "cycle: "),
        (("identify", "dag { X -> }", "P(Y | do(X))"), "line 1"),
        (("adjust", "asia-v1", "smok", "dysp"), "did you mean 'smoke'"),
        (("run", "--agent", "reference:orakel"), "did you mean 'reference:oracle'"),
        (("run", "--seeds", "9-1"), "runs upwards"),
        (("run", "--scenarios", "clasic"), "did you mean 'classic'"),
        (("run", "--resume", "no/such/run"), "there is no run"),
        (("report", "no/such/run"), "there is no run"),
        (("run", "--what"), "No such option"),
        (("nonsense",), "No such command"),
    ],
    ids=" ".join,
)
def test_bad_input_gets_one_paragraph_and_exit_code_two(
    arguments: Sequence[str], message: str
) -> None:
    assert message in refused(*arguments)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{", "utf-8")
    assert "Error: " in refused("query", path, "x=1")
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in refused("adjust", tmp_path / "bytes.txt", "x", "y")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert "file" in refused("run", *SMALL, "--out", tmp_path / "file" / "run")


def test_the_installed_command_fails_without_a_traceback() -> None:
    command = [sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()"]
    result = subprocess.run(
        [*command, "query", "asia-v1", "dysp=perhaps"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: unknown state")
    assert "Traceback" not in result.stderr


def test_bounds_are_a_finding_that_comes_with_two_models() -> None:
    answer = read("bounds", "cholestyramine-v1", "ATE(taken, response=yes)", exit_code=1)
    assert (answer["lower"], answer["upper"]) == pytest.approx((0.392, 0.780), abs=1e-9)
    assert answer["sharp"]
    assert answer["lowest"]["value"] == pytest.approx(0.392, abs=1e-9)
    highest = model_from_json(answer["highest"]["model"])
    assert highest.p("response=yes | do(taken=yes)") > 0.8
    shown = cig("bounds", "cholestyramine-v1", "P(response=yes | do(taken=yes))")
    assert "sharp, given the observed probabilities and the graph" in shown.stdout
    assert "by linear programme over response functions" in shown.stdout


def test_bounds_that_are_one_number_say_so() -> None:
    shown = cig("bounds", "smoking-tar-v1", "P(cancer=yes | do(smoking=yes))")
    assert shown.exit_code == 0
    assert "identified by the observed probabilities and the graph" in shown.stdout


def test_experiments_and_tables_narrow_bounds(tmp_path: Path) -> None:
    asked = ("bounds", "cholestyramine-v1", "ATE(taken, response=yes)")
    held = read(*asked, "--experiment", "taken")
    assert held["identified"]
    assert cig(*asked, "--known", "tables").exit_code == 0
    assert "add nothing" in refused(*asked, "--known", "tables", "--experiment", "taken")


def test_an_outer_interval_says_why(tmp_path: Path) -> None:
    two = ("0", "1")
    model = SCM.from_tables(
        states=dict.fromkeys("UVXZY", two),
        parents={"X": ("U",), "Z": ("U", "V"), "Y": ("X", "V")},
        tables={
            "U": [0.5, 0.5],
            "V": [0.5, 0.5],
            "X": [[0.8, 0.2], [0.3, 0.7]],
            "Z": [[[0.9, 0.1], [0.4, 0.6]], [[0.3, 0.7], [0.2, 0.8]]],
            "Y": [[[0.7, 0.3], [0.2, 0.8]], [[0.6, 0.4], [0.1, 0.9]]],
        },
        latent={"U", "V"},
    )
    write_model(model, tmp_path / "model.json")
    shown = cig("bounds", tmp_path / "model.json", "P(Y=1 | do(X=1))")
    assert shown.exit_code == 1
    assert "not all of X, Z, Y share one hidden cause" in shown.stdout
