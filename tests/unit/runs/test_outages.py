"""What a provider does is not an agent's doing: its trials stay unfinished and are played later."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from causal_interface_gym.agents.agent import Agent, play
from causal_interface_gym.errors import (
    AuthenticationError,
    BudgetError,
    CausalGymError,
    OverloadedError,
    RefusedError,
    ReplyError,
    TimedOutError,
)
from causal_interface_gym.gym.action import Action, Submit
from causal_interface_gym.gym.brief import Brief, brief_of
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import Event
from causal_interface_gym.runs.outages import MOST_IN_A_ROW, Outages, Unplayed
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.runs.runner import Limits, run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.runs.trial import run_trial
from causal_interface_gym.scenarios import get
from causal_interface_gym.scenarios.world import World

SPEC = RunSpec(("reference:uniform", "reference:random"), ("homework-v1",), tuple(range(30)))
ONE_BY_ONE = Limits(concurrency=1)
TRIAL = Trial("reference:uniform", "homework-v1", "graph", 0)


class Raising:
    """Raises the same error at every action."""

    id = "reference:raising"

    def __init__(self, error: CausalGymError) -> None:
        """Hold the error."""
        self.error = error

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Raise it."""
        raise self.error


class Submitting:
    """Submits at once."""

    id = "reference:submitting"

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Submit."""
        return Submit()


class Sometimes:
    """Makes agents that meet an error in some seeds."""

    def __init__(self, error: CausalGymError, seeds: Sequence[int]) -> None:
        """Hold the error and the seeds."""
        self.error = error
        self.seeds = seeds
        self.n_made = 0

    def __call__(self, agent: str, /, *, world: World, seed: int) -> Agent:
        """Make the agent of a trial."""
        self.n_made += 1
        return Raising(self.error) if seed in self.seeds else Submitting()


@pytest.mark.parametrize("error", [OverloadedError("busy"), AuthenticationError("no key")])
def test_an_episode_stays_open_when_its_provider_fails(error: CausalGymError) -> None:
    world = get("homework-v1").world()
    episode = Episode(world, brief_of(world, interface("graph")), np.random.default_rng(0))
    with pytest.raises(type(error)):
        asyncio.run(play(Raising(error), episode))
    assert not episode.is_closed
    assert episode.log == ()


def test_a_reply_that_cannot_be_used_is_a_failure_under_its_own_name() -> None:
    refusing = Sometimes(RefusedError("I would rather not"), range(9))
    record = asyncio.run(run_trial(TRIAL, make=refusing)).record
    (failure,) = record.failures
    assert failure.kind == "RefusedError"
    assert "rather not" in failure.message


def test_every_kind_of_reply_error_is_a_failure_of_the_trial() -> None:
    for kind in ReplyError.__subclasses__():
        record = asyncio.run(run_trial(TRIAL, make=Sometimes(kind("bad"), [0]))).record
        assert [failure.kind for failure in record.failures] == [kind.__name__]


def test_an_outage_leaves_its_trials_unfinished_and_the_others_go_on() -> None:
    store = MemoryStore(SPEC)
    down = Sometimes(TimedOutError("no answer", provider="openai"), [3, 4])
    outcome = run(store, make=down, limits=ONE_BY_ONE)
    assert outcome.n_played == 56
    assert outcome.unplayed == (Unplayed("reference", 4, "TimedOutError", "openai: no answer"),)
    assert [int(n) for n in (~store.finished()).nonzero()[0]] == [6, 7, 8, 9]


def test_trials_left_by_an_outage_are_played_when_the_run_goes_on() -> None:
    store = MemoryStore(SPEC)
    run(store, make=Sometimes(OverloadedError("busy"), [3, 4]))
    assert run(store).n_played == 4
    assert store.finished().all()


def test_a_provider_that_never_serves_is_given_up_and_counted_in_full() -> None:
    store = MemoryStore(SPEC)
    down = Sometimes(OverloadedError("busy"), range(30))
    (unplayed,) = run(store, make=down, limits=ONE_BY_ONE).unplayed
    assert down.n_made == MOST_IN_A_ROW
    assert unplayed.n == 60


def test_a_provider_that_serves_now_and_then_is_not_given_up() -> None:
    store = MemoryStore(SPEC)
    outcome = run(
        store, make=Sometimes(OverloadedError("busy"), range(0, 30, 2)), limits=ONE_BY_ONE
    )
    assert outcome.n_played == 30
    assert store.finished().sum() == 30


def test_giving_up_one_provider_does_not_touch_another() -> None:
    outages = Outages(most_in_a_row=1)
    outages.add(Trial("openai:a+direct", "homework-v1", "graph", 0), OverloadedError("busy"))
    assert outages.is_given_up(Trial("openai:b+cot", "homework-v1", "graph", 1))
    assert not outages.is_given_up(Trial("google:c+direct", "homework-v1", "graph", 1))


@pytest.mark.parametrize("error", [AuthenticationError("wrong key"), BudgetError("used up")])
def test_an_error_that_stops_the_run_keeps_what_has_ended(error: CausalGymError) -> None:
    store = MemoryStore(SPEC)
    with pytest.raises(type(error)):
        run(store, make=Sometimes(error, [10]), limits=ONE_BY_ONE)
    assert store.finished().sum() == 20
    assert run(store).n_played == 40
