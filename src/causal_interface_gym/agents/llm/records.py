"""The record of a call: what was asked, what came of it, and where records are kept.

A transcript holds one record for each question that got an answer, or a reply that cannot be used.
A question that met an outage has none: it was never answered, and is asked again.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, Self

from causal_interface_gym.agents.llm.call import (
    Answer,
    Ask,
    LogProbability,
    Message,
    Sampling,
    Usage,
)

__all__ = [
    "ADAPTER",
    "CallRecord",
    "CallStore",
    "MemoryCallStore",
    "content_key",
    "read_answer",
]

ADAPTER: Final = 1
"""The version of how a question becomes a provider's request; part of every content key."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call, as it is kept.

    ``key`` is the hash of the question's content. Either ``answer`` is there, or ``error`` names
    the class of a ``ReplyError`` and ``message`` gives its words. ``library`` names the libraries
    that spoke with the provider. ``started`` is in seconds since 1970; ``latency_s`` counts all
    attempts.
    """

    ask: Ask
    key: str
    provider: str
    model: str
    answer: Answer | None = None
    error: str = ""
    message: str = ""
    latency_s: float = 0.0
    started: float = 0.0
    library: str = ""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as JSON, the messages included."""
        made = _fields(self)
        made["ask"] = _fields(self.ask)
        made["ask"]["messages"] = [_fields(message) for message in self.ask.messages]
        made["ask"]["sampling"] = _fields(self.ask.sampling)
        if self.answer is not None:
            made["answer"] = _fields(self.answer)
            made["answer"]["usage"] = _fields(self.answer.usage)
            made["answer"]["log_probabilities"] = [
                _fields(entry) for entry in self.answer.log_probabilities
            ]
        return made

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:  # Any: JSON
        """Read what ``to_json`` wrote."""
        asked = dict(data["ask"])
        asked["messages"] = tuple(Message(**message) for message in asked["messages"])
        asked["sampling"] = Sampling(**asked["sampling"])
        answer = read_answer(data["answer"]) if data["answer"] is not None else None
        return cls(**{**data, "ask": Ask(**asked), "answer": answer})


class CallStore(Protocol):
    """Where the records of a run are kept.

    ``keep`` may hold records back to write them together; what ``flush`` returned from is on the
    disk. So flush before a trial counts as finished.
    """

    async def find(self, trial: str, label: str) -> CallRecord | None:
        """Give the record under a label of a trial, if there is one."""
        ...

    async def keep(self, record: CallRecord) -> None:
        """Keep a record; one that is there under its label stays as it is."""
        ...

    async def flush(self) -> None:
        """Return when everything kept so far is safe."""
        ...

    def records(self, trial: str | None = None) -> Iterator[CallRecord]:
        """Stream the flushed records of a trial, or of all, in the order of their labels."""
        ...


@dataclass(slots=True)
class MemoryCallStore:
    """Records that live as long as the process."""

    kept: dict[tuple[str, str], CallRecord] = field(default_factory=dict)

    async def find(self, trial: str, label: str) -> CallRecord | None:
        """Give the record under a label of a trial, if there is one."""
        return self.kept.get((trial, label))

    async def keep(self, record: CallRecord) -> None:
        """Keep a record; one that is there under its label stays as it is."""
        self.kept.setdefault((record.ask.trial, record.ask.label), record)

    async def flush(self) -> None:
        """Return at once: nothing is held back."""

    def records(self, trial: str | None = None) -> Iterator[CallRecord]:
        """Stream the records of a trial, or of all, in the order of their labels."""
        for key in sorted(self.kept):
            if trial is None or key[0] == trial:
                yield self.kept[key]


def content_key(provider: str, model: str, ask: Ask) -> str:
    """Hash what determines a reply: who is asked, the messages, the schema, how it is drawn.

    The trial, the label and the deadline are no part of it.
    """
    content = [
        ADAPTER,
        provider,
        model,
        [[message.role, message.text] for message in ask.messages],
        ask.schema,
        _fields(ask.sampling),
        ask.sample,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_answer(data: dict[str, Any]) -> Answer:  # Any: JSON
    """Read an answer from the JSON of its fields."""
    found = dict(data)
    found["usage"] = Usage(**found["usage"])
    found["dropped"] = tuple(found["dropped"])
    found["log_probabilities"] = tuple(
        LogProbability(
            entry["token"],
            entry["log_probability"],
            tuple((token, value) for token, value in entry["alternatives"]),
        )
        for entry in found["log_probabilities"]
    )
    return Answer(**found)


def _fields(record: Any) -> dict[str, Any]:  # noqa: ANN401 - a record of this package
    """Give a record's fields, one level deep; the standard way copies every value."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
