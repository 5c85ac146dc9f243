"""What each provider's installed client library makes of sound and of broken replies.

The libraries' own retries are off. The tables are what the one retry policy and the classification
of errors are built on; where a library changes its mind, a line here says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import anthropic
import openai
import pytest
from google import genai

from causal_interface_gym.agents.llm.fake import (
    KINDS,
    FakeServer,
    Fault,
    Script,
    faults_of,
    serving,
)
from tests.strategies.libraries import (
    anthropic_client,
    ask_anthropic,
    ask_google,
    ask_openai,
    google_client,
    openai_client,
    outcome,
    stream_anthropic,
    stream_google,
    stream_openai,
)

# fault: openai, anthropic, google
WHOLE: Final[dict[str, tuple[str, str, str]]] = {
    "slow,ms=1": ("stop: valid", "end_turn: valid", "STOP: valid"),
    "drip,ms=1,bytes=100": ("stop: valid", "end_turn: valid", "STOP: valid"),
    "type": ("stop: valid", "end_turn: valid", "STOP: valid"),
    "duplicate": ("stop: valid", "end_turn: valid", "STOP: valid"),
    "429": (
        "openai.RateLimitError 429",
        "anthropic.RateLimitError 429",
        "google.ClientError 429",
    ),
    "500": (
        "openai.InternalServerError 500",
        "anthropic.InternalServerError 500",
        "google.ServerError 500",
    ),
    "529": (
        "openai.InternalServerError 529",
        "anthropic.OverloadedError 529",
        "google.ServerError 529",
    ),
    "echo": (
        "openai.AuthenticationError 401",
        "anthropic.AuthenticationError 401",
        "google.ClientError 401",
    ),
    "404": (
        "openai.NotFoundError 404",
        "anthropic.NotFoundError 404",
        "google.ClientError 404",
    ),
    "overflow": (
        "openai.BadRequestError 400",
        "anthropic.BadRequestError 400",
        "google.ClientError 400",
    ),
    "html": (
        "openai.InternalServerError 502",
        "anthropic.InternalServerError 502",
        "google.ServerError 502",
    ),
    # A page under status 200 is no error to two of them: the reply is a text.
    "html,code=200": ("a bare text", "a bare text", "json.JSONDecodeError"),
    "slow,ms=1000": ("openai.APITimeoutError", "anthropic.APITimeoutError", "httpx.ReadTimeout"),
    "hang": ("openai.APITimeoutError", "anthropic.APITimeoutError", "httpx.ReadTimeout"),
    "reset": ("openai.APIConnectionError", "anthropic.APIConnectionError", "httpx.ReadError"),
    "reset,bytes=150": (
        "openai.APIConnectionError",
        "anthropic.APIConnectionError",
        "httpx.ReadError",
    ),
    "close": (
        "openai.APIConnectionError",
        "anthropic.APIConnectionError",
        "httpx.RemoteProtocolError",
    ),
    "half": (
        "openai.APIConnectionError",
        "anthropic.APIConnectionError",
        "httpx.RemoteProtocolError",
    ),
    "cut": (
        "openai.APIConnectionError",
        "anthropic.APIConnectionError",
        "httpx.RemoteProtocolError",
    ),
    # Broken JSON is the decoder's raw error, not one of the library's.
    "truncated": ("json.JSONDecodeError", "json.JSONDecodeError", "json.JSONDecodeError"),
    "garbage": ("json.JSONDecodeError", "json.JSONDecodeError", "json.JSONDecodeError"),
    "deep": ("builtins.RecursionError", "builtins.RecursionError", "builtins.RecursionError"),
    "bomb,mb=1": ("stop: valid", "end_turn: valid", "STOP: valid"),
    "redirect,code=304": (
        "openai.APIStatusError 304",
        "anthropic.APIStatusError 304",
        "google.APIError 304",
    ),
    # All follow a redirection, and ask a path that is not there.
    "redirect": (
        "openai.NotFoundError 404",
        "anthropic.NotFoundError 404",
        "google.ClientError 404",
    ),
    "empty": ("no choices", "end_turn: nothing", "no choices"),
    "refusal": ("refusal", "refusal: text", "blocked"),
    "filter": ("content_filter: text", "refusal: text", "SAFETY: text"),
    "length": ("length: text", "max_tokens: text", "MAX_TOKENS: text"),
    "missing": ("None: valid", "None: valid", "None: valid"),
    "prose": ("stop: text", "end_turn: text", "STOP: text"),
    "wrong": ("stop: JSON", "end_turn: JSON", "STOP: JSON"),
    "control": ("stop: text", "end_turn: text", "STOP: text"),
}
STREAMED: Final[dict[str, tuple[str, str, str]]] = {
    "slow,ms=1": ("stop: text", "end_turn: text", "STOP: text"),
    "529": (
        "openai.InternalServerError 529",
        "anthropic.OverloadedError 529",
        "google.ServerError 529",
    ),
    "hang": ("openai.APITimeoutError", "anthropic.APITimeoutError", "httpx.ReadTimeout"),
    # A connection that breaks while the events come is the transport's raw error to two of them.
    "half": (
        "openai.APIConnectionError",
        "httpx2.RemoteProtocolError",
        "httpx.RemoteProtocolError",
    ),
    "reset,bytes=400": (
        "openai.APIConnectionError",
        "httpx2.ReadError",
        "httpx.ReadError",
    ),
    # A stream that ends early is silent: only the missing reason tells.
    "cut": ("None: text", "None: text", "None: text"),
    "missing": ("None: text", "None: text", "None: text"),
    "truncated": ("None: text", "None: text", "google.UnknownApiResponseError"),
    "duplicate": ("stop: text", "end_turn: text", "STOP: text"),
    "garbage": (
        "builtins.UnicodeDecodeError",
        "builtins.UnicodeDecodeError",
        "google.UnknownApiResponseError",
    ),
    "html,code=200": (
        "None: nothing",
        "builtins.AssertionError",
        "google.UnknownApiResponseError",
    ),
    "refusal": ("stop: nothing", "refusal: text", "None: nothing"),
    "length": ("length: text", "max_tokens: text", "MAX_TOKENS: text"),
}


@dataclass(frozen=True)
class Stand:
    """One server with a client of each library."""

    server: FakeServer
    openai: openai.OpenAI
    anthropic: anthropic.Anthropic
    google: genai.Client

    def fail_as(self, fault: str) -> None:
        """Let every request fail in one way."""
        self.server.follow(Script(faults=faults_of(fault)))


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with (
        serving() as server,
        openai_client(server) as first,
        anthropic_client(server) as second,
        google_client(server) as third,
    ):
        yield Stand(server, first, second, third)


@pytest.mark.parametrize(("fault", "expected"), WHOLE.items())
def test_each_library_makes_of_a_whole_reply_what_the_table_says(
    fault: str, expected: tuple[str, str, str], stand: Stand
) -> None:
    stand.fail_as(fault)
    outcomes = (
        outcome(lambda: ask_openai(stand.openai)),
        outcome(lambda: ask_anthropic(stand.anthropic)),
        outcome(lambda: ask_google(stand.google)),
    )
    assert outcomes == expected


@pytest.mark.parametrize(("fault", "expected"), STREAMED.items())
def test_each_library_makes_of_a_stream_what_the_table_says(
    fault: str, expected: tuple[str, str, str], stand: Stand
) -> None:
    stand.fail_as(fault)
    outcomes = (
        outcome(lambda: stream_openai(stand.openai)),
        outcome(lambda: stream_anthropic(stand.anthropic)),
        outcome(lambda: stream_google(stand.google)),
    )
    assert outcomes == expected


def test_the_tables_hold_every_kind_of_fault() -> None:
    held = {Fault.parse(text).kind for text in (*WHOLE, *STREAMED)}
    # The outcome of a huge reply is a matter of speed, that of an odd one of where it is odd.
    assert held == KINDS.keys() - {"huge", "odd"}
