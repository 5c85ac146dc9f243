"""Runs over HTTP: reports, leaderboards and transcripts, of folders and of a database."""

import csv
import io
import json
from pathlib import Path

import pytest
from pyarrow import parquet
from sqlalchemy import Engine

from causal_interface_gym import scenarios
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.service.exporting import COLUMNS, STREAMS, begun
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.service.accounts import Role, create_key
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


def exported(service: Service, form: str) -> list[dict[str, object]]:
    """Read an export as rows of text, as all forms have them."""
    got = service.get(f"/api/v1/runs/first/export?format={form}")
    assert got.status == 200, got.body
    assert got.headers["content-disposition"] == f"attachment; filename*=UTF-8''first.{form}"
    if form == "parquet":
        rows = parquet.read_table(io.BytesIO(got.body)).to_pylist()
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(got.body.decode())))
    else:
        rows = [json.loads(line) for line in got.body.splitlines()]
    return [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]


def test_a_run_is_exported_as_the_same_rows_in_every_form(service: Service, runs: Path) -> None:
    assert runs.is_dir()
    rows = exported(service, "jsonl")
    assert rows == exported(service, "csv") == exported(service, "parquet")
    assert list(rows[0]) == list(COLUMNS)
    transcript = service.get(f"/api/v1/runs/first/transcript?{PLACE}").json
    mine = [row for row in rows if (row["agent"], row["seed"]) == ("reference:oracle", "1")]
    assert [row["belief"] for row in mine] == [str(m["belief"]) for m in transcript["marks"]]
    assert [row["truth"] for row in mine] == [str(m["truth"]) for m in transcript["marks"]]
    assert {row["agent"] for row in rows} == set(AGENTS)


def test_transcripts_are_streamed_one_a_line(service: Service, runs: Path) -> None:
    assert runs.is_dir()
    got = service.get("/api/v1/runs/first/transcripts")
    lines = [json.loads(line) for line in got.body.splitlines()]
    assert len(lines) == 4
    assert service.get(f"/api/v1/runs/first/transcript?{PLACE}").json in lines


def test_exports_need_a_researcher_and_a_run_and_tell_nothing_to_whoever_plays(
    service: Service, engine: Engine, runs: Path
) -> None:
    paths = [f"/api/v1/runs/first/{part}" for part in ("export", "transcripts")]
    viewer = create_key(engine, "ada", Role.VIEWER, actor="test").key
    for path in paths:
        assert service.get(path, Authorization=f"Bearer {viewer}").status == 403
        assert service.get(path.replace("first", "none")).status == 404
    assert service.get(f"{paths[0]}?format=xml").status == 422
    service.post("/api/v1/episodes", {"scenario": SCENARIO})
    assert [service.get(path).status for path in paths] == [409, 409]
    (runs / "damaged").mkdir()
    (runs / "damaged" / "run.db").write_bytes(b"something else entirely" * 99)
    assert service.get("/api/v1/runs/damaged/export").status == 503


def test_without_the_library_for_parquet_the_other_forms_are_named(
    service: Service, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert runs.is_dir()
    monkeypatch.setattr("causal_interface_gym.service.exporting.find_spec", lambda _: None)
    got = service.get("/api/v1/runs/first/export?format=parquet")
    assert (got.status, "jsonl or csv" in got.json["detail"]) == (501, True)


def test_an_export_is_as_large_as_its_run_and_memory_is_not(tmp_path: Path) -> None:
    spec = RunSpec(("reference:associational",), (SCENARIO,), tuple(range(300)), "graph")
    store = SqlStore.create(database_at(f"sqlite:///{tmp_path / 'run.db'}"), spec)
    run(store)
    pieces = list(begun(STREAMS["jsonl"](store)))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 2**17
    assert sum(piece.count(b"\n") for piece in pieces) == 300 * len(
        scenarios.get(SCENARIO).world().items
    )


def test_head_of_a_stream_is_its_head(service: Service, runs: Path) -> None:
    assert runs.is_dir()
    for part in ("export?format=parquet", "transcripts"):
        head = service.ask("HEAD", f"/api/v1/runs/first/{part}")
        assert (head.status, head.body) == (200, b"")
    assert "failed" not in {line["event"] for line in service.lines()}
