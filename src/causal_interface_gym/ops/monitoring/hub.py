"""The metrics of all replicas as one page: each series says by ``instance`` whose it is.

A gateway that hands requests on in turn would show the numbers of one replica; the hub asks every
one at the same time and leaves out who does not answer, with ``replica_up`` 0.
"""

import socket
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Final
from urllib.error import URLError
from urllib.request import Request, urlopen

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from causal_interface_gym.errors import DependencyError

__all__ = ["Replicas", "addresses", "page_of"]

PATIENCE_S: Final = 2.0
_MOST_BYTES: Final = 1 << 24
_MOST_AT_ONCE: Final = 32


def addresses(places: Iterable[str]) -> tuple[str, ...]:
    """Resolve ``host:port`` to all the addresses that a name has now, in order, each once.

    >>> addresses(["127.0.0.1:8090", "127.0.0.1:8090"])
    ('127.0.0.1:8090',)
    """
    found: dict[str, None] = {}
    for place in places:
        host, _, port = place.rpartition(":")
        try:
            known = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except OSError:
            found[place] = None  # it is asked by its name, and shown as down
            continue
        hosts = sorted({str(entry[4][0]) for entry in known})
        found |= {f"[{h}]:{port}" if ":" in h else f"{h}:{port}": None for h in hosts}
    return tuple(found)


class Replicas(Collector):
    """The metrics of every replica; names are resolved each time, for replicas come and go."""

    def __init__(self, places: Sequence[str]) -> None:
        """Take ``host:port`` of each, or a name that stands for many."""
        self._places = tuple(places)
        self._pool = ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="hub")

    def collect(self) -> Iterator[Metric]:
        """Ask all at once, and give what was heard."""
        asked = addresses(self._places)
        texts = dict(zip(asked, self._pool.map(_fetched, asked), strict=True))
        up = GaugeMetricFamily("replica_up", "Whether a replica answered.", labels=["instance"])
        merged: dict[str, Metric] = {}
        for instance, text in texts.items():
            families = _parsed(text)
            up.add_metric([instance], float(families is not None))
            for family in families or ():
                into = merged.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type)
                )
                for sample in family.samples:
                    labels = {**sample.labels, "instance": instance}
                    into.add_sample(sample.name, labels, sample.value)
        yield up
        yield from merged.values()

    def describe(self) -> Iterator[Metric]:
        """Say nothing before somebody asks: to know the names, replicas would have to answer."""
        return iter(())

    def close(self) -> None:
        """End the threads that ask."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def page_of(place: str) -> str:
    """Read the page of metrics at ``host:port``.

    Raises:
        DependencyError: Nobody answers there.
    """
    found = _fetched(place)
    if found is None:
        message = f"nobody shows metrics at {place}"
        raise DependencyError(message)
    return found


def _fetched(place: str) -> str | None:
    request = Request(f"http://{place}/metrics")
    try:
        with urlopen(request, timeout=PATIENCE_S) as reply:  # noqa: S310 - as above
            return str(reply.read(_MOST_BYTES).decode("utf-8"))
    except (OSError, URLError, HTTPException, ValueError):
        return None


def _parsed(text: str | None) -> list[Metric] | None:
    if text is None:
        return None
    try:
        return list(text_string_to_metric_families(text))
    except (ValueError, KeyError, IndexError):  # somebody else listens there
        return None
