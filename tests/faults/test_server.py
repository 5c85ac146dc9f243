"""The database's server dies mid-run: what was acknowledged stays, and the rest is played later."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from causal_interface_gym.errors import DependencyError
from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.runner import Limits, run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.schema import upgrade
from tests.servers.postgres import Cluster, postgres

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

SPEC = RunSpec(
    ("reference:associational", "reference:random"),
    ("smoking-tar-v1", "homework-v1"),
    tuple(range(60)),
)
BATCH = 8


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with postgres(is_durable=True) as made:
        yield made


@pytest.mark.parametrize("n_before", [1, 5, 20])
def test_a_server_killed_mid_run_loses_nothing_that_was_acknowledged(
    cluster: Cluster, n_before: int
) -> None:
    address = cluster.postgres.address
    engine = database_at(address)
    upgrade(engine)
    acknowledged = 0
    is_time = Event()

    def kill() -> None:
        is_time.wait()
        cluster.server.kill()

    def count(n: int) -> None:
        nonlocal acknowledged
        acknowledged = n
        if n >= n_before * BATCH:
            is_time.set()

    killer = Thread(target=kill)
    killer.start()
    with SqlStore.create(engine, SPEC, "june") as store:
        with pytest.raises(DependencyError, match="does not answer"):
            run(store, limits=Limits(batch=BATCH), on_progress=count)
        killer.join()
    cluster.server.start()
    with SqlStore.open(database_at(address), "june") as store:
        n_kept = int(store.finished().sum())
        # A batch may have been kept whose acknowledgement was lost, and no other.
        assert n_before * BATCH <= acknowledged <= n_kept <= acknowledged + BATCH < SPEC.n_trials
        run(store)
        expected = MemoryStore(SPEC)
        run(expected)
        assert report_json(grade(store)) == report_json(grade(expected))


def test_a_store_goes_on_by_itself_once_its_server_is_back(cluster: Cluster) -> None:
    engine = database_at(cluster.postgres.address)
    upgrade(engine)
    with SqlStore.create(engine, SPEC, "june") as store:
        assert not store.finished().any()
        cluster.server.kill()
        with pytest.raises(DependencyError):
            store.finished()
        cluster.server.start()
        run(store)
        assert store.finished().all()
