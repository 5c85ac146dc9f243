"""The log of an episode: append-only, numbered, and a chain of digests.

Each event carries the digest of the one before it and its own, over everything it says. Cut out,
add or change an event, and the chain no longer closes. The first event's predecessor is the world,
so a log belongs to one world. Whoever rewrites the whole chain is found out by ``log_digest``, kept
elsewhere, or by playing the actions again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from causal_interface_gym.errors import LogError

__all__ = [
    "CLOSING",
    "Event",
    "check_log",
    "event_after",
    "event_from_json",
    "event_to_json",
    "first_link",
    "log_digest",
    "log_from_json",
    "log_to_json",
]

# Any: JSON.
Json = dict[str, Any]

_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))

CLOSING: Final = frozenset({"closed", "ended"})
"""The kinds of observation that close an episode."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a log: an action as it was taken, and what was answered, in JSON form.

    ``number`` counts from 0. Without ``previous`` and ``digest`` the event stands in no chain and
    ``check_log`` refuses it.
    """

    action: Json
    observation: Json
    number: int = 0
    previous: str = ""
    digest: str = ""


def first_link(world: str) -> str:
    """Give the digest that stands before the first event in the world with this digest."""
    return _sha256({"format": "causal-interface-gym/log", "version": 1, "world": world})


def event_after(previous: str, number: int, *, action: Json, observation: Json) -> Event:
    """Make the event that follows a digest."""
    digest = _digest(action, observation, number, previous)
    return Event(action, observation, number, previous, digest)


def check_log(log: Sequence[Event]) -> None:
    """Check that a log is whole: numbered, chained, and closed once.

    After the closing event only refusals may stand.

    Raises:
        LogError: An event was cut out, added or changed, or the end is missing.
    """
    for number, event in enumerate(log):
        before = log[number - 1].digest if number else event.previous
        if event.number != number:
            message = f"it is numbered {event.number}; an event is missing or moved"
            raise LogError(message, number=number)
        if not event.previous or event.previous != before:
            message = "it does not follow the event before it; the log was cut or changed"
            raise LogError(message, number=number)
        if event.digest != _recomputed(event, number):
            message = "its digest does not fit what it says; the event was changed"
            raise LogError(message, number=number)
    _check_end(log)


def log_digest(log: Sequence[Event]) -> str:
    """Give the digest of a whole log: that of its last event, empty for no event."""
    return log[-1].digest if log else ""


def event_to_json(event: Event) -> Json:
    """Write an event in its JSON form."""
    return {
        "n": event.number,
        "action": event.action,
        "observation": event.observation,
        "previous": event.previous,
        "digest": event.digest,
    }


def event_from_json(data: object, *, number: int = 0) -> Event:
    """Read an event; a bare pair of action and observation gives one that stands in no chain.

    Raises:
        LogError: A part is missing or of another type; ``number`` is the place named by it.
    """
    match data:
        case {
            "n": int(n),
            "action": Mapping() as action,
            "observation": Mapping() as observation,
            "previous": str(previous),
            "digest": str(digest),
        }:
            return Event(dict(action), dict(observation), n, previous, digest)
        case [Mapping() as action, Mapping() as observation]:
            return Event(dict(action), dict(observation), number)
        case _:
            message = f"it is no event; got {data!r:.200}"
            raise LogError(message, number=number)


def log_to_json(log: Iterable[Event]) -> list[Json]:
    """Write a log in its JSON form."""
    return [event_to_json(event) for event in log]


def log_from_json(data: object) -> tuple[Event, ...]:
    """Read what ``log_to_json`` writes; ``check_log`` says whether it is whole.

    Raises:
        LogError: This is no list of events.
    """
    if not isinstance(data, Sequence) or isinstance(data, str):
        message = f"a log is a list of events; got {data!r:.200}"
        raise LogError(message)
    return tuple(event_from_json(entry, number=number) for number, entry in enumerate(data))


def _check_end(log: Sequence[Event]) -> None:
    kinds = [str(event.observation.get("kind")) for event in log]
    ends = [number for number, kind in enumerate(kinds) if kind in CLOSING]
    if not ends:
        message = "the episode does not end here; the log was cut or the episode is not over"
        raise LogError(message, number=len(log))
    after = [n for n in range(ends[0] + 1, len(log)) if kinds[n] != "refused"]
    if after:
        message = "something was carried out after the episode was closed"
        raise LogError(message, number=after[0])


def _recomputed(event: Event, number: int) -> str:
    try:
        return _digest(event.action, event.observation, number, event.previous)
    except (TypeError, ValueError, RecursionError) as error:
        message = f"it is no JSON: {error}"
        raise LogError(message, number=number) from None


def _digest(
    action: Mapping[str, Any], observation: Mapping[str, Any], n: int, previous: str
) -> str:
    return _sha256({"n": n, "previous": previous, "action": action, "observation": observation})


def _sha256(content: Mapping[str, object]) -> str:
    return hashlib.sha256(_ENCODER.encode(content).encode()).hexdigest()
