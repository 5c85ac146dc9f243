"""OpenAI's chat completions."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from causal_interface_gym.agents.llm.fake.answers import log_probabilities
from causal_interface_gym.agents.llm.fake.chat import (
    Chat,
    Ending,
    Provider,
    Reply,
    token_count,
    tokens_of,
)
from causal_interface_gym.agents.llm.fake.formats.wire import DATE, WireFormat, event, text_of

__all__ = ["OpenAIFormat"]

_REASONS: Final[Mapping[Ending, str | None]] = {
    "stop": "stop",
    "length": "length",
    "refusal": "stop",
    "filter": "content_filter",
    "missing": None,
}
_LONGEST_TOKEN: Final = 100
_KINDS: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    429: "rate_limit_error",
}


class OpenAIFormat(WireFormat):
    """``POST /v1/chat/completions`` and ``GET /v1/models``."""

    provider: ClassVar[Provider] = "openai"
    id_header: ClassVar[str] = "x-request-id"
    models: ClassVar[tuple[str, ...]] = ("fake-1", "gpt-4o-mini", "gpt-3.5-turbo")

    def read(self, path: str, body: Mapping[str, Any]) -> Chat:
        """Read a request."""
        shape = body.get("response_format") or {}
        options = body.get("stream_options") or {}
        return Chat(
            "openai",
            body["model"],
            "\n".join(text_of(message.get("content")) for message in body["messages"]),
            schema=(shape.get("json_schema") or {}).get("schema"),
            wants_json=shape.get("type") in {"json_schema", "json_object"},
            n_choices=body.get("n") or 1,
            max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
            seed=body.get("seed"),
            is_stream=bool(body.get("stream")),
            with_usage=bool(options.get("include_usage")),
            top_log_probabilities=body.get("top_logprobs") or 0 if body.get("logprobs") else None,
        )

    def whole(self, chat: Chat, reply: Reply, number: int) -> dict[str, Any]:
        """Write a completion."""
        choices = [
            {
                "index": index,
                "message": self._message(reply, text),
                "logprobs": _logprobs(chat, reply, text),
                "finish_reason": _REASONS[reply.ending],
            }
            for index, text in enumerate(reply.texts)
        ]
        return {
            **self._head(chat, number, "chat.completion"),
            "choices": choices,
            "usage": self._usage(chat, reply),
        }

    def events(self, chat: Chat, reply: Reply, number: int) -> list[bytes]:
        """Write a completion as chunks, closed by ``[DONE]``."""
        head = self._head(chat, number, "chat.completion.chunk")

        def chunk(index: int, delta: dict[str, Any], reason: str | None = None) -> bytes:
            choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": reason}
            return event({**head, "choices": [choice]})

        field = "refusal" if reply.ending == "refusal" else "content"
        written = []
        for index, text in enumerate(reply.texts):
            written.append(chunk(index, {"role": "assistant", "content": "", "refusal": None}))
            written += [chunk(index, {field: token}) for token in tokens_of(text)]
            if reply.ending != "missing":
                written.append(chunk(index, {}, _REASONS[reply.ending]))
        if chat.with_usage:
            written.append(event({**head, "choices": [], "usage": self._usage(chat, reply)}))
        return [*written, b"data: [DONE]\n\n"]

    def problem(self, status: int, message: str, number: int = 0) -> dict[str, Any]:
        """Write an error."""
        kind = _KINDS.get(status, "server_error")
        code = {401: "invalid_api_key", 429: "rate_limit_exceeded"}.get(status)
        if message == self.overflow():
            code = "context_length_exceeded"
        return {"error": {"message": message, "type": kind, "param": None, "code": code}}

    def overflow(self) -> str:
        """Say that a prompt is too long."""
        return (
            "This model's maximum context length is 128000 tokens. However, your messages "
            "resulted in 131072 tokens. Please reduce the length of the messages."
        )

    def models_page(self) -> dict[str, Any]:
        """List the models."""
        return {"object": "list", "data": [self.model(name) for name in self.models]}

    def model(self, name: str) -> dict[str, Any]:
        """Describe a model."""
        return {"id": name, "object": "model", "created": DATE, "owned_by": "fake"}

    def _message(self, reply: Reply, text: str) -> dict[str, Any]:
        refused = reply.ending == "refusal"
        return {
            "role": "assistant",
            "content": None if refused else text,
            "refusal": text if refused else None,
            "annotations": [],
        }

    def _head(self, chat: Chat, number: int, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-fake-{number}",
            "object": kind,
            "created": DATE,
            "model": chat.model,
            "system_fingerprint": "fp_fake",
            "service_tier": "default",
        }

    def _usage(self, chat: Chat, reply: Reply) -> dict[str, Any]:
        asked = token_count(chat.prompt)
        answered = sum(len(tokens_of(text)) for text in reply.texts)
        return {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }


def _logprobs(chat: Chat, reply: Reply, text: str) -> dict[str, Any] | None:
    if chat.top_log_probabilities is None:
        return None
    content = [
        {
            **_token(place.token, place.log_probability),
            "top_logprobs": [_token(*alternative) for alternative in place.alternatives],
        }
        for place in log_probabilities(reply, text, chat.top_log_probabilities)
    ]
    return {"content": content, "refusal": None}


def _token(token: str, log_probability: float) -> dict[str, Any]:
    is_short = len(token) <= _LONGEST_TOKEN
    data = list(token.encode("utf-8", "replace")) if is_short else None
    return {"token": token, "logprob": log_probability, "bytes": data}
