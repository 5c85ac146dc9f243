"""The episode: a state machine with an append-only log.

An action that cannot be carried out is refused with a reason, and the refusal stands in the log;
the state is unchanged. The truth stays on the scoring side: nothing here returns it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np

from causal_interface_gym.causal.sample import sample
from causal_interface_gym.errors import ActionError, CausalGymError
from causal_interface_gym.gym.action import (
    Action,
    Belief,
    Believe,
    Hypothesise,
    Intervene,
    Observe,
    Submit,
    action_to_json,
    parse_action,
)
from causal_interface_gym.gym.brief import Brief, brief_of
from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.gym.observation import (
    Acknowledged,
    Closed,
    Counts,
    Observation,
    Refused,
    observation_to_json,
)
from causal_interface_gym.scenarios.world import World

__all__ = ["Episode", "Event"]

# Any: JSON.
Json = dict[str, Any]
_SHOWN_CHARACTERS = 500
"""How much of an unreadable action the log keeps."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log: an action as it came, and what was answered, in JSON form."""

    action: Json
    observation: Json


class Episode:
    """One participant in one world through one interface.

    >>> from causal_interface_gym import scenarios
    >>> from causal_interface_gym.gym.interface import interface
    >>> world = scenarios.get("kidney-stones-v1").world()
    >>> episode = Episode.new(world, interface("graph"), seed=0)
    >>> episode.act({"kind": "submit", "answers": [{"query": "q1", "p": 0.5}]})
    Closed()
    """

    __slots__ = ("_events", "_left", "_rng", "_world", "brief", "is_closed")

    def __init__(self, world: World, brief: Brief, rng: np.random.Generator) -> None:
        """Start with an empty log and the whole budget."""
        self.brief = brief
        self.is_closed = False
        self._world = world
        self._rng = rng
        self._left = brief.interface.budget
        self._events: list[Event] = []

    @classmethod
    def new(cls, world: World, interface: Interface, *, seed: int) -> "Episode":
        """Open an episode; ``seed`` fixes the rows that will be drawn."""
        return cls(world, brief_of(world, interface), np.random.default_rng([world.seed, seed]))

    @property
    def log(self) -> tuple[Event, ...]:
        """Everything that happened, in order."""
        return tuple(self._events)

    def act(self, action: Action | Mapping[str, object]) -> Observation:
        """Carry out an action, or refuse it; either way the log grows by one event."""
        written: Json = {"kind": "unreadable", "text": repr(action)[:_SHOWN_CHARACTERS]}
        try:
            asked = parse_action(action) if isinstance(action, Mapping) else action
            written = action_to_json(asked)
            observation = self._carry_out(asked)
        except CausalGymError as error:  # a bad action is data of the episode, not a crash
            observation = Refused(str(error))
        self._events.append(Event(written, observation_to_json(observation)))
        return observation

    def _carry_out(self, action: Action) -> Observation:
        if self.is_closed:
            message = "the episode is closed; nothing can be added after submit"
            raise ActionError(message)
        match action:
            case Observe():
                self._check_states(action.where)
                return self._draw(action.n, self.brief.interface.row_cost, where=action.where)
            case Intervene():
                return self._experiment(action)
            case Believe():
                self._check_questions(action.beliefs)
                return Acknowledged()
            case Hypothesise():
                self._check_variables([n for e in action.directed + action.bidirected for n in e])
                return Acknowledged()
            case Submit():
                self._check_questions(action.answers)
                self._check_questions([Belief(query, 0.5) for query in action.unanswerable])
                self.is_closed = True
                return Closed()
            case _:
                assert_never(action)

    def _experiment(self, action: Intervene) -> Observation:
        if not self.brief.interface.can_intervene:
            message = "this interface allows no experiments; use observe"
            raise ActionError(message)
        self._check_states(action.set)
        cost = self.brief.interface.experiment_row_cost
        return self._draw(action.n, cost, do=action.set)

    def _draw(
        self,
        n: int,
        cost: int,
        *,
        where: tuple[tuple[str, str], ...] = (),
        do: tuple[tuple[str, str], ...] = (),
    ) -> Counts:
        if n * cost > self._left:
            message = f"{n} rows cost {n * cost} and {self._left} of the budget is left"
            raise ActionError(message)
        self._left -= n * cost
        model = self._world.model
        columns = sample(model, n, rng=self._rng, do=dict(do))
        names = tuple(v.name for v in self.brief.variables)
        keep = np.ones(n, dtype=bool)
        for name, label in where:
            keep &= columns[name] == model.state(name, label)
        rows = zip(*(columns[name][keep].tolist() for name in names), strict=True)
        counts = Counter(rows)
        labelled = (
            (tuple(model.states[v][i] for v, i in zip(names, row, strict=True)), count)
            for row, count in sorted(counts.items())
        )
        return Counts(names, tuple(labelled), self._left)

    def _check_states(self, settings: tuple[tuple[str, str], ...]) -> None:
        self._check_variables([name for name, _ in settings])
        for name, label in settings:
            self._world.model.state(name, label)

    def _check_variables(self, names: list[str]) -> None:
        shown = [v.name for v in self.brief.variables]
        for name in names:
            if name not in shown:
                message = f"there is no variable {name!r}; the variables are {', '.join(shown)}"
                raise ActionError(message)

    def _check_questions(self, beliefs: tuple[Belief, ...] | list[Belief]) -> None:
        known = [q.id for q in self.brief.questions]
        for belief in beliefs:
            if belief.query not in known:
                message = f"there is no question {belief.query!r}; they are {', '.join(known)}"
                raise ActionError(message)
