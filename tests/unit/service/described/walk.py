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
VARYING = ("viewing_standing",)
"""Operations whose reply follows from a secret seed."""
MOST = 3_000
"""Characters of a reply that is still shown."""
AGENTS = ("reference:oracle", "reference:associational")
SCENARIO = "homework-v1"
"""What is in the run, and not played: while it is, its report would be told to nobody."""


@contextmanager
def demonstration(folder: Path) -> Iterator[Service]:
    """Serve a gym with one run, which is called first."""
    engine = database_at(f"sqlite:///{folder / 'service.db'}")
    ensure_tables(engine)
    with served(engine, with_run(folder)) as service:
        yield service
    engine.dispose()


def with_run(folder: Path) -> Path:
    """Play the run, and give the folder of runs."""
    runs = folder / "runs"
    with create_run(runs / "first", RunSpec(AGENTS, (SCENARIO,), (0, 1))) as store:
        run(store)
    return runs


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
            elif parameter["in"] == "query" and part in values:
                query[part] = values[part]
        where += f"?{urlencode(query)}" if query else ""
        bodies = example.get("body", {"": None})
        headers = {part: values[part] for part in values if part == "Last-Event-ID"}
        found[name] = {
            title: service.get(where, **headers) if method == "get" else service.post(where, body)
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
    """Put first what begins and ends episodes, for then truths are told, and last what runs."""
    first = ("episodes_create", "episodes_list_own", "episodes_show", "episodes_act")
    later = (*first, "episodes_end", "episodes_show_log", "episodes_show_score")
    last = tuple(f"runs_{name}" for name in ("create", "pause", "resume", "cancel", "watch"))
    return [*later, *(name for name in operations if name not in (*later, *last)), *last]


def masked(reply: Reply) -> object:
    """Give a reply without what is another each time."""
    text = re.sub(r'"id": "[0-9a-f]{32}"', f'"id": "{EPISODE}"', reply.body.decode())
    text = re.sub(r'_at": "[^"]*"', '_at": "2026-01-01T09:00:00+00:00"', text)
    return json.loads(text, parse_float=lambda digits: round(float(digits), 10))


def with_replies(found: dict[str, dict[str, Reply]]) -> dict[str, Json]:
    """Give the examples, each with the reply to its first request where it is short JSON."""
    written: dict[str, Json] = {}
    for name, example in description.examples().items():
        written[name] = {part: example[part] for part in ("parameters", "body") if part in example}
        reply = next(iter(found[name].values()))
        is_json = reply.headers["content-type"] == "application/json"
        if is_json and len(reply.body) <= MOST and name not in VARYING:
            written[name]["reply"] = masked(reply)
    return written


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as shown:
        FILE.write_text(json.dumps(with_replies(walked(shown)), indent=1) + "\n", "utf-8")
