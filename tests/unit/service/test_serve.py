"""``cig serve``: what it refuses, what it says, and how it ends."""

import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from causal_interface_gym.service.watching.metrics import Metrics
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.service.accounts import Role, create_key, revoke_key
from tests.servers.process import free_port
from tests.unit.cli.test_commands import cig, refused
from tests.unit.service.served import Service

COMMAND = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")
pytestmark = pytest.mark.timeout(120)


@contextmanager
def serving(
    *options: str, command: str = "serve", **told: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, int]]]:
    """Start the command on free ports, and say where it listens."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS} | told
    called = [*COMMAND, command, "--port", "0", "--metrics-port", "0", *options]
    with subprocess.Popen(
        called, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            yield process, json.loads(line)
        finally:
            process.kill()


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_it_serves_shows_its_metrics_and_ends_in_order(tmp_path: Path) -> None:
    with serving("--runs", str(tmp_path / "runs")) as (process, where):
        assert get(where["port"], "/health")[0] == 200
        status, text = get(where["metrics_port"], "/metrics")
        assert status == 200
        assert re.search(
            r'http_response_time_seconds_bucket\{le="5.0",method="GET",route="/health",'
            r'status="200"\} 1.0',
            text,
        )
        assert 'http_requests_total{method="GET",route="/health",status="200"} 1.0' in text
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")
        assert json.loads(out.splitlines()[-1])["event"] == "stopped"


def test_a_request_that_has_begun_is_replied_to_after_the_signal(tmp_path: Path) -> None:
    body = json.dumps({"model": {"dagitty": "dag { X -> Y }"}, "query": "P(Y | do(X))"})
    with serving("--runs", str(tmp_path / "runs")) as (process, where):
        with socket.create_connection(("127.0.0.1", where["port"]), timeout=15) as wire:
            head = (
                "POST /api/v1/questions/identify HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            wire.sendall((head + body[:10]).encode())
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            wire.sendall(body[10:].encode())
            assert wire.recv(4096).startswith(b"HTTP/1.1 200")
        assert process.wait(timeout=30) == 0


def test_it_refuses_to_listen_beyond_this_machine_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    runs = ("--runs", str(tmp_path / "runs"))
    assert "cig keys create" in refused("serve", "--host", "0.0.0.0", *runs)  # noqa: S104 - refused
    assert "cig keys create" in refused("serve", "--host", "gym.example", *runs)
    engine = database_at(f"sqlite:///{tmp_path / 'runs' / 'service.db'}")
    ensure_tables(engine)
    key = create_key(engine, "ada", Role.VIEWER, actor="test")
    revoke_key(engine, key.id, actor="test")
    engine.dispose()
    assert "nobody has a key" in refused("serve", "--host", "::", *runs)


def test_a_port_that_is_taken_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        runs = ("--runs", str(tmp_path / "runs"))
        assert "in use" in refused("serve", "--port", port, *runs)


def test_beyond_this_machine_every_request_needs_a_key(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'gym.db'}"
    engine = database_at(address)
    ensure_tables(engine)
    create_key(engine, "ada", Role.VIEWER, actor="test")
    engine.dispose()
    options = ("--host", "0.0.0.0", "--database", address, "--runs", str(tmp_path))  # noqa: S104
    with serving(*options) as (_, where):
        assert get(where["port"], "/api/v1/scenarios")[0] == 401
        assert get(where["port"], "/health")[0] == 200


def test_an_episode_goes_on_after_its_replica_was_killed(tmp_path: Path) -> None:
    options = ("--runs", str(tmp_path / "runs"))
    action = {"kind": "observe", "n": 25}
    with serving(*options) as (process, where):
        first = Service(where["port"], Metrics(), io.StringIO())
        made = first.post("/api/v1/episodes", {"scenario": "asia-v1"}).json
        one = f"/api/v1/episodes/{made['id']}"
        told = first.post(f"{one}/actions", action, Idempotency_Key="once")
        process.kill()
    with serving(*options) as (_, where):
        second = Service(where["port"], Metrics(), io.StringIO())
        again = second.post(f"{one}/actions", action, Idempotency_Key="once")
        assert (again.status, again.body) == (told.status, told.body)
        assert second.get(one).json["n_events"] == 1
        assert second.post(f"{one}/actions", {"kind": "submit"}).json["is_closed"] is True
        assert second.get(f"{one}/score").status == 200


def test_a_signal_ends_the_command_itself_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    port = free_port()
    found: list[int] = []

    def end() -> None:
        deadline = time.monotonic() + 30
        while not found and time.monotonic() < deadline:
            with suppress(OSError):
                found.append(get(port, "/health/live")[0])
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=end)
    thread.start()
    runs = ("--runs", str(tmp_path / "runs"))
    result = cig("serve", "--port", str(port), "--metrics-port", "0", *runs)
    thread.join()
    assert (result.exit_code, found) == (0, [200])
    events = [json.loads(line)["event"] for line in result.stdout.splitlines()]
    assert (events[0], events[-1]) == ("listening", "stopped")
    assert signal.getsignal(signal.SIGTERM) is before


def test_dev_plays_runs_in_one_process_and_uses_no_server_that_is_named(tmp_path: Path) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    told = {
        "CIG_DATABASE_URL": f"postgresql://nobody@{nowhere}/none",
        "CIG_REDIS_URL": f"redis://{nowhere}/0",
    }
    agents = ["reference:associational", "reference:random"]
    wanted = {"name": "june", "agents": agents, "scenarios": "asia-v1", "seeds": "0-4"}
    with serving("--runs", str(tmp_path / "runs"), command="dev", **told) as (process, where):
        service = Service(where["port"], Metrics(), io.StringIO())
        health = service.get("/health")
        assert (health.status, "redis" in health.json["dependencies"]) == (200, False)
        begun = service.post("/api/v1/runs", wanted)
        assert begun.status in {201, 202}, begun.body
        give_up = time.monotonic() + 60
        while service.get("/api/v1/runs/june").json["trials"]["finished"] < 10:
            assert time.monotonic() < give_up, service.get("/api/v1/runs/june").body
            time.sleep(0.1)
        assert len(service.get("/api/v1/runs/june/leaderboard").json["items"]) == 2
        assert service.get("/report").status == 200
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=40)
    assert (process.returncode, errors) == (0, "")
    events = [json.loads(line)["event"] for line in out.splitlines()]
    assert "shard_finished" in events
    assert events[-1] == "stopped"


def test_dev_serves_the_same_gym_again(tmp_path: Path) -> None:
    runs = ("--runs", str(tmp_path / "runs"))
    with serving(*runs, command="dev") as (_, where):
        first = Service(where["port"], Metrics(), io.StringIO())
        made = first.post("/api/v1/episodes", {"scenario": "asia-v1"}).json
    with serving(*runs, command="dev") as (_, where):
        second = Service(where["port"], Metrics(), io.StringIO())
        assert second.get(f"/api/v1/episodes/{made['id']}").json["scenario"] == "asia-v1"
