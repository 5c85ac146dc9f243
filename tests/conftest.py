"""What every test shares: repeatable properties, and real servers where one is asked for."""

import importlib.util
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers.postgres import Postgres, postgres
from tests.servers.valkey import valkey
from tests.strategies.served import StartProvider, provider_starter

# What only some targets install; without it those tests cannot be read.
_NEEDED = {"web": "playwright", "interop": "econml"}
collect_ignore = [room for room, name in _NEEDED.items() if not importlib.util.find_spec(name)]

# make test is the same every time; the rotating seed belongs to make oracle.
# Half of the usual number of examples: what is drawn at random without end is make oracle.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, print_blob=True, max_examples=50
)
settings.load_profile("repeatable")

# A shell that starts tests in the background has them ignore interrupts, and so their children.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What these compare is reached by other tests too; tracing would make them half as fast again.
UNTRACED = tuple(Path(__file__).parent / room for room in ("docs", "validation"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave deep comparisons out of the measure of coverage, and what costs money out of tests."""
    for item in items:
        if any(room in item.path.parents for room in UNTRACED):
            item.add_marker(pytest.mark.no_cover)
    if "live" not in str(config.option.markexpr):
        config.hook.pytest_deselected(items=[i for i in items if i.get_closest_marker("live")])
        items[:] = [item for item in items if not item.get_closest_marker("live")]


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgres]:
    """PostgreSQL: the one that ``CIG_TEST_DATABASE_URL`` names, else one of our own."""
    address = os.environ.get("CIG_TEST_DATABASE_URL")
    if address:
        server = Postgres(address)
        yield server
        server.close()
    else:
        with postgres() as cluster:
            yield cluster.postgres


@pytest.fixture
def database(database_server: Postgres) -> Iterator[str]:
    """The address of a database with all tables, for one test."""
    with database_server.database() as address:
        yield address


@pytest.fixture
def empty_database(database_server: Postgres) -> Iterator[str]:
    """The address of a database without tables, for one test."""
    with database_server.database(is_empty=True) as address:
        yield address


@pytest.fixture(scope="session")
def cache_address() -> Iterator[str]:
    """Redis or Valkey: the one that ``CIG_TEST_REDIS_URL`` names, else one of our own."""
    address = os.environ.get("CIG_TEST_REDIS_URL")
    if address:
        yield address
    else:
        with valkey() as server:
            yield server.address


@pytest.fixture
def start_provider() -> Iterator[StartProvider]:
    """Start loopback servers in the place of providers; they stop with the test."""
    with provider_starter() as start:
        yield start
