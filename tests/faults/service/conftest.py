"""A database, and workers that start quickly."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from causal_interface_gym.storage.database import database_at
from tests.faults.service.nursery import Nursery, forking, nursery

if TYPE_CHECKING:
    import subprocess


@pytest.fixture(scope="session")
def forks() -> Iterator["subprocess.Popen[str]"]:
    """The program whose forks are workers."""
    with forking() as process:
        yield process


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """A database with all tables."""
    made = database_at(database)
    yield made
    made.dispose()


@pytest.fixture
def workers(forks: "subprocess.Popen[str]", database: str, tmp_path: Path) -> Iterator[Nursery]:
    """Workers of the database."""
    with nursery(forks, database, tmp_path) as made:
        yield made
