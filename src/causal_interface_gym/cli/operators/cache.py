"""``cig cache``: the cache that all processes share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.cache.redis_server import RedisCache

__all__ = ["app"]

AddressOption = Annotated[
    str | None,
    typer.Option("--redis", help="The cache's address. Default: CIG_REDIS_URL."),
]

app: typer.Typer = typer.Typer(
    help="Look into the shared cache, or empty it, which costs time and changes no result.",
    no_args_is_help=True,
)


@app.command("stats")
def stats_command(redis: AddressOption = None, as_json: JsonOption = False) -> None:
    """Count what is there. Exit code 3: the cache does not answer; everything goes on without."""
    with _opened(redis) as cache:
        found = cache.stats()
    if as_json:
        emit_json(asdict(found))
        return
    n_asked = found.n_hits + found.n_misses
    share = f"{found.n_hits / n_asked:.0%}" if n_asked else "none"
    say(f"entries: {found.n_entries}; limits in use: {found.n_limits}")
    say(f"looked up on this server: {n_asked}, found: {share}")


@app.command("flush")
def flush_command(redis: AddressOption = None, as_json: JsonOption = False) -> None:
    """Forget every entry and limit of this program; what others keep on the server stays."""
    with _opened(redis) as cache:
        n_gone = cache.flush()
    if as_json:
        emit_json({"forgotten": n_gone})
    else:
        say(f"forgotten: {n_gone}")


@contextmanager
def _opened(address: str | None) -> Iterator[RedisCache]:
    cache = RedisCache(address or _configured())
    try:
        yield cache
    finally:
        cache.close()


def _configured() -> str:
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    address = load_settings().redis_url
    if address is None:
        message = (
            "no shared cache is named, so each process has its own; give --redis or set "
            "CIG_REDIS_URL"
        )
        raise RunError(message)
    return address.get_secret_value()
