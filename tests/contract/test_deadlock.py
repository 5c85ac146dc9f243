"""Writers of the same rows wait for one another, and never in a circle."""

import time
from collections.abc import Iterator
from threading import Thread

import pytest
from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import Played
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.service.blobs import address_of, blobs, keep_blobs
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.tables import episodes, worlds
from tests.strategies.played import played

SPEC = RunSpec(("reference:oracle",), ("smoking-tar-v1", "kidney-stones-v1"), (0, 1))
GIVEN = [played(trial) for trial in SPEC.trials()]
WAITING_S = 10.0
IS_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = database_at(database)
    yield made
    made.dispose()


def wait_for_a_waiter(engine: Engine) -> None:
    give_up = time.monotonic() + WAITING_S
    while time.monotonic() < give_up:
        with engine.connect() as connection:
            if connection.scalar(IS_WAITING):
                return
        time.sleep(0.02)
    pytest.fail("nobody waits")


class Delivery(Thread):
    """A delivery on a thread of its own, with what it was refused for."""

    def __init__(self, engine: Engine, act: str, given: list[Played] | list[bytes]) -> None:
        """Say what is delivered."""
        super().__init__()
        self.refusal: Exception | None = None
        self._engine, self._act, self._given = engine, act, given

    def run(self) -> None:
        """Deliver it."""
        try:
            if self._act == "blobs":
                keep_blobs(self._engine, [g for g in self._given if isinstance(g, bytes)])
            else:
                store = SqlStore.open(self._engine)
                store.append([g for g in self._given if isinstance(g, Played)])
        except Exception as error:  # a thread's error would go unseen
            self.refusal = error


def episode_row(number: int) -> dict[str, object]:
    record = GIVEN[number].record
    trial = record.trial
    return {
        "run": "main", "trial": number, "agent": trial.agent, "scenario": trial.scenario,
        "interface": trial.interface, "seed": trial.seed, "world": record.address,
        "log_digest": "another's",
    }  # fmt: skip


def world_row(given: Played) -> dict[str, object]:
    world = given.world
    return {"address": world.address, "digest": world.digest, "body": world.body}


def meet(engine: Engine, table: Table, rows: list[dict[str, object]], delivery: Delivery) -> None:
    """Write the first row, let the delivery come to it, then write the second, and give way."""
    with engine.connect() as connection:
        write(connection, table, rows[0])
        delivery.start()
        wait_for_a_waiter(engine)
        # Were the delivery holding this one while it waits for the first, both would wait for ever.
        write(connection, table, rows[1])
        connection.rollback()
    delivery.join()
    assert delivery.refusal is None


def write(connection: Connection, table: Table, row: dict[str, object]) -> None:
    times = {"at": moment()} if "at" in table.c else {}
    connection.execute(insert(table).values(**row, **times))


@pytest.mark.parametrize("way", [1, -1])
def test_trials_are_written_in_one_order_however_they_come(engine: Engine, way: int) -> None:
    with SqlStore.create(engine, SPEC) as store:
        store.append([GIVEN[0]])
    # The worlds are there already, so that only trials are waited for.
    with engine.begin() as connection:
        for given in GIVEN[1:]:
            write(connection, worlds, world_row(given))
    rows = [episode_row(1), episode_row(3)]
    meet(engine, episodes, rows, Delivery(engine, "trials", GIVEN[1:][::way]))
    with SqlStore.open(engine) as store:
        assert list(store.records()) == [given.record for given in GIVEN]


@pytest.mark.parametrize("way", [1, -1])
def test_worlds_are_written_in_one_order_however_they_come(engine: Engine, way: int) -> None:
    SqlStore.create(engine, SPEC).close()
    rows = sorted(map(world_row, GIVEN), key=lambda row: str(row["address"]))
    meet(engine, worlds, [rows[0], rows[-1]], Delivery(engine, "trials", GIVEN[::way]))
    with SqlStore.open(engine) as store:
        assert list(store.records()) == [given.record for given in GIVEN]


@pytest.mark.parametrize("way", [1, -1])
def test_blobs_are_written_in_one_order_however_they_come(engine: Engine, way: int) -> None:
    bodies = [bytes([n]) for n in range(6)]
    rows: list[dict[str, object]] = [{"address": address_of(b), "body": b} for b in bodies]
    rows.sort(key=lambda row: str(row["address"]))
    meet(engine, blobs, [rows[0], rows[-1]], Delivery(engine, "blobs", bodies[::way]))
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(blobs)) == len(bodies)
