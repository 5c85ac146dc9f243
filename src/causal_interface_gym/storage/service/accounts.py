"""Accounts and their keys: a secret of 256 bits, of which only the hash is kept.

A key reads ``cig_<id>_<secret>``. It is shown once, when it is made; who loses it makes another.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final

from sqlalchemy import Column, Connection, Engine, ForeignKey, String, Table, insert, select, update

from causal_interface_gym.errors import AccountError
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.service.audit import audit
from causal_interface_gym.storage.service.clock import Moment, moment
from causal_interface_gym.storage.tables import METADATA, insert_new

__all__ = [
    "ApiKey",
    "Caller",
    "KeyRefused",
    "NewKey",
    "Role",
    "accounts",
    "api_keys",
    "authenticate",
    "create_key",
    "has_good_key",
    "list_keys",
    "revoke_key",
    "rotate_key",
]

_DAY_S: Final = 86_400
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._+-]{0,99}")
_KEY: Final = re.compile(r"cig_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 32

accounts: Final = Table(
    "account",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("created_at", Moment, nullable=False),
)

api_keys: Final = Table(
    "api_key",
    METADATA,
    Column("id", String(2 * _ID_BYTES), primary_key=True),
    Column("account", ForeignKey("account.name"), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    # The hash of the whole key, of which the secret cannot be guessed.
    Column("digest", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
)


class Role(IntEnum):
    """What a key may do; each may do all that those before it may."""

    VIEWER = 1
    RESEARCHER = 2
    OPERATOR = 3
    ADMIN = 4

    @classmethod
    def parse(cls, text: str) -> "Role":
        """Read a role.

        Raises:
            AccountError: There is no such role.
        """
        if text.upper() not in cls.__members__:
            message = f"there is no role {text!r}; roles: {', '.join(map(str, cls))}"
            raise AccountError(message)
        return cls[text.upper()]

    def __str__(self) -> str:
        """Write it as it is kept."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; its secret is not."""

    id: str
    account: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the one moment when its secret is known."""

    id: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who holds a key that is good."""

    account: str
    role: Role
    key: str

    def may(self, needed: Role) -> bool:
        """Say whether the role suffices."""
        return self.role >= needed


@dataclass(frozen=True, slots=True)
class KeyRefused:
    """A key that is not good; the reason is for the log, and not for whoever showed it."""

    reason: str


def create_key(
    engine: Engine, account: str, role: Role, *, actor: str, days: int | None = None
) -> NewKey:
    """Make a key for an account, and the account where there is none; ``days`` is its life.

    Raises:
        AccountError: The account's name or the number of days is not allowed.
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    if not _ACCOUNT.fullmatch(account):
        message = f"an account is 1 to 100 letters, digits or @._+- such as ada; got {account!r}"
        raise AccountError(message)
    if days is not None and not 1 <= days <= 36_500:  # noqa: PLR2004 - a hundred years
        message = f"a key lives 1 to 36500 days; got {days}"
        raise AccountError(message)
    made = secrets.token_hex(_ID_BYTES)
    key = f"cig_{made}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = {"id": made, "account": account, "role": str(role), "digest": _digest(key)}
    with writing(engine) as connection:
        new = insert_new(accounts, connection.dialect.name)
        connection.execute(new.values(name=account, created_at=moment()))
        ends = moment(days * _DAY_S) if days is not None else None
        connection.execute(insert(api_keys).values(**row, created_at=moment(), expires_at=ends))
        audit(
            connection,
            actor=actor,
            action="key.create",
            subject=made,
            detail={"account": account, "role": str(role), "days": days},
        )
    return NewKey(made, key)


def authenticate(connection: Connection, key: str) -> Caller | KeyRefused:
    """Say who holds a key; the same work is done whether or not there is such a key."""
    parts = _KEY.fullmatch(key)
    if parts is None:
        return KeyRefused("malformed")
    is_over = api_keys.c.expires_at <= moment()
    wanted = select(api_keys, is_over.label("is_over")).where(api_keys.c.id == parts[1])
    row = connection.execute(wanted).first()
    if not hmac.compare_digest(_digest(key), row.digest if row else "") or row is None:
        return KeyRefused("unknown")
    if row.revoked_at is not None:
        return KeyRefused("revoked")
    if row.is_over:
        return KeyRefused("expired")
    return Caller(row.account, Role.parse(row.role), row.id)


def has_good_key(engine: Engine) -> bool:
    """Say whether there is a key that is neither revoked nor over.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    lives = api_keys.c.expires_at.is_(None) | (api_keys.c.expires_at > moment())
    with reading(engine) as connection:
        found = select(api_keys.c.id).where(lives, api_keys.c.revoked_at.is_(None)).limit(1)
        return connection.scalar(found) is not None


def list_keys(engine: Engine, account: str = "") -> tuple[ApiKey, ...]:
    """Give all keys, or those of an account, oldest first.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    columns = [c for c in api_keys.c if c.name != "digest"]
    wanted = select(*columns).order_by(api_keys.c.created_at, api_keys.c.id)
    if account:
        wanted = wanted.where(api_keys.c.account == account)
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
    return tuple(
        ApiKey(
            row.id,
            row.account,
            Role.parse(row.role),
            row.created_at,
            row.expires_at,
            row.revoked_at,
        )
        for row in rows
    )


def revoke_key(engine: Engine, key_id: str, *, actor: str) -> bool:
    """End a key for ever; say whether it was good until now.

    Raises:
        AccountError: There is no such key.
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    is_it = api_keys.c.id == key_id
    with writing(engine) as connection:
        if connection.scalar(select(api_keys.c.id).where(is_it)) is None:
            message = f"there is no key {key_id!r}; cig keys list shows those there are"
            raise AccountError(message)
        done = connection.execute(
            update(api_keys)
            .where(is_it, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=moment())
        )
        if done.rowcount:
            audit(connection, actor=actor, action="key.revoke", subject=key_id)
    return bool(done.rowcount)


def rotate_key(engine: Engine, key_id: str, *, actor: str, days: int | None = None) -> NewKey:
    """Make a new key with the account and the role of another, then end that one.

    Killed between the two, both are good, and the old one can be revoked by itself.

    Raises:
        AccountError: There is no such key, or it is no longer good; nothing is made.
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    known = {key.id: key for key in list_keys(engine)}
    if key_id not in known:
        message = f"there is no key {key_id!r}; cig keys list shows those there are"
        raise AccountError(message)
    old = known[key_id]
    if old.revoked_at is not None:
        message = f"{key_id} is revoked; make a new key with: cig keys create {old.account}"
        raise AccountError(message)
    new = create_key(engine, old.account, old.role, actor=actor, days=days)
    revoke_key(engine, key_id, actor=actor)
    return new


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
