"""All policies together, through an installed library, against a provider that fails."""

import asyncio
import io
import json
from dataclasses import replace

import pytest

from causal_interface_gym.agents.llm.call import Answer
from causal_interface_gym.agents.llm.client.composition import (
    Policies,
    Switchboard,
    make_client,
    make_interactive_client,
    make_replay_client,
)
from causal_interface_gym.agents.llm.policies.budget import Budget, BudgetLimits
from causal_interface_gym.agents.llm.policies.cache import MemoryAnswers
from causal_interface_gym.agents.llm.policies.journal import json_journal
from causal_interface_gym.agents.llm.policies.retry import Patience
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.agents.llm.records import MemoryCallStore
from causal_interface_gym.errors import BudgetError, OverloadedError, ReplayError
from tests.strategies.asking import (
    MODELS,
    Played,
    access_to,
    asked,
    client_of,
    fake_clock,
    question,
)
from tests.strategies.served import StartProvider

PATIENT = Policies(clock=fake_clock(Played()), patience=Patience())


@pytest.mark.parametrize("provider", MODELS)
def test_a_provider_that_comes_back_is_asked_until_it_answers(
    start_provider: StartProvider, provider: str
) -> None:
    server = start_provider("429,retry_after=1@1", "529@2", "reset@3")
    log, calls = io.StringIO(), MemoryCallStore()
    policies = replace(PATIENT, calls=calls, journal=json_journal(log))
    (found,) = asked(client_of(server, provider, policies), question(deadline_s=300))
    assert isinstance(found, Answer), found
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["outcome"] for line in lines] == [
        "RateLimitedError",
        "OverloadedError",
        "UnreachableError",
        "answered",
    ]
    assert [line["attempt"] for line in lines] == [1, 2, 3, 4]
    (record,) = calls.records()
    assert record.answer == found
    assert record.library.startswith("pydantic-ai-slim ")


def test_a_transcript_is_replayed_without_a_key(start_provider: StartProvider) -> None:
    calls = MemoryCallStore()
    policies = replace(PATIENT, calls=calls)
    (first,) = asked(client_of(start_provider(), "openai", policies), question())
    again, missing = asked(
        make_replay_client("openai", MODELS["openai"], calls), question(), question(label="9")
    )
    assert isinstance(first, Answer)
    assert again == replace(first, is_stored=True, cost_usd=0.0)
    assert isinstance(missing, ReplayError)


def test_a_cached_answer_needs_no_provider(start_provider: StartProvider) -> None:
    server = start_provider("500@2-")
    policies = replace(PATIENT, answers=MemoryAnswers())
    first, again = asked(client_of(server, "openai", policies), question(), question(label="2"))
    assert isinstance(first, Answer)
    assert isinstance(again, Answer)
    assert (again.text, again.is_stored) == (first.text, True)
    assert len(server.seen) == 1


def test_a_budget_stops_before_the_provider_is_asked(start_provider: StartProvider) -> None:
    server = start_provider()
    policies = replace(PATIENT, budget=Budget(BudgetLimits(run_usd=1e-9)))
    (found,) = asked(client_of(server, "openai", policies), question())
    assert isinstance(found, BudgetError)
    assert server.seen == ()


def test_a_provider_that_is_down_is_spared_after_a_while(start_provider: StartProvider) -> None:
    server = start_provider("503")
    policies = replace(PATIENT, patience=Patience(n_attempts=1))
    found = asked(client_of(server, "openai", policies), *[question()] * 25)
    assert all(isinstance(each, OverloadedError) for each in found)
    assert len(server.seen) == 20
    assert "not asked" in str(found[-1])


def test_interactive_use_goes_on_with_the_next_model_and_says_which(
    start_provider: StartProvider,
) -> None:
    down, up = start_provider("503"), start_provider()
    choices = [
        (access_to(down, "openai"), MODELS["openai"]),
        (access_to(up, "anthropic"), MODELS["anthropic"]),
    ]
    (found,) = asked(make_interactive_client(choices, PATIENT), question())
    assert isinstance(found, Answer), found
    assert found.model == MODELS["anthropic"]


def test_models_of_one_provider_share_its_limit(start_provider: StartProvider) -> None:
    server = start_provider(latency_ms=20)
    board = Switchboard(replace(PATIENT, n_at_once=3))
    access = access_to(server, "compatible")

    async def run() -> None:
        async with board.connect(access, "a") as first, board.connect(access, "b") as second:
            waits = [client.ask(question()) for client in (first, second) for _ in range(10)]
            await asyncio.gather(*waits)

    asyncio.run(run())
    assert server.most_at_once == 3


def test_a_client_needs_a_provider_that_is_known() -> None:
    with pytest.raises(Exception, match="providers: openai"):
        make_client(ProviderSettings("opena"), "gpt")
