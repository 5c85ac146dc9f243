"""A small run in a folder, with its scores kept, to be damaged by the tests."""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import HEADLINE, ScoreRow, Store
from causal_interface_gym.scoring.causal_score import VERSION, causal_scores
from causal_interface_gym.scoring.marking import Mark, mark_episode
from causal_interface_gym.storage.folder import DATABASE, create_run

SPEC = RunSpec(
    ("reference:oracle", "reference:associational", "reference:marginal"),
    ("kidney-stones-v1", "sprinkler-v1"),
    (0, 1),
)


def keep_scores(store: Store) -> None:
    """Keep the scores of what is finished."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    n_episodes = 0
    for n_episodes, record in enumerate(store.records(), 1):  # noqa: B007 - counted for later
        world = store.world(record.address).load()
        marks[record.trial.agent] += mark_episode(record.log, world)
    for agent, own in marks.items():
        scores = causal_scores(own)
        named = {HEADLINE: scores.headline, **scores.families}
        store.keep_scores(ScoreRow(VERSION, n_episodes, agent, f, s) for f, s in named.items())


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run that nobody touches."""
    folder = tmp_path_factory.mktemp("played")
    with create_run(folder, SPEC) as store:
        run(store)
        keep_scores(store)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def folder(played: Path, tmp_path: Path) -> Path:
    """A run of one's own."""
    return Path(shutil.copytree(played, tmp_path / "run"))


Statement = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def sql(folder: Path) -> Iterator[Statement]:
    """A way past the program into its database, as whoever damages it has."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:

        def execute(statement: str, *values: object) -> list[tuple[object, ...]]:
            found: list[tuple[object, ...]] = connection.execute(statement, values).fetchall()
            connection.commit()
            return found

        yield execute
