"""Which format a request is in, which fault hits it, and the account of what was asked."""

import json
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from causal_interface_gym.agents.llm.fake.answers import reply_to, shortened
from causal_interface_gym.agents.llm.fake.chat import Chat, Provider, Reply
from causal_interface_gym.agents.llm.fake.connection import Request
from causal_interface_gym.agents.llm.fake.fault import Fault
from causal_interface_gym.agents.llm.fake.formats.anthropic_messages import AnthropicFormat
from causal_interface_gym.agents.llm.fake.formats.google_content import GoogleFormat
from causal_interface_gym.agents.llm.fake.formats.openai_chat import OpenAIFormat
from causal_interface_gym.agents.llm.fake.formats.wire import WireFormat
from causal_interface_gym.agents.llm.fake.response import Response, as_json, as_stream
from causal_interface_gym.agents.llm.fake.script import Script
from causal_interface_gym.agents.llm.fake.spoiling import error_of, spoil_reply, spoil_response

__all__ = ["Answering", "Seen"]

_OPENAI: Final = OpenAIFormat()
_ANTHROPIC: Final = AnthropicFormat()
_GOOGLE: Final = GoogleFormat()
_CHATS: Final[tuple[tuple[re.Pattern[str], WireFormat], ...]] = (
    (re.compile(r"/chat/completions$"), _OPENAI),
    (re.compile(r"/v1/messages$"), _ANTHROPIC),
    (re.compile(r"/models/[^/]+:(?:generateContent|streamGenerateContent)$"), _GOOGLE),
)
_MODELS: Final = re.compile(r"/models(?:/([^/:]+))?$")
_KEYS: Final = ("authorization", "x-api-key", "x-goog-api-key")
_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """One request: its number from 1, when it came in seconds after the start, what it got."""

    number: int
    at_s: float
    provider: Provider
    path: str
    model: str
    fault: str
    status: int


class Answering:
    """Answers requests by a script; no key is read, but by the fault that echoes it."""

    def __init__(self, script: Script, on_seen: Callable[[Seen], None] | None = None) -> None:
        """Begin with nothing asked."""
        self.seen: deque[Seen] = deque(maxlen=_KEPT)
        self.counts: Counter[str] = Counter()
        self._script = script
        self._on_seen = on_seen
        self._texts = deque(answer.text for answer in script.answers if not answer.match)

    def respond(self, request: Request, at_s: float) -> Response:
        """Answer one request; a fault may take the answer's place or spoil it."""
        path = request.path.partition("?")[0]
        wire = _wire_of(path, request)
        if wire is None:
            message = f"the fake has no {request.method} {path}"
            return as_json(_OPENAI.problem(404, message), status=404)
        self.counts["requests"] += 1
        self.counts[wire.provider] += 1
        number = self.counts["requests"]
        fault = self._fault(wire.provider, number, at_s)
        model, response = self._answered(wire, path, request, number, fault)
        kind = "" if fault is None else fault.kind
        entry = Seen(number, at_s, wire.provider, path, model, kind, response.status)
        self.seen.append(entry)
        if self._on_seen is not None:
            self._on_seen(entry)
        if fault is None:
            return response
        self.counts[f"fault {kind}"] += 1
        return spoil_response(fault, response)

    def _fault(self, provider: Provider, number: int, at_s: float) -> Fault | None:
        """Find the first fault that hits; one of a provider counts that provider's requests."""
        for index, fault in enumerate(self._script.faults):
            if fault.provider not in {None, provider}:
                continue
            turn = number if fault.provider is None else self.counts[provider]
            rng = Random(f"{self._script.seed}/{index}/{turn}")  # noqa: S311 - reproducible
            if fault.when.holds(turn, at_s, rng):
                return fault
        return None

    def _answered(
        self, wire: WireFormat, path: str, request: Request, number: int, fault: Fault | None
    ) -> tuple[str, Response]:
        """Give the model asked for, and the response before it is spoiled on its way."""
        headers = {wire.id_header: f"req_fake_{number}"}
        if fault is not None:
            key = next((request.headers[name] for name in _KEYS if name in request.headers), "")
            error = error_of(fault, wire, headers, number=number, key=key)
            if error is not None:
                return "", error
        listed = _MODELS.search(path)
        if listed is not None:
            name = listed[1] or ""
            return name, as_json(wire.model(name) if name else wire.models_page(), headers=headers)
        try:
            chat = wire.read(path, json.loads(request.body))
            reply = self._reply(chat)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"the request cannot be read: {error!r}"
            return "", as_json(wire.problem(400, message), status=400, headers=headers)
        if fault is not None:
            reply = spoil_reply(fault, reply)
        if chat.is_stream:
            return chat.model, as_stream(wire.events(chat, reply, number), headers)
        return chat.model, as_json(wire.whole(chat, reply, number), headers=headers)

    def _reply(self, chat: Chat) -> Reply:
        """Answer by the script's texts as long as it has any, else by the rule."""
        for answer in self._script.answers:
            if answer.match and answer.match in chat.prompt:
                return shortened(chat, Reply((answer.text,) * chat.n_choices))
        if self._texts:
            return shortened(chat, Reply((self._texts.popleft(),) * chat.n_choices))
        return reply_to(chat, self._script.seed)

    def summary(self) -> dict[str, Any]:
        """Count the requests, by provider and by fault."""
        return dict(sorted(self.counts.items()))


def _wire_of(path: str, request: Request) -> WireFormat | None:
    if request.method == "POST":
        return next((wire for pattern, wire in _CHATS if pattern.search(path)), None)
    if request.method != "GET" or not _MODELS.search(path):
        return None
    if "anthropic-version" in request.headers:
        return _ANTHROPIC
    return _GOOGLE if "x-goog-api-key" in request.headers else _OPENAI
