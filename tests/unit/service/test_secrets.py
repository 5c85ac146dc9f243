"""What nobody may see: truths while one plays, and what is another's."""

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine

from causal_interface_gym import scenarios
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.service.accounts import Role, create_key, revoke_key
from tests.unit.cli.test_commands import cig
from tests.unit.service.served import Json, Reply, Service, served

SCENARIO = "kidney-stones-v1"
AGENTS = ("reference:oracle", "reference:associational")
EPISODES = "/api/v1/episodes"


@pytest.fixture
def gym(engine: Engine, tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """A gym that asks for keys, with runs of what is played in its folder and its database."""
    named = [part for agent in AGENTS for part in ("--agent", agent)]
    out = ("--out", str(tmp_path / "runs" / "first"))
    assert cig("run", *named, "--scenarios", SCENARIO, "--seeds", "0-1", *out).exit_code == 0
    run(SqlStore.create(engine, RunSpec(AGENTS, (SCENARIO,), (0, 1), "graph"), "shared"))
    key = create_key(engine, "ada", Role.RESEARCHER, actor="test").key
    with served(engine, tmp_path / "runs", needs_key=True, key=key) as service:
        yield service, key


def secrets() -> set[bytes]:
    """Give what would tell the answers: truths and lures that are no round numbers."""
    numbers = {
        value
        for item in scenarios.get(SCENARIO).world().items
        for value in (item.truth, *(lure.value for lure in item.lures))
    }
    return {text.encode() for text in map(repr, numbers) if len(text) > 7}


def reachable(service: Service, episodes: list[str]) -> Iterator[tuple[str, Reply]]:
    """Ask for everything that the description names, with every name that there is."""
    names = {
        "episode": episodes,
        "run": ["first", "shared"],
        "scenario": [SCENARIO],
        "agent": list(AGENTS),
        "seed": ["0", "1"],
        "format": ["jsonl", "csv", "parquet"],
        "first": ["me", f"first:{AGENTS[0]}"],
        "second": [f"shared:{AGENTS[1]}"],
    }
    for path, methods in {
        **service.get("/openapi.json").json["paths"],
        "/report": {"get": {}},
    }.items():
        asked = methods.get("get", {}).get("parameters", ())
        parts = [part["name"] for part in asked if part["name"] in names]
        for values in product(*(names[part] for part in parts)) if "get" in methods else ():
            given = dict(zip(parts, values, strict=True))
            where = f"{path.format(**given)}?{urlencode(given)}"
            yield where, service.get(where)
        if "post" in methods and re.search("/(questions|models|playground)/", path):
            yield path, service.post(path, question(path))


def question(path: str) -> Json:
    """Ask about the model of what is played."""
    found = scenarios.get(SCENARIO)
    x, y = found.treatment, found.outcome
    event = f"{y}={found.model.states[y][-1]}"
    query = f"P({event} | do({x}={found.model.states[x][-1]}))"
    form: Json = {"model": {"scenario": SCENARIO}}
    case = {"treatment": x, "level": found.model.states[x][-1]}
    case |= {"outcome": y, "state": found.model.states[y][-1]}
    extra: dict[str, Json] = {
        **dict.fromkeys(("contrast", "verdict", "imagine"), case),
        "read": {"text": "X -> Y"},
        "write": {"form": "python"},
        "evaluate": {"query": query},
        "identify": {"query": f"P({y} | do({x}))"},
        "transport": {"query": f"P({y} | do({x}))", "sources": ["target"]},
        "bounds": {"query": query, "known": "tables"},
        "adjust": {"treatment": x, "outcome": y},
        "convert": {"form": "bif"},
    }
    kind = path.rsplit("/", maxsplit=1)[-1]
    return extra[kind] if kind == "read" else form | extra.get(kind, {})


def test_no_reply_tells_truths_or_lures_of_what_one_plays(gym: tuple[Service, str]) -> None:
    service, _ = gym
    canaries = secrets()
    assert len(canaries) > 5
    begin = {"scenario": SCENARIO, "seed": 1}
    before = service.post(EPISODES, begin).json["id"]
    service.post(f"{EPISODES}/{before}/actions", {"kind": "submit"})
    told = dict(reachable(service, [before]))
    assert {path.split("?")[0] for path, reply in told.items() if has_any(reply, canaries)} >= {
        "/api/v1/runs/first/report",
        "/api/v1/runs/shared/export",
        "/api/v1/runs/shared/transcripts",
        f"{EPISODES}/{before}/score",
        "/api/v1/questions/evaluate",
        "/api/v1/playground/contrast",
        "/api/v1/runs/first/replay",
        f"{EPISODES}/{before}/replay",
    }
    etags = {path: reply.headers.get("etag", "") for path, reply in told.items()}
    now = service.post(EPISODES, begin).json["id"]
    service.post(f"{EPISODES}/{now}/actions", {"kind": "observe", "n": 20})
    found = dict(reachable(service, [before, now]))
    assert len(found) > 40
    leaks = [path for path, reply in found.items() if has_any(reply, canaries)]
    assert leaks == []
    assert found["/report?"].status == 409  # the page rounds its numbers
    # Nor does it tell that a report is still the same.
    report = "/api/v1/runs/first/report?run=first"
    assert service.get(report, If_None_Match=etags[report]).status == 409
    watched = {path for path in found if "/events?" in path}  # runs that no worker plays
    assert {found[path].status for path in watched} == {404}
    assert {found[path].status for path in found.keys() - watched} <= {200, 409}
    service.post(f"{EPISODES}/{now}/end")
    assert has_any(service.get(f"{EPISODES}/{now}/score"), canaries)


def has_any(reply: Reply, canaries: set[bytes]) -> bool:
    """Say whether a reply holds one of these numbers, in its body or its headers."""
    whole = reply.body + json.dumps(dict(reply.headers)).encode()
    return any(canary in whole for canary in canaries)


def test_an_answer_that_was_given_before_is_not_repeated_while_one_plays(
    gym: tuple[Service, str],
) -> None:
    service, _ = gym
    path = "/api/v1/questions/evaluate"
    asked = question(path)
    assert service.post(path, asked, Idempotency_Key="early").status == 200
    service.post(EPISODES, {"scenario": SCENARIO})
    assert service.post(path, asked, Idempotency_Key="early").status == 409


def test_the_episodes_of_another_are_not_there(gym: tuple[Service, str], engine: Engine) -> None:
    service, _ = gym
    mine = service.post(EPISODES, {"scenario": SCENARIO}).json["id"]
    other = create_key(engine, "ben", Role.ADMIN, actor="test").key
    as_other = {"Authorization": f"Bearer {other}"}
    replies = [
        service.get(f"{EPISODES}/{mine}{part}", **as_other) for part in ("", "/log", "/score")
    ]
    replies += [
        service.post(f"{EPISODES}/{mine}/{part}", body, **as_other)
        for part, body in (("actions", {"kind": "submit"}), ("end", {}))
    ]
    unknown = service.get(f"{EPISODES}/{'0' * 32}", **as_other)
    assert {(reply.status, reply.json["detail"]) for reply in replies} == {
        (404, unknown.json["detail"])
    }
    assert service.get(EPISODES, **as_other).json["items"] == []
    # The key under which another's request was answered opens nothing either.
    service.post(EPISODES, {"scenario": SCENARIO}, Idempotency_Key="same")
    made = service.post(EPISODES, {"scenario": SCENARIO}, Idempotency_Key="same", **as_other)
    assert (made.status, "idempotent-replayed" in made.headers) == (201, False)


def test_a_key_that_is_revoked_opens_nothing_from_then_on(
    gym: tuple[Service, str], engine: Engine
) -> None:
    service, key = gym
    assert service.get(EPISODES).status == 200
    revoke_key(engine, key.split("_")[1], actor="test")
    replies = [reply for path, reply in reachable(service, ["0" * 32]) if "/api/" in path]
    assert 401 in {reply.status for reply in replies} <= {401, 429}
    assert not any(key.encode() in reply.body for reply in replies)
    assert key not in service.log.getvalue()
