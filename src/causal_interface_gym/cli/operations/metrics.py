"""``cig metrics``: the metrics of all replicas on one page."""

import signal
from threading import Event
from typing import Annotated

import typer

from causal_interface_gym.cli.output import say
from causal_interface_gym.errors import OperationError

__all__ = ["metrics_command"]

Replica = Annotated[
    list[str] | None,
    typer.Option(
        metavar="HOST:PORT",
        help="Where a replica shows its metrics, or a name that many have. Repeatable.",
    ),
]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 takes a free one.")]
Once = Annotated[bool, typer.Option("--once", help="Write the page and end.")]


def metrics_command(
    replica: Replica = None, host: Host = "127.0.0.1", port: Port = 8090, once: Once = False
) -> None:
    """Show the metrics of all replicas on one page, each series with its instance.

    Who does not answer within 2 seconds is left out, and replica_up says so.
    """
    # Heavy, and only this command needs them.
    from prometheus_client import CollectorRegistry, generate_latest, start_http_server  # noqa: PLC0415

    from causal_interface_gym.ops.monitoring.hub import Replicas  # noqa: PLC0415

    places = replica or ["app:8090"]
    for place in places:
        if not place.rpartition(":")[2].isdecimal() or not place.rpartition(":")[0]:
            message = f"a replica is host:port, such as app:8090; got {place!r:.80}"
            raise OperationError(message)
    replicas = Replicas(places)
    registry = CollectorRegistry()
    registry.register(replicas)
    try:
        if once:
            say(generate_latest(registry).decode().rstrip("\n"))
            return
        ended = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        server, thread = start_http_server(port, host, registry=registry)
        say(f"the metrics of {', '.join(places)}: http://{host}:{server.server_port}/metrics")
        ended.wait()
        server.shutdown()
        server.server_close()
        thread.join()
    finally:
        replicas.close()
