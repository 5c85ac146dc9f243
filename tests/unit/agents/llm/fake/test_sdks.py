"""The providers' client libraries read every format whole: ids, models, tokens, odds, waits."""

import anthropic
import openai
import pytest
from google import genai

from tests.strategies.libraries import (
    KEY,
    anthropic_client,
    ask_anthropic,
    ask_google,
    ask_openai,
    google_client,
    openai_client,
    outcome,
)
from tests.strategies.served import StartProvider


def test_a_timeout_of_the_libraries_bounds_each_read_and_not_the_call(
    start_provider: StartProvider,
) -> None:
    server = start_provider("drip,ms=40,bytes=40")
    with openai_client(server) as client:
        assert outcome(lambda: ask_openai(client)) == "stop: valid"
    # More than twice the timeout: 700 bytes and the head in pieces of 40.
    (entry,) = server.seen
    assert entry.fault == "drip"


def test_an_error_that_repeats_the_key_shows_it_in_every_librarys_message(
    start_provider: StartProvider,
) -> None:
    server = start_provider("echo")
    with (
        openai_client(server) as first,
        anthropic_client(server) as second,
        google_client(server) as third,
    ):
        with pytest.raises(openai.AuthenticationError, match=KEY):
            ask_openai(first)
        with pytest.raises(anthropic.AuthenticationError, match=KEY):
            ask_anthropic(second)
        with pytest.raises(genai.errors.ClientError, match=KEY):
            ask_google(third)


def test_a_wait_that_is_asked_for_reaches_the_caller(start_provider: StartProvider) -> None:
    server = start_provider("429,retry_after=7")
    with openai_client(server) as first, anthropic_client(server) as second:
        with pytest.raises(openai.RateLimitError) as by_openai:
            ask_openai(first)
        with pytest.raises(anthropic.RateLimitError) as by_anthropic:
            ask_anthropic(second)
    assert by_openai.value.response.headers["retry-after"] == "7"
    assert by_anthropic.value.response.headers["retry-after"] == "7"


def test_requests_have_ids_and_replies_their_models_and_tokens(
    start_provider: StartProvider,
) -> None:
    server = start_provider()
    with openai_client(server) as client:
        reply = client.chat.completions.create(
            model="gpt-4o-mini", messages=[{"role": "user", "content": "Why?" * 10}]
        )
        assert reply.usage is not None
        assert reply._request_id == "req_fake_1"  # noqa: SLF001 - the library documents it as public
        assert reply.model == "gpt-4o-mini"
        assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (11, 11)
    with anthropic_client(server) as client_a:
        message = client_a.messages.create(
            model="m", max_tokens=50, messages=[{"role": "user", "content": "Why?" * 10}]
        )
        assert message._request_id == "req_fake_2"  # noqa: SLF001 - the library documents it as public
        assert message.model == "m"
        assert (message.usage.input_tokens, message.usage.output_tokens) == (11, 11)
    with google_client(server) as client_g:
        answer = client_g.models.generate_content(model="m", contents="Why?" * 10)
        usage = answer.usage_metadata
        assert usage is not None
        assert (answer.response_id, answer.model_version) == ("fake-3", "m")
        assert (usage.prompt_token_count, usage.candidates_token_count) == (11, 11)


def test_the_models_are_listed_in_every_format(start_provider: StartProvider) -> None:
    server = start_provider()
    with openai_client(server) as first:
        assert next(model.id for model in first.models.list()) == "fake-1"
        assert first.models.retrieve("other").id == "other"
    with anthropic_client(server) as second:
        assert next(model.id for model in second.models.list()) == "fake-1"
        assert second.models.retrieve("other").id == "other"
    with google_client(server) as third:
        assert next(model.name for model in third.models.list()) == "models/fake-1"
        assert third.models.get(model="other").name == "models/other"


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_google_is_served_under_both_of_its_versions(
    version: str, start_provider: StartProvider
) -> None:
    with google_client(start_provider(), api_version=version) as client:
        assert ask_google(client) == "STOP: valid"


def test_log_probabilities_cover_the_options_and_what_nobody_offered(
    start_provider: StartProvider,
) -> None:
    server = start_provider()
    question = "Which?\nA) rain\nB) snow\nC) hail"
    with openai_client(server) as client:
        reply = client.chat.completions.create(
            model="m",
            messages=[{"role": "user", "content": question}],
            logprobs=True,
            top_logprobs=5,
            max_completion_tokens=1,
        )
    content = (reply.choices[0].logprobs or pytest.fail("none")).content or []
    assert {top.token for top in content[0].top_logprobs} == {"A", "B", "C", "Perhaps"}
    offered = [top for top in content[0].top_logprobs if top.token in set("ABC")]
    likeliest = max(offered, key=lambda top: top.logprob)
    assert reply.choices[0].message.content == likeliest.token
    with google_client(server) as client_g:
        answer = client_g.models.generate_content(
            model="m", contents=question, config={"response_logprobs": True, "logprobs": 5}
        )
    result = (answer.candidates or [])[0].logprobs_result
    assert result is not None
    first = (result.top_candidates or [])[0].candidates or []
    assert {candidate.token for candidate in first} == {"A", "B", "C", "Perhaps"}


def test_a_stream_of_openai_counts_its_tokens_where_asked(start_provider: StartProvider) -> None:
    with openai_client(start_provider()) as client:
        chunks = list(
            client.chat.completions.create(
                model="m",
                messages=[{"role": "user", "content": "Why?"}],
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    usage = chunks[-1].usage
    assert usage is not None
    assert usage.completion_tokens == 11


def test_a_reply_ends_at_the_tokens_that_were_allowed(start_provider: StartProvider) -> None:
    with openai_client(start_provider()) as client:
        reply = client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Why?"}], max_tokens=1
        )
    assert (reply.choices[0].finish_reason, reply.choices[0].message.content) == ("length", "I")
