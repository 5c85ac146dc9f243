"""A bounded load on a service: how many requests a second it answers, and how long they take."""

import http.client
import ipaddress
import math
import socket
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from causal_interface_gym.errors import DependencyError, OperationError

__all__ = ["Load", "is_here", "put_load"]

_PATIENCE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: replies by status (0: none came), seconds, and seconds of each request."""

    statuses: Mapping[int, int]
    took_s: float
    sorted_s: tuple[float, ...]

    @property
    def n(self) -> int:
        """How many requests were sent."""
        return sum(self.statuses.values())

    @property
    def n_failed(self) -> int:
        """How many failed: no reply, or one of 5xx."""
        bad = HTTPStatus.INTERNAL_SERVER_ERROR
        return sum(n for status, n in self.statuses.items() if status == 0 or status >= bad)

    def quantile_s(self, share: float) -> float:
        """Give the time within which so many of the requests were answered (nearest rank)."""
        return self.sorted_s[max(math.ceil(share * len(self.sorted_s)) - 1, 0)]

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain numbers; times in milliseconds."""
        times = {f"p{round(100 * q)}_ms": 1e3 * self.quantile_s(q) for q in (0.5, 0.95, 0.99)}
        return {
            "requests": self.n,
            "failed": self.n_failed,
            "seconds": self.took_s,
            "per_second": self.n / self.took_s,
            "statuses": {str(status): n for status, n in sorted(self.statuses.items())},
            **times,
        }


def is_here(url: str) -> bool:
    """Say whether an address is this machine's own.

    >>> is_here("http://localhost:8501"), is_here("http://192.0.2.1")
    (True, False)

    Raises:
        OperationError: It is no address of a service.
    """
    host = _parts(url)[0]
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address).split("%")[0]).is_loopback for address in found)


def put_load(
    url: str, *, seconds: float, at_once: int, most: int = 1_000_000, key: str = ""
) -> Load:
    """Ask for a page again and again, on so many connections, for so long or so many times.

    Raises:
        OperationError: The address is none.
        DependencyError: Nobody answers there.
    """
    host, port, path = _parts(url)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with socket.create_connection((host, port), timeout=5):
            pass
    except OSError as error:
        message = f"nobody answers at {host}:{port}: {error.strerror or error}"
        raise DependencyError(message) from None
    began = time.perf_counter()
    until = began + seconds
    share = max(most // at_once, 1)

    def one(_: int) -> list[tuple[int, float]]:
        return _asked(host, port, path, headers, until, share)

    with ThreadPoolExecutor(at_once) as pool:
        found = [reply for replies in pool.map(one, range(at_once)) for reply in replies]
    took_s = time.perf_counter() - began
    return Load(Counter(s for s, _ in found), took_s, tuple(sorted(t for _, t in found)))


def _asked(
    host: str, port: int, path: str, headers: Mapping[str, str], until: float, most: int
) -> list[tuple[int, float]]:
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE_S)
    found: list[tuple[int, float]] = []
    while len(found) < most and (time.perf_counter() < until or not found):
        began = time.perf_counter()
        try:
            connection.request("GET", path, headers=dict(headers))
            reply = connection.getresponse()
            reply.read()
            status = reply.status
        except (OSError, http.client.HTTPException):
            status = 0
            connection.close()
        found.append((status, time.perf_counter() - began))
    connection.close()
    return found


def _parts(url: str) -> tuple[str, int, str]:
    parts = urlsplit(url)
    try:
        port = parts.port or 80
    except ValueError:
        port = 0
    if parts.scheme != "http" or not parts.hostname or not port:
        message = f"a load goes to an address such as http://127.0.0.1:8501/health; got {url!r:.80}"
        raise OperationError(message)
    return parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
