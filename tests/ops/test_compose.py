"""The files of the deployment, judged by the real Compose, a linter, and a real nginx."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.ops.watching.alerting import fetched, until
from tests.servers.process import free_port, room

pytestmark = [pytest.mark.ops, pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parents[2]
CIG = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")


def tool(name: str, *places: str) -> str:
    found = shutil.which(name, path=os.pathsep.join((*places, os.environ["PATH"])))
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed; make ops brings it")
    assert found is not None
    return found


def compose(
    *arguments: str, has_password: bool = True, **variables: str
) -> "subprocess.CompletedProcess[str]":
    given = variables | ({"POSTGRES_PASSWORD": "x"} if has_password else {})
    beside = str(Path(sys.executable).parent)
    return subprocess.run(
        [tool("docker-compose", beside), "--env-file", "/dev/null", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def stack() -> dict[str, Any]:
    result = compose("config", "--format", "json")
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_compose_takes_the_file_and_demands_a_password() -> None:
    refused = compose("config", "-q", has_password=False)
    assert refused.returncode != 0
    assert "set POSTGRES_PASSWORD in .env" in refused.stderr


def test_names_and_ports_are_those_of_the_runbook(stack: dict[str, Any]) -> None:
    services = stack["services"]
    names = {s: spec.get("container_name") for s, spec in services.items()}
    assert names["gateway"] == "causal-interface-gym"
    assert names["console"] == "app"
    assert (names["postgres"], names["redis"]) == ("postgres", "redis")
    assert names["app"] is None  # so that it can be scaled
    published = {
        service: sorted(port["published"] for port in spec.get("ports", ()))
        for service, spec in services.items()
    }
    assert {s: p for s, p in published.items() if p} == {"gateway": ["8090", "8501"]}
    assert all(port["host_ip"] == "127.0.0.1" for port in services["gateway"]["ports"])
    assert set(services) == {
        *("gateway", "app", "worker", "console", "postgres", "redis"),
        *("prometheus", "alertmanager"),
    }


def test_a_scaled_app_is_taken() -> None:
    scaled = compose("config", "-q", "--no-interpolate")
    assert scaled.returncode == 0, scaled.stderr


def test_variables_reach_every_process_of_ours(stack: dict[str, Any]) -> None:
    given = compose("config", "--format", "json", CACHE_TTL="60",
                    PRIMARY_LLM_PROVIDER="anthropic")  # fmt: skip
    services = json.loads(given.stdout)["services"]
    for name in ("app", "worker", "console"):
        environment = services[name]["environment"]
        assert environment["PRIMARY_LLM_PROVIDER"] == "anthropic"
        assert environment["CACHE_TTL"] == "60"
        assert "@postgres:5432/causal_experiments" in environment["CIG_DATABASE_URL"]
        mounted = [v for v in stack["services"][name]["volumes"] if v["target"] == "/run/cig/.env"]
        assert [v["read_only"] for v in mounted] == [True]


def test_the_example_names_every_variable_that_the_file_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    shown = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.M))
    assert asked - {"CIG_TAG"} == shown
    assert "POSTGRES_PASSWORD=\n" in (ROOT / ".env.example").read_text("utf-8")


def test_an_unknown_key_is_an_error(tmp_path: Path) -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(text.replace("restart: unless-stopped", "restrat: unless-stopped", 1))
    result = compose("-f", str(broken), "config", "-q")
    assert result.returncode != 0


def test_the_image_file_has_its_targets_and_nothing_that_a_linter_warns_of() -> None:
    beside = str(Path(sys.executable).parent)
    result = subprocess.run(
        [tool("hadolint", beside), "--failure-threshold", "warning", "Dockerfile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.findall(r"^FROM .* AS (\w+)$", text, re.M) == ["build", "app", "ops", "postgres"]
    for path in re.findall(r"^COPY (?:--\w+=\S+ )*((?:[\w./-]+ )+)\S+$", text, re.M):
        for name in path.split():
            assert name.startswith("/") or (ROOT / name).exists(), name


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[tuple[int, int, "list[subprocess.Popen[bytes]]"]]:
    """The committed nginx.conf before two replicas; only ports and names are led to here."""
    nginx = tool("nginx", "/usr/sbin")
    port, metrics_port = free_port(), free_port()
    replicas = [(free_port(), free_port()) for _ in range(2)]
    hub = free_port()
    with ExitStack() as stack:
        folder = stack.enter_context(room("gateway"))
        (folder / "gym").mkdir()
        servers = "".join(
            f"server 127.0.0.1:{p} max_fails=1 fail_timeout=2s; " for p, _ in replicas
        )
        (folder / "gym" / "upstream.conf").write_text(
            f"upstream replicas {{ {servers} }}\n"
            'map "" $gym { default http://replicas; }\n'
            f'map "" $hub {{ default http://127.0.0.1:{hub}; }}\n'
        )
        text = (ROOT / "ops" / "nginx" / "nginx.conf").read_text("utf-8")
        for old, new in (
            ("include gym/*.conf;", f"include {folder}/gym/*.conf;{_temporary(folder)}"),
            ("listen 8501;", f"listen 127.0.0.1:{port};"),
            ("listen 8090;", f"listen 127.0.0.1:{metrics_port};"),
            ("access_log /dev/stdout json;", f"access_log {folder}/access.log json;"),
            ("/var/cache/nginx/status", f"{folder}/status"),
            ("worker_processes auto;", f"worker_processes 1; daemon off; pid {folder}/pid;"),
        ):
            assert old in text
            text = text.replace(old, new)
        (folder / "nginx.conf").write_text(text)
        started: list[subprocess.Popen[bytes]] = []

        def start(*command: str) -> None:
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            started.append(process)
            stack.callback(process.wait)
            stack.callback(process.terminate)

        runs = ("--runs", str(tmp_path / "runs"))
        for number, metrics in replicas:
            start(*CIG, "serve", "--port", str(number), "--metrics-port", str(metrics), *runs)
            until(lambda n=number: _status(n, "/health/live") == 200)  # type: ignore[misc]
        named = [part for _, m in replicas for part in ("--replica", f"127.0.0.1:{m}")]
        start(*CIG, "metrics", "--port", str(hub), *named)
        until(lambda: _status(hub, "/metrics") == 200)
        start(nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"))
        until(lambda: _status(port, "/health") == 200)
        yield port, metrics_port, started


def _temporary(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f" {kind}_temp_path {folder}/{kind};" for kind in kinds)


def _status(port: int, path: str, method: str = "GET") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def test_the_gateway_hands_on_hides_a_dead_replica_and_says_503_without_any(
    gateway: tuple[int, int, "list[subprocess.Popen[bytes]]"],
) -> None:
    port, metrics_port, started = gateway
    assert _status(port, "/health", "HEAD") == 200
    status, text = fetched(f"http://127.0.0.1:{metrics_port}/metrics")
    assert status == 200
    assert len(re.findall(r"^replica_up\{.*\} 1\.0$", text, re.M)) == 2
    assert "http_response_time_seconds" in text
    assert _status(metrics_port, "/") == 404
    assert "Everything works" in fetched(f"http://127.0.0.1:{port}/status")[1]
    started[0].kill()
    started[0].wait()
    assert {_status(port, "/api/v1/interfaces") for _ in range(20)} == {200}
    started[1].kill()
    started[1].wait()
    until(lambda: _status(port, "/health", "HEAD") == 503)
    status, text = fetched(f"http://127.0.0.1:{port}/api/v1/interfaces")
    assert (status, json.loads(text)["detail"]) == (503, "no replica answers")
    time.sleep(5)  # the copy is stale, and still there
    status, text = fetched(f"http://127.0.0.1:{port}/status")
    assert status == 200
    assert "Everything works" in text
