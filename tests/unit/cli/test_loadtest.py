"""A load on a server of one's own: rates, times, failures, and where it may not go."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.cli.app import app
from causal_interface_gym.ops.load import Load
from tests.servers.process import free_port


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/broken":
            self.close_connection = True
            self.connection.close()
            return
        body = self.headers.get("Authorization", "none").encode()
        self.send_response(500 if self.path == "/bad" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def cig(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["loadtest", *arguments])


def test_so_many_requests_are_counted_and_timed(url: str) -> None:
    result = cig(f"{url}/x?y=1", "--most", "40", "--concurrency", "4", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["requests"], found["failed"], found["statuses"]) == (40, 0, {"200": 40})
    assert 0 < found["p50_ms"] <= found["p95_ms"] <= found["p99_ms"]
    assert found["per_second"] == pytest.approx(40 / found["seconds"])
    said = cig(url, "--most", "4", "--concurrency", "2").stdout
    assert "4 requests in" in said
    assert "replies: 4 x 200" in said


@pytest.mark.parametrize(("path", "status"), [("bad", "500"), ("broken", "0")])
def test_a_failure_is_the_exit_code(url: str, path: str, status: str) -> None:
    result = cig(f"{url}/{path}", "--most", "2", "--concurrency", "1", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["statuses"] == {status: 2}


def test_a_key_comes_from_a_file_and_is_not_shown(url: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("cig_canary\n")
    result = cig(url, "--most", "1", "--concurrency", "1", "--key-file", str(tmp_path / "key"))
    assert result.exit_code == 0
    assert "canary" not in result.output
    assert cig(url, "--key-file", str(tmp_path / "none")).exit_code == 2


def test_it_ends_with_its_time(url: str) -> None:
    found = json.loads(cig(url, "--seconds", "0.2", "--concurrency", "2", "--json").stdout)
    assert found["requests"] >= 2


def test_another_machine_needs_a_yes_and_nobody_there_is_said() -> None:
    refused = cig("http://192.0.2.1/x")
    assert refused.exit_code == 2
    assert "say so with --yes" in refused.stderr
    assert "is not on this machine" in cig("http://no-such-host.invalid/").stderr
    assert cig(f"http://127.0.0.1:{free_port()}").exit_code == 3
    for wrong in ("ftp://x", "here", "http://127.0.0.1:x"):
        assert cig(wrong).exit_code == 2


def test_quantiles_are_times_that_were_seen() -> None:
    load = Load({200: 4}, 1.0, (0.1, 0.2, 0.3, 0.4))
    assert [load.quantile_s(q) for q in (0.0, 0.5, 0.95)] == [0.1, 0.2, 0.4]
