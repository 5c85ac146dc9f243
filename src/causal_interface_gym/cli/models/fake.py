"""``cig providers fake``: a loopback server in the place of every provider."""

import asyncio
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from causal_interface_gym.agents.llm.fake import (
    KINDS,
    PRESETS,
    FakeServer,
    Script,
    Seen,
    faults_of,
    read_script,
)
from causal_interface_gym.cli.output import say
from causal_interface_gym.errors import FormatError

__all__ = ["fake_command"]

Port = Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 takes a free one.")]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="FAULT",
        help="[PROVIDER/]KIND[,NAME=NUMBER...][@WHEN] or a preset; may be repeated, the first "
        "that hits a request counts.",
    ),
]
ScriptFile = Annotated[
    Path | None,
    typer.Option(
        "--script", metavar="FILE", help="A TOML or JSON file: seed, latency_ms, faults, answers."
    ),
]
Latency = Annotated[
    float | None, typer.Option("--latency-ms", min=0, help="Milliseconds before each reply.")
]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of replies and of chances.")]
For = Annotated[
    str | None,
    typer.Option("--for", metavar="TIME", help="Stop after this time, e.g. 60s, 5m or 1h."),
]
Log = Annotated[
    bool, typer.Option("--log", help="Write a line for each request on standard error.")
]
Listing = Annotated[
    bool, typer.Option("--list", help="List the kinds of faults and the presets, and stop.")
]

_TIME: Final = re.compile(r"(\d+(?:\.\d+)?)([smh]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3_600}


def fake_command(
    port: Port = 0,
    faults: Faults = None,
    script_file: ScriptFile = None,
    latency_ms: Latency = None,
    seed: Seed = None,
    stop_after: For = None,
    *,
    log: Log = False,
    listing: Listing = False,
) -> None:
    """Serve the wire formats of OpenAI, Anthropic and Google on loopback, with faults on demand.

    Prints the environment that leads every provider here, as lines for the shell, and runs until
    it is stopped; then it says how many requests came. Replies are made up by a rule of the
    prompt and the seed: they rehearse an outage and measure no model.
    """
    if listing:
        _list()
        return
    script = Script() if script_file is None else read_script(script_file)
    script = replace(
        script,
        seed=script.seed if seed is None else seed,
        latency_ms=script.latency_ms if latency_ms is None else latency_ms,
        faults=tuple(f for text in faults or () for f in faults_of(text)) + script.faults,
    )
    limit_s = None if stop_after is None else _seconds(stop_after)
    counts = asyncio.run(
        _run(FakeServer(script, port=port, on_seen=_write if log else None), limit_s)
    )
    told = ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
    typer.echo(f"requests: {told}", err=True)


async def _run(server: FakeServer, limit_s: float | None) -> Mapping[str, int]:
    """Serve until a signal or the time is up."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with server:
        for name, value in server.environment.items():
            say(f"export {name}={value}")
        typer.echo(f"serving on {server.address}; stop with Ctrl-C", err=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), limit_s)
    return server.counts


def _write(entry: Seen) -> None:
    what = " ".join(filter(None, (entry.provider, str(entry.status), entry.model, entry.fault)))
    typer.echo(f"{entry.number:6} {entry.at_s:9.3f} s {what}", err=True)


def _seconds(text: str) -> float:
    match = _TIME.fullmatch(text)
    if match is None or float(match[1]) == 0:
        message = f"--for {text!r} is no time; give a number above 0 with s, m or h, e.g. 60s or 5m"
        raise FormatError(message)
    return float(match[1]) * _SECONDS[match[2]]


def _list() -> None:
    for name, kind in KINDS.items():
        numbers = "".join(f",{key}={value:g}" for key, value in kind.defaults.items() if value >= 0)
        say(f"{name + numbers:28} {kind.meaning}")
    say()
    for name, faults in PRESETS.items():
        say(f"{name:28} {' '.join(faults)}")
