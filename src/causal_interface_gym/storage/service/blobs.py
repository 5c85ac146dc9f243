"""Prompts and transcripts under the hash of their bytes: what many episodes share is kept once."""

import hashlib
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Column, Engine, LargeBinary, String, Table, select

from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.service.clock import Moment, moment
from causal_interface_gym.storage.tables import METADATA, insert_new

__all__ = ["address_of", "blobs", "keep_blobs", "read_blob"]

blobs: Final = Table(
    "blob",
    METADATA,
    Column("address", String(64), primary_key=True),
    # Bytes and not text: a model may say anything, and PostgreSQL's text has no zero byte.
    Column("body", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)


def address_of(body: bytes) -> str:
    """Give the address of some bytes.

    >>> address_of(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(body).hexdigest()


def keep_blobs(engine: Engine, bodies: Iterable[bytes]) -> tuple[str, ...]:
    """Keep bytes, all or none, and give their addresses; what is there already stays.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    given = [(address_of(body), body) for body in bodies]
    with writing(engine) as connection:
        # In one order everywhere, so that two that keep the same never wait for each other.
        for address, body in sorted(dict(given).items()):
            new = insert_new(blobs, connection.dialect.name)
            connection.execute(new.values(address=address, body=body, at=moment()))
    return tuple(address for address, _ in given)


def read_blob(engine: Engine, address: str) -> bytes:
    """Give the bytes at an address.

    Raises:
        RunError: There are none, or they are not those that were kept.
        DependencyError: The database's server does not answer.
    """
    with reading(engine) as connection:
        body = connection.scalar(select(blobs.c.body).where(blobs.c.address == address))
    if body is None:
        message = f"the database holds nothing at {address!r}"
        raise RunError(message)
    if address_of(body) != address:
        message = f"what is kept at {address} is damaged: it has another hash"
        raise RunError(message)
    return bytes(body)
