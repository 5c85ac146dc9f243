"""``cig loadtest``: a bounded load on a service, and what it took."""

from pathlib import Path
from typing import Annotated

import typer

from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.load import is_here, put_load

__all__ = ["loadtest_command"]

_FINDING = 1


def loadtest_command(
    url: Annotated[
        str, typer.Argument(help="What is asked for.")
    ] = "http://127.0.0.1:8501/api/v1/interfaces",
    seconds: Annotated[float, typer.Option(min=0.1, max=600, help="For how long.")] = 10.0,
    concurrency: Annotated[int, typer.Option(min=1, max=256, help="Connections at once.")] = 16,
    most: Annotated[int, typer.Option(min=1, help="At most so many requests.")] = 1_000_000,
    yes: Annotated[
        bool, typer.Option("--yes", help="The service may be on another machine; it is yours.")
    ] = False,
    key_file: Annotated[
        Path | None, typer.Option(help="A file with the key to show, where one is needed.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Send requests to a service of yours, and say how fast it answers.

    Exit code 1: a request failed.
    """
    if not yes and not is_here(url):
        message = f"{url} is not on this machine; if that service is yours, say so with --yes"
        raise OperationError(message)
    key = key_file.read_text("utf-8").strip() if key_file else ""
    found = put_load(url, seconds=seconds, at_once=concurrency, most=most, key=key)
    if as_json:
        emit_json(found.to_json())
    else:
        said = found.to_json()
        statuses = ", ".join(f"{n:,} x {status}" for status, n in said["statuses"].items())
        say(f"{found.n:,} requests in {found.took_s:.1f} s: {said['per_second']:,.0f} a second")
        say(f"half within {said['p50_ms']:.1f} ms, 95 % within {said['p95_ms']:.1f} ms, "
            f"99 % within {said['p99_ms']:.1f} ms")  # fmt: skip
        say(f"replies: {statuses}")
    if found.n_failed:
        raise typer.Exit(_FINDING)
