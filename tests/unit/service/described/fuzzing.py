"""Schemathesis against a served gym: all that the description allows and forbids, in any order."""

import subprocess
import sys
from pathlib import Path

from causal_interface_gym.service.limits import Limits, Rates
from causal_interface_gym.storage.cache.process import ProcessCache
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.service.accounts import Role, create_key
from tests.unit.service.described.walk import with_run
from tests.unit.service.served import served

CONFIG = Path(__file__).with_name("schemathesis.toml")
COMMAND = (sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()")


EVERY = frozenset({200, 201, 304, 401, 404, 405, 409, 422})
"""What is answered where every limit of the description is tried."""


def fuzzed(folder: Path, address: str, *options: str, statuses: frozenset[int] = EVERY) -> str:
    """Fuzz a gym that asks for keys and has one run; give what was said, if nothing was wrong."""
    engine = database_at(address)
    ensure_tables(engine)
    key = create_key(engine, "fuzz", Role.RESEARCHER, actor="test").key
    limits = Limits(ProcessCache(), lambda: Rates(requests=1_000_000, refused=0))
    with served(engine, with_run(folder), needs_key=True, key=key, limits=limits) as service:
        said = subprocess.run(
            [
                *COMMAND,
                *(
                    "--config-file",
                    str(CONFIG),
                    "run",
                    f"http://127.0.0.1:{service.port}/openapi.json",
                ),
                *("--header", f"Authorization: Bearer {key}", "--generation-database", "none"),
                # A stream that lasts as long as its run has tests of its own.
                *("--exclude-operation-id", "runs_watch"),
                *("--continue-on-failure", "--no-color", "--checks", "all", *options),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        lines = service.lines()
    engine.dispose()
    told = "\n".join(line[:400] for line in said.stdout.splitlines())
    assert said.returncode == 0, told[-8000:] + said.stderr[-2000:]
    assert [line for line in lines if line["level"] == "error"] == []
    assert statuses <= {line["status"] for line in lines if line["event"] == "request"}
    assert key not in service.log.getvalue()
    return said.stdout
