"""Replicas of the service behind nginx, as an operator would set it up, but for the port."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from causal_interface_gym.settings import SETTINGS
from tests.servers.process import Server, free_port, room

__all__ = ["Balanced", "balanced", "replica"]

COMMAND = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()", "serve")
CONFIGURATION = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream gym {{
    {servers}
    keepalive 32;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://gym;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_connect_timeout 2s;
      proxy_read_timeout 60s;
      proxy_buffering off;
      proxy_next_upstream error timeout;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Balanced:
    """Replicas, and the port of what stands before them."""

    replicas: tuple["subprocess.Popen[bytes]", ...]
    port: int


@contextmanager
def balanced(database: str, folder: Path, *, n_replicas: int = 3) -> Iterator[Balanced]:
    """Start replicas on one database and nginx before them; all end with the block."""
    program = shutil.which("nginx", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
    if program is None:
        message = "nginx is not installed; the package nginx of the system has it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    with ExitStack() as stack:
        logs = [folder / f"replica-{n}.log" for n in range(n_replicas)]
        replicas = [_begun(database, log, stack) for log in logs]
        ports = [_port(process, log) for process, log in zip(replicas, logs, strict=True)]
        inner = stack.enter_context(room("nginx"))
        front = free_port()
        servers = "\n    ".join(
            f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in ports
        )
        configuration = inner.parent / "nginx.conf"
        text = CONFIGURATION.format(folder=inner, servers=servers, port=front)
        configuration.write_text(text, "utf-8")
        command = (program, "-p", str(inner), "-e", f"{inner}/error.log", "-c", str(configuration))
        server = Server(command, folder / "nginx.log", lambda: _listens(front))
        server.start()
        stack.callback(server.stop)
        yield Balanced(tuple(replicas), front)


@contextmanager
def replica(database: str, folder: Path) -> Iterator[int]:
    """Start one replica, and give its port."""
    with ExitStack() as stack:
        log = folder / "replica.log"
        yield _port(_begun(database, log, stack), log)


def _begun(database: str, log: Path, stack: ExitStack) -> "subprocess.Popen[bytes]":
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    # A file, not a pipe: nobody would read the pipe, and a full one stops who writes.
    said = stack.enter_context(log.open("wb"))
    options = ("--port", "0", "--metrics-port", "0", "--database", database)
    process = stack.enter_context(
        subprocess.Popen(
            [*COMMAND, *options, "--runs", str(log.parent / "runs")],
            stdout=said,
            stderr=said,
            env={**clean, "API_REQUESTS_PER_MINUTE": "0"},
        )
    )
    stack.callback(process.kill)
    return process


def _port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    """Wait for the first line of a replica, which says where it listens."""
    while b"\n" not in (text := log.read_bytes()):
        assert process.poll() is None, text
        time.sleep(0.05)
    return int(json.loads(text.splitlines()[0])["port"])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
