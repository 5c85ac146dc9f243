"""Whatever an agent does, its episode ends with a whole log that says why."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.agents.agent import ending_of, play
from causal_interface_gym.agents.registry import PRIVILEGED, REFERENCE_AGENTS, make_agent
from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.action import Action, Belief, Believe, Observe
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import Event, check_log
from causal_interface_gym.gym.observation import Closed, Ended
from causal_interface_gym.scoring.marking import Answered, score

WORLD = scenarios.get("sprinkler-v1").world()


@dataclass
class Odd:
    """An agent that states a belief and then does something odd."""

    odd: Callable[[], Any]
    id: str = "test:odd"

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Believe first."""
        del brief
        if not log:
            return Believe((Belief("q1", 0.75),))
        action: Action = self.odd()
        return action


def boom(error: Exception) -> Callable[[], Any]:
    def odd() -> None:
        raise error

    return odd


ODD: dict[str, tuple[Callable[[], Any], Ended]] = {
    "raises": (boom(ValueError("sk-secret")), Ended("agent_error", "ValueError")),
    "raises ours": (boom(RunError("no luck")), Ended("agent_error", "RunError: no luck")),
    "never submits": (lambda: Observe(1), Ended("actions", "200 actions are used up")),
    "sends garbage": (object, Ended("refusals", "50 actions were refused")),
    "sends nothing": (lambda: None, Ended("refusals", "50 actions were refused")),
}


@pytest.mark.parametrize(("odd", "ending"), ODD.values(), ids=ODD)
def test_a_faulty_agent_ends_its_episode_with_a_reason(
    odd: Callable[[], Any], ending: Ended
) -> None:
    episode = Episode.new(WORLD, interface("graph"), seed=0)
    assert asyncio.run(play(Odd(odd), episode)) == ending
    check_log(episode.log)
    assert "secret" not in str(episode.log)
    assert score(episode.log, WORLD).marks[0].answer == Answered(0.75)


def test_an_interrupt_is_not_swallowed() -> None:
    episode = Episode.new(WORLD, interface("graph"), seed=0)

    async def cancelled() -> None:
        task = asyncio.ensure_future(play(Odd(boom(RunError("x"))), episode))
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def test_an_open_episode_was_stopped() -> None:
    episode = Episode.new(WORLD, interface("graph"), seed=0)
    assert ending_of(episode) == Ended("stopped", "the episode is still open")


def test_a_submission_is_an_ordinary_end() -> None:
    episode = Episode.new(WORLD, interface("graph"), seed=0)
    agent = make_agent("reference:uniform", world=WORLD, seed=0)
    assert asyncio.run(play(agent, episode)) == Closed()


@pytest.mark.parametrize("name", REFERENCE_AGENTS)
def test_only_privileged_agents_hold_the_model(name: str) -> None:
    agent = make_agent(name, world=WORLD, seed=0)
    assert (getattr(agent, "model", "none") is WORLD.model) == (name in PRIVILEGED)
