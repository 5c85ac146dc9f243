"""``cig keys``: who may use a shared gym."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from causal_interface_gym.cli.database import DatabaseOption, opened
from causal_interface_gym.cli.operators.actor import actor
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.storage.service.accounts import (
    ApiKey,
    Role,
    create_key,
    list_keys,
    revoke_key,
    rotate_key,
)

__all__ = ["app"]

Account = Annotated[str, typer.Argument(help="Whose key it is, such as ada.")]
RoleOption = Annotated[
    str, typer.Option("--role", help="viewer, researcher, operator or admin. Default: viewer.")
]
Days = Annotated[int | None, typer.Option(help="How long it lives. Default: until it is revoked.")]
OfAccount = Annotated[str, typer.Option("--account", help="Only this account's. Default: all.")]
KeyId = Annotated[str, typer.Argument(help="The key's id, which stands in it after cig_.")]

app: typer.Typer = typer.Typer(help="Make, list and end API keys.", no_args_is_help=True)


@app.command("create")
def create_command(
    account: Account,
    role: RoleOption = "viewer",
    days: Days = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and show it, this once; the database keeps only its hash."""
    with opened(database) as engine:
        new = create_key(engine, account, Role.parse(role), actor=actor(), days=days)
    if as_json:
        emit_json({"id": new.id, "key": new.key, "account": account, "role": role.lower()})
    else:
        say(new.key)
        typer.echo("Keep it now; it cannot be shown again.", err=True)


@app.command("list")
def list_command(
    account: OfAccount = "", database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """List the keys with their roles; a key itself is never shown."""
    with opened(database) as engine:
        found = list_keys(engine, account)
    if as_json:
        emit_json([_as_json(key) for key in found])
        return
    for key in found:
        state = "revoked" if key.revoked_at else "ends" if key.expires_at else "lasts"
        until = key.revoked_at or key.expires_at
        ending = f"{state} {until:%Y-%m-%d %H:%M}Z" if until else state
        say(f"{key.id}  {key.account}  {key.role}  made {key.created_at:%Y-%m-%d}  {ending}")
    if not found:
        say("there are no keys")


@app.command("revoke")
def revoke_command(
    key: KeyId, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """End a key for ever."""
    with opened(database) as engine:
        was_good = revoke_key(engine, key, actor=actor())
    if as_json:
        emit_json({"id": key, "was_good": was_good})
    else:
        say(f"{key} is revoked" if was_good else f"{key} was revoked before")


@app.command("rotate")
def rotate_command(
    key: KeyId, days: Days = None, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Make a new key for whoever holds this one, show it, this once, and end the old one."""
    with opened(database) as engine:
        new = rotate_key(engine, key, actor=actor(), days=days)
    if as_json:
        emit_json({"id": new.id, "key": new.key, "revoked": key})
    else:
        say(new.key)
        typer.echo(f"{key} is revoked. Keep the new one now; it cannot be shown again.", err=True)


def _as_json(key: ApiKey) -> dict[str, Any]:  # Any: JSON
    times = ("created_at", "expires_at", "revoked_at")
    values = asdict(key)
    moments = {name: values[name].isoformat() if values[name] else None for name in times}
    return {**values, "role": str(key.role), **moments}
