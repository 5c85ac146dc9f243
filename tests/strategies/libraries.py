"""The providers' installed client libraries, led to the loopback server, their retries off."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import anthropic
import openai
from google import genai

from causal_interface_gym.agents.llm.fake import FakeServer

__all__ = [
    "KEY",
    "SCHEMA",
    "anthropic_client",
    "ask_anthropic",
    "ask_google",
    "ask_openai",
    "google_client",
    "openai_client",
    "outcome",
    "said",
    "stream_anthropic",
    "stream_google",
    "stream_openai",
]

KEY: Final = "sk-canary-0123456789"
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "percent_if_we_see_x": {"type": "integer", "minimum": 0, "maximum": 100},
        "choice": {"enum": ["observe", "answer"]},
    },
    "required": ["percent_if_we_see_x", "choice"],
    "additionalProperties": False,
}
TIMEOUT_S: Final = 0.4
Ask = Callable[[], str]


@contextmanager
def openai_client(server: FakeServer) -> Iterator[openai.OpenAI]:
    """Open OpenAI's client."""
    url = server.environment["OPENAI_BASE_URL"]
    with openai.OpenAI(base_url=url, api_key=KEY, max_retries=0, timeout=TIMEOUT_S) as client:
        yield client


@contextmanager
def anthropic_client(server: FakeServer) -> Iterator[anthropic.Anthropic]:
    """Open Anthropic's client."""
    url = server.environment["ANTHROPIC_BASE_URL"]
    with anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0, timeout=TIMEOUT_S) as client:
        yield client


@contextmanager
def google_client(server: FakeServer, **options: str) -> Iterator[genai.Client]:
    """Open Google's client."""
    url = server.environment["GOOGLE_GEMINI_BASE_URL"]
    http: Any = {"base_url": url, "timeout": int(TIMEOUT_S * 1_000), **options}
    client = genai.Client(api_key=KEY, http_options=http)
    try:
        yield client
    finally:
        client.close()


def said(text: str | None, ending: object) -> str:
    """Describe a reply: how it ends, and whether its text is JSON under the schema."""
    try:
        data = json.loads(text or "")
    except ValueError:
        return f"{ending}: {'text' if text else 'nothing'}"
    fits = isinstance(data, dict) and data.keys() == set(SCHEMA["required"])
    return f"{ending}: {'valid' if fits else 'JSON'}"


def ask_openai(client: openai.OpenAI) -> str:
    """Ask for JSON and describe the reply."""
    shape: Any = {"name": "belief", "schema": SCHEMA, "strict": True}
    reply: Any = client.chat.completions.create(
        model="fake-1",
        messages=[{"role": "user", "content": "How likely is it?"}],
        response_format={"type": "json_schema", "json_schema": shape},
    )
    if isinstance(reply, str):
        return "a bare text"
    if not reply.choices:
        return "no choices"
    choice = reply.choices[0]
    if choice.message.refusal:
        return "refusal"
    return said(choice.message.content, choice.finish_reason)


def stream_openai(client: openai.OpenAI) -> str:
    """Ask for a stream and describe the whole of it."""
    text, ending = "", None
    for chunk in client.chat.completions.create(
        model="fake-1", messages=[{"role": "user", "content": "Why?"}], stream=True
    ):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            ending = choice.finish_reason or ending
    return said(text, ending)


def ask_anthropic(client: anthropic.Anthropic) -> str:
    """Ask for JSON and describe the reply."""
    reply: Any = client.messages.create(
        model="fake-1",
        max_tokens=200,
        messages=[{"role": "user", "content": "How likely is it?"}],
        output_config={"format": {"type": "json_schema", "schema": SCHEMA}},
    )
    if isinstance(reply, str):
        return "a bare text"
    return said("".join(block.text for block in reply.content), reply.stop_reason)


def stream_anthropic(client: anthropic.Anthropic) -> str:
    """Ask for a stream and describe the whole of it."""
    with client.messages.stream(
        model="fake-1", max_tokens=200, messages=[{"role": "user", "content": "Why?"}]
    ) as stream:
        reply = stream.get_final_message()
    return said("".join(getattr(b, "text", "") for b in reply.content), reply.stop_reason)


def ask_google(client: genai.Client) -> str:
    """Ask for JSON and describe the reply."""
    reply = client.models.generate_content(
        model="fake-1",
        contents="How likely is it?",
        config={"response_mime_type": "application/json", "response_json_schema": SCHEMA},
    )
    if reply.prompt_feedback is not None:
        return "blocked"
    if not reply.candidates:
        return "no choices"
    ending = reply.candidates[0].finish_reason
    return said(reply.text, ending.value if ending else None)


def stream_google(client: genai.Client) -> str:
    """Ask for a stream and describe the whole of it."""
    text, ending = "", None
    for piece in client.models.generate_content_stream(model="fake-1", contents="Why?"):
        text += piece.text or ""
        if piece.candidates and piece.candidates[0].finish_reason:
            ending = piece.candidates[0].finish_reason.value
    return said(text, ending)


def outcome(ask: Ask) -> str:
    """Name what came of a call: the reply, or the error with its status."""
    try:
        return ask()
    except Exception as error:  # every error of a foreign library is the result
        status = getattr(error, "status_code", None) or getattr(error, "code", None)
        name = f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"
        return f"{name} {status}" if status else name
