"""A database of each kind, with all tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import ensure_tables


@pytest.fixture(params=("sqlite", "postgresql"))
def prepared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with all tables and no rows; several threads may use it."""
    is_server = str(request.param) == "postgresql"
    address = request.getfixturevalue("database") if is_server else ""
    engine = database_at(address or f"sqlite:///{tmp_path / 'prepared.db'}")
    ensure_tables(engine)
    yield engine
    engine.dispose()
