"""A real model on the CPU, asked through the ordinary client; nothing is said of its answers."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final

import anthropic
import openai
import pytest

from causal_interface_gym.agents.llm.call import Answer, Ask, Message, Sampling
from causal_interface_gym.agents.llm.client.composition import make_client
from causal_interface_gym.agents.llm.local import LocalServer, read_gguf
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from tests.strategies.local_model import model_file

pytestmark = [pytest.mark.real_llm, pytest.mark.no_cover, pytest.mark.timeout(120)]

N_BELIEFS: Final = 8
PERCENT: Final = {"type": "integer", "minimum": 0, "maximum": 100}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"see_percent": PERCENT, "force_percent": PERCENT},
    "required": ["see_percent", "force_percent"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(read_gguf(model_file())) as running:
        yield running


def ask_all(server: LocalServer, asks: list[Ask]) -> list[Answer]:
    access = ProviderSettings("local", base_url=server.base_url)

    async def run() -> list[Answer]:
        async with make_client(access, server.model.name) as client:
            return [await client.ask(ask) for ask in asks]

    return asyncio.run(run())


def test_beliefs_are_valid_under_their_schema(server: LocalServer) -> None:
    asks = [
        Ask(
            "trial",
            f"{number}/believe/0",
            (Message("user", f"It rains on {number} of 30 days. How often is the grass wet?"),),
            schema=SCHEMA,
            sampling=Sampling(temperature=0.0, max_tokens=100),
        )
        for number in range(N_BELIEFS)
    ]
    answers = ask_all(server, asks)
    beliefs = [json.loads(answer.text) for answer in answers]
    assert [answer.finish for answer in answers] == ["stop"] * N_BELIEFS
    assert all(belief.keys() == set(SCHEMA["required"]) for belief in beliefs)
    assert all(0 <= value <= 100 for belief in beliefs for value in belief.values())
    assert all(answer.usage.output_tokens > 0 for answer in answers)
    assert {answer.model for answer in answers} == {server.model.name}


def test_the_odds_of_a_choice_can_be_read(server: LocalServer) -> None:
    question = Message("user", "Does rain make grass wet? Answer with one word, Yes or No.")
    sampling = Sampling(temperature=0.0, max_tokens=2, top_log_probabilities=10)
    (answer,) = ask_all(server, [Ask("trial", "0/choice/0", (question,), sampling=sampling)])
    alternatives = dict(answer.log_probabilities[0].alternatives)
    assert len(alternatives) == 10
    assert {"Yes", "No"} <= alternatives.keys()
    assert all(log_probability <= 0 for log_probability in alternatives.values())


def test_the_same_seed_gives_the_same_text(server: LocalServer) -> None:
    ask = Ask(
        "trial",
        "0/why/0",
        (Message("user", "Why is grass wet?"),),
        sampling=Sampling(temperature=0.8, max_tokens=12, seed=5),
    )
    first, second, third = ask_all(server, [ask, ask, ask])
    assert second.text == third.text
    assert first.text != ""


def test_the_same_server_speaks_anthropics_format(server: LocalServer) -> None:
    with anthropic.Anthropic(base_url=server.address, api_key="none", max_retries=0) as client:
        message = client.messages.create(
            model=server.model.name, max_tokens=8, messages=[{"role": "user", "content": "Hello?"}]
        )
    assert message.content
    assert message.usage.output_tokens > 0


def test_no_reply_says_where_the_file_lies(server: LocalServer) -> None:
    with openai.OpenAI(base_url=server.base_url, api_key="none", max_retries=0) as client:
        listed = client.models.list().model_dump_json()
    assert server.model.name in listed
    assert str(server.model.path.parent) not in listed
