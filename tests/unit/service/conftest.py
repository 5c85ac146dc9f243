"""A database of each kind, and a gym that is served from a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import ensure_tables
from tests.unit.service.served import Service, served


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database in a file, with all tables."""
    made = database_at(f"sqlite:///{tmp_path / 'service.db'}")
    ensure_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def service(engine: Engine, tmp_path: Path) -> Iterator[Service]:
    """A gym that is served without keys."""
    with served(engine, tmp_path / "runs") as made:
        yield made
