"""``cig silence``: alerts that should not call anybody for a while."""

import getpass
from typing import Annotated, Any

import typer

from causal_interface_gym.cli.output import JsonOption, emit_json, safe, say
from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.monitoring.silences import Alertmanager, Silence, duration, matcher

__all__ = ["app"]

Url = Annotated[
    str | None,
    typer.Option(help="Alertmanager's address. Default: CIG_ALERTMANAGER_URL."),
]

app: typer.Typer = typer.Typer(
    help="Keep alerts quiet during maintenance, and see which are.", no_args_is_help=True
)


@app.command("add")
def add_command(
    alert: Annotated[
        list[str] | None, typer.Option(help="An alert's name, such as ServiceDown. Repeatable.")
    ] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL=VALUE", help="A label it has; =~, != and !~ too. Repeatable."),
    ] = None,
    lasts: Annotated[str, typer.Option("--for", help="How long, such as 30m, 2h or 1d.")] = "1h",
    comment: Annotated[str, typer.Option(help="Why; it is shown beside the alert.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who. Default: your name here.")] = "",
    url: Url = None,
    as_json: JsonOption = False,
) -> None:
    """Silence alerts from now on for a while; several names are any of them."""
    matchers = [matcher(text) for text in match or []]
    names = alert or []
    if names:
        pattern = "|".join(names)
        matchers.append(matcher(f"alertname{'=' if len(names) == 1 else '=~'}{pattern}"))
    if not matchers:
        message = "say what is silenced: --alert ServiceDown, or --match severity=SEV4"
        raise OperationError(message)
    if not comment:
        message = "say why with --comment; who is called at night reads it"
        raise OperationError(message)
    who = by or getpass.getuser()
    made = _at(url).add(matchers, lasts=duration(lasts), comment=comment, created_by=who)
    if as_json:
        emit_json({"id": made, "matchers": [str(m) for m in matchers], "for": lasts})
    else:
        say(f"silenced {', '.join(map(str, matchers))} for {lasts}: {made}")
        say(f"end it: cig silence expire {made}")


@app.command("list")
def list_command(
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    url: Url = None,
    as_json: JsonOption = False,
) -> None:
    """List the silences that hold or will."""
    found = [s for s in _at(url).silences() if every or s.state != "expired"]
    if as_json:
        emit_json({"silences": [_line(silence) for silence in found]})
        return
    for silence in found:
        what = ", ".join(map(str, silence.matchers))
        until = f"{silence.ends_at:%Y-%m-%d %H:%M} UTC"
        why = f"{silence.created_by}: {silence.comment}"
        say(safe(f"{silence.id}  {silence.state}  until {until}  {what}  ({why})"))
    if not found:
        say("nothing is silenced")


@app.command("expire")
def expire_command(
    silence: Annotated[str, typer.Argument(help="Its id, as cig silence list shows it.")],
    url: Url = None,
    as_json: JsonOption = False,
) -> None:
    """End a silence now."""
    _at(url).expire(silence)
    if as_json:
        emit_json({"expired": silence})
    else:
        say(f"{silence} is over")


def _at(url: str | None) -> Alertmanager:
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    return Alertmanager(url or load_settings().alertmanager_url)


def _line(silence: Silence) -> dict[str, Any]:  # Any: JSON
    return {
        "id": silence.id,
        "state": silence.state,
        "matchers": [m.to_json() for m in silence.matchers],
        "starts_at": silence.starts_at.isoformat(),
        "ends_at": silence.ends_at.isoformat(),
        "comment": silence.comment,
        "created_by": silence.created_by,
    }
