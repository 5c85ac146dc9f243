"""The contract checks find what they are for."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Action, Belief, Believe, Observe, Submit
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.contract import (
    bad_actions,
    check_agent,
    check_episode,
    check_replay,
)
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import Event, check_log, event_after
from causal_interface_gym.gym.observation import Acknowledged, Observation

WORLD = scenarios.get("sprinkler-v1").world()


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


def played(*actions: Any) -> Episode:  # noqa: ANN401 - anything
    episode = Episode.new(WORLD, interface("graph"), seed=4)
    for action in actions:
        episode.act(action)
    return episode


def replayed(log: Sequence[Event], *, seed: int = 4) -> tuple[str, ...]:
    return check_replay(log, WORLD, interface("graph"), seed=seed)


ROWS = {"kind": "intervene", "set": {"sprinkler": "on"}, "n": 20}


def test_a_log_plays_again_as_it_was() -> None:
    stopped = played(ROWS, "garbage", Observe(10_001))
    stopped.end("stopped", "no time")
    for episode in (
        played(ROWS, *bad_actions(WORLD), Observe(5), everything(), Observe(1)),
        played(ROWS, *[object()] * 50),
        played(*[Observe(1)] * 200),
        stopped,
    ):
        assert replayed(episode.log) == ()


def test_a_log_that_was_rewritten_as_a_whole_does_not_play_again() -> None:
    log = played(ROWS, everything()).log
    better = {**log[0].observation, "rows": [[["no", "on", "no", "yes"], 20]]}
    first = event_after(log[0].previous, 0, action=log[0].action, observation=better)
    second = event_after(first.digest, 1, action=log[1].action, observation=log[1].observation)
    check_log((first, second))
    assert "event 0: answered" in replayed((first, second))[0]
    assert "event 0: answered" in replayed(log, seed=5)[0]


def test_what_never_happened_does_not_play_again() -> None:
    log = played(everything()).log
    ended = event_after(
        log[-1].digest,
        1,
        action={"kind": "end"},
        observation={"kind": "ended", "reason": "actions"},
    )
    assert replayed((*log, ended)) == ("it has 2 events and 1 when played again",)
