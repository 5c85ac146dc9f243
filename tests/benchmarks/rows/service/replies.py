"""Row: replies of one replica against bare Starlette and asyncpg on the same database."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import make_url

from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.database import database_at, writing
from causal_interface_gym.storage.schema import upgrade
from causal_interface_gym.storage.service.accounts import Role, create_key
from causal_interface_gym.worker.control import submit_run
from tests.benchmarks.environment import BENCH, ROOT, prepare
from tests.benchmarks.inputs.tasks import Reply
from tests.benchmarks.process import OURS, Readings, worker_environment
from tests.benchmarks.ratios import Line, compare
from tests.benchmarks.rows.row import Plan, RowResult
from tests.servers.postgres import postgres
from tests.servers.process import free_port

NAME: Final = "replies"
TITLE: Final = "Replies of the service"
ABOUT: Final = (
    "One replica, one PostgreSQL, 16 connections of wrk; the server has one core, wrk the other. "
    "*bare* is Starlette on uvicorn with asyncpg and one row read, or inserted, in a transaction, "
    "with no key, no metrics, no log and no checks. *row* is a queued run read by its name with a "
    "key, metrics and a line of the log; *live* needs no database. Times are milliseconds of one "
    "reply at that rate; above 1 the bare one is slower."
)
BARE: Final = "bare Starlette + asyncpg"
SECONDS: Final = {True: 2, False: 5}
AIMS: Final = {"row": 12, "live": 35}
N_CONNECTIONS: Final = 16
_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")
_P99: Final = re.compile(r"99%\s+([\d.]+)(us|ms|s)")
_FAILED: Final = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_MS: Final = {"us": 1e-3, "ms": 1.0, "s": 1e3}


@dataclass(frozen=True, slots=True)
class Measured:
    """Replies a second, and within how many milliseconds 99 of 100 came."""

    rate: float
    p99_ms: float


def run(plan: Plan) -> RowResult:
    """Serve both at once, and ask each in turn, round after round."""
    own = prepare("http.txt", BENCH / "http", install=plan.install)
    wrk = shutil.which("wrk")
    if wrk is None or "asyncpg" not in own.versions:
        return RowResult(NAME, TITLE, ABOUT, skipped="wrk (Debian) or asyncpg is not installed")
    found: dict[str, list[Measured]] = {"row": [], "live": [], "bare": []}
    with _served(own.python) as asked:
        for number in range(plan.limits.n_rounds):
            for name, command in asked.items():
                plan.tick(f"replies, {name}, round {number + 1}")
                found[name].append(_measured(wrk, command, SECONDS[plan.quick]))
    lines = [line for name in AIMS for line in _lines(name, found[name], found["bare"])]
    return RowResult(NAME, TITLE, ABOUT, tuple(lines))


@contextmanager
def _served(peer: Path) -> Iterator[dict[str, list[str]]]:
    """Start both servers on one database; give what wrk is to ask of each."""
    with postgres(is_durable=True) as cluster, cluster.postgres.database(is_empty=True) as address:
        engine = database_at(address)
        upgrade(engine)
        spec = RunSpec(("reference:uniform",), ("homework-v1",), tuple(range(10)))
        with writing(engine) as connection:
            submit_run(connection, "ada", "june", spec)
        key = create_key(engine, "ada", Role.RESEARCHER, actor="bench").key
        engine.dispose()
        plain = make_url(address).set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, body text NOT NULL)")
        ours, bare = free_port(), free_port()
        serve = [sys.executable, "-W", "ignore", "-c",
                 "from causal_interface_gym.cli.app import main; main()", "serve",
                 "--port", str(ours), "--metrics-port", str(free_port())]  # fmt: skip
        theirs = [str(peer), "-m", "bare_peer", plain, str(bare)]
        here = worker_environment() | {"CIG_DATABASE_URL": address, "API_REQUESTS_PER_MINUTE": "0"}
        there = dict(os.environ, PYTHONPATH=str(ROOT / "tests/benchmarks/engines/http"))
        with (
            tempfile.TemporaryDirectory() as runs,
            _started([*serve, "--runs", runs], here, f"http://127.0.0.1:{ours}/health/live"),
            _started(theirs, there, f"http://127.0.0.1:{bare}/row"),
        ):
            base = f"http://127.0.0.1:{ours}"
            yield {
                "row": ["-H", f"Authorization: Bearer {key}", f"{base}/api/v1/runs/june"],
                "live": [f"{base}/health/live"],
                "bare": [f"http://127.0.0.1:{bare}/row"],
            }


@contextmanager
def _started(command: Sequence[str], environment: dict[str, str], url: str) -> Iterator[None]:
    pinned = ["taskset", "-c", "0", *command]
    with subprocess.Popen(pinned, env=environment, stdout=subprocess.DEVNULL, cwd=ROOT) as process:
        try:
            give_up = time.monotonic() + 30
            wrk = ["curl", "-fsS", "-o", "/dev/null", url]
            while subprocess.run(wrk, check=False, capture_output=True).returncode:
                if time.monotonic() > give_up:
                    message = f"{url} never answered"
                    raise RuntimeError(message)
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def _measured(wrk: str, asked: Sequence[str], seconds: int) -> Measured:
    command = ["taskset", "-c", "1", wrk, "-t1", f"-c{N_CONNECTIONS}", f"-d{seconds}s",
               "--latency", *asked]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate, p99 = _RATE.search(said), _P99.search(said)
    if rate is None or p99 is None or _FAILED.search(said):
        message = f"wrk said: {said}"
        raise RuntimeError(message)
    return Measured(float(rate[1]), float(p99[1]) * _MS[p99[2]])


def _lines(name: str, ours: Sequence[Measured], bare: Sequence[Measured]) -> list[Line]:
    readings = {OURS: Readings(OURS), BARE: Readings(BARE)}
    for engine, measured in ((OURS, ours), (BARE, bare)):
        readings[engine].rounds = [{0: Reply(0, 1 / m.rate, None, 0.0)} for m in measured]
    own, peer = compare(name, readings, n_asked=1)
    middle = len(ours) // 2
    o, b = (sorted(m, key=lambda m: m.rate)[middle] for m in (ours, bare))
    share = f"{100 * o.rate / b.rate:.0f}% of the bare rate (aim: at least {AIMS[name]}%)"
    tail = f"99 % within {o.p99_ms:.1f} ms, {o.p99_ms / b.p99_ms:.1f}x the bare one's"
    return [
        replace(own, note=f"{o.rate:,.0f} a second; {share}; {tail}"),
        replace(peer, note=f"{b.rate:,.0f} a second; 99 % within {b.p99_ms:.1f} ms"),
    ]
