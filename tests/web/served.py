"""``cig serve`` in a process of its own, for a test."""

import http.client
import json
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

__all__ = ["Served", "start"]


@dataclass(frozen=True)
class Served:
    """A service that listens at an address."""

    address: str
    process: "subprocess.Popen[bytes]"

    def get(self, path: str) -> bytes:
        """Read something."""
        return self._sent("GET", path, None)

    def post(self, path: str, body: object) -> bytes:
        """Ask for something."""
        return self._sent("POST", path, json.dumps(body))

    def _sent(self, method: str, path: str, body: str | None) -> bytes:
        """Send a request; a refusal fails the test."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            found = answer.read()
            assert answer.status < HTTPStatus.BAD_REQUEST, found
            return found
        finally:
            connection.close()


@contextmanager
def start(
    command: Sequence[str], environment: Mapping[str, str], ports: tuple[int, int]
) -> Iterator[Served]:
    """Serve meanwhile, on a port for pages and one for metrics."""
    port, metrics = ports
    full = [*command, "--port", str(port), "--metrics-port", str(metrics)]
    with subprocess.Popen(full, env=dict(environment), stdout=subprocess.DEVNULL) as process:
        made = Served(f"http://127.0.0.1:{port}", process)
        try:
            _wait(made)
            yield made
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(made: Served) -> None:
    for _ in range(300):
        assert made.process.poll() is None, "the service ended at once"
        try:
            made.get("/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "the service did not answer within 30 seconds"
    raise AssertionError(message)
