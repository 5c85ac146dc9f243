"""Three replicas behind nginx, none of them sticky; one is killed while all of them work."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.storage.service.accounts import Role, create_key
from tests.faults.service.balancer import balanced
from tests.faults.service.nursery import Nursery, until
from tests.faults.service.queueing import LARGE, begin, check_undisturbed, queued

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

N_READS = 5_000
N_READERS = 8
PATHS = ("/api/v1/scenarios?limit=5", "/api/v1/runs/june", "/api/v1/interfaces", "/health/live")


class Watcher(threading.Thread):
    """Follows a run's events, and comes back with the last number that it saw."""

    def __init__(self, port: int, headers: dict[str, str], is_over: Callable[[], bool]) -> None:
        """Start at the beginning."""
        super().__init__(daemon=True)
        self.port = port
        self.headers = headers
        self.is_over = is_over
        self.numbers: list[int] = []
        self.n_connections = 0

    def run(self) -> None:
        """Follow until the run is over."""
        give_up = time.monotonic() + 180
        while time.monotonic() < give_up:
            try:
                if self._follow():
                    return
            except (OSError, http.client.HTTPException):
                continue

    def _follow(self) -> bool:
        last = {"Last-Event-ID": str(self.numbers[-1])} if self.numbers else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            connection.request("GET", "/api/v1/runs/june/events", headers={**self.headers, **last})
            return self._read(connection.getresponse())

    def _read(self, answer: http.client.HTTPResponse) -> bool:
        """Read events until the stream ends, and say whether the run is over."""
        if answer.status == 204:  # the last event was seen before
            return True
        assert answer.status == 200, answer.read()
        self.n_connections += 1
        number = 0
        for raw in answer:
            line = raw.decode().strip()
            if line.startswith("id:"):
                number = int(line.removeprefix("id:"))
            if not line and number:  # only a whole event counts
                self.numbers.append(number)
                number = 0
        return self.is_over()


def test_a_killed_replica_costs_no_read_and_no_event(
    engine: Engine, database: str, workers: Nursery, tmp_path: Path
) -> None:
    key = create_key(engine, "ada", Role.RESEARCHER, actor="test").key
    headers = {"Authorization": f"Bearer {key}"}
    begin(engine, LARGE)
    statuses: Counter[int | str] = Counter()
    with balanced(database, tmp_path) as gym:
        watchers = [
            Watcher(gym.port, headers, lambda: queued(engine).phase.is_over) for _ in range(6)
        ]
        for watcher in watchers:
            watcher.start()
        until(lambda: all(watcher.n_connections for watcher in watchers))
        workers.start()

        def read_some(first: int) -> None:
            with closing(http.client.HTTPConnection("127.0.0.1", gym.port, timeout=30)) as wire:
                for number in range(first, N_READS, N_READERS):
                    try:
                        wire.request("GET", PATHS[number % len(PATHS)], headers=headers)
                        answer = wire.getresponse()
                        answer.read()
                        statuses[answer.status] += 1
                    except (OSError, http.client.HTTPException) as error:
                        statuses[type(error).__name__] += 1
                        wire.close()

        with ThreadPoolExecutor(N_READERS) as pool:
            reading = [pool.submit(read_some, first) for first in range(N_READERS)]
            until(lambda: statuses.total() > N_READS // 3)
            gym.replicas[0].kill()
            for future in reading:
                future.result()
        until(lambda: queued(engine).phase.is_over)
        for watcher in watchers:
            watcher.join(60)
    assert statuses == {200: N_READS}
    n_events = queued(engine).n_events
    assert [watcher.numbers for watcher in watchers] == [list(range(1, n_events + 1))] * 6
    assert sum(watcher.n_connections for watcher in watchers) > len(watchers), "none was cut off"
    check_undisturbed(engine, LARGE)
