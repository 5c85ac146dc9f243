"""A gym that is served on loopback for a test, and requests to it over real sockets."""

import http.client
import io
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Engine

from causal_interface_gym.service.app import build_app
from causal_interface_gym.service.gym import Gym
from causal_interface_gym.service.limits import Limits
from causal_interface_gym.service.watching.metrics import Metrics
from causal_interface_gym.service.watching.watch import json_log

# Any: JSON.
Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        """What the body says."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    """A service that listens."""

    port: int
    metrics: Metrics
    log: io.StringIO
    key: str = ""
    host: str = field(default="127.0.0.1")

    def get(self, path: str, **headers: str) -> Reply:
        """Read something."""
        return self._send("GET", path, None, headers)

    def post(self, path: str, body: object = None, **headers: str) -> Reply:
        """Ask for something to be done."""
        data = None if body is None else json.dumps(body).encode()
        return self._send("POST", path, data, headers)

    def ask(self, method: str, path: str, *, raw: bytes | None = None, **headers: str) -> Reply:
        """Send bytes as they are."""
        return self._send(method, path, raw, headers)

    def _send(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        """Send a request; an underscore in a header's name stands for a dash."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.host, self.port, timeout=15)
        try:
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            given = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, given, answer.read())
        finally:
            connection.close()

    def lines(self) -> list[Json]:
        """Give the lines of the log."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@contextmanager
def served(
    engine: Engine,
    runs: Path,
    *,
    needs_key: bool = False,
    key: str = "",
    limits: Limits | None = None,
) -> Iterator[Service]:
    """Serve a gym on a free port meanwhile."""
    metrics, log = Metrics(), io.StringIO()
    gym = Gym(engine, runs, needs_key, limits or Limits())
    app = build_app(gym, metrics=metrics, log=json_log(log))
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Service(port, metrics, log, key)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
