"""Answers that were given once and are given again: a request repeated under its key acts once.

Who begins a request holds it for ``HOLD_S`` seconds; if he dies, the next one takes it over, and
what the first would still say is not kept.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    select,
    update,
)

from causal_interface_gym.storage.database import writing
from causal_interface_gym.storage.service.clock import Moment, moment
from causal_interface_gym.storage.tables import METADATA, insert_new

__all__ = [
    "HOLD_S",
    "Answer",
    "Beginning",
    "Begun",
    "OtherRequest",
    "Running",
    "begin_request",
    "drop_request",
    "finish_request",
    "forget_requests",
    "requests",
]

HOLD_S: Final = 60.0
"""Seconds after which a request that has no answer counts as abandoned."""

requests: Final = Table(
    "idempotent_request",
    METADATA,
    Column("account", String(100), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("begun_at", Moment, nullable=False),
    # Null while there is no answer.
    Column("status", Integer),
    Column("content_type", String(200)),
    Column("body", LargeBinary),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """The request is the caller's to carry out; ``attempt`` proves it when he is done."""

    account: str
    key: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Running:
    """Somebody carries the request out at this moment."""


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """The key was used for a request that says something else."""


Beginning = Begun | Answer | Running | OtherRequest


def begin_request(
    engine: Engine, account: str, key: str, request: bytes, *, hold_s: float = HOLD_S
) -> Beginning:
    """Claim a request, or say what became of it; ``request`` is all that makes it what it is.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    digest = hashlib.sha256(request).hexdigest()
    row = {"account": account, "key": key, "digest": digest, "attempt": 1}
    is_it = (requests.c.account == account) & (requests.c.key == key)
    with writing(engine) as connection:
        new = insert_new(requests, connection.dialect.name).returning(requests.c.attempt)
        if connection.scalar(new.values(**row, begun_at=moment())) is not None:
            return Begun(account, key, 1)
        found = connection.execute(select(requests).where(is_it)).first()
        if found is None:  # dropped between the two statements; the caller may try again
            return Running()
        if found.digest != digest:
            return OtherRequest()
        if found.status is not None:
            return Answer(found.status, found.content_type, bytes(found.body))
        # Two that find it abandoned change the same row: the second finds it changed.
        is_left = (requests.c.attempt == found.attempt) & (requests.c.begun_at <= moment(-hold_s))
        taken = (
            update(requests)
            .where(is_it, is_left, requests.c.status.is_(None))
            .values(attempt=found.attempt + 1, begun_at=moment())
        )
        if connection.execute(taken).rowcount:
            return Begun(account, key, found.attempt + 1)
    return Running()


def finish_request(connection: Connection, begun: Begun, answer: Answer) -> bool:
    """Keep the answer in the transaction of the act; say whether the request was still held.

    Where it was not, somebody else carries it out: roll the act back.
    """
    values = {"status": answer.status, "content_type": answer.content_type, "body": answer.body}
    return bool(connection.execute(update(requests).where(*_held(begun)).values(**values)).rowcount)


def drop_request(connection: Connection, begun: Begun) -> bool:
    """Give a request up, so that it may be tried again at once; say whether it was still held."""
    return bool(connection.execute(delete(requests).where(*_held(begun))).rowcount)


def forget_requests(engine: Engine, *, older_than_s: float) -> int:
    """Delete what was begun so long ago, and say how many there were.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    with writing(engine) as connection:
        old = delete(requests).where(requests.c.begun_at <= moment(-older_than_s))
        return connection.execute(old).rowcount


def _held(begun: Begun) -> tuple[ColumnElement[bool], ...]:
    return (
        requests.c.account == begun.account,
        requests.c.key == begun.key,
        requests.c.attempt == begun.attempt,
        requests.c.status.is_(None),
    )
