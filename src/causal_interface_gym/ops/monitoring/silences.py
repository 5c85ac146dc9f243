"""Silences of Alertmanager, over version 2 of its API; version 1, of old runbooks, is gone."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from causal_interface_gym.errors import DependencyError, OperationError

__all__ = ["Alertmanager", "Matcher", "Silence", "duration", "matcher"]

PATIENCE_S: Final = 10.0
_MOST_BYTES: Final = 1 << 24
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION: Final = re.compile(r"(\d{1,6})([smhdw])")
_MATCHER: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*(.+?)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Matcher:
    """A label that silenced alerts have: equal or not, to a value or a regular expression."""

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def __str__(self) -> str:
        """Write as Prometheus does."""
        sign = {(False, True): "=", (True, True): "=~", (False, False): "!=", (True, False): "!~"}
        return f'{self.name}{sign[self.is_regex, self.is_equal]}"{self.value}"'

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as the API wants it; isRegex is required there."""
        return {
            "name": self.name,
            "value": self.value,
            "isRegex": self.is_regex,
            "isEqual": self.is_equal,
        }


@dataclass(frozen=True, slots=True)
class Silence:
    """What is silenced, when, why and by whom."""

    id: str
    state: str
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    comment: str
    created_by: str


def matcher(text: str) -> Matcher:
    """Read ``name=value``, ``name!=value``, ``name=~pattern`` or ``name!~pattern``.

    >>> print(matcher('severity=~"SEV[34]"'))
    severity=~"SEV[34]"

    Raises:
        OperationError: It is none of these.
    """
    found = _MATCHER.fullmatch(text)
    if found is None:
        forms = "name=value, name!=value, name=~pattern or name!~pattern"
        message = f"a matcher is {forms}; got {text!r:.80}"
        raise OperationError(message)
    name, sign, value = found.groups()
    is_quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return Matcher(name, value[1:-1] if is_quoted else value, "~" in sign, "!" not in sign)


def duration(text: str) -> timedelta:
    """Read ``30m``, ``2h`` or ``1d12h``.

    >>> duration("1d12h")
    datetime.timedelta(days=1, seconds=43200)

    Raises:
        OperationError: It is none, or nothing.
    """
    parts = _DURATION.findall(text)
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text or not seconds:
        message = f"a time is a number with s, m, h, d or w, such as 30m or 2h; got {text!r:.40}"
        raise OperationError(message)
    return timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Alertmanager:
    """An Alertmanager at an address."""

    url: str

    def add(
        self,
        matchers: Sequence[Matcher],
        *,
        lasts: timedelta,
        comment: str,
        created_by: str,
        starts_at: datetime | None = None,
    ) -> str:
        """Silence what has all these labels, and give the silence's id.

        Raises:
            DependencyError: It does not answer.
            OperationError: It refused.
        """
        begins = starts_at or datetime.now(UTC)
        body = {
            "matchers": [m.to_json() for m in matchers],
            "startsAt": begins.isoformat(),
            "endsAt": (begins + lasts).isoformat(),
            "comment": comment,
            "createdBy": created_by,
        }
        said = self._ask("POST", "silences", body)
        return str(said["silenceID"])

    def silences(self) -> tuple[Silence, ...]:
        """List all silences that it remembers, those that end first in front.

        Raises:
            DependencyError: It does not answer.
            OperationError: It refused.
        """
        found = (_silence(entry) for entry in self._ask("GET", "silences"))
        return tuple(sorted(found, key=lambda silence: (silence.ends_at, silence.id)))

    def alerts(self) -> tuple[tuple[datetime, str], ...]:
        """List the alerts that fire, with the moments at which they began, in that order.

        Raises:
            DependencyError: It does not answer.
            OperationError: It refused.
        """
        found = self._ask("GET", "alerts")
        return tuple(
            sorted(
                (datetime.fromisoformat(alert["startsAt"]), str(alert["labels"]["alertname"]))
                for alert in found
            )
        )

    def expire(self, silence: str) -> None:
        """End a silence now.

        Raises:
            DependencyError: It does not answer.
            OperationError: There is none with this id.
        """
        self._ask("DELETE", f"silence/{quote(silence, safe='')}")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        data = None if body is None else json.dumps(body).encode()
        address = f"{self.url.rstrip('/')}/api/v2/{path}"
        if not address.startswith(("http://", "https://")):
            message = (
                f"Alertmanager's address begins with http:// or https://; got {self.url!r:.80}"
            )
            raise OperationError(message)
        request = Request(address, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310
        try:
            with urlopen(request, timeout=PATIENCE_S) as reply:  # noqa: S310 - checked above
                said = reply.read(_MOST_BYTES)
            return json.loads(said) if said else None
        except HTTPError as error:
            why = error.read(1_000).decode("utf-8", "replace").strip()
            message = f"Alertmanager refused with {error.code}: {why or error.reason}"
            raise OperationError(message) from None
        except (URLError, HTTPException, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            message = (
                f"Alertmanager at {self.url} does not answer: {reason}; is it running, and is "
                "CIG_ALERTMANAGER_URL right?"
            )
            raise DependencyError(message) from None


def _silence(entry: Mapping[str, Any]) -> Silence:  # Any: JSON
    matchers = tuple(
        Matcher(m["name"], m["value"], m["isRegex"], m.get("isEqual", True))
        for m in entry["matchers"]
    )
    return Silence(
        entry["id"],
        entry["status"]["state"],
        matchers,
        datetime.fromisoformat(entry["startsAt"]),
        datetime.fromisoformat(entry["endsAt"]),
        entry["comment"],
        entry["createdBy"],
    )
