"""Every example of the description, sent in an order in which each finds what it needs.

``python -m tests.unit.service.described.walk`` writes the replies into the examples anew.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.service.described import description
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.folder import create_run
from causal_interface_gym.storage.schema import ensure_tables
from tests.unit.service.served import Json, Reply, Service, served

FILE = Path(description.__file__).with_name("examples.json")
EPISODE = "0123456789abcdef0123456789abcdef"
"""What stands for the id of an episode, which is another each time."""
MOST = 3_000
"""Characters of a reply that is still shown."""
AGENTS = ("reference:oracle", "reference:associational")
SCENARIO = "kidney-stones-v1"


@contextmanager
def demonstration(folder: Path) -> Iterator[Service]:
    """Serve a gym with one run, which is called first."""
    with create_run(folder / "runs" / "first", RunSpec(AGENTS, (SCENARIO,), (0, 1))) as store:
        run(store)
    engine = database_at(f"sqlite:///{folder / 'service.db'}")
    ensure_tables(engine)
    with served(engine, folder / "runs") as service:
        yield service
    engine.dispose()


def walked(service: Service) -> dict[str, dict[str, Reply]]:
    """Send every example; give the replies by operation and name of the example."""
    operations = operations_of(service)
    found: dict[str, dict[str, Reply]] = {}
    ids: list[str] = []
    for name in in_order(operations):
        path, method, operation = operations[name]
        example = description.examples()[name]
        episode = (ids or [EPISODE])[-1 if name == "episodes_end" else 0]
        values = {**example.get("parameters", {})}
        values |= {"episode": episode} if "episode" in values else {}
        where = path
        query = {}
        for parameter in operation.get("parameters", ()):
            part = parameter["name"]
            if parameter["in"] == "path":
                where = where.replace(f"{{{part}}}", str(values[part]))
            elif part in values:
                query[part] = values[part]
        where += f"?{urlencode(query)}" if query else ""
        bodies = example.get("body", {"": None})
        found[name] = {
            title: service.get(where) if method == "get" else service.post(where, body)
            for title, body in bodies.items()
        }
        if name == "episodes_create":
            ids = [reply.json["id"] for reply in found[name].values()]
    return found


def operations_of(service: Service) -> dict[str, tuple[str, str, Json]]:
    """Give path, method and description of each operation that takes part in the walk."""
    paths = service.get("/openapi.json").json["paths"]
    return {
        operation["operationId"]: (path, method, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if not path.startswith("/health")
    }


def in_order(operations: dict[str, tuple[str, str, Json]]) -> list[str]:
    """Order operations: episodes are begun, played and ended before anything tells of truths."""
    first = ("episodes_create", "episodes_list_own", "episodes_show", "episodes_act")
    later = (*first, "episodes_end", "episodes_show_log", "episodes_show_score")
    return [*later, *(name for name in operations if name not in later)]


def masked(reply: Reply) -> object:
    """Give a reply without what is another each time."""
    text = re.sub(r'"id": "[0-9a-f]{32}"', f'"id": "{EPISODE}"', reply.body.decode())
    text = re.sub(r'"created_at": "[^"]*"', '"created_at": "2026-01-01T09:00:00+00:00"', text)
    return json.loads(text, parse_float=lambda digits: round(float(digits), 10))


def with_replies(found: dict[str, dict[str, Reply]]) -> dict[str, Json]:
    """Give the examples, each with the reply to its first request where it is short JSON."""
    written: dict[str, Json] = {}
    for name, example in description.examples().items():
        written[name] = {part: example[part] for part in ("parameters", "body") if part in example}
        reply = next(iter(found[name].values()))
        if reply.headers["content-type"] == "application/json" and len(reply.body) <= MOST:
            written[name]["reply"] = masked(reply)
    return written


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as shown:
        FILE.write_text(json.dumps(with_replies(walked(shown)), indent=1) + "\n", "utf-8")
