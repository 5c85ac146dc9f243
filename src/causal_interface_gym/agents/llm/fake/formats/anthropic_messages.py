"""Anthropic's Messages."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from causal_interface_gym.agents.llm.fake.chat import (
    Chat,
    Ending,
    Provider,
    Reply,
    token_count,
    tokens_of,
)
from causal_interface_gym.agents.llm.fake.formats.wire import MODEL_DATE, WireFormat, event, text_of

__all__ = ["AnthropicFormat"]

_REASONS: Final[Mapping[Ending, str | None]] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "refusal": "refusal",
    "filter": "refusal",
    "missing": None,
}
_KINDS: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class AnthropicFormat(WireFormat):
    """``POST /v1/messages`` and ``GET /v1/models``."""

    provider: ClassVar[Provider] = "anthropic"
    id_header: ClassVar[str] = "request-id"
    models: ClassVar[tuple[str, ...]] = ("fake-1", "claude-haiku-4-5")

    def read(self, path: str, body: Mapping[str, Any]) -> Chat:
        """Read a request."""
        shape = (body.get("output_config") or {}).get("format") or {}
        said = [text_of(message.get("content")) for message in body["messages"]]
        return Chat(
            "anthropic",
            body["model"],
            "\n".join([text_of(body.get("system")), *said]),
            schema=shape.get("schema"),
            wants_json=shape.get("type") == "json_schema",
            max_tokens=body["max_tokens"],
            is_stream=bool(body.get("stream")),
        )

    def whole(self, chat: Chat, reply: Reply, number: int) -> dict[str, Any]:
        """Write a message."""
        answered = sum(len(tokens_of(text)) for text in reply.texts)
        return {
            **self._head(chat, number, answered),
            "content": [{"type": "text", "text": text} for text in reply.texts],
            "stop_reason": _REASONS[reply.ending],
        }

    def events(self, chat: Chat, reply: Reply, number: int) -> list[bytes]:
        """Write a message as named events."""
        written: list[dict[str, Any]] = [
            {"type": "message_start", "message": self._head(chat, number, 1)}
        ]
        for index, text in enumerate(reply.texts):
            start = {"type": "text", "text": ""}
            written.append({"type": "content_block_start", "index": index, "content_block": start})
            written += [
                {
                    "type": "content_block_delta",
                    "index": index,
                    "delta": {"type": "text_delta", "text": token},
                }
                for token in tokens_of(text)
            ]
            written.append({"type": "content_block_stop", "index": index})
        if reply.ending != "missing":
            answered = sum(len(tokens_of(text)) for text in reply.texts)
            delta = {"stop_reason": _REASONS[reply.ending], "stop_sequence": None}
            usage = {"output_tokens": answered}
            written.append({"type": "message_delta", "delta": delta, "usage": usage})
            written.append({"type": "message_stop"})
        return [event(data, str(data["type"])) for data in written]

    def problem(self, status: int, message: str, number: int = 0) -> dict[str, Any]:
        """Write an error."""
        kind = _KINDS.get(status, "api_error")
        error = {"type": kind, "message": message}
        return {"type": "error", "error": error, "request_id": f"req_fake_{number}"}

    def overflow(self) -> str:
        """Say that a prompt is too long."""
        return "prompt is too long: 212345 tokens > 200000 maximum"

    def models_page(self) -> dict[str, Any]:
        """List the models."""
        data = [self.model(name) for name in self.models]
        ends = {"first_id": self.models[0], "last_id": self.models[-1]}
        return {"data": data, "has_more": False, **ends}

    def model(self, name: str) -> dict[str, Any]:
        """Describe a model."""
        return {"type": "model", "id": name, "display_name": name, "created_at": MODEL_DATE}

    def _head(self, chat: Chat, number: int, answered: int) -> dict[str, Any]:
        return {
            "id": f"msg_fake_{number}",
            "type": "message",
            "role": "assistant",
            "model": chat.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {
                "input_tokens": token_count(chat.prompt),
                "output_tokens": answered,
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
                "service_tier": "standard",
            },
        }
