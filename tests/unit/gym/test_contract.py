"""The contract checks find what they are for."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Action, Belief, Believe, Observe, Submit
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.contract import check_agent, check_episode
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import Event
from causal_interface_gym.gym.observation import Acknowledged, Observation


class Scripted:
    """An agent that plays a list of actions, or fails where there is none."""

    def __init__(self, *script: Any, id: str = "test:scripted") -> None:  # noqa: ANN401 - anything
        """Keep the script."""
        self.id = id
        self.script = script

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Play the next action."""
        del brief
        action: Action = self.script[log[-1].number + 1 if log else 0]
        return action


def breaches(agent: Scripted) -> str:
    return " / ".join(asyncio.run(check_agent(agent, interfaces=[interface("graph")])))


def everything() -> Submit:
    return Submit(tuple(Belief(f"q{n}", 0.5) for n in range(1, 12)))


def test_an_agent_that_answers_and_submits_keeps_the_contract() -> None:
    assert asyncio.run(check_agent(Scripted(everything()))) == ()


def test_each_fault_of_an_agent_is_named() -> None:
    assert "id must be provider:name" in breaches(Scripted(everything(), id="Me"))
    assert "sprinkler-v1 through graph: it raised IndexError" in breaches(Scripted(Observe(1)))
    assert "must return an action; got a dict" in breaches(Scripted({"kind": "submit"}))
    assert "action 0 was refused" in breaches(
        Scripted(Believe((Belief("q99", 0.5),)), everything())
    )
    assert "it answered nothing to q2, q3" in breaches(Scripted(Submit((Belief("q1", 0.5),))))
    assert "did not submit: 200 actions are used up" in breaches(Scripted(*[Observe(1)] * 200))


def test_an_agent_that_changes_the_brief_is_found() -> None:
    class Vandal(Scripted):
        async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
            object.__setattr__(brief, "title", "Another world")
            return await super().act(brief, log)

    assert "changed the brief" in breaches(Vandal(everything()))


def test_the_world_may_be_chosen() -> None:
    world = scenarios.get("kidney-stones-v1").world()
    agent = Scripted(Submit(unanswerable=tuple(q.id for q in world.questions)))
    assert asyncio.run(check_agent(agent, worlds=[world])) == ()


class Deaf(Episode):
    """An episode that acknowledges everything."""

    __slots__ = ()

    def act(self, action: Action | Mapping[str, object] | str) -> Observation:
        """Acknowledge."""
        del action
        return Acknowledged()


def test_an_episode_that_answers_otherwise_is_found() -> None:
    found = check_episode(Deaf.new)
    assert "action 0" in found[0]
    assert found[-2:] == ("the episode is not closed after submit", "its log is another")
    assert check_episode(Episode.new, seed=7) == ()
