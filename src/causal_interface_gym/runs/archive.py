"""Worlds as text under the hash of that text: everything that marking a log needs, for ever.

A value is written with the name of its kind and all its fields, so nothing is left out when a kind
grows a field. The address is checked on reading: a text that was changed is refused.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from typing import Any, Final, Protocol, cast, get_args

from causal_interface_gym.causal.formats.model_json import model_from_json, model_to_json
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import CausalGymError, RunError
from causal_interface_gym.questions.question import Asked, BaseRate, Elicited, Item, Lure
from causal_interface_gym.scenarios.world import Question, Variable, World

__all__ = ["StoredWorld", "store_world"]

# Any: JSON.
Json = Any
_KIND: Final = "is"
_PLAIN: Final = (
    World,
    Variable,
    Question,
    Item,
    Lure,
    BaseRate,
    *(kind for kind in get_args(Asked) if kind is not Query),
    *get_args(Elicited),
)
_KINDS: Final = {kind.__name__: kind for kind in _PLAIN}
_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    kind: tuple(part.name for part in fields(kind)) for kind in _PLAIN
}


@dataclass(frozen=True, slots=True)
class StoredWorld:
    """A world's text and its address, the hash of the text.

    ``digest`` is the world's own, of what a participant meets: worlds that differ only in what is
    known of them, such as truths derived anew, share it and have different addresses.
    """

    address: str
    digest: str
    body: str

    def load(self) -> World:
        """Read the world.

        Raises:
            RunError: The text is not the one that was stored.
        """
        data = self.checked()
        try:
            world = _read(data)
        except (CausalGymError, KeyError, TypeError, ValueError) as error:
            message = f"the stored world {self.address} was written by another version: {error!r}"
            raise RunError(message) from error
        if not isinstance(world, World):
            message = f"the stored world {self.address} was written by another version: {world!r}"
            raise RunError(message)
        return world

    def text(self) -> str:
        """Give the text.

        Raises:
            RunError: The text is not the one that was stored.
        """
        if _address(self.body) != self.address:
            message = f"the stored world {self.address} is damaged: its text has another hash"
            raise RunError(message)
        return self.body

    def checked(self) -> Json:
        """Read the text as plain lists and dictionaries.

        Raises:
            RunError: The text is not the one that was stored, or no JSON.
        """
        try:
            return json.loads(self.text())
        except ValueError as error:
            message = f"the stored world {self.address} was written by another version: {error!r}"
            raise RunError(message) from error


def store_world(world: World) -> StoredWorld:
    """Write a world.

    >>> from causal_interface_gym import scenarios
    >>> stored = store_world(scenarios.get("asia-v1").world())
    >>> stored.load().digest == scenarios.get("asia-v1").world().digest
    True

    Raises:
        RunError: A part of the world is of a kind that cannot be stored.
    """
    body = json.dumps(_written(world), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return StoredWorld(_address(body), world.digest, body)


def _address(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _written(value: object) -> Json:
    kind = type(value)
    if kind in _FIELDS:
        parts = {name: _written(getattr(value, name)) for name in _FIELDS[kind]}
        return {_KIND: kind.__name__, **parts}
    match value:
        case str() | int() | float() | None:
            return value
        case tuple():
            return [_written(part) for part in value]
        case Query():
            return {_KIND: "Query", "query": value.to_json()}
        case SCM():
            return {_KIND: "SCM", "model": json.loads(model_to_json(value))}
        case _:
            message = f"a world holds a {kind.__name__}, which has no stored form: {value!r}"
            raise RunError(message)


class _Build(Protocol):
    """How a value is made of its fields."""

    def __call__(self, **parts: object) -> object:
        """Make it."""
        ...


def _read(data: Json) -> object:
    if isinstance(data, list):
        return tuple(_read(part) for part in data)
    if not isinstance(data, dict):
        return data
    match data[_KIND]:
        case "SCM":
            return model_from_json(json.dumps(data["model"]))
        case "Query":
            return Query.from_json(data["query"])
        case kind:
            build = cast("_Build", _KINDS[kind])
            return build(**{name: _read(part) for name, part in data.items() if name != _KIND})
