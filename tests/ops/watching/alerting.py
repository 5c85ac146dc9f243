"""Prometheus and Alertmanager as an operator runs them, and receivers that only listen."""

import http.client
import json
import os
import shutil
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.servers.process import Server, free_port, room

ROOT = Path(__file__).resolve().parents[3]
OK = 200


def program(name: str) -> str:
    """Find a program; in CI it has to be there."""
    found = shutil.which(name)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed (Debian: prometheus, prometheus-alertmanager)")
    assert found is not None
    return found


def until(holds: Callable[[], object], *, seconds: float = 60) -> None:
    """Wait for something."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.1)


def fetched(url: str) -> tuple[int, str]:
    """Read a page of this machine: status and text."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request("GET", f"/{path}")
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def answers(url: str) -> Callable[[], bool]:
    """Say whether somebody answers there."""

    def asked() -> bool:
        try:
            return fetched(url)[0] == OK
        except OSError:
            return False

    return asked


@dataclass
class Heard:
    """What the receivers heard: JSON by the path it was sent to, and mails."""

    posts: list[tuple[str, Any]] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    metrics: str = ""

    def of(self, path: str) -> list[Any]:
        """Give what was sent to a path."""
        return [body for where, body in list(self.posts) if where == path]


class Web(ThreadingHTTPServer):
    """PagerDuty and Slack, and the page of metrics that Prometheus reads."""

    daemon_threads = True

    def __init__(self, heard: Heard) -> None:
        """Write down what is heard."""
        super().__init__(("127.0.0.1", 0), _Page)
        self.heard = heard


class _Page(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        self._reply(self.server.heard.metrics)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.posts.append((self.path, json.loads(body)))
        self._reply('{"status": "success"}' if "enqueue" in self.path else "ok")

    def _reply(self, text: str) -> None:
        self.send_response(202 if self.command == "POST" else OK)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        del format, args


class Mail(socketserver.ThreadingTCPServer):
    """A mail server that takes everything."""

    daemon_threads = True

    def __init__(self, heard: Heard) -> None:
        """Write down what is heard."""
        super().__init__(("127.0.0.1", 0), _Letter)
        self.heard = heard


class _Letter(socketserver.StreamRequestHandler):
    server: Mail

    def handle(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        for raw in self.rfile:
            word = raw.decode().strip().upper()
            if word == "DATA":
                self.wfile.write(b"354 go on\r\n")
                self._body()
            if word == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")

    def _body(self) -> None:
        lines: list[str] = []
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if line == ".":
                break
            lines.append(line)
        self.server.heard.mails.append("\n".join(lines))


@contextmanager
def receivers() -> Iterator[tuple[Heard, int, int]]:
    """Listen as PagerDuty, as Slack and as a mail server; give what is heard and two ports."""
    heard = Heard()
    with Web(heard) as web, Mail(heard) as mail:
        for server in (web, mail):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield heard, int(web.server_address[1]), int(mail.server_address[1])
        finally:
            web.shutdown()
            mail.shutdown()


@contextmanager
def alertmanager(
    web: int, mail: int, *, told: Callable[[Server], None] = lambda _: None
) -> Iterator[str]:
    """Run the committed configuration, its addresses led to the receivers; give its own.

    ``told`` gets the server, which may be stopped and started again.
    """
    port = free_port()
    text = (ROOT / "ops" / "alertmanager" / "alertmanager.yml").read_text("utf-8")
    with ExitStack() as stack:
        folder = stack.enter_context(room("alertmanager"))
        folder.chmod(0o755)
        secrets = {
            "slack_url": f"http://127.0.0.1:{web}/slack",
            "pagerduty_key": "fake-routing-key",
        }
        for name, value in secrets.items():
            (folder / name).write_text(value)
        for old, new in (
            ("/run/secrets", str(folder)),
            ("mail:25", f"127.0.0.1:{mail}"),
            ("https://events.pagerduty.com", f"http://127.0.0.1:{web}"),
            ("group_wait: 10s", "group_wait: 1s"),
            ("group_interval: 1m", "group_interval: 1s"),
        ):
            assert old in text
            text = text.replace(old, new)
        (folder / "alertmanager.yml").write_text(text)
        for path in folder.iterdir():
            path.chmod(0o644)
        (folder / "data").mkdir()
        (folder / "data").chmod(0o777)
        command = [
            program("prometheus-alertmanager"),
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ]
        url = f"http://127.0.0.1:{port}"
        server = Server(command, folder.parent / "log", answers(f"{url}/-/ready"))
        server.start()
        told(server)
        try:
            yield url
        finally:
            server.stop()


@contextmanager
def prometheus(target: int, manager: str) -> Iterator[str]:
    """Run the committed rules, their waiting times cut to seconds; give its address."""
    port = free_port()
    rules = (ROOT / "ops" / "prometheus" / "rules.yml").read_text("utf-8")
    rules = "\n".join("        for: 1s" if "for: " in line else line for line in rules.splitlines())
    with ExitStack() as stack:
        folder = stack.enter_context(room("prometheus"))
        folder.chmod(0o755)
        (folder / "rules.yml").write_text(rules)
        (folder / "prometheus.yml").write_text(
            f"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n"
            f"rule_files: [rules.yml]\n"
            f"alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{manager[7:]}']}}]}}]}}\n"
            "scrape_configs:\n"
            f"- {{job_name: app, static_configs: [{{targets: ['127.0.0.1:{target}']}}]}}\n"
        )
        for path in folder.iterdir():
            path.chmod(0o644)
        (folder / "data").mkdir()
        (folder / "data").chmod(0o777)
        command = [
            program("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            "--rules.alert.resend-delay=1s",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        url = f"http://127.0.0.1:{port}"
        server = Server(command, folder.parent / "log", answers(f"{url}/-/ready"))
        server.start()
        try:
            yield url
        finally:
            server.stop()
