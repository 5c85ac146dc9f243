"""One call and one repair turn; then there is no answer, and nothing is raised but outages."""

import asyncio
import json

import pytest

from causal_interface_gym.agents.elicitation.asking import Caller, Reply, Request, plain
from causal_interface_gym.agents.elicitation.fields import Amount
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.llm.call import Client, Message
from causal_interface_gym.errors import (
    AuthenticationError,
    BadRequestError,
    BudgetError,
    ContextOverflowError,
    InvalidOutputError,
    OverloadedError,
    ProviderError,
    RateLimitedError,
    RefusedError,
    ReplayError,
    ReplyError,
    TimedOutError,
    TruncatedError,
    UnreachableError,
)
from tests.unit.agents.scripted import RaisingClient, TextClient

FORM = Form((Amount("q1_percent", 100), Amount("q2_percent", 100)))
REQUEST = Request(
    "3/believe/0", (Message("user", "How likely?"),), FORM, repair="Faults:\n$faults\nAgain."
)
GOOD = json.dumps({"q1_percent": 30, "q2_percent": 60})


def put(client: Client, request: Request = REQUEST) -> Reply:
    return asyncio.run(Caller(client, "openai:m/s/graph/0", seed=7).put(request))


def test_a_reply_as_asked_takes_one_call() -> None:
    client = TextClient([GOOD])
    reply = put(client)
    assert reply.n_calls == 1
    assert reply.filled.values == {"q1_percent": 0.3, "q2_percent": 0.6}
    (ask,) = client.asks
    assert (ask.trial, ask.label, ask.sample) == ("openai:m/s/graph/0", "3/believe/0", 0)
    assert ask.schema == FORM.schema


def test_a_reply_that_is_not_as_asked_is_quoted_back_once_with_its_faults() -> None:
    client = TextClient(['{"q1_percent": 0.3, "q2_percent": 60}', GOOD])
    reply = put(client)
    assert reply.n_calls == 2
    assert reply.filled.is_whole
    first, second = client.asks
    assert second.label == "3/believe/0/repair"
    assert second.messages[: len(first.messages)] == first.messages
    said, asked = second.messages[-2:]
    assert said == Message("assistant", '{"q1_percent": 0.3, "q2_percent": 60}')
    assert asked.role == "user"
    assert asked.text == ("Faults:\n- q1_percent is a whole number from 0 to 100; got 0.3\nAgain.")


def test_there_is_no_third_call() -> None:
    client = TextClient(["no"])
    reply = put(client)
    assert len(client.asks) == reply.n_calls == 2
    assert reply.filled.values == {}
    assert reply.filled.faults


def test_what_was_valid_before_the_repair_stays() -> None:
    reply = put(TextClient(['{"q1_percent": 30}', '{"q2_percent": 60}']))
    assert reply.filled.values == {"q1_percent": 0.3, "q2_percent": 0.6}
    assert reply.filled.faults == ()


@pytest.mark.parametrize("error", [InvalidOutputError("no schema"), TruncatedError("cut")])
def test_a_reply_that_nobody_could_read_is_asked_for_once_more(error: ReplyError) -> None:
    client = RaisingClient(error)
    reply = put(client)
    assert len(client.asks) == 2
    assert client.asks[1].messages[-2].text == "(no reply that could be read)"
    assert reply.failure == type(error).__name__
    assert reply.filled.faults == (str(error),)


@pytest.mark.parametrize(
    "error", [RefusedError("no"), BadRequestError("form"), ContextOverflowError("long")]
)
def test_what_a_second_turn_cannot_mend_is_not_asked_again(error: ReplyError) -> None:
    client = RaisingClient(error)
    reply = put(client)
    assert len(client.asks) == reply.n_calls == 1
    assert reply.failure == type(error).__name__


@pytest.mark.parametrize(
    "error",
    [
        RateLimitedError("slow"),
        OverloadedError("busy"),
        TimedOutError("late"),
        UnreachableError("gone"),
        AuthenticationError("key"),
        BudgetError("spent"),
        ReplayError("other"),
    ],
)
def test_what_is_not_the_models_doing_is_raised(error: ProviderError) -> None:
    with pytest.raises(type(error)):
        put(RaisingClient(error))


def test_a_refusal_is_not_asked_again() -> None:
    client = TextClient(["I'm sorry"], finish="refusal")
    reply = put(client)
    assert len(client.asks) == 1
    assert reply.failure == "RefusedError"
    assert reply.filled.faults == ("the reply ended as a refusal",)


def test_of_a_reply_that_was_cut_off_words_do_not_count() -> None:
    assert put(TextClient(["q1: 30 %. q2: 60 %"])).filled.values != {}
    assert put(TextClient(["q1: 30 %. q2: 60 %"], finish="length")).filled.values == {}
    assert put(TextClient([GOOD], finish="length")).filled.is_whole


def test_what_is_quoted_back_is_short_and_printable() -> None:
    client = TextClient(["\x00\x1b[2J\ud800" + "x" * (1 << 20)])
    put(client)
    quoted = client.asks[1].messages[-2].text
    assert len(quoted) < 2_100
    assert quoted.isprintable()
    quoted.encode()


def test_a_call_has_its_own_seed_and_the_same_one_again() -> None:
    client = TextClient([GOOD])
    for sample in (0, 1, 0):
        put(client, Request("a", (), FORM, "", sample=sample))
    first, second, again = (ask.sampling.seed for ask in client.asks)
    assert first == again != second


def test_tokens_grow_with_the_fields_and_the_reasoning() -> None:
    client = TextClient([GOOD])
    put(client)
    put(client, Request("a", (), FORM, "", n_more_tokens=500))
    few, many = (ask.sampling.max_tokens for ask in client.asks)
    assert many - few == 500


def test_plain_text_has_no_control_characters() -> None:
    assert plain("a\x00b\u202ec\nd\ud800") == "a b c\nd?"
