"""Databases with generated contents, for tests of backups."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, text

from causal_interface_gym.ops.backup.contents import Contents, server_contents
from causal_interface_gym.storage.database import database_at, file_database, reading, writing
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.service.accounts import accounts
from causal_interface_gym.storage.service.audit import audit
from causal_interface_gym.storage.service.blobs import blobs
from causal_interface_gym.storage.service.runtime import runtime_settings
from causal_interface_gym.storage.tables import runs, worlds

LETTERS = "aZ09 _'\"\\\n\t,;{}()%é✓𝄞\x7f"


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    """Lend a database."""
    engine = database_at(address)
    try:
        yield engine
    finally:
        engine.dispose()


def contents(address: str) -> Contents:
    """Digest a PostgreSQL database."""
    with opened(address) as engine, reading(engine) as connection:
        return server_contents(connection)


def fill(address: str, seed: int) -> None:
    """Write rows that a seed draws into a database that has the tables."""
    with opened(address) as engine, writing(engine) as connection:
        _write(connection, random.Random(seed))  # noqa: S311 - no secret


def fill_file(folder: Path, seed: int) -> None:
    """Write rows that a seed draws into files below a folder."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    for number in range(rng.randint(1, 2)):
        path = folder / f"run-{number}" / "run.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = file_database(path)
        ensure_tables(engine)
        with writing(engine) as connection:
            _write(connection, rng)
        engine.dispose()
        (path.parent / "report.html").write_text(_words(rng, 300), "utf-8")


def spoil(address: str) -> None:
    """Damage a database: rows changed, rows gone, a table dropped, and one too many."""
    with opened(address) as engine, writing(engine) as connection:
        connection.execute(text("UPDATE world SET body = 'damaged'"))
        connection.execute(text("DELETE FROM runtime_setting"))
        connection.execute(text("DROP TABLE blob"))
        connection.execute(text("CREATE TABLE stray (id int)"))


def _write(connection: Connection, rng: random.Random) -> None:
    n = rng.randint(0, 12)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(n):
        connection.execute(
            insert(runs).values(id=f"run-{number}", schema_version=1, spec=_words(rng, 60))
        )
        name = f"{number:064x}"
        connection.execute(insert(worlds).values(address=name, digest=name, body=_words(rng, 400)))
        at = moment + timedelta(microseconds=rng.randrange(10**13))
        connection.execute(
            insert(blobs).values(address=name, body=rng.randbytes(rng.randint(0, 300)), at=at)
        )
        connection.execute(insert(accounts).values(name=f"account {number}", created_at=at))
        connection.execute(
            insert(runtime_settings).values(
                variable=f"V{number}",
                version=rng.randint(1, 9),
                value=rng.choice([None, "", _words(rng, 20)]),
                at=at,
                actor=_words(rng, 10),
            )
        )
    for _ in range(rng.randint(0, 5)):
        audit(connection, actor="test", action=_words(rng, 9), subject="x", detail={"n": n})


def _words(rng: random.Random, most: int) -> str:
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(0, most)))
