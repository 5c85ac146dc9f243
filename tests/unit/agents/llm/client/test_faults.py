"""Every fault of a provider, through the installed libraries: a meaning, no crash, no hang."""

import asyncio
import time
import tracemalloc

import pytest

from causal_interface_gym.agents.llm.call import Answer
from causal_interface_gym.errors import (
    AuthenticationError,
    BadRequestError,
    ContextOverflowError,
    InvalidOutputError,
    OutageError,
    OverloadedError,
    ProviderError,
    RateLimitedError,
    StoppingError,
    TimedOutError,
    TruncatedError,
    UnreachableError,
)
from tests.strategies.asking import MODELS, asked, client_of, question
from tests.strategies.served import StartProvider

FAILURES: dict[str, type[ProviderError]] = {
    "429,retry_after=7": RateLimitedError,
    "500": OverloadedError,
    "503": OverloadedError,
    "529": OverloadedError,
    "html": OverloadedError,
    "html,code=200": UnreachableError,
    "type": UnreachableError,
    "reset": UnreachableError,
    "reset,bytes=40": UnreachableError,
    "close": UnreachableError,
    "half": UnreachableError,
    "truncated": UnreachableError,
    "garbage": UnreachableError,
    "missing": TruncatedError,
    "401": AuthenticationError,
    "403": AuthenticationError,
    "echo": AuthenticationError,
    "404": StoppingError,
    "400": BadRequestError,
    "overflow": ContextOverflowError,
}
"""What each fault means, whoever the provider is."""


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize(("fault", "meaning"), FAILURES.items())
def test_a_fault_has_one_meaning_at_every_provider(
    start_provider: StartProvider, provider: str, fault: str, meaning: type[ProviderError]
) -> None:
    server = start_provider(fault)
    (found,) = asked(client_of(server, provider), question())
    assert type(found) is meaning, found
    assert found.provider == provider
    assert len(server.seen) == 1, "no library asks again by itself"


@pytest.mark.parametrize("provider", sorted(MODELS.keys() - {"anthropic"}))
def test_a_reply_without_choices_is_the_providers_failure(
    start_provider: StartProvider, provider: str
) -> None:
    (found,) = asked(client_of(start_provider("empty"), provider), question())
    assert type(found) is OverloadedError
    assert str(found) == f"{provider}: the reply is empty"


def test_a_reply_that_ended_and_says_nothing_is_the_models_answer(
    start_provider: StartProvider,
) -> None:
    (found,) = asked(client_of(start_provider("empty"), "anthropic"), question())
    assert isinstance(found, Answer)
    assert (found.text, found.finish) == ("", "stop")


@pytest.mark.parametrize("provider", MODELS)
def test_the_wait_that_a_provider_asks_for_is_known(
    start_provider: StartProvider, provider: str
) -> None:
    (found,) = asked(client_of(start_provider("429,retry_after=7"), provider), question())
    assert isinstance(found, OutageError)
    assert (found.status, found.retry_after_s) == (429, 7.0)


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize("fault", ["hang", "drip,ms=20,bytes=1", "slow,ms=5000"])
def test_nothing_outlasts_the_deadline(
    start_provider: StartProvider, provider: str, fault: str
) -> None:
    client = client_of(start_provider(fault), provider)
    asked_at = time.monotonic()
    (found,) = asked(client, question(deadline_s=0.5))
    assert type(found) is TimedOutError
    assert time.monotonic() - asked_at < 3.0


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize(
    ("fault", "finishes"),
    [("refusal", {"refusal", "filter"}), ("filter", {"filter", "refusal"}), ("length", {"length"})],
)
def test_an_end_that_is_not_whole_is_an_answer_that_says_so(
    start_provider: StartProvider, provider: str, fault: str, finishes: set[str]
) -> None:
    (found,) = asked(client_of(start_provider(fault), provider), question())
    assert isinstance(found, Answer), found
    assert found.finish in finishes
    assert found.usage.output_tokens > 0


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize("fault", ["prose", "wrong"])
def test_a_reply_outside_the_schema_is_handed_on_to_whoever_reads_it(
    start_provider: StartProvider, provider: str, fault: str
) -> None:
    (found,) = asked(client_of(start_provider(fault), provider), question())
    assert isinstance(found, Answer)
    assert found.text


@pytest.mark.parametrize("provider", MODELS)
def test_control_characters_pass_and_half_a_character_is_replaced(
    start_provider: StartProvider, provider: str
) -> None:
    (found,) = asked(client_of(start_provider("control"), provider), question())
    assert isinstance(found, Answer), found
    assert "\x00" in found.text
    assert "\ufffd" in found.text
    assert found.text.encode()


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize("fault", ["huge,mb=10", "bomb,mb=100"])
def test_a_reply_beyond_four_megabytes_is_refused_in_bounded_memory(
    start_provider: StartProvider, provider: str, fault: str
) -> None:
    server = start_provider(f"{fault}@2-")
    client = client_of(server, provider)

    async def peak_of_the_second() -> tuple[ProviderError, float]:
        async with client:
            # The first call loads the library, which is no part of the reply.
            await client.ask(question())
            tracemalloc.start()
            try:
                with pytest.raises(ProviderError) as caught:
                    await client.ask(question("Again?", deadline_s=18))
                return caught.value, tracemalloc.get_traced_memory()[1] / 2**20
            finally:
                tracemalloc.stop()

    found, peak_mb = asyncio.run(peak_of_the_second())
    assert type(found) is InvalidOutputError
    assert "longer than" in str(found)
    # The server's own ten megabytes are among these; a bomb of a hundred would be beside them.
    assert peak_mb < 40


def test_no_server_is_unreachable_and_says_why(start_provider: StartProvider) -> None:
    server = start_provider("close")
    closed = client_of(server, "openai")
    server.port = 9  # the port that nobody answers on
    (found,) = asked(client_of(server, "openai"), question())
    assert type(found) is UnreachableError
    assert "Connect" in str(found)
    asked(closed)
