"""How the language models of a run are asked: part of what the run is, fixed before it starts.

Where a model is reached (a base URL, a file) is not part of it; which bytes a local model has is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, cast, get_args

from causal_interface_gym.errors import RunError

__all__ = ["MAX_DRAWS", "MAX_TOKENS", "Asking", "CacheMode"]

CacheMode = Literal["off", "record", "replay"]
"""Whether replies come from the cache of replies that all runs share: never, if there, or only."""

MAX_DRAWS: Final = 4
"""How often a model may draw rows in an episode, unless told otherwise."""

MAX_TOKENS: Final = 4_096
"""Room for a reply in tokens, unless told otherwise: models that reason need more than they say."""

_HOTTEST: Final = 2.0

# Any: JSON.
Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """The options of a run's language models.

    Without a ``temperature`` each provider's own holds. ``max_tokens`` is room for a reply where
    its form needs less; a local model has the room that the form needs. ``has_controls`` says
    whether models answer the format controls, ``has_apart`` whether in a sample of trials each
    question is put once more by itself.

    ``prompts`` gives version and hash of every prompt by its name, ``resolved`` the agent that an
    alias stood for when the run was created, ``files`` the SHA-256 of local models by file name.

    Raises:
        RunError: A number is out of its range, or the cache's mode is none.
    """

    max_draws: int = MAX_DRAWS
    temperature: float | None = None
    max_tokens: int = MAX_TOKENS
    cache: CacheMode = "off"
    has_controls: bool = True
    prompts: Pairs = ()
    resolved: Pairs = ()
    files: Pairs = ()
    has_apart: bool = False

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.max_draws < 0 or self.max_tokens < 1:
            message = (
                "max-draws is 0 or more and max-tokens 1 or more; got "
                f"{self.max_draws} and {self.max_tokens}"
            )
            raise RunError(message)
        if self.temperature is not None and not 0 <= self.temperature <= _HOTTEST:
            message = f"a temperature is from 0 to {_HOTTEST:g}; got {self.temperature}"
            raise RunError(message)
        if self.cache not in get_args(CacheMode):
            known = ", ".join(get_args(CacheMode))
            message = f"the cache is one of {known}; got {self.cache!r}"
            raise RunError(message)

    def to_json(self) -> Json:
        """Write as plain values."""
        return {
            "max_draws": self.max_draws,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "cache": self.cache,
            "controls": self.has_controls,
            "prompts": dict(self.prompts),
            "resolved": dict(self.resolved),
            "files": dict(self.files),
            # Runs from before there was such a sample have none, and stay what they were.
            **({"apart": True} if self.has_apart else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:  # Any: JSON
        """Read what ``to_json`` writes.

        Raises:
            KeyError: A part is missing.
        """
        temperature = data["temperature"]
        return cls(
            int(data["max_draws"]),
            None if temperature is None else float(temperature),
            int(data["max_tokens"]),
            cast("CacheMode", str(data["cache"])),
            bool(data["controls"]),
            _pairs(data["prompts"]),
            _pairs(data["resolved"]),
            _pairs(data["files"]),
            bool(data.get("apart", False)),
        )


def _pairs(data: Mapping[str, Any]) -> Pairs:  # Any: JSON
    return tuple(sorted((str(name), str(value)) for name, value in data.items()))
