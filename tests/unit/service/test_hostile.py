"""Whatever is sent, the service answers in order: never 5xx, and problems in their form."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import ensure_tables
from tests.unit.service.served import Service, served

POSTS = ("questions/evaluate", "questions/identify", "questions/adjust", "episodes", "actions")
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(
    (
        *("kind", "n", "where", "set", "beliefs", "answers", "unanswerable", "directed", "query"),
        *("p", "model", "scenario", "dagitty", "bif", "document", "treatment", "outcome", "seed"),
    )
)
KNOWN = st.sampled_from(("observe", "intervene", "believe", "submit", "asia-v1", "dag{a->b}", "q1"))
BODIES = JUNK | st.dictionaries(NAMES, KNOWN | JUNK | st.dictionaries(NAMES, KNOWN | JUNK))
PARTS = st.sampled_from(
    ("..", "%2e%2e", "%00", "%ff", "a" * 300, "first", "report", "log", "score", "'", "%0a", "{x}")
)
PATHS = st.lists(st.sampled_from(("runs", "episodes", "scenarios")) | PARTS, min_size=1, max_size=4)


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A gym that is served from a file, for all that is sent to it."""
    folder = tmp_path_factory.mktemp("gym")
    engine = database_at(f"sqlite:///{folder / 'service.db'}")
    ensure_tables(engine)
    with served(engine, folder / "runs") as service:
        yield service
    engine.dispose()


@pytest.mark.timeout(120)
@settings(max_examples=150)
@given(route=st.sampled_from(POSTS), body=BODIES)
def test_any_body_is_answered_in_order(gym: Service, route: str, body: object) -> None:
    path = f"/api/v1/{route}"
    if route == "actions":
        made = gym.post("/api/v1/episodes", {"scenario": "sprinkler-v1", "seed": 1}).json
        path = f"/api/v1/episodes/{made['id']}/actions"
    got = gym.post(path, body)
    assert got.status < 500, got.body
    if got.status >= 400:
        assert got.headers["content-type"] == "application/problem+json"
        assert got.json["request_id"] == got.headers["x-request-id"]


@settings(max_examples=100)
@given(parts=PATHS, method=st.sampled_from(("GET", "POST", "DELETE", "HEAD", "OPTIONS")))
def test_any_path_is_answered_in_order(gym: Service, parts: list[str], method: str) -> None:
    got = gym.ask(method, "/api/v1/" + "/".join(parts) + "?cursor=%ff&limit=9999&seed=x")
    assert 200 <= got.status < 500, got.body


@settings(max_examples=100)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_answered_in_order(gym: Service, raw: bytes) -> None:
    assert 400 <= gym.ask("POST", "/api/v1/questions/evaluate", raw=raw).status < 500
