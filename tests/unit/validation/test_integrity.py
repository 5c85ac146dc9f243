"""What is whole passes; each kind of planted damage is found."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.registry import make_agent
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.log import Event, event_after
from causal_interface_gym.questions.question import Item, Lure
from causal_interface_gym.runs.archive import StoredWorld, store_world
from causal_interface_gym.runs.records import Failure
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore, Played, ScoreRow
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.causal_score import VERSION, UnscoredFamily
from causal_interface_gym.storage.folder import open_run
from causal_interface_gym.validation.integrity import Finding, Integrity, check_run

# What a statement gives back is what the database holds.
Sql = Callable[..., list[tuple[Any, ...]]]

N_TRIALS = 12


def checked(folder: Path) -> Integrity:
    with open_run(folder) as store:
        return check_run(store)


def kinds(folder: Path) -> set[str]:
    return {finding.check for finding in checked(folder).findings}


def texts(found: Sequence[Finding], check: str) -> str:
    return "\n".join(str(finding) for finding in found if finding.check == check)


def put_world(sql: Sql, change: Callable[[World], World], *, trial: int = 0) -> None:
    """Exchange the world of some episodes for another, under a right address."""
    address, body = sql(
        "SELECT address, body FROM world JOIN episode ON world = address WHERE trial = ?", trial
    )[0]
    digest = sql("SELECT digest FROM world WHERE address = ?", address)[0][0]
    new = store_world(change(StoredWorld(address, digest, body).load()))
    sql(
        "UPDATE world SET address = ?, digest = ?, body = ? WHERE address = ?",
        new.address, new.digest, new.body, address,
    )  # fmt: skip
    sql("UPDATE episode SET world = ? WHERE world = ?", new.address, address)


def with_item(world: World, change: Callable[[Item], Item]) -> World:
    """Change the first key of a world."""
    return replace(world, items=(change(world.items[0]), *world.items[1:]))


def put_log(sql: Sql, trial: int, bodies: Sequence[str]) -> None:
    """Exchange a log, and the digest that the store keeps of it."""
    sql("DELETE FROM event WHERE trial = ?", trial)
    for number, body in enumerate(bodies):
        sql("INSERT INTO event VALUES ('main', ?, ?, ?)", trial, number, body)
    digest = hashlib.sha256("\n".join(bodies).encode()).hexdigest()
    sql("UPDATE episode SET log_digest = ? WHERE trial = ?", digest, trial)


def log_of(sql: Sql, trial: int) -> list[str]:
    return [r[0] for r in sql("SELECT body FROM event WHERE trial = ? ORDER BY number", trial)]


def test_a_whole_run_has_no_findings_and_everything_was_looked_at(folder: Path) -> None:
    found = checked(folder)
    assert found.findings == ()
    assert found.counts.trials == N_TRIALS
    assert found.counts.worlds == 4
    assert min(found.counts.items, found.counts.events, found.counts.scores) > 0
    assert found.counts.unchecked == 0


def test_a_run_in_memory_is_checked_alike() -> None:
    store = MemoryStore(RunSpec(("reference:oracle",), ("m-bias-v1",), (0,)))
    run(store, make=make_agent)
    assert check_run(store).findings == ()


def test_a_truth_flipped_in_the_text_of_a_world_is_found(folder: Path, sql: Sql) -> None:
    sql("UPDATE world SET body = replace(body, '\"truth\":0.', '\"truth\":0.1')")
    assert "its text has another hash" in texts(checked(folder).findings, "world")


def test_a_flipped_truth_under_a_right_address_is_found_by_each_algorithm(
    folder: Path, sql: Sql
) -> None:
    put_world(sql, lambda w: with_item(w, lambda item: replace(item, truth=1 - item.truth)))
    found = texts(checked(folder).findings, "truth")
    for method in ("elimination", "enumeration", "the present engine"):
        assert method in found


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("lure", lambda i: replace(i, lures=(Lure(i.lures[0].fallacy, 0.0), *i.lures[1:]))),
        ("reference", lambda i: replace(i, reference=0.123)),
        ("lures", lambda i: replace(i, lures=())),
    ],
)
def test_a_changed_lure_or_reference_under_a_right_address_is_found(
    folder: Path, sql: Sql, part: str, change: Callable[[Item], Item]
) -> None:
    put_world(sql, lambda w: with_item(w, change), trial=0)
    assert f"the stored {part}" in texts(checked(folder).findings, "truth")


def test_a_question_that_is_not_the_key_s_is_found(folder: Path, sql: Sql) -> None:
    put_world(sql, lambda w: replace(w, items=w.items[::-1]))
    assert "the question shown is another one" in texts(checked(folder).findings, "truth")


def test_a_deleted_world_is_found_and_hides_no_other(folder: Path, sql: Sql) -> None:
    address = sql("SELECT world FROM episode WHERE trial = 3")[0][0]
    sql("DELETE FROM world WHERE address = ?", address)
    found = checked(folder)
    assert found.counts.trials == N_TRIALS
    lost = [f for f in found.findings if f.check in {"trial", "world"}]
    assert {f.place for f in lost} == {"number 3", "number 4", "number 5"} or len(lost) == 1
    assert "cannot be recomputed" in texts(found.findings, "score")


def test_the_last_world_deleted_is_found(folder: Path, sql: Sql) -> None:
    address = sql("SELECT world FROM episode WHERE trial = ?", N_TRIALS - 1)[0][0]
    sql("DELETE FROM world WHERE address = ?", address)
    assert kinds(folder) & {"trial", "world"}


def test_a_world_under_another_digest_is_found(folder: Path, sql: Sql) -> None:
    sql("UPDATE world SET digest = 'wrong'")
    assert "under the digest wrong" in texts(checked(folder).findings, "world")


def test_a_world_of_another_scenario_is_found(folder: Path, sql: Sql) -> None:
    other = sql("SELECT world FROM episode WHERE trial = 11")[0][0]
    sql("UPDATE episode SET world = ? WHERE trial = 0", other)
    found = checked(folder).findings
    assert "stored with the world of sprinkler-v1, seed 1" in texts(found, "world")
    assert "does not begin in the world" in texts(found, "log")


@pytest.mark.parametrize("column", ["action", "observation"])
def test_an_edited_log_is_found_by_the_store_s_digest(folder: Path, sql: Sql, column: str) -> None:
    sql(f"UPDATE event SET body = replace(body, '{column}', 'changed') WHERE trial = 2")  # noqa: S608
    assert "number 2" in texts(checked(folder).findings, "trial")


def test_an_edited_log_is_found_by_its_chain_when_the_store_s_digest_was_mended(
    folder: Path, sql: Sql
) -> None:
    put_log(sql, 2, [body.replace('"p": 0', '"p": 1') for body in log_of(sql, 2)])
    assert texts(checked(folder).findings, "log")


def test_a_log_cut_short_is_found(folder: Path, sql: Sql) -> None:
    put_log(sql, 2, log_of(sql, 2)[:-1])
    assert texts(checked(folder).findings, "log")


def test_a_log_that_is_no_json_is_found(folder: Path, sql: Sql) -> None:
    put_log(sql, 2, ["not json"])
    assert "number 2" in texts(checked(folder).findings, "trial")


def rechained(events: Sequence[Event]) -> list[Event]:
    made: list[Event] = []
    for number, event in enumerate(events):
        before = made[-1].digest if made else event.previous
        made.append(event_after(before, number, action=event.action, observation=event.observation))
    return made


def test_answers_rewritten_with_the_whole_chain_no_longer_give_the_scores(
    played: Path,
) -> None:
    store = memory_copy(played, change_log=_contrary)
    found = check_run(store).findings
    assert {f.check for f in found} == {"score"}
    assert "reference:associational headline" in texts(found, "score")


def _contrary(log: tuple[Event, ...]) -> tuple[Event, ...]:
    events = [json.loads(json.dumps([e.action, e.observation])) for e in log]
    for action, _ in events:
        for belief in action.get("beliefs", action.get("answers", ())):
            belief["p"] = 1 - belief["p"]
    return tuple(
        rechained([
            replace(old, action=action, observation=observation)
            for old, (action, observation) in zip(log, events, strict=True)
        ])
    )  # fmt: skip


def memory_copy(
    folder: Path, *, change_log: Callable[[tuple[Event, ...]], tuple[Event, ...]]
) -> MemoryStore:
    """Copy a run, changing every log."""
    with open_run(folder) as store:
        copy = MemoryStore(store.spec)
        copy.append(
            [
                Played(replace(r, log=change_log(r.log)), store.world(r.address))
                for r in store.records()
            ]
        )
        copy.keep_scores(store.scores())
    return copy


def test_a_log_that_a_failing_agent_left_open_is_whole(played: Path) -> None:
    with open_run(played) as store:
        record = next(iter(store.records()))
        world = store.world(record.address)
    memory = MemoryStore(RunSpec((record.trial.agent,), (record.trial.scenario,), (0,)))
    failed = replace(record, log=record.log[:-1], failures=(Failure("ValueError", "it failed"),))
    memory.append([Played(failed, world)])
    assert check_run(memory).findings == ()
    cut = MemoryStore(memory.spec)
    cut.append([Played(replace(failed, failures=()), world)])
    assert [f.check for f in check_run(cut).findings] == ["log"]


def test_a_log_that_cannot_be_marked_is_found(played: Path) -> None:
    store = memory_copy(
        played, change_log=lambda log: (replace(log[0], observation={}, action={}), *log[1:])
    )
    assert "cannot be marked" in texts(check_run(store).findings, "log")


@pytest.mark.parametrize("column", ["value", "loss", "reference_loss", "n_items", "n_worlds"])
def test_a_changed_score_is_found(folder: Path, sql: Sql, column: str) -> None:
    sql(f"UPDATE score SET {column} = {column} + 1 WHERE {column} IS NOT NULL")  # noqa: S608
    assert kinds(folder) == {"score"}


def test_a_score_that_became_another_reason_is_found(folder: Path, sql: Sql) -> None:
    sql("UPDATE score SET unscored = 'no_items', excess_loss = 0.0 WHERE family = 'headline'")
    assert "no_items" in texts(checked(folder).findings, "score")


def test_a_score_of_a_family_that_nobody_was_asked_is_found(folder: Path) -> None:
    with open_run(folder) as store:
        extra = UnscoredFamily("no_items", 0.0, 0)
        store.keep_scores([ScoreRow(VERSION, N_TRIALS, SPEC_AGENT, "transport", extra)])
    assert "no answer of this family" in texts(checked(folder).findings, "score")


SPEC_AGENT = "reference:oracle"


def test_a_deleted_score_is_found(folder: Path, sql: Sql) -> None:
    sql("DELETE FROM score WHERE family = 'headline' AND agent = ?", SPEC_AGENT)
    assert "headline: the score was not kept" in texts(checked(folder).findings, "score")


def test_scores_of_other_versions_and_of_fewer_episodes_are_counted_as_unchecked(
    folder: Path, sql: Sql
) -> None:
    n_rows = sql("SELECT count(*) FROM score")[0][0]
    sql("UPDATE score SET version = version + 1, value = 7 WHERE agent = ?", SPEC_AGENT)
    sql("UPDATE score SET n_episodes = 1, value = 7 WHERE agent != ?", SPEC_AGENT)
    found = checked(folder)
    assert found.findings == ()
    assert found.counts.unchecked == n_rows


def test_a_deleted_episode_is_missed_by_the_scores(folder: Path, sql: Sql) -> None:
    sql("DELETE FROM event WHERE trial = 4")
    sql("DELETE FROM episode WHERE trial = 4")
    assert "computed from 12 episodes, 11 are there" in texts(checked(folder).findings, "score")


def test_a_trial_under_another_s_number_is_found(folder: Path, sql: Sql) -> None:
    sql("UPDATE episode SET seed = 1 WHERE trial = 0")
    assert "whose number is 3" in texts(checked(folder).findings, "trial")


def test_a_trial_that_the_run_does_not_have_is_found(folder: Path, sql: Sql) -> None:
    sql("UPDATE episode SET scenario = 'nowhere-v1' WHERE trial = 0")
    assert "not part of this run" in texts(checked(folder).findings, "trial")


def other_model(world: World) -> World:
    name = world.model.nodes[0]
    cpt = world.model.cpt(name)
    model = world.model.change({name: Table((), cpt[::-1].copy())})
    return replace(world, model=model, cluster="another")


def test_a_scenario_that_has_another_model_today_is_found(folder: Path, sql: Sql) -> None:
    put_world(sql, other_model)
    assert "another model today" in texts(checked(folder).findings, "scenario")


def test_a_question_that_is_not_asked_today_is_found(folder: Path, sql: Sql) -> None:
    put_world(sql, lambda w: with_item(w, lambda item: replace(item, name="an old question")))
    assert "is not asked today: an old question" in texts(checked(folder).findings, "scenario")


def test_a_scenario_that_is_gone_is_found(folder: Path, sql: Sql) -> None:
    put_world(sql, lambda w: replace(w, scenario="gone-v1"))
    assert "unknown scenario 'gone-v1'" in texts(checked(folder).findings, "scenario")


def test_a_truth_that_cannot_be_derived_is_found(folder: Path, sql: Sql) -> None:
    asked = scenarios.get("asia-v1").world().questions[0].asked

    def strange(world: World) -> World:
        question = replace(world.questions[0], asked=asked, family=world.items[0].family)
        changed = with_item(world, lambda item: replace(item, asked=asked))
        return replace(changed, questions=(question, *world.questions[1:]))

    put_world(sql, strange)
    assert "cannot be derived" in texts(checked(folder).findings, "truth")


def test_a_store_that_cannot_be_read_at_all_raises(folder: Path, sql: Sql) -> None:
    sql("DROP TABLE score")
    with pytest.raises(RunError):
        checked(folder)


def test_a_finding_is_one_line() -> None:
    assert str(Finding("log", "here", "two\n lines")) == "log: here: two lines"
