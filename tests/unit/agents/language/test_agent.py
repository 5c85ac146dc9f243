"""A language agent plays whole episodes through every interface, and its log follows from seed."""

import asyncio

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.language.agent import SPARE_TOKENS, LanguageAgent, language_agent
from causal_interface_gym.agents.llm.call import Client
from causal_interface_gym.agents.llm.identity import PROVIDERS
from causal_interface_gym.agents.strategies.registry import STRATEGIES
from causal_interface_gym.gym.contract import check_agent
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES
from tests.unit.agents.scripted import SchemaClient


def agent_of(
    client: Client,
    scenario: str = "sprinkler-v1",
    seed: int = 0,
    *,
    strategy: str = "direct",
    max_draws: int = 4,
) -> LanguageAgent:
    return language_agent(
        f"openai:m+{strategy}",
        client,
        trial=f"openai:m+{strategy}/{scenario}/graph/{seed}",
        scenario=scenario,
        seed=seed,
        max_draws=max_draws,
    )


@pytest.mark.parametrize("name", INTERFACES)
@pytest.mark.parametrize("chosen", ["answer_now", "observe", "set_rain_to_yes"])
def test_it_keeps_the_contract_of_agents_through_every_interface(name: str, chosen: str) -> None:
    client = SchemaClient(chosen=chosen)
    agent = agent_of(client)
    assert asyncio.run(check_agent(agent, interfaces=[INTERFACES[name]])) == ()


@pytest.mark.parametrize("scenario", scenarios.ids())
def test_it_answers_every_family_of_questions(scenario: str) -> None:
    world = scenarios.get(scenario).world(seed=3)
    agent = agent_of(SchemaClient(), scenario, 3)
    found = asyncio.run(check_agent(agent, worlds=[world], interfaces=[INTERFACES["graph"]]))
    assert found == ()


def test_it_draws_and_believes_in_turn_and_then_submits() -> None:
    world = scenarios.get("sprinkler-v1").world()
    episode = Episode.new(world, INTERFACES["full"], seed=0)
    asyncio.run(play(agent_of(SchemaClient(chosen="observe"), max_draws=2), episode))
    kinds = [event.action["kind"] for event in episode.log]
    assert kinds == ["observe", "believe", "observe", "believe", "submit"]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", ["full", "forgetful", "table", "laboratory"])
def test_every_strategy_keeps_the_contract(strategy: str, name: str) -> None:
    agent = agent_of(SchemaClient(chosen="observe"), strategy=f"{strategy}=3")
    assert asyncio.run(check_agent(agent, interfaces=[INTERFACES[name]])) == ()


def test_a_model_behind_a_provider_has_room_to_think() -> None:
    assert set(SPARE_TOKENS) == set(PROVIDERS)
    tokens = []
    for provider in ("openai", "local"):
        client = SchemaClient()
        agent = language_agent(f"{provider}:m", client, trial="t", scenario="s", seed=0)
        brief = Episode.new(
            scenarios.get("sprinkler-v1").world(), INTERFACES["table"], seed=0
        ).brief
        asyncio.run(agent.act(brief, ()))
        tokens.append(client.asks[0].sampling.max_tokens)
    assert tokens[0] - tokens[1] == 8_192


def test_an_agent_shows_no_client_when_it_is_printed() -> None:
    assert "SchemaClient" not in repr(agent_of(SchemaClient()))
