"""Google's ``generateContent``."""

import re
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
from causal_interface_gym.agents.llm.fake.formats.wire import WireFormat, event, text_of

__all__ = ["GoogleFormat"]

_PATH: Final = re.compile(r"models/([^/:]+):(\w+)$")
_REASONS: Final[Mapping[Ending, str | None]] = {
    "stop": "STOP",
    "length": "MAX_TOKENS",
    "refusal": "PROHIBITED_CONTENT",
    "filter": "SAFETY",
    "missing": None,
}
_STATES: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class GoogleFormat(WireFormat):
    """``POST /v1beta/models/MODEL:generateContent``, its stream, and ``GET /v1beta/models``."""

    provider: ClassVar[Provider] = "google"
    id_header: ClassVar[str] = "x-request-id"
    models: ClassVar[tuple[str, ...]] = ("fake-1", "gemini-2.5-flash")

    def read(self, path: str, body: Mapping[str, Any]) -> Chat:
        """Read a request; the path names the model and whether to stream."""
        match = _PATH.search(path)
        model, method = match.groups() if match else ("", "")
        options = body.get("generationConfig") or {}
        system = (body.get("systemInstruction") or {}).get("parts")
        said = [text_of(content.get("parts")) for content in body["contents"]]
        schema = options.get("responseJsonSchema") or options.get("responseSchema")
        return Chat(
            "google",
            model,
            "\n".join([text_of(system), *said]),
            schema=schema,
            wants_json=options.get("responseMimeType") == "application/json",
            n_choices=options.get("candidateCount") or 1,
            max_tokens=options.get("maxOutputTokens"),
            seed=options.get("seed"),
            is_stream=method == "streamGenerateContent",
            top_log_probabilities=(
                options.get("logprobs") or 0 if options.get("responseLogprobs") else None
            ),
        )

    def whole(self, chat: Chat, reply: Reply, number: int) -> dict[str, Any]:
        """Write a response; one that is refused has a block reason and no candidates."""
        tail = self._tail(chat, reply, number)
        if reply.ending == "refusal":
            feedback = {"blockReason": "PROHIBITED_CONTENT", "safetyRatings": []}
            return {"promptFeedback": feedback, **tail}
        return {
            "candidates": [
                {
                    **_candidate(index, text, _REASONS[reply.ending]),
                    **_logprobs(chat, reply, text),
                }
                for index, text in enumerate(reply.texts)
            ],
            **tail,
        }

    def events(self, chat: Chat, reply: Reply, number: int) -> list[bytes]:
        """Write a response as pieces of itself; the last has the reason and the tokens."""
        if reply.ending == "refusal":
            return [event(self.whole(chat, reply, number))]
        tail = self._tail(chat, reply, number)
        named = {key: tail[key] for key in ("modelVersion", "responseId")}
        written: list[dict[str, Any]] = []
        for index, text in enumerate(reply.texts):
            pieces = tokens_of(text) or [""]
            reasons = [None] * (len(pieces) - 1) + [_REASONS[reply.ending]]
            written += [
                {"candidates": [_candidate(index, piece, reason)], **named}
                for piece, reason in zip(pieces, reasons, strict=True)
            ]
        if written:
            written[-1].update(tail)
        return [event(data) for data in written]

    def problem(self, status: int, message: str, number: int = 0) -> dict[str, Any]:
        """Write an error."""
        state = _STATES.get(status, "INTERNAL")
        return {"error": {"code": status, "message": message, "status": state}}

    def overflow(self) -> str:
        """Say that a prompt is too long."""
        return (
            "The input token count (1200000) exceeds the maximum number of tokens allowed "
            "(1048576)."
        )

    def models_page(self) -> dict[str, Any]:
        """List the models."""
        return {"models": [self.model(name) for name in self.models]}

    def model(self, name: str) -> dict[str, Any]:
        """Describe a model."""
        return {
            "name": f"models/{name}",
            "version": "fake",
            "displayName": name,
            "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536,
            "supportedGenerationMethods": ["generateContent", "countTokens"],
        }

    def _tail(self, chat: Chat, reply: Reply, number: int) -> dict[str, Any]:
        asked = token_count(chat.prompt)
        answered = sum(len(tokens_of(text)) for text in reply.texts)
        usage = {
            "promptTokenCount": asked,
            "candidatesTokenCount": answered,
            "totalTokenCount": asked + answered,
        }
        named = {"modelVersion": chat.model, "responseId": f"fake-{number}"}
        return {"usageMetadata": usage, **named}


def _candidate(index: int, text: str, reason: str | None) -> dict[str, Any]:
    content = {"role": "model", "parts": [{"text": text}]}
    ending = {} if reason is None else {"finishReason": reason}
    return {"index": index, "content": content, **ending}


def _logprobs(chat: Chat, reply: Reply, text: str) -> dict[str, Any]:
    if chat.top_log_probabilities is None:
        return {}
    places = log_probabilities(reply, text, chat.top_log_probabilities)
    result = {
        "chosenCandidates": [_token(p.token, p.log_probability) for p in places],
        "topCandidates": [{"candidates": [_token(*a) for a in p.alternatives]} for p in places],
    }
    mean = sum(place.log_probability for place in places) / max(len(places), 1)
    return {"logprobsResult": result, "avgLogprobs": mean}


def _token(token: str, log_probability: float) -> dict[str, Any]:
    return {"token": token, "tokenId": len(token), "logProbability": log_probability}
