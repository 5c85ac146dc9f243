"""The services of docker-compose.yml as processes here, and an engine's commands on them.

What it proves is that the commands do what the runbook says to programs that are real. That an
engine starts the same programs in the same way is not proven by it.
"""

import json
import os
import re
import signal
import socketserver
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
from sqlalchemy import make_url

from tests.ops.watching.alerting import alertmanager, answers, receivers
from tests.servers.postgres import Cluster, installed, postgres
from tests.servers.process import Server, free_port, room
from tests.servers.valkey import Valkey, valkey

ROOT: Final = Path(__file__).resolve().parents[3]
CIG: Final = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")
CONTAINERS: Final = {"causal-interface-gym": "gateway"}
"""Containers that are not named as their services; ``app`` is the console's."""
MOST: Final = 5
RUN: Final = ("run", "--scenarios", "kidney-stones-v1", "--seeds", "0-1", "--out", "runs/june")
"""What the database holds when the operator comes."""


class Reply(NamedTuple):
    """What a command said."""

    code: int
    out: str = ""
    err: str = ""


@dataclass
class Stack:
    """The running services."""

    cluster: Cluster
    cache: Valkey
    folder: Path
    environment: dict[str, str]
    gateway_port: int
    metrics_port: int
    ports: list[tuple[int, int]]
    servers: dict[str, list[Server]] = field(default_factory=dict)
    n_replicas: int = 1
    is_answering: bool = True

    def start(self, service: str) -> None:
        """Start what is not running of a service."""
        wanted = self.servers[service]
        for server in wanted[: self.n_replicas] if service == "app" else wanted:
            if not is_running(server):
                server.start()

    def stop(self, service: str) -> None:
        """Stop all of a service."""
        for server in self.servers[service]:
            if is_running(server):
                server.stop()

    def scale(self, n: int) -> None:
        """Have so many replicas, and tell the gateway."""
        self.n_replicas = n
        for server in self.servers["app"][n:]:
            if is_running(server):
                server.stop()
        self.start("app")
        self.write_upstream()
        for server in self.servers["gateway"]:
            if is_running(server):
                server.signal(signal.SIGHUP)

    def write_upstream(self) -> None:
        """Lead the committed nginx.conf to the replicas."""
        each = "server 127.0.0.1:{} max_fails=1 fail_timeout=2s;"
        servers = " ".join(each.format(port) for port, _ in self.ports[: self.n_replicas])
        hub = self.environment["CIG_TEST_HUB"]
        (self.folder / "gym" / "upstream.conf").write_text(
            f"upstream replicas {{ {servers} }}\n"
            'map "" $gym { default http://replicas; }\n'
            f'map "" $hub {{ default http://127.0.0.1:{hub}; }}\n'
        )

    def do(self, program: str, arguments: Sequence[str]) -> Reply:
        """Do what an engine's command asks for."""
        if not self.is_answering:
            return Reply(1, err="the engine does not answer\n")
        words = list(arguments)
        if program == "docker" and words[:1] == ["compose"]:
            words = words[1:]
        elif program == "docker":
            return self._plain(words)
        return self._composed(words)

    def _plain(self, words: list[str]) -> Reply:
        reply = Reply(125, err=f"unknown command {words}\n")
        match words:
            case ["ps", *_] | ["stats", "--no-stream", *_]:
                reply = self._shown()
            case ["logs", name, *_]:
                reply = self._logs(_service_of(name))
            case ["exec", *rest]:
                name, command = _split(rest)
                reply = self._executed("console" if name == "app" else _service_of(name), command)
            case ["system", "prune", "-f"]:
                reply = Reply(0, "Total reclaimed space: 0B\n")
            case ["build", *_]:
                reply = self._built()
            case _:
                pass
        return reply

    def _composed(self, words: list[str]) -> Reply:
        reply = Reply(125, err=f"unknown command {words}\n")
        match words:
            case ["ps", *_] | ["stats", "--no-stream", *_]:
                reply = self._shown()
            case ["logs", *rest]:
                reply = self._logs(next(word for word in rest if not word.startswith("-")))
            case ["exec", *rest]:
                reply = self._executed(*_split(rest))
            case ["restart", *names]:
                reply = self._each(names or list(self.servers), self._restarted)
            case ["down", *_]:
                reply = self._each(list(self.servers), self.stop)
            case ["up", "-d", *rest]:
                reply = self._up(rest)
            case ["build", *_]:
                reply = self._built()
            case _:
                pass
        return reply

    def _up(self, words: list[str]) -> Reply:
        found = re.search(r"--scale app=(\d+)", " ".join(words))
        if found:
            self.scale(min(int(found[1]), MOST))
        names = [word for word in words if word in self.servers]
        return self._each(names or list(self.servers), self.start)

    def _restarted(self, service: str) -> None:
        self.stop(service)
        self.start(service)

    def _each(self, names: Sequence[str], do: Callable[[str], None]) -> Reply:
        unknown = [name for name in names if name not in self.servers]
        if unknown:
            return Reply(1, err=f"no such service: {unknown[0]}\n")
        for name in names:
            do(name)
        return Reply(0)

    def _shown(self) -> Reply:
        lines = [
            f"causal-interface-gym-{name}-{number}  {_state(server)}"
            for name, servers in self.servers.items()
            for number, server in enumerate(servers, 1)
            if number <= self.n_replicas or name != "app"
        ]
        return Reply(0, "\n".join(lines) + "\n")

    def _logs(self, service: str) -> Reply:
        if service not in self.servers:
            return Reply(1, err=f"no such service: {service}\n")
        logs = dict.fromkeys(server.log for server in self.servers[service])
        return Reply(0, "".join(log.read_text(errors="replace") for log in logs if log.exists()))

    def _built(self) -> Reply:
        """Have the real Compose judge the file; nothing is built here."""
        compose = Path(sys.executable).with_name("docker-compose")
        result = subprocess.run(
            [str(compose), "--env-file", "/dev/null", "config", "-q"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "POSTGRES_PASSWORD": "x"},
            capture_output=True,
            text=True,
            check=False,
        )
        return Reply(result.returncode, result.stdout, result.stderr)

    def _executed(self, service: str, command: Sequence[str]) -> Reply:
        if service not in self.servers:
            return Reply(1, err=f"no such service: {service}\n")
        if not any(map(is_running, self.servers[service])):
            return Reply(1, err=f"service {service!r} is not running\n")
        led = [self._led(word) for word in command]
        if led[0] == "redis-cli":  # it takes its port from nowhere else
            led[1:1] = ["-p", str(make_url(self.cache.address).port)]
        result = subprocess.run(
            led,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        return Reply(result.returncode, result.stdout, result.stderr)

    def _led(self, word: str) -> str:
        """Lead the names and folders of containers to this machine's."""
        url = make_url(self.environment["CIG_DATABASE_URL"])
        known = {
            "postgres": "127.0.0.1",
            "redis": "127.0.0.1",
            "causal_experiments": str(url.database),
        }
        if word in known:
            return known[word]
        return (
            word.replace("/backups", self.environment["CIG_BACKUP_FOLDER"])
            .replace("app:8090", f"127.0.0.1:{self.ports[0][1]}")
            .replace("5432", str(url.port))
            .replace("app:8501", f"127.0.0.1:{self.ports[0][0]}")
        )


def is_running(server: Server) -> bool:
    """Say whether a server was started and did not end."""
    try:
        return server.process.poll() is None
    except AssertionError:
        return False


def _state(server: Server) -> str:
    return "running" if is_running(server) else "exited"


def _service_of(name: str) -> str:
    return CONTAINERS.get(name, name)


def _split(words: Sequence[str]) -> tuple[str, list[str]]:
    """Give whom a command is for, and the command, options of exec left out."""
    place = 0
    while words[place].startswith("-"):
        place += 2 if words[place] in {"-e", "-u", "-w"} else 1
    return words[place], list(words[place + 1 :])


@contextmanager
def stacked(near: Path) -> Iterator[Stack]:
    """Start everything as ``docker compose up -d`` would."""
    with ExitStack() as stack:
        settings = {"shared_preload_libraries": "pg_stat_statements"}
        cluster = stack.enter_context(postgres(more=settings))
        address = stack.enter_context(_database(cluster))
        cache = stack.enter_context(valkey())
        folder = stack.enter_context(room("stack"))
        folder.chmod(0o777)
        (folder / "gym").mkdir()
        _, web, mail = stack.enter_context(receivers())
        managers: list[Server] = []
        url = stack.enter_context(alertmanager(web, mail, told=managers.append))
        ports = [(free_port(), free_port()) for _ in range(MOST)]
        hub, gateway_port, metrics_port = free_port(), free_port(), free_port()
        environment = _environment(address, cache, near, {"CIG_ALERTMANAGER_URL": url})
        environment["CIG_TEST_HUB"] = str(hub)
        made = Stack(cluster, cache, folder, environment, gateway_port, metrics_port, ports)
        made.write_upstream()
        made.servers = {
            "postgres": [cluster.server],
            "redis": [cache.server],
            "alertmanager": managers,
            "app": [_replica(made, number) for number in range(MOST)],
            "worker": [_worker(made)],
            "console": [_console(made, hub)],
            "gateway": [_gateway(made)],
        }
        for command in (["db", "migrate"], RUN):
            subprocess.run([*CIG, *command], cwd=folder, env=environment, check=True)
        try:
            for name in made.servers:
                made.start(name)
            yield made
        finally:
            for name in ("gateway", "console", "worker", "app"):
                made.stop(name)


@contextmanager
def _database(cluster: Cluster) -> Iterator[str]:
    with cluster.postgres.database(is_empty=True) as address:
        plain = make_url(address).set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute((ROOT / "ops" / "postgres" / "init.sql").read_bytes())
        yield plain


def _environment(address: str, cache: Valkey, near: Path, more: dict[str, str]) -> dict[str, str]:
    url = make_url(address)
    programs = [ROOT / "ops" / "postgres", installed() / "pginstall" / "bin"]
    path = [*map(str, programs), str(Path(sys.executable).parent), os.environ["PATH"]]
    (near / "backups").mkdir(exist_ok=True)
    return {
        "PATH": os.pathsep.join(path),
        "HOME": str(near),
        "CIG_DATABASE_URL": address,
        "CIG_REDIS_URL": cache.address,
        "CIG_BACKUP_FOLDER": str(near / "backups"),
        "CIG_POSTGRES_BIN": str(programs[1]),
        "CIG_ENV_FILE": str(near / ".env"),
        "CIG_INCIDENT_FOLDER": str(near / "incidents"),
        "PGHOST": "127.0.0.1",
        "PGPORT": str(url.port),
        "PGDATABASE": str(url.database),
        "PGUSER": str(url.username),
        **more,
    }


def _server(stack: Stack, name: str, command: Sequence[str], url: str) -> Server:
    full = ["env", *(f"{k}={v}" for k, v in stack.environment.items()), *command]
    return Server(full, stack.folder.parent / f"{name}.log", answers(url), is_ours=True)


def _replica(stack: Stack, number: int) -> Server:
    port, metrics = stack.ports[number]
    runs = stack.folder / "runs"
    command = [*CIG, "serve", "--port", str(port), "--metrics-port", str(metrics),
               "--runs", str(runs)]  # fmt: skip
    return _server(stack, "app", command, f"http://127.0.0.1:{port}/health/live")


def _worker(stack: Stack) -> Server:
    return Server(
        ["env", *(f"{k}={v}" for k, v in stack.environment.items()), *CIG, "worker"],
        stack.folder.parent / "worker.log",
        lambda: "worker_started" in (stack.folder.parent / "worker.log").read_text(),
        is_ours=True,
    )


def _console(stack: Stack, hub: int) -> Server:
    named = [part for _, m in stack.ports for part in ("--replica", f"127.0.0.1:{m}")]
    command = [*CIG, "metrics", "--port", str(hub), *named]
    return _server(stack, "console", command, f"http://127.0.0.1:{hub}/metrics")


def _gateway(stack: Stack) -> Server:
    folder = stack.folder
    text = (ROOT / "ops" / "nginx" / "nginx.conf").read_text("utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f" {kind}_temp_path {folder}/{kind};" for kind in kinds)
    for old, new in (
        ("include gym/*.conf;", f"include {folder}/gym/*.conf;{temporary}"),
        ("listen 8501;", f"listen 127.0.0.1:{stack.gateway_port};"),
        ("listen 8090;", f"listen 127.0.0.1:{stack.metrics_port};"),
        ("access_log /dev/stdout json;", f"access_log {folder}/access.log json;"),
        ("/var/cache/nginx/status", f"{folder}/status"),
        ("worker_processes auto;", f"worker_processes 1; daemon off; pid {folder}/pid;"),
    ):
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text)
    nginx = "/usr/sbin/nginx"
    command = [nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    url = f"http://127.0.0.1:{stack.gateway_port}/health/live"
    return Server(command, folder.parent / "gateway.log", answers(url))


class Engine(socketserver.TCPServer):
    """Takes the commands of ``docker`` and ``docker-compose``, one at a time, on one thread.

    What a thread starts dies with it, so no thread may end before the test does.
    """

    def __init__(self, stack: Stack) -> None:
        """Listen for a stack."""
        super().__init__(("127.0.0.1", 0), _Asked)
        self.stack = stack


class _Asked(socketserver.StreamRequestHandler):
    server: Engine

    def handle(self) -> None:
        asked = json.loads(self.rfile.readline())
        reply = self.server.stack.do(asked["program"], asked["arguments"])
        self.wfile.write(json.dumps(reply._asdict()).encode())
