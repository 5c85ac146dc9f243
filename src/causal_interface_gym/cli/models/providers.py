"""``cig providers``: who serves the language models, and whether they do."""

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.agents.llm.providers.prices import price_of
from causal_interface_gym.agents.llm.providers.table import provider as entry_of
from causal_interface_gym.cli.models.fake import fake_command
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import RunError

if TYPE_CHECKING:
    from causal_interface_gym.agents.llm.client.check import Checked

__all__ = ["app"]

_FINDING: Final = 1
_DOWN: Final = 3

app: typer.Typer = typer.Typer(
    help="Who serves the language models.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def _providers() -> None:
    """Who serves the language models."""


@app.command("list")
def list_command(as_json: JsonOption = False) -> None:
    """List the providers in the order in which they are asked, and whether they are set up.

    Nothing is sent. A price is in USD for a million tokens, input and output.
    """
    rows = [_row(access) for access in _known().values()]
    if as_json:
        emit_json(rows)
        return
    for row in rows:
        state = "set up" if row["is_available"] else f"needs {row['needs']}"
        price = f", {row['input_usd']:g}/{row['output_usd']:g} USD" if row["is_priced"] else ""
        model = f", {row['model']}{price}" if row["model"] else ""
        say(f"{row['provider']:<11} {state:<40} {row['host']}{model}")


Named = Annotated[
    str,
    typer.Argument(metavar="[NAME]", help="A provider; without one, all that are set up."),
]
Deep = Annotated[
    bool,
    typer.Option("--deep", help="Also ask for one token and for an answer under a schema."),
]
Model = Annotated[str, typer.Option("--model", help="The model that --deep asks.")]


@app.command("check")
def check_command(
    name: Named = "", deep: Deep = False, model: Model = "", as_json: JsonOption = False
) -> None:
    """Check whether providers can be reached and accept their keys.

    Exit code 3: a provider is down. Exit code 1: something is not set up right.

    Raises:
        Exit: A check failed.
    """
    found = asyncio.run(_check_all(_chosen(name), model, deep=deep))
    if as_json:
        emit_json([{**asdict(checked), "is_fine": checked.is_fine} for checked in found])
    else:
        _show(found)
    if any(checked.is_down for checked in found):
        raise typer.Exit(_DOWN)
    if not found or not all(checked.is_fine for checked in found):
        raise typer.Exit(_FINDING)


app.command("fake")(fake_command)


def _row(access: ProviderSettings) -> dict[str, Any]:  # Any: JSON
    entry = access.provider
    price = price_of(access.name, access.model) if access.model else None
    has_url = bool(access.url) or not entry.needs_url
    missing = [] if access.key or not entry.needs_key else [" or ".join(entry.key_names)]
    missing += [] if has_url else [" or ".join(entry.url_names) or "--agent local:PATH.gguf"]
    return {
        "provider": access.name,
        "is_available": access.is_available,
        "needs": " and ".join(missing),
        "host": access.host,
        "model": access.model,
        "is_priced": price is not None,
        "input_usd": price.input_usd if price is not None else None,
        "output_usd": price.output_usd if price is not None else None,
        "price_source": price.source if price is not None else None,
    }


def _chosen(name: str) -> list[ProviderSettings]:
    found = _known()
    if not name:
        return [access for access in found.values() if access.is_available and _is_meant(access)]
    if entry_of(name).name == "local":
        message = "a local model is checked by running it: cig run --agent local:PATH.gguf"
        raise RunError(message)
    return [found[name]]


def _known() -> dict[str, ProviderSettings]:
    # Heavy, and only these commands need it.
    from causal_interface_gym.settings import load_settings, provider_settings  # noqa: PLC0415

    return provider_settings(load_settings())


def _is_meant(access: ProviderSettings) -> bool:
    """Say whether somebody set this provider up, and not only its default address."""
    return bool(access.key or access.base_url)


async def _check_all(
    chosen: list[ProviderSettings], model: str, *, deep: bool
) -> "tuple[Checked, ...]":
    # Heavy, and only this command needs it.
    from causal_interface_gym.agents.llm.client.check import check_provider  # noqa: PLC0415

    waits = (check_provider(access, model, deep=deep) for access in chosen)
    return tuple(await asyncio.gather(*waits))


def _show(found: "tuple[Checked, ...]") -> None:
    if not found:
        say("no provider is set up; see: cig providers list")
    for checked in found:
        for step in checked.steps:
            mark = f"{step.error}: " if step.error else ""
            line = f"{checked.provider:<11} {step.name:<18} {mark}{step.detail}"
            say(f"{line} ({step.latency_s:.2f} s)")
