"""Every reference agent keeps the contract of agents, and none of what is public tells a truth."""

import asyncio
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import play
from causal_interface_gym.agents.registry import REFERENCE_AGENTS, make_agent
from causal_interface_gym.gym.brief import Brief, brief_of, brief_to_json
from causal_interface_gym.gym.contract import bad_actions, check_agent, check_episode
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES, interface_to_json
from causal_interface_gym.gym.log import check_log
from causal_interface_gym.gym.presentation.text import brief_text
from causal_interface_gym.gym.presentation.tools import tool_schemas
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.causal_score import CausalScore, causal_scores
from causal_interface_gym.scoring.marking import score


@pytest.mark.parametrize("name", REFERENCE_AGENTS)
@pytest.mark.parametrize("scenario", ["sprinkler-v1", "smoking-tar-v1"])
def test_a_reference_agent_keeps_the_contract(name: str, scenario: str) -> None:
    world = scenarios.get(scenario).world(seed=1)
    agent = make_agent(name, world=world, seed=1)
    assert asyncio.run(check_agent(agent, worlds=[world])) == ()


def test_the_episode_itself_keeps_the_contract_of_episodes() -> None:
    assert check_episode(Episode.new) == ()


@pytest.mark.parametrize("scenario", scenarios.ids())
def test_the_oracle_scores_one_and_the_seer_zero_from_their_logs(scenario: str) -> None:
    world = scenarios.get(scenario).world(seed=1)
    for name, expected in (("reference:oracle", 1.0), ("reference:associational", 0.0)):
        episode = Episode.new(world, INTERFACES["graph"], seed=1)
        asyncio.run(play(make_agent(name, world=world, seed=1), episode))
        headline = causal_scores(score(episode.log, world).marks).headline
        if isinstance(headline, CausalScore):
            assert headline.value == pytest.approx(expected, abs=1e-12)


def secrets(world: World) -> set[float]:
    """Truths and lures that no one could say by chance: five digits or more."""
    numbers = [n for item in world.items for n in (item.truth, *item.lure.values())]
    numbers += [p for name in world.model.nodes for p in world.model.cpt(name).ravel().tolist()]
    return {n for n in numbers if len(f"{n:.6g}") >= len("0.12345")}


def numbers_in(data: Any) -> Iterator[float]:  # noqa: ANN401 - JSON
    """Every number that is no whole one, wherever it stands."""
    match data:
        case dict():
            for part in data.values():
                yield from numbers_in(part)
        case list() | tuple():
            for part in data:
                yield from numbers_in(part)
        case float():
            yield data
        case _:
            return


def public(brief: Brief) -> str:
    parts = (brief_to_json(brief), tool_schemas(brief), interface_to_json(brief.interface))
    return brief_text(brief) + json.dumps(parts)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("scenario", scenarios.ids())
def test_no_brief_answer_or_refusal_tells_a_truth_or_a_lure(scenario: str, seed: int) -> None:
    world = scenarios.get(scenario).world(seed=seed)
    hidden = set(world.model.latent)
    for name, shown in INTERFACES.items():
        brief = brief_of(world, shown)
        floats = set(numbers_in({**brief_to_json(brief), "correlations": []}))
        assert floats == set(), f"only associations in data are fractions, not {floats} in {name}"
        episode = Episode.new(world, shown, seed=seed)
        for action in bad_actions(world):
            episode.act(action)
        asyncio.run(play(make_agent("reference:experimenter", world=world, seed=0), episode))
        check_log(episode.log)
        answers = [event.observation for event in episode.log]
        assert set(numbers_in(answers)) == set()
        text = public(brief) + json.dumps(answers)
        assert [n for n in secrets(world) if repr(n) in text or f"{n:.6g}" in text] == []
        assert [name for name in hidden if f'"{name}"' in text or f"'{name}'" in text] == []


@pytest.mark.parametrize("scenario", scenarios.ids())
def test_correlations_are_those_of_a_sample_and_not_the_exact_ones(scenario: str) -> None:
    brief = brief_of(scenarios.get(scenario).world(), INTERFACES["correlations"])
    assert brief.correlations
    for found in brief.correlations:
        assert -1 <= found.value <= 1
        assert found.value == round(found.value, 3)
        assert not math.isnan(found.value)
