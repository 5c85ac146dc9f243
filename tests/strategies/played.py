"""Finished trials that need no agent: a world as it is, and a log of any length."""

from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.runs.archive import store_world
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.runs.store import Played
from causal_interface_gym.runs.trial import world_of

__all__ = ["played"]


def played(trial: Trial, *, p: float = 0.5, failures: tuple[Failure, ...] = ()) -> Played:
    """Make a trial that stated one belief."""
    world = world_of(trial.scenario, trial.seed)
    stored = store_world(world)
    episode = Episode.new(world, interface(trial.interface), seed=trial.seed)
    episode.act({"kind": "believe", "beliefs": [{"query": "q1", "p": p}]})
    episode.act({"kind": "submit"})
    return Played(Record(trial, stored.digest, episode.log, failures, stored.address), stored)
