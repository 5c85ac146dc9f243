"""The seam between a chat and a provider's wire format."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from causal_interface_gym.agents.llm.fake.chat import Chat, Provider, Reply

__all__ = ["DATE", "MODEL_DATE", "WireFormat", "event", "text_of"]

DATE: Final = 1_767_225_600
"""When every reply was made, in seconds: a fixed time, so that the same request gives the same
bytes."""

MODEL_DATE: Final = "2026-01-01T00:00:00Z"


class WireFormat(ABC):
    """How one provider writes requests, replies and errors."""

    provider: ClassVar[Provider]
    id_header: ClassVar[str]
    models: ClassVar[tuple[str, ...]]

    @abstractmethod
    def read(self, path: str, body: Mapping[str, Any]) -> Chat:
        """Read a request; a missing field is a ``KeyError`` or ``TypeError``."""

    @abstractmethod
    def whole(self, chat: Chat, reply: Reply, number: int) -> dict[str, Any]:
        """Write a reply in one piece; a reply without texts has no choices."""

    @abstractmethod
    def events(self, chat: Chat, reply: Reply, number: int) -> list[bytes]:
        """Write a reply as server-sent events."""

    @abstractmethod
    def problem(self, status: int, message: str, number: int = 0) -> dict[str, Any]:
        """Write an error."""

    @abstractmethod
    def overflow(self) -> str:
        """Say that a prompt is too long in this provider's words."""

    @abstractmethod
    def models_page(self) -> dict[str, Any]:
        """List the models."""

    @abstractmethod
    def model(self, name: str) -> dict[str, Any]:
        """Describe a model."""


def event(data: Mapping[str, Any], name: str = "") -> bytes:
    """Write one server-sent event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def text_of(content: Any) -> str:  # noqa: ANN401 - JSON
    """Give the text of a message whose content is a text or a list of parts."""
    if isinstance(content, str):
        return content
    if content is None:
        return ""
    return "\n".join(part["text"] for part in content if isinstance(part.get("text"), str))
