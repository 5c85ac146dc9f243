"""Runs resume where they stopped: nothing is lost, nothing is played twice, no agent ends a run."""

import asyncio
import json
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, cast

import pytest

from causal_interface_gym.agents.agent import Agent
from causal_interface_gym.agents.registry import REFERENCE_AGENTS, make_agent
from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.action import Action, Submit
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event, check_log
from causal_interface_gym.runs.grading import find_record, grade
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.runner import Limits, check_same, run
from causal_interface_gym.runs.spec import Numbering, RunSpec, parse_seeds
from causal_interface_gym.runs.store import MemoryStore, Played, Store
from causal_interface_gym.runs.trial import MakeAgent, run_trial
from causal_interface_gym.scenarios.registry import select
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.storage.folder import create_run, open_run
from tests.strategies.played import played

SPEC = RunSpec(
    ("reference:oracle", "reference:random"),
    ("kidney-stones-v1", "smoking-tar-v1"),
    tuple(range(20)),
)
TRIAL = Trial("reference:random", "smoking-tar-v1", "graph", 3)


class StoppedError(Exception):
    """The process was killed."""


class FullStore(MemoryStore):
    """A store that keeps some trials and then has no room."""

    def append(self, played: Sequence[Played]) -> None:
        """Refuse once something is there."""
        if self.finished().any():
            message = "there is no space left"
            raise RunError(message)
        super().append(played)


def report(store: Store) -> str:
    return report_json(grade(store))


def finished(spec: RunSpec = SPEC) -> MemoryStore:
    store = MemoryStore(spec)
    run(store)
    return store


@pytest.fixture(scope="module")
def expected() -> str:
    return report(finished())


def test_progress_counts_finished_trials_up_to_all() -> None:
    seen: list[int] = []
    limits = Limits(concurrency=3, batch=10)
    assert run(MemoryStore(SPEC), limits=limits, on_progress=seen.append).n_played == 80
    assert seen[0] == 0
    assert seen[-1] == 80
    assert seen == sorted(seen)
    assert len(seen) >= 8


def test_a_finished_run_plays_nothing_again(tmp_path: Path) -> None:
    with create_run(tmp_path, SPEC) as store:
        assert run(store).n_played == 80
        before = list(store.records())
    with open_run(tmp_path) as store:
        assert run(store).n_played == 0
        assert list(store.records()) == before


@pytest.mark.parametrize("limits", [Limits(concurrency=1), Limits(concurrency=500, batch=1)])
def test_the_report_depends_on_no_limit_and_no_store(
    tmp_path: Path, expected: str, limits: Limits
) -> None:
    with create_run(tmp_path, SPEC) as store:
        run(store, limits=limits)
        assert report(store) == expected


def test_a_stop_between_batches_keeps_what_has_ended(tmp_path: Path, expected: str) -> None:
    def stop(n_finished: int) -> None:
        if n_finished:
            raise StoppedError

    with create_run(tmp_path, SPEC) as store, pytest.raises(StoppedError):
        run(store, limits=Limits(concurrency=8, batch=16), on_progress=stop)
    with open_run(tmp_path) as store:
        n_kept = int(store.finished().sum())
        assert 16 <= n_kept < 80
        assert run(store).n_played == 80 - n_kept
        assert report(store) == expected


def test_an_interrupt_stores_what_has_ended_before_it_stops() -> None:
    store = MemoryStore(SPEC)
    n_made = 0

    def interrupting(agent: str, *, world: World, seed: int) -> Agent:
        nonlocal n_made
        n_made += 1
        if n_made == 30:
            signal.raise_signal(signal.SIGINT)
        return make_agent(agent, world=world, seed=seed)

    with pytest.raises(KeyboardInterrupt):
        run(store, make=interrupting)
    assert int(store.finished().sum()) == 30
    assert run(store).n_played == 50


def test_an_interrupt_while_agents_wait_gives_them_up() -> None:
    store = MemoryStore(SPEC)
    waiting = Waiting(3600)

    async def interrupt() -> None:
        await asyncio.sleep(0.1)
        signal.raise_signal(signal.SIGINT)

    class Interrupting(Waiting):
        async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
            await interrupt()
            return await super().act(brief, log)

    with pytest.raises(KeyboardInterrupt):
        run(store, make=always(Interrupting(waiting.seconds)), limits=Limits(concurrency=4))
    assert not store.finished().any()


def test_a_store_that_refuses_ends_the_run_with_its_reason_and_keeps_the_rest() -> None:
    store = FullStore(SPEC)
    with pytest.raises(RunError, match="no space left"):
        run(store, limits=Limits(concurrency=4, batch=8))
    assert 8 <= store.finished().sum() < 80


def test_a_store_that_refuses_beside_waiting_agents_ends_the_run_too() -> None:
    class Refusing(MemoryStore):
        def append(self, played: Sequence[Played]) -> None:
            message = f"no room for {len(played)}"
            raise RunError(message)

    def some(agent: str, *, world: World, seed: int) -> Agent:
        waits = seed > 0
        return Waiting(3600) if waits else make_agent(agent, world=world, seed=seed)

    with pytest.raises(RunError, match="no room for"):
        run(Refusing(SPEC), make=some, limits=Limits(concurrency=80, pause_s=0.05))


def test_a_batch_is_stored_after_a_pause_even_if_it_is_not_full() -> None:
    store = MemoryStore(SPEC)
    seen: list[int] = []

    class WaitingForTheFirstBatch(Waiting):
        async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
            submitted = await super().act(brief, log)
            return submitted if len(seen) > 1 else await self.act(brief, log)

    def slowly(agent: str, *, world: World, seed: int) -> Agent:
        del agent, world
        return Waiting(0.01) if seed < 10 else WaitingForTheFirstBatch(0.01)

    run(store, make=slowly, limits=Limits(concurrency=80, pause_s=0.05), on_progress=seen.append)
    assert seen[0] == 0
    assert 0 < seen[1] <= 40
    assert seen[-1] == 80


def test_episodes_in_flight_are_bounded() -> None:
    running = 0
    most = 0

    class Counting(Waiting):
        async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1
            return Submit()

    run(MemoryStore(SPEC), make=always(Counting(0)), limits=Limits(concurrency=7))
    assert most == 7


@pytest.mark.parametrize(
    "change", [{"concurrency": 0}, {"timeout_s": 0.0}, {"batch": -1}, {"pause_s": float("nan")}]
)
def test_limits_are_above_zero(change: dict[str, float]) -> None:
    with pytest.raises(RunError, match="above zero"):
        # The values are of each field's own type.
        replace(Limits(), **cast("dict[str, int]", change))


def test_another_configuration_is_refused_with_the_difference() -> None:
    check_same(SPEC, replace(SPEC))
    with pytest.raises(RunError, match=r"seeds \[0, .* there, \[5\] now") as refused:
        check_same(SPEC, replace(SPEC, seeds=(5,)))
    assert "agents" not in str(refused.value)
    with pytest.raises(RunError, match=r"characters\) now"):
        check_same(SPEC, replace(SPEC, seeds=tuple(range(99_999))))


def test_an_episode_is_found_by_its_key() -> None:
    store = finished()
    assert find_record(store, TRIAL).trial == TRIAL
    with pytest.raises(RunError, match="not part of this run"):
        find_record(store, replace(TRIAL, seed=99))
    with pytest.raises(RunError, match="not finished"):
        find_record(MemoryStore(SPEC), TRIAL)


def test_a_trial_is_numbered_by_its_place() -> None:
    numbering = Numbering(SPEC)
    assert [numbering.number(trial) for trial in SPEC.trials()] == list(range(SPEC.n_trials))


def test_generated_worlds_are_played_by_their_id() -> None:
    worlds = ("generated/confounder/level-1/0", "generated/confounder/level-1/1")
    store = finished(RunSpec(("reference:uniform",), worlds, (0, 1)))
    found = [store.world(record.address).load() for record in store.records()]
    assert [(world.scenario, world.seed) for world in found] == [
        (w, s) for w in worlds for s in (0, 1)
    ]


def test_a_failure_is_kept_as_data() -> None:
    store = MemoryStore(SPEC)
    failed = played(TRIAL, failures=(Failure("RunError", "out of luck"),))
    store.append([replace(failed, record=replace(failed.record, log=()))])
    (grades,) = [a for a in grade(store).agents if a.agent == TRIAL.agent]
    assert (grades.n_failed, grades.n_episodes) == (1, 1)
    assert grades.scores.coverage == 0
    assert not grade(store).is_complete


class Waiting:
    """An agent that waits before it submits."""

    id = "test:waiting"

    def __init__(self, seconds: float) -> None:
        """Take it."""
        self.seconds = seconds

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Act."""
        await asyncio.sleep(self.seconds)
        return Submit()


class Saying:
    """An agent that says one thing and submits, whether or not it is an action."""

    id = "test:saying"

    def __init__(self, said: object) -> None:
        """Take it."""
        self.said = said

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Act."""
        return Submit() if log else cast("Action", self.said)


class Raising:
    """An agent that raises."""

    id = "test:raising"

    def __init__(self, error: Exception) -> None:
        """Take it."""
        self.error = error

    async def act(self, brief: Brief, log: Sequence[Event]) -> NoReturn:
        """Act."""
        raise self.error


def always(agent: Agent) -> MakeAgent:
    def make(name: str, *, world: World, seed: int) -> Agent:
        del name, world, seed
        return agent

    return make


def record_of(agent: Agent, *, timeout_s: float = 10) -> Record:
    return asyncio.run(run_trial(TRIAL, make=always(agent), timeout_s=timeout_s)).record


def test_an_agent_that_cannot_be_made_leaves_a_record() -> None:
    def unreachable(agent: str, *, world: World, seed: int) -> Agent:
        message = f"{agent} cannot be reached for {world.scenario} {seed}"
        raise RunError(message)

    record = asyncio.run(run_trial(TRIAL, make=unreachable)).record
    message = "reference:random cannot be reached for smoking-tar-v1 3"
    assert [failure.message for failure in record.failures] == [message]


@pytest.mark.parametrize("error", [RunError("no"), ZeroDivisionError("no"), TimeoutError("no")])
def test_an_agent_that_raises_leaves_a_record(error: Exception) -> None:
    record = record_of(Raising(error))
    (failure,) = record.failures
    assert failure.kind == "agent_error"
    assert type(error).__name__ in failure.message
    check_log(record.log)


def test_an_agent_that_hangs_is_given_up_and_the_record_says_so() -> None:
    record = record_of(Waiting(3600), timeout_s=0.02)
    assert record.failures == (Failure("timeout", "no end after 0.02 seconds"),)
    check_log(record.log)


GARBAGE: tuple[object, ...] = (
    *(None, 7, "submit", [], object(), {}, {"kind": "fly"}, {"kind": "believe"}),
    *({"kind": "believe", "beliefs": [{"query": {1, 2}, "p": 0.5}]}, {1: object()}),
)


@pytest.mark.parametrize("said", GARBAGE, ids=lambda said: str(said)[:20].partition(" at")[0])
def test_an_agent_that_answers_garbage_leaves_a_record_that_can_be_stored(
    said: object, tmp_path: Path
) -> None:
    spec = RunSpec((TRIAL.agent,), (TRIAL.scenario,), (TRIAL.seed, 4))
    with create_run(tmp_path, spec) as store:
        assert run(store, make=always(Saying(said))).n_played == 2
        assert len(list(store.records())) == 2
        assert json.loads(report(store))["trials"] == {"finished": 2, "planned": 2}


def test_what_an_error_says_is_kept_as_text_that_every_database_takes(tmp_path: Path) -> None:
    def unmakeable(agent: str, *, world: World, seed: int) -> Agent:
        raise ValueError("nul \0, half a pair \ud800, " + agent * 10**5)

    spec = RunSpec((TRIAL.agent,), (TRIAL.scenario,), (TRIAL.seed,))
    with create_run(tmp_path, spec) as store:
        run(store, make=unmakeable)
        (failure,) = next(iter(store.records())).failures
    assert "nul \\0, half a pair \\ud800, reference" in failure.message
    assert len(failure.message) < 3000


@pytest.fixture(scope="module")
def classics() -> Store:
    return finished(RunSpec(REFERENCE_AGENTS, select("classic"), parse_seeds("0-2")))


def headline(store: Store) -> dict[str, dict[str, float]]:
    return {a["agent"]: a["causal_score"] for a in json.loads(report(store))["agents"]}


@pytest.mark.timeout(90)
def test_on_the_classics_the_oracle_scores_one_and_the_seer_zero(classics: Store) -> None:
    scores = headline(classics)
    for agent, expected in (("reference:oracle", 1.0), ("reference:associational", 0.0)):
        for name in ("value", "low", "high"):
            assert scores[agent][name] == pytest.approx(expected, abs=1e-12)


@pytest.mark.timeout(90)
def test_every_other_reference_agent_scores_below_the_oracle_with_an_interval(
    classics: Store,
) -> None:
    scores = headline(classics)
    assert set(scores) == set(REFERENCE_AGENTS)
    for agent in set(scores) - {"reference:oracle"}:
        assert scores[agent]["value"] < 1
        assert scores[agent]["low"] <= scores[agent]["value"] <= scores[agent]["high"]


@pytest.mark.timeout(90)
def test_seeds_are_not_worlds(classics: Store) -> None:
    few = finished(RunSpec(("reference:adjust-everything",), classics.spec.scenarios, (0,)))
    again = headline(few)["reference:adjust-everything"]
    many = headline(classics)["reference:adjust-everything"]
    assert many["worlds"] == again["worlds"] == 12
    for name in ("value", "low", "high"):
        assert many[name] == pytest.approx(again[name], abs=1e-9)
