"""How many requests a caller may send: a budget that fills up evenly, over all replicas.

A budget belongs to a key, or to an address where no key is needed. Callers that show no good key
have a smaller one for each address. Budgets live in the cache: while it is flushed or away they
begin anew, or hold for each process by itself, and nothing else changes.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.storage.cache.process import ProcessCache
from causal_interface_gym.storage.cache.seam import Allowance, Cache

__all__ = ["FRESH_S", "PER_S", "Limits", "Rates", "is_loopback", "place_of", "rate_headers"]

PER_S: Final = 60
"""Seconds in which a budget fills up."""
FRESH_S: Final = 2.0
"""Seconds for which the rates count before they are looked up again."""
_NETWORK: Final = 64
"""Bits of an address of version 6 that belong to one subscriber."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a minute: of a caller, and of an address that shows no good key; 0 is no limit."""

    requests: int = 6_000
    refused: int = 60


class Limits:
    """The budgets of all callers; safe to use from many threads."""

    def __init__(
        self,
        cache: Cache | None = None,
        rates: Callable[[], Rates] = Rates,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep budgets in a cache; ``rates`` is asked now and then how large they are."""
        self.cache: Cache = cache or ProcessCache()
        self._rates = rates
        self._clock = clock
        self._now = Rates()
        self._until = -math.inf

    def spend(self, caller: str) -> tuple[Allowance, int] | None:
        """Take a request from the budget of a caller, and say how large it is; nothing if endless.

        Raises:
            HTTPException: It is spent.
        """
        return self._spend(f"caller:{caller}", self._current().requests)

    def refuse(self, place: str) -> None:
        """Take a request from the budget of an address that showed no good key.

        Raises:
            HTTPException: It is spent.
        """
        self._spend(f"refused:{place}", self._current().refused)

    def _spend(self, name: str, budget: int) -> tuple[Allowance, int] | None:
        if not budget:
            return None
        found = self.cache.spend(name, budget=budget, per_s=PER_S)
        if not found.is_given:
            message = f"this is more than {budget} requests a minute; wait as Retry-After says"
            headers = {"Retry-After": str(math.ceil(found.wait_s)), **rate_headers(found, budget)}
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, message, headers)
        return found, budget

    def _current(self) -> Rates:
        now = self._clock()
        if now >= self._until:
            self._until = now + FRESH_S  # first, so that others go on with what was known
            try:
                self._now = self._rates()
            except CausalGymError:  # the database is away, or a value was spoilt in it
                return self._now
        return self._now


def rate_headers(found: Allowance, budget: int) -> dict[str, str]:
    """Say how large a budget is and what is left of it, for the headers of a reply."""
    return {
        "RateLimit-Policy": f'"requests";q={budget};w={PER_S}',
        "RateLimit": f'"requests";r={found.left};t={math.ceil(found.full_s)}',
    }


def is_loopback(host: str) -> bool:
    """Say whether an address is this machine's own; a name may be anybody's."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def place_of(host: str) -> str:
    """Give the part of an address that is one subscriber's.

    >>> place_of("2001:db8:1:2:3:4:5:6"), place_of("::ffff:192.0.2.1"), place_of("192.0.2.1")
    ('2001:db8:1:2::', '192.0.2.1', '192.0.2.1')
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a socket in a file has none
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _NETWORK), strict=False).network_address)
