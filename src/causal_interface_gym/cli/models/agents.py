"""``cig agents list``: who can take part in a run."""

from typing import Any

import typer

from causal_interface_gym.agents.llm.identity import PROVIDERS
from causal_interface_gym.agents.registry import PRIVILEGED, REFERENCE_AGENTS
from causal_interface_gym.agents.strategies.registry import STRATEGIES
from causal_interface_gym.cli.output import JsonOption, emit_json, say

__all__ = ["app"]

app: typer.Typer = typer.Typer(
    help="Who can take part in a run.", no_args_is_help=True, rich_markup_mode=None
)

# Any: JSON.
Json = dict[str, Any]


@app.callback()
def _agents() -> None:
    """Who can take part in a run."""


@app.command("list")
def list_command(as_json: JsonOption = False) -> None:
    """List reference agents, strategies of language models, and providers with their keys.

    A language model is named PROVIDER:MODEL[+STRATEGY[=K]]; without a strategy it is direct.
    Whether a key is right is told by: cig providers check.
    """
    found = {
        "references": [{"id": a, "holds_the_model": a in PRIVILEGED} for a in REFERENCE_AGENTS],
        "strategies": [_strategy(name) for name in STRATEGIES],
        "providers": _providers(),
    }
    if as_json:
        emit_json(found)
        return
    say("reference agents (* holds the world's model)")
    for entry in found["references"]:
        say(f"  {entry['id']}{'*' if entry['holds_the_model'] else ''}")
    say("\nlanguage models: PROVIDER:MODEL[+STRATEGY[=K]], local:FILE.gguf, or primary")
    for entry in found["providers"]:
        state = "set up" if entry["is_available"] else "no key or address"
        model = f", e.g. {entry['provider']}:{entry['model']}" if entry["model"] else ""
        say(f"  {entry['provider']:<11} {state}{model}")
    say("\nstrategies (calls for each statement of beliefs)")
    for entry in found["strategies"]:
        tools = ", tool-assisted" if entry["is_tool_assisted"] else ""
        say(f"  {entry['name']:<24} {entry['description']} ({entry['calls']}{tools})")


def _strategy(name: str) -> Json:
    made = STRATEGIES[name]
    return {
        "name": name,
        "description": made.description,
        "calls": made.calls,
        "is_tool_assisted": made.is_tool_assisted,
    }


def _providers() -> list[Json]:
    # Heavy, and only this command needs it.
    from causal_interface_gym.settings import load_settings, provider_settings  # noqa: PLC0415

    settings = load_settings()
    access = provider_settings(settings)
    local = settings.cig_local_gguf
    return [
        {
            "provider": name,
            "is_available": local is not None if name == "local" else access[name].is_available,
            "model": (local.name if local else "") if name == "local" else access[name].model,
        }
        for name in PROVIDERS
    ]
