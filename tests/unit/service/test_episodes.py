"""Episodes over HTTP, on both databases: any replica answers, nothing is told before the end."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym import scenarios
from causal_interface_gym.gym.brief import brief_to_json
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import log_from_json, log_to_json
from causal_interface_gym.runs.report.numbers import scores_json
from causal_interface_gym.scoring.causal_score import causal_scores
from causal_interface_gym.scoring.marking import score
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.service.accounts import Role, create_key
from tests.unit.service.served import Json, Service, served

SCENARIO = "kidney-stones-v1"
HERE = "/api/v1/episodes"
ACTIONS: tuple[Json, ...] = (
    {"kind": "observe", "n": 40, "where": {}},
    {"kind": "intervene", "set": {"nothing": "1"}, "n": 10},
    {"kind": "believe", "beliefs": [{"query": "q1", "p": 0.4}]},
    {"kind": "observe", "n": 60, "where": {}},
    {"kind": "whatever"},
    {"kind": "submit", "answers": [{"query": "q1", "p": 0.7}]},
)


@pytest.fixture(params=("sqlite", "postgresql"))
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind."""
    if str(request.param) == "postgresql":
        return str(request.getfixturevalue("database"))
    return f"sqlite:///{tmp_path / 'service.db'}"


@pytest.fixture
def engines(address: str) -> Iterator[tuple[Engine, Engine]]:
    """Two processes' views of one database."""
    first, second = database_at(address), database_at(address)
    ensure_tables(first)
    yield first, second
    first.dispose()
    second.dispose()


def begun(service: Service, **form: object) -> Json:
    got = service.post(HERE, {"scenario": SCENARIO, **form})
    assert got.status == 201, got.body
    made: Json = got.json
    return made


def test_an_episode_over_two_replicas_is_the_episode_in_process(
    engines: tuple[Engine, Engine], tmp_path: Path
) -> None:
    key = create_key(engines[0], "ada", Role.RESEARCHER, actor="test").key
    world = scenarios.get(SCENARIO).world(seed=7)
    own = Episode.new(world, interface("full"), seed=7)
    with (
        served(engines[0], tmp_path, needs_key=True, key=key) as first,
        served(engines[1], tmp_path, needs_key=True, key=key) as second,
    ):
        made = begun(first, seed=7, interface="full")
        assert made["brief"] == json.loads(json.dumps(brief_to_json(own.brief)))
        one = f"{HERE}/{made['id']}"
        for number, action in enumerate(ACTIONS):
            got = (second, first)[number % 2].post(f"{one}/actions", action)
            own.act(action)
            assert got.status == 200, got.body
            assert got.json["observation"] == own.log[-1].observation
            assert (got.json["is_closed"], got.json["budget_left"]) == (
                own.is_closed,
                own.budget_left,
            )
        log = first.get(f"{one}/log").json["log"]
        assert log == json.loads(json.dumps(log_to_json(own.log)))
        marked = score(log_from_json(log), world)
        found = second.get(f"{one}/score").json
        expected = json.loads(json.dumps(scores_json(causal_scores(marked.marks))))
        assert {name: found[name] for name in expected} == expected
        assert [mark["truth"] for mark in found["marks"]] == [m.truth for m in marked.marks]
        late = second.post(f"{one}/actions", ACTIONS[0])
        assert (late.status, late.json["title"]) == (409, "conflict")


def test_no_truth_and_no_lure_is_told_before_the_end(service: Service) -> None:
    items = scenarios.get(SCENARIO).world(seed=1).items
    secrets = {repr(item.truth) for item in items}
    secrets |= {repr(lure.value) for item in items for lure in item.lures}
    secrets = {text for text in secrets if len(text) > 6}
    assert secrets
    made = begun(service, seed=1)
    one = f"{HERE}/{made['id']}"
    told = [json.dumps(made).encode()]
    told += [service.post(f"{one}/actions", action).body for action in ACTIONS[:-1]]
    told += [service.get(path).body for path in (HERE, one, f"{one}/log", "/api/v1/scenarios")]
    told += [service.get(f"/api/v1/scenarios/{SCENARIO}").body]
    refused = [
        service.get(f"{one}/score"),
        service.post(
            "/api/v1/questions/evaluate", {"model": {"scenario": SCENARIO}, "query": "P(x)"}
        ),
        service.post(
            "/api/v1/questions/identify", {"model": {"scenario": SCENARIO}, "query": "P(x)"}
        ),
    ]
    assert [reply.status for reply in refused] == [409, 409, 409]
    told += [reply.body for reply in refused]
    assert not [text for text in secrets if any(text.encode() in body for body in told)]
    service.post(f"{one}/actions", ACTIONS[-1])
    told_after = service.get(f"{one}/score").body
    assert all(text.encode() in told_after for text in secrets)


def test_the_score_of_one_episode_is_kept_back_while_another_is_played(service: Service) -> None:
    first, second = (begun(service, seed=3)["id"] for _ in range(2))
    service.post(f"{HERE}/{first}/actions", ACTIONS[-1])
    assert service.get(f"{HERE}/{first}/score").status == 409
    ended = service.post(f"{HERE}/{second}/end", {})
    assert ended.json["observation"]["kind"] == "ended"
    assert service.post(f"{HERE}/{second}/end").status == 409
    assert service.get(f"{HERE}/{first}/score").status == 200
    missing = service.get(f"{HERE}/{second}/score").json
    assert all("belief" not in mark for mark in missing["marks"])


def test_a_seed_that_the_service_chose_is_told_at_the_end(service: Service) -> None:
    made = begun(service)
    assert "seed" not in made
    service.post(f"{HERE}/{made['id']}/end")
    assert service.get(f"{HERE}/{made['id']}").json["seed"] >= 0


def test_a_request_repeated_under_its_key_acts_once(
    engines: tuple[Engine, Engine], tmp_path: Path
) -> None:
    key = create_key(engines[0], "ada", Role.RESEARCHER, actor="test").key
    with served(engines[0], tmp_path, needs_key=True, key=key) as service:
        first = service.post(HERE, {"scenario": SCENARIO}, Idempotency_Key="begin")
        again = service.post(HERE, {"scenario": SCENARIO}, Idempotency_Key="begin")
        assert (again.status, again.body) == (201, first.body)
        assert again.headers["idempotent-replayed"] == "true"
        other = service.post(HERE, {"scenario": "asia-v1"}, Idempotency_Key="begin")
        assert other.status == 422
        assert service.post(HERE, {"scenario": SCENARIO}, Idempotency_Key="a b").status == 400
        one = f"{HERE}/{first.json['id']}"
        replies: list[int] = []

        def observe() -> None:
            got = service.post(f"{one}/actions", ACTIONS[0], Idempotency_Key="observe")
            replies.append(got.status)

        threads = [threading.Thread(target=observe) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(replies) <= {200, 409}
        assert 200 in replies
        assert service.get(one).json["n_events"] == 1


def test_actions_at_once_come_one_after_the_other(
    engines: tuple[Engine, Engine], tmp_path: Path
) -> None:
    key = create_key(engines[0], "ada", Role.RESEARCHER, actor="test").key
    with served(engines[0], tmp_path, needs_key=True, key=key) as service:
        one = f"{HERE}/{begun(service)['id']}"
        numbers: list[int] = []

        def observe() -> None:
            numbers.append(service.post(f"{one}/actions", ACTIONS[0]).json["number"])

        threads = [threading.Thread(target=observe) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(numbers) == list(range(6))


def test_an_episode_of_somebody_else_is_not_there(engine: Engine, tmp_path: Path) -> None:
    ada = create_key(engine, "ada", Role.RESEARCHER, actor="test").key
    ben = create_key(engine, "ben", Role.ADMIN, actor="test").key
    with served(engine, tmp_path, needs_key=True, key=ada) as service:
        one = f"{HERE}/{begun(service)['id']}"
        as_ben = {"Authorization": f"Bearer {ben}"}
        replies = [service.get(one + part, **as_ben) for part in ("", "/log", "/score")]
        replies += [service.post(f"{one}/actions", ACTIONS[0], **as_ben)]
        assert [reply.status for reply in replies] == [404] * 4
        assert service.get(HERE, **as_ben).json["items"] == []
        assert len(service.get(HERE).json["items"]) == 1
        assert service.get(f"{HERE}/%00").status == 404


def test_a_forgetful_interface_shows_the_last_event_only_until_the_end(service: Service) -> None:
    one = f"{HERE}/{begun(service, interface='forgetful')['id']}"
    for action in (ACTIONS[0], ACTIONS[3]):
        service.post(f"{one}/actions", action)
    assert [event["n"] for event in service.get(f"{one}/log").json["log"]] == [1]
    service.post(f"{one}/actions", ACTIONS[-1])
    assert len(service.get(f"{one}/log").json["log"]) == 3


def test_what_cannot_begin_is_refused_with_what_can(service: Service) -> None:
    unknown = service.post(HERE, {"scenario": "kidney-stone-v1"})
    assert (unknown.status, unknown.json["title"]) == (422, "scenario")
    assert "did you mean 'kidney-stones-v1'" in unknown.json["detail"]
    assert service.post(HERE, {"scenario": SCENARIO, "interface": "grph"}).status == 422
    assert service.post(HERE, {"scenario": SCENARIO, "seed": -1}).status == 422
    assert service.post(HERE).status == 422
