"""The hub over three real replicas, one of them killed; and metrics while the service is stuck."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from causal_interface_gym.cli.app import app
from causal_interface_gym.ops.monitoring.hub import Replicas
from causal_interface_gym.service.watching.metrics import Metrics, shown
from tests.ops.watching.alerting import answers, fetched, until
from tests.servers.process import free_port

pytestmark = [pytest.mark.ops, pytest.mark.timeout(120)]

CIG = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")


@contextmanager
def started(*command: str, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [*CIG, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(answers(url))
        yield process
    finally:
        process.kill()
        process.wait()


def read(url: str) -> str:
    return fetched(url)[1]


def values(text: str, name: str, **labels: str) -> dict[str, float]:
    """Give the samples of a name by their instance."""
    return {
        sample.labels["instance"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    }


def test_the_hub_shows_every_replica_and_who_is_gone(tmp_path: Path) -> None:
    ports = [(free_port(), free_port()) for _ in range(3)]
    hub = free_port()
    with ExitStack() as stack:
        replicas = [
            stack.enter_context(
                started(
                    *("serve", "--port", str(port), "--metrics-port", str(metrics)),
                    *("--runs", str(tmp_path / str(port))),
                    url=f"http://127.0.0.1:{port}/health/live",
                )
            )
            for port, metrics in ports
        ]
        places = [f"127.0.0.1:{metrics}" for _, metrics in ports]
        named = [part for place in places for part in ("--replica", place)]
        page = f"http://127.0.0.1:{hub}/metrics"
        stack.enter_context(started("metrics", "--port", str(hub), *named, url=page))
        for n_asked, (port, _) in enumerate(ports, start=1):
            for _ in range(n_asked):
                read(f"http://127.0.0.1:{port}/api/v1/interfaces")
        text = read(page)
        asked = values(text, "http_requests_total", route="/api/v1/interfaces")
        assert asked == dict(zip(places, (1.0, 2.0, 3.0), strict=True))
        assert values(text, "replica_up") == dict.fromkeys(places, 1.0)
        for name in ("cig_cpu_utilization_ratio", "cig_memory_utilization_ratio", "dependency_up"):
            assert set(values(text, name)) == set(places)
        assert any("response_time" in line for line in text.splitlines())
        replicas[1].kill()
        replicas[1].wait()
        text = read(page)
        assert values(text, "replica_up") == dict(zip(places, (1.0, 0.0, 1.0), strict=True))
        assert places[1] not in values(text, "http_requests_total", route="/api/v1/interfaces")


def test_whoever_listens_there_but_is_no_replica_is_down() -> None:
    registry = CollectorRegistry()
    with shown(Metrics(), "127.0.0.1", 0) as port:
        replicas = Replicas([f"127.0.0.1:{port}", "no-such-host.invalid:8090"])
        registry.register(replicas)
        up = values(generate_latest(registry).decode(), "replica_up")
        replicas.close()
    assert up == {f"127.0.0.1:{port}": 1.0, "no-such-host.invalid:8090": 0.0}


def test_the_page_may_be_written_once_and_places_are_checked() -> None:
    result = CliRunner().invoke(app, ["metrics", "--once", "--replica", f"127.0.0.1:{free_port()}"])
    assert result.exit_code == 0
    assert "replica_up{" in result.stdout
    for wrong in ("app", ":8090", "app:http"):
        refused = CliRunner().invoke(app, ["metrics", "--once", "--replica", wrong])
        assert refused.exit_code == 2
        assert "a replica is host:port" in refused.stderr


def test_metrics_answer_while_a_thread_holds_the_service_up() -> None:
    """The page has its own thread: another one that computes without end does not stop it."""
    over = threading.Event()

    def busy() -> None:
        while not over.is_set():
            sum(range(10_000))

    metrics = Metrics()
    metrics.add("GET", "/x", 200, 0.1)
    thread = threading.Thread(target=busy, daemon=True)
    with shown(metrics, "127.0.0.1", 0) as port:
        thread.start()
        try:
            began = time.monotonic()
            assert "http_response_time_seconds_bucket" in read(f"http://127.0.0.1:{port}/metrics")
            assert time.monotonic() - began < 10
        finally:
            over.set()
            thread.join()
