"""Runs over HTTP: reports, leaderboards and transcripts, of folders and of a database."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.run_store import SqlStore
from tests.unit.cli.test_commands import cig, read
from tests.unit.service.served import Service, served

AGENTS = ("reference:oracle", "reference:associational")
SCENARIO = "kidney-stones-v1"
PLACE = f"agent=reference:oracle&scenario={SCENARIO}&seed=1"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder that holds the folder of one run."""
    folder = tmp_path / "runs"
    named = [part for agent in AGENTS for part in ("--agent", agent)]
    played = cig(
        "run", *named, "--scenarios", SCENARIO, "--seeds", "0-1", "--out", str(folder / "first")
    )
    assert played.exit_code == 0, played.output
    return folder


def test_a_run_of_a_folder_is_what_the_command_line_made(service: Service, runs: Path) -> None:
    assert [entry["name"] for entry in service.get("/api/v1/runs").json["items"]] == ["first"]
    shown = service.get("/api/v1/runs/first").json
    assert shown["trials"] == {"finished": 4, "planned": 4}
    written = json.loads((runs / "first" / "report.json").read_text("utf-8"))
    report = service.get("/api/v1/runs/first/report")
    assert report.json == written
    again = service.get("/api/v1/runs/first/report", If_None_Match=report.headers["etag"])
    assert again.status == 304
    board = service.get("/api/v1/runs/first/leaderboard").json
    assert [entry["agent"] for entry in board["items"]] == list(AGENTS)
    assert board["items"][0]["causal_score"] == written["agents"][0]["causal_score"]
    transcript = service.get(f"/api/v1/runs/first/transcript?{PLACE}")
    assert transcript.status == 200, transcript.body
    place = ("--agent", AGENTS[0], "--scenario", SCENARIO, "--seed", "1")
    assert transcript.json == read("episode", str(runs / "first"), *place)
    page = service.get("/report")
    assert page.body.decode() == (runs / "first" / "report.html").read_text("utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_run_of_the_database_is_graded_when_it_is_asked_for(
    engine: Engine, tmp_path: Path
) -> None:
    store = SqlStore.create(engine, RunSpec(AGENTS, (SCENARIO,), (0, 1), "graph"), "shared")
    run(store)
    with served(engine, tmp_path / "runs") as service:
        assert service.get("/api/v1/runs/shared").json["trials"]["finished"] == 4
        report = service.get("/api/v1/runs/shared/report").json
        assert [agent["agent"] for agent in report["agents"]] == list(AGENTS)
        assert service.get(f"/api/v1/runs/shared/transcript?{PLACE}").status == 200


def test_what_tells_truths_is_kept_from_whoever_plays(service: Service, runs: Path) -> None:
    assert runs.is_dir()
    made = service.post("/api/v1/episodes", {"scenario": SCENARIO}).json
    paths = ("/report", "/api/v1/runs/first/report", f"/api/v1/runs/first/transcript?{PLACE}")
    assert [service.get(path).status for path in paths] == [409, 409, 409]
    service.post(f"/api/v1/episodes/{made['id']}/end")
    assert [service.get(path).status for path in paths] == [200, 200, 200]


def test_a_run_or_episode_that_is_not_there_is_404(service: Service, runs: Path) -> None:
    (runs.parent / "run.db").write_text("not a run", "utf-8")
    for name in ("none", "..", "%2e%2e", "..%2ffirst", "first%00"):
        assert service.get(f"/api/v1/runs/{name}").status == 404, name
    unknown = service.get(f"/api/v1/runs/first/transcript?agent=a&scenario={SCENARIO}")
    assert (unknown.status, "is not part of this run" in unknown.json["detail"]) == (404, True)


def test_the_first_page_says_how_to_make_a_run(service: Service) -> None:
    page = service.get("/report")
    assert (page.status, b"cig run" in page.body) == (200, True)


def test_a_run_that_is_damaged_hides_no_other_and_no_path_is_told(
    service: Service, runs: Path
) -> None:
    (runs / "damaged").mkdir()
    (runs / "damaged" / "run.db").write_bytes(b"something else entirely" * 99)
    listed = service.get("/api/v1/runs").json["items"]
    assert listed[0] == {"name": "damaged", "unreadable": True}
    assert listed[1]["name"] == "first"
    shown = service.get("/api/v1/runs/damaged")
    assert (shown.status, str(runs).encode() in shown.body) == (503, False)
    assert "not a database" in service.log.getvalue()
