"""A recalibration is a new version beside the old, whole or not at all."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.errors import RunError
from causal_interface_gym.questions.doing.direction import Direction
from causal_interface_gym.questions.question import Item, Lure
from causal_interface_gym.runs.archive import StoredWorld, store_world
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.storage.calibrations import open_calibrations
from causal_interface_gym.storage.folder import DATABASE, create_run, open_run
from causal_interface_gym.validation.integrity import check_run
from causal_interface_gym.validation.recalibration import Recalibration, changes, recalibrate

# What a statement gives back is what the database holds.
Sql = Callable[..., list[tuple[Any, ...]]]

pytestmark = pytest.mark.timeout(60)  # processes are started and killed

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "recalibrate_models.py"

STOPPED_INSIDE = """
import sys, time
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from causal_interface_gym.storage.calibrations import open_calibrations

@event.listens_for(Engine, "commit")
def stop(connection):
    print("inside", flush=True)
    time.sleep(60)

open_calibrations(Path(sys.argv[1])).keep('{"half": true}')
"""


def recalibrated(folder: Path, *, keep: bool = False) -> Recalibration:
    with open_run(folder) as store, open_calibrations(folder) as kept:
        made = recalibrate(store, kept)
        if keep:
            kept.keep(made.body)
        return made


def put_world(sql: Sql, change: Callable[[World], World]) -> None:
    """Exchange the world of the first trial, under a right address."""
    address, digest, body = sql(
        "SELECT address, digest, body FROM world JOIN episode ON world = address WHERE trial = 0"
    )[0]
    new = store_world(change(StoredWorld(address, digest, body).load()))
    sql(
        "UPDATE world SET address = ?, digest = ?, body = ? WHERE address = ?",
        new.address, new.digest, new.body, address,
    )  # fmt: skip
    sql("UPDATE episode SET world = ? WHERE world = ?", new.address, address)


def with_item(world: World, change: Callable[[Item], Item]) -> World:
    return replace(world, items=(change(world.items[0]), *world.items[1:]))


def test_a_run_with_right_keys_changes_nothing(folder: Path) -> None:
    made = recalibrated(folder)
    assert made.changes == ()
    assert made.before == 0
    assert set(made.document) == {"format", "score_version", "items", "agents"}


def test_the_text_holds_keys_difficulty_and_curves(folder: Path) -> None:
    document = json.loads(recalibrated(folder).body)
    item = next(i for name, i in document["items"].items() if "do(" in name)
    assert set(item) == {"truth", "reference", "lures", "difficulty"}
    assert set(item["difficulty"]) == {"share_wrong", "reference_loss"}
    assert document["agents"]["reference:oracle"]["mean_gap"] == pytest.approx(0, abs=1e-12)
    assert document["agents"]["reference:marginal"]["curve"]


def test_the_same_run_gives_the_same_text(folder: Path) -> None:
    assert recalibrated(folder).body == recalibrated(folder).body


def test_without_keeping_nothing_is_written(folder: Path) -> None:
    before = (folder / DATABASE).read_bytes()
    recalibrated(folder)
    assert (folder / DATABASE).read_bytes() == before
    with open_calibrations(folder) as kept:
        assert kept.versions() == ()


def test_each_version_stands_beside_those_before(folder: Path) -> None:
    first = recalibrated(folder, keep=True)
    second = recalibrated(folder, keep=True)
    assert second.before == 1
    assert second.changes == ()
    with open_calibrations(folder) as kept:
        assert kept.versions() == (1, 2)
        assert kept.body(1) == first.body


def test_a_wrong_truth_is_derived_again_and_the_curve_follows(folder: Path, sql: Sql) -> None:
    put_world(sql, lambda w: with_item(w, lambda item: replace(item, truth=0.05)))
    made = recalibrated(folder)
    places = "\n".join(map(str, made.changes))
    assert ": truth: 0.05 -> " in places
    assert "reference_loss" in places
    assert "agents: reference:oracle: mean_gap" in places


def test_a_wrong_lure_and_reference_are_derived_again(folder: Path, sql: Sql) -> None:
    put_world(
        sql,
        lambda w: with_item(w, lambda i: replace(i, lures=(Lure("old", 0.5),), reference=0.5)),
    )
    places = "\n".join(map(str, recalibrated(folder).changes))
    assert "lures: old: 0.5 -> absent" in places
    assert "reference: 0.5 -> " in places


@pytest.mark.parametrize("gone", ["model", "scenario"])
def test_what_no_scenario_defines_any_more_keeps_its_lures(
    folder: Path, sql: Sql, gone: str
) -> None:
    def change(world: World) -> World:
        lures = (Lure("of other days", 0.5),)
        old = with_item(world, lambda item: replace(item, lures=lures))
        if gone == "scenario":
            return replace(old, scenario="gone-v1")
        name = world.model.nodes[0]
        table = Table((), world.model.cpt(name)[::-1].copy())
        return replace(old, model=world.model.change({name: table}), cluster="another")

    put_world(sql, change)
    if gone == "model":  # its logs were made in the world of before
        with pytest.raises(RunError, match="does not begin in the world"):
            recalibrated(folder)
        return
    items = json.loads(recalibrated(folder).body)["items"]
    assert any("of other days" in item["lures"] for item in items.values())


def test_a_damaged_log_stops_a_recalibration(folder: Path, sql: Sql) -> None:
    sql("DELETE FROM event WHERE trial = 1 AND number = 0")
    with pytest.raises(RunError, match="number 1"):
        recalibrated(folder)


def test_a_truth_on_which_two_algorithms_disagree_stops_a_recalibration(tmp_path: Path) -> None:
    sprinkler = scenarios.get("sprinkler-v1")
    wet = sprinkler.model.mechanisms["wet"]
    inert = Table(wet.parents, np.broadcast_to([0.25, 0.75], wet.cpt.shape).copy())
    families = (Direction("sprinkler", "wet"),)  # an arrow that the numbers do not show
    model = sprinkler.model.change({"wet": inert})
    registry.add(replace(sprinkler, id="inert-sprinkler-v1", model=model, families=families))
    spec = RunSpec(("reference:uniform",), ("inert-sprinkler-v1",), (0,))
    with create_run(tmp_path, spec) as store:
        run(store)
    with pytest.raises(RunError, match="algorithms disagree"):
        recalibrated(tmp_path)


def test_a_damaged_version_is_refused(folder: Path, sql: Sql) -> None:
    recalibrated(folder, keep=True)
    sql("UPDATE calibration SET body = '{}'")
    with pytest.raises(RunError, match="another hash"):
        recalibrated(folder)


def test_a_version_that_is_not_there_is_refused(folder: Path, tmp_path: Path) -> None:
    with open_calibrations(folder) as kept, pytest.raises(RunError, match="no calibration 7"):
        kept.body(7)
    with pytest.raises(RunError, match="there is no run"):
        open_calibrations(tmp_path)


def test_changes_below_rounding_are_none() -> None:
    assert list(changes({"n": 0.5, "s": "a"}, {"n": 0.5 + 1e-12, "s": "a"})) == []
    assert [str(c) for c in changes({}, {"a": {"b": 1}})] == ["a: b: absent -> 1"]


def test_a_kill_inside_the_transaction_leaves_the_old_version_alone(folder: Path) -> None:
    first = recalibrated(folder, keep=True)
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED_INSIDE, str(folder)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"inside\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with open_calibrations(folder) as kept:
        assert kept.versions() == (1,)
        assert kept.body(1) == first.body
        assert kept.keep(first.body) == 2


def test_kills_at_any_time_leave_only_whole_versions(folder: Path) -> None:
    body = recalibrated(folder, keep=True).body
    rng = random.Random(3)  # noqa: S311 - moments, not secrets
    for _ in range(3):
        command = [sys.executable, str(SCRIPT), str(folder), "--force"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.3, 2.5))
        process.kill()
        process.wait()
        with open_run(folder) as store, open_calibrations(folder) as kept:
            assert {kept.body(version) for version in kept.versions()} == {body}
            assert check_run(store).findings == ()
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
