"""The database's server is killed and started again under a worker and a replica at work."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import upgrade
from causal_interface_gym.storage.service.accounts import Role, create_key
from tests.faults.service.balancer import replica
from tests.faults.service.nursery import nursery, until
from tests.faults.service.queueing import LARGE, begin, check_undisturbed, queued
from tests.servers.postgres import Cluster, postgres

if TYPE_CHECKING:
    import subprocess

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server that writes to the disk before it acknowledges."""
    with postgres(is_durable=True) as made:
        yield made


def asked(port: int, method: str, path: str, key: str, body: object = None) -> tuple[int, object]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as wire:
        wire.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = wire.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None


def status(port: int, path: str) -> int:
    return asked(port, "GET", path, "")[0]


@pytest.fixture
def engine(cluster: Cluster) -> Iterator[Engine]:
    """The server's own database, let go of whatever the test finds."""
    made = database_at(cluster.postgres.address)
    upgrade(made)
    yield made
    made.dispose()


def test_a_restarted_database_loses_nothing_that_a_replica_or_a_worker_had_written(
    cluster: Cluster, engine: Engine, forks: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    address = cluster.postgres.address
    key = create_key(engine, "ada", Role.RESEARCHER, actor="test").key
    begin(engine, LARGE)
    with nursery(forks, address, tmp_path) as workers, replica(address, tmp_path) as port:
        made = asked(port, "POST", "/api/v1/episodes", key, {"scenario": "asia-v1"})
        assert made[0] == 201
        assert isinstance(made[1], dict)
        one = f"/api/v1/episodes/{made[1]['id']}"
        acted = asked(port, "POST", f"{one}/actions", key, {"kind": "observe", "n": 5})
        assert acted[0] == 200
        workers.start()
        until(lambda: queued(engine).n_finished > 40)
        n_kept = queued(engine).n_finished
        assert n_kept < LARGE.n_trials
        cluster.server.kill()
        until(lambda: status(port, "/health/ready") == 503)
        assert status(port, "/health/live") == 200
        refused = asked(port, "GET", one, key)
        assert refused[0] == 503
        time.sleep(1)
        cluster.server.start()
        until(lambda: status(port, "/health/ready") == 200)
        code, shown = asked(port, "GET", one, key)
        assert isinstance(shown, dict)
        assert (code, shown["n_events"]) == (200, 1)
        found = queued(engine)
        assert found.n_finished >= n_kept
        # What is left is played by the worker that lost its connections.
        assert not found.phase.is_over
        until(lambda: queued(engine).phase.is_over)
        check_undisturbed(engine, LARGE)
