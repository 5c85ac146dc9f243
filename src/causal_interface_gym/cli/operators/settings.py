"""``cig settings``: what holds now and where it comes from; changes while the gym runs."""

from typing import Annotated

import typer

from causal_interface_gym.cli.database import DatabaseOption, named, opened
from causal_interface_gym.cli.operators.actor import actor
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import SettingError
from causal_interface_gym.storage.service.runtime import change_setting, history, set_values

__all__ = ["app"]

_SHOWN = 4
"""Characters of a secret that are shown, at its end; so one can tell two apart."""
_LONG = 16
"""A secret shorter than this shows nothing."""

Variable = Annotated[str, typer.Argument(help="The variable, such as CACHE_TTL.")]
Change = Annotated[str, typer.Argument(help="VARIABLE=VALUE; VARIABLE= takes the setting back.")]
OfVariable = Annotated[str, typer.Argument(help="Only this variable's. Default: all.")]

app: typer.Typer = typer.Typer(
    help="Show settings and their origin; change those that may change while the gym runs.",
    no_args_is_help=True,
)


@app.command("list")
def list_command(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List every setting with its value and where it comes from; of a secret only its end."""
    found = _found(database)
    if as_json:
        emit_json({name: {"value": v, "origin": origin} for name, (v, origin) in found.items()})
        return
    for variable, (value, origin) in found.items():
        say(f"{variable} = {value or '(none)'}  [{origin}]")


@app.command("get")
def get_command(
    variable: Variable, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Show one setting."""
    found = _found(database)
    if variable not in found:
        message = f"there is no setting {variable!r}; settings: {', '.join(found)}"
        raise SettingError(message)
    value, origin = found[variable]
    if as_json:
        emit_json({"variable": variable, "value": value, "origin": origin})
    else:
        say(value)


@app.command("set")
def set_command(
    change: Change, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Change a setting for every process that shares the database, and write it down."""
    variable, equals, value = change.partition("=")
    if not equals:
        message = f"write VARIABLE=VALUE, such as CACHE_TTL=600; got {change!r}"
        raise SettingError(message)
    _check(variable, value)
    with opened(database) as engine:
        version = change_setting(engine, variable, value or None, actor=actor())
    if as_json:
        emit_json({"variable": variable, "value": value or None, "version": version})
    else:
        say(f"{variable} is {value!r}" if value else f"{variable} is no longer set at run time")


@app.command("history")
def history_command(
    variable: OfVariable = "", database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """List who changed what and when, newest first."""
    with opened(database) as engine:
        found = history(engine, variable)
    if as_json:
        emit_json(
            [
                {
                    "variable": c.variable,
                    "version": c.version,
                    "value": c.value,
                    "at": c.at.isoformat(),
                    "actor": c.actor,
                }
                for c in found
            ]
        )
        return
    for c in found:
        value = "taken back" if c.value is None else repr(c.value)
        say(f"{c.at:%Y-%m-%d %H:%M:%S}Z  {c.actor}  {c.variable} {value}")
    if not found:
        say("nothing was changed")


def _check(variable: str, value: str) -> None:
    from causal_interface_gym.settings import SETTINGS, check_setting  # noqa: PLC0415 - slow

    known = SETTINGS.get(variable)
    check_setting(variable, value or (known.default if known else ""))


def _found(database: str | None) -> dict[str, tuple[str, str]]:
    """Give every setting's value and origin; without a database nothing is set at run time."""
    from causal_interface_gym import settings  # noqa: PLC0415 - slow to load

    runtime: dict[str, str] = {}
    if named(database):
        with opened(database) as engine:
            runtime = set_values(engine)
    origins = settings.origins(settings.layers(runtime))
    values = settings.load_settings(runtime)
    return {
        variable: (_shown(getattr(values, setting.field)), origins[variable])
        for variable, setting in settings.SETTINGS.items()
    }


def _shown(value: object) -> str:
    from pydantic import SecretStr  # noqa: PLC0415 - slow to load

    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case SecretStr():
            secret = value.get_secret_value()
            return f"****{secret[-_SHOWN:]}" if len(secret) >= _LONG else "****"
        case _:
            return str(value)
