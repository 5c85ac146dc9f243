"""What is measured of each request, and the server that shows it, on a thread and port of its own.

It answers while the service itself is stuck. A route is named by its template, never by the path
that was asked for, so there are as many series as routes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

__all__ = ["Metrics", "shown"]

_LABELS: Final = ("method", "route", "status")
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The metrics of one service."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry: CollectorRegistry = CollectorRegistry()
        self._seconds = Histogram(
            "http_response_time_seconds",
            "Time from a request to the end of its reply.",
            _LABELS,
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter(
            "http_requests_total", "Requests that were replied to.", _LABELS, registry=self.registry
        )

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was replied to."""
        labels = (method, route, str(status))
        self._seconds.labels(*labels).observe(seconds)
        self._requests.labels(*labels).inc()


@contextmanager
def shown(metrics: Metrics, host: str, port: int) -> Iterator[int]:
    """Show the metrics meanwhile, and say at which port; 0 lets the system choose one.

    Raises:
        OSError: The port is taken.
    """
    server, thread = start_http_server(port, host, registry=metrics.registry)
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
