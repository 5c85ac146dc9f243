"""Runs resume where they stopped: nothing is lost, nothing is played twice."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import Agent
from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.grading import find_record, grade, mark_record
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.runner import check_same, run
from causal_interface_gym.runs.spec import RunSpec, parse_seeds
from causal_interface_gym.runs.store import JsonlStore, MemoryStore, Store
from causal_interface_gym.runs.trial import run_trial
from causal_interface_gym.scenarios.world import World

SPEC = RunSpec(
    ("reference:oracle", "reference:random"),
    ("kidney-stones-v1", "smoking-tar-v1"),
    tuple(range(20)),
)


class StoppedError(Exception):
    """The process was killed."""


def report(store: Store) -> str:
    return report_json(grade(store))


def finished(spec: RunSpec = SPEC) -> MemoryStore:
    store = MemoryStore(spec)
    run(store)
    return store


EXPECTED = report(finished())


def test_progress_counts_finished_trials_up_to_all() -> None:
    seen: list[int] = []
    assert run(MemoryStore(SPEC), on_progress=seen.append) == 80
    assert seen == [0, 64, 80]


def test_a_finished_run_plays_nothing_again(tmp_path: Path) -> None:
    store = JsonlStore.create(tmp_path / "run", SPEC)
    assert run(store) == 80
    before = (tmp_path / "run/trials.jsonl").read_bytes()
    assert run(JsonlStore.open(tmp_path / "run")) == 0
    assert (tmp_path / "run/trials.jsonl").read_bytes() == before


def test_memory_and_disk_give_the_same_report(tmp_path: Path) -> None:
    store = JsonlStore.create(tmp_path / "run", SPEC)
    run(store)
    assert report(store) == EXPECTED


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keep=st.floats(0, 1))
def test_a_file_cut_at_any_byte_resumes_to_the_same_report(
    tmp_path_factory: pytest.TempPathFactory, keep: float
) -> None:
    folder = tmp_path_factory.mktemp("cut") / "run"
    run(JsonlStore.create(folder, SPEC))
    trials = folder / "trials.jsonl"
    data = trials.read_bytes()
    trials.write_bytes(data[: int(keep * len(data))])
    whole = trials.read_bytes().count(b"\n")
    store = JsonlStore.open(folder)
    assert len(store.records()) == whole
    assert run(store) == 80 - whole
    assert report(store) == EXPECTED
    assert len({record.trial for record in store.records()}) == 80


def test_a_kill_between_batches_loses_only_the_batch_in_flight(tmp_path: Path) -> None:
    store = JsonlStore.create(tmp_path / "run", SPEC)

    def stop(n_finished: int) -> None:
        if n_finished:
            raise StoppedError

    with pytest.raises(StoppedError):
        run(store, on_progress=stop)
    resumed = JsonlStore.open(tmp_path / "run")
    assert len(resumed.records()) == 64
    run(resumed)
    assert report(resumed) == EXPECTED


def test_a_line_damaged_in_the_middle_is_an_error_that_names_it(tmp_path: Path) -> None:
    store = JsonlStore.create(tmp_path / "run", SPEC)
    run(store)
    trials = tmp_path / "run/trials.jsonl"
    lines = trials.read_text().splitlines()
    for damage in ('{"agent": 3', json.dumps({"agent": "x"})):
        trials.write_text("\n".join([lines[0], damage, *lines[2:]]) + "\n")
        with pytest.raises(RunError, match=r"line 2 of .* is damaged"):
            JsonlStore.open(tmp_path / "run").records()


def test_a_run_is_not_begun_twice_nor_opened_where_there_is_none(tmp_path: Path) -> None:
    JsonlStore.create(tmp_path, SPEC)
    with pytest.raises(RunError, match="holds a run already"):
        JsonlStore.create(tmp_path, SPEC)
    with pytest.raises(RunError, match="there is no run"):
        JsonlStore.open(tmp_path / "nowhere")
    (tmp_path / "spec.json").write_text("{")
    with pytest.raises(RunError, match="is damaged"):
        JsonlStore.open(tmp_path)
    JsonlStore.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_configuration_is_refused_with_the_difference() -> None:
    check_same(SPEC, replace(SPEC))
    with pytest.raises(RunError, match=r"seeds \[0, .* there, \[5\] now"):
        check_same(SPEC, replace(SPEC, seeds=(5,)))


def test_a_world_that_changed_since_cannot_be_graded() -> None:
    store = finished(RunSpec(("reference:oracle",), ("asia-v1",), (0,)))
    record = replace(store.records()[0], world="another")
    with pytest.raises(RunError, match="has changed since"):
        mark_record(record)


def test_an_episode_is_found_by_its_key() -> None:
    store = finished()
    trial = Trial("reference:random", "smoking-tar-v1", "graph", 3)
    assert find_record(store, trial).trial == trial
    with pytest.raises(RunError, match="not part of this run"):
        find_record(store, replace(trial, seed=99))
    with pytest.raises(RunError, match="not finished"):
        find_record(MemoryStore(SPEC), trial)


def test_a_failure_is_kept_as_data() -> None:
    record = finished().records()[0]
    failed = replace(record, log=(), failures=(Failure("RunError", "out of luck"),))
    assert Record.from_json(failed.to_json()) == failed
    store = MemoryStore(SPEC)
    store.append([failed])
    (grades,) = [a for a in grade(store).agents if a.agent == record.trial.agent]
    assert (grades.n_failed, grades.n_episodes) == (1, 1)
    assert grades.scores.coverage == 0
    assert not grade(store).is_complete


def test_an_agent_that_raises_leaves_a_record() -> None:
    def unreachable(agent: str, *, world: World, seed: int) -> Agent:
        message = f"{agent} cannot be reached for {world.scenario} {seed}"
        raise RunError(message)

    trial = Trial("reference:oracle", "asia-v1", "graph", 0)
    record = asyncio.run(run_trial(trial, make=unreachable))
    message = "reference:oracle cannot be reached for asia-v1 0"
    assert record.failures == (Failure("RunError", message),)
    assert record.log == ()


@pytest.fixture(scope="module")
def classics() -> Store:
    return finished(RunSpec(REFERENCE_AGENTS, scenarios.ids(), parse_seeds("0-3")))


def headline(store: Store) -> dict[str, dict[str, float]]:
    return {a["agent"]: a["causal_score"] for a in json.loads(report(store))["agents"]}


def test_on_the_classics_the_oracle_scores_one_and_the_seer_zero(classics: Store) -> None:
    scores = headline(classics)
    for agent, expected in (("reference:oracle", 1.0), ("reference:associational", 0.0)):
        for name in ("value", "low", "high"):
            assert scores[agent][name] == pytest.approx(expected, abs=1e-12)


def test_every_other_reference_agent_scores_below_the_oracle_with_an_interval(
    classics: Store,
) -> None:
    scores = headline(classics)
    assert set(scores) == set(REFERENCE_AGENTS)
    for agent in set(scores) - {"reference:oracle"}:
        assert scores[agent]["value"] < 1
        assert scores[agent]["low"] <= scores[agent]["value"] <= scores[agent]["high"]


def test_seeds_are_not_worlds(classics: Store) -> None:
    few = finished(RunSpec(("reference:adjust-everything",), classics.spec.scenarios, (0,)))
    again = headline(few)["reference:adjust-everything"]
    many = headline(classics)["reference:adjust-everything"]
    assert many["worlds"] == again["worlds"] == 12
    for name in ("value", "low", "high"):
        assert many[name] == pytest.approx(again[name], abs=1e-9)
