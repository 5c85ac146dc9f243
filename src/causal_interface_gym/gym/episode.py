"""The episode: a state machine with an append-only log.

An action that cannot be carried out is refused with a reason, and the refusal stands in the log;
the state is unchanged. The truth stays on the scoring side: nothing here returns it.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final, TypeGuard, assert_never

import numpy as np

from causal_interface_gym.errors import (
    ActionError,
    LogError,
    UnknownStateError,
    UnknownVariableError,
)
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
    statements_of,
)
from causal_interface_gym.gym.bounded import MAX_TEXT, check_bounded, read_json
from causal_interface_gym.gym.brief import Brief, brief_of
from causal_interface_gym.gym.budget import Budget, charge
from causal_interface_gym.gym.elicitation import parts_of, questions_named
from causal_interface_gym.gym.interface import Interface, allowed_kinds
from causal_interface_gym.gym.log import Event, event_after, first_link
from causal_interface_gym.gym.observation import (
    Acknowledged,
    Closed,
    Counts,
    Ended,
    EndReason,
    Observation,
    Progress,
    Refused,
    observation_to_json,
)
from causal_interface_gym.gym.rows.draw import columns_of, counted
from causal_interface_gym.scenarios.world import World

__all__ = ["MAX_REFUSALS", "Episode", "Event"]

# Any: JSON.
Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]

MAX_REFUSALS: Final = 50
"""So many refused actions end an episode."""
_SHOWN: Final = 500
"""How many characters of a refused action the log keeps."""
_FEW: Final = 1_000
"""So many parts are within the bounds of an action."""
_VALUES: Final = (Observe, Intervene, Believe, Hypothesise, Submit)


class Episode:
    """One participant in one world through one interface.

    >>> from causal_interface_gym import scenarios
    >>> from causal_interface_gym.gym.interface import interface
    >>> world = scenarios.get("kidney-stones-v1").world()
    >>> episode = Episode.new(world, interface("graph"), seed=0)
    >>> episode.act({"kind": "submit", "answers": [{"query": "q1", "p": 0.5}]})
    Closed()
    """

    __slots__ = (
        "_answered",
        "_budget",
        "_events",
        "_head",
        "_n_refused",
        "_rng",
        "_world",
        "brief",
        "is_closed",
    )

    def __init__(self, world: World, brief: Brief, rng: np.random.Generator) -> None:
        """Start with an empty log and the whole budget."""
        self.brief: Brief = brief
        self.is_closed: bool = False
        self._world = world
        self._rng = rng
        self._budget = Budget(brief.interface.budget)
        self._events: list[Event] = []
        self._head = first_link(world.digest)
        self._n_refused = 0
        self._answered: dict[str, None] = {}

    @classmethod
    def new(cls, world: World, interface: Interface, *, seed: int) -> "Episode":
        """Open an episode; ``seed`` fixes the rows that will be drawn."""
        return cls(world, brief_of(world, interface), np.random.default_rng([world.seed, seed]))

    @property
    def log(self) -> tuple[Event, ...]:
        """Everything that happened, in order."""
        return tuple(self._events)

    @property
    def shown(self) -> tuple[Event, ...]:
        """The part of the log that the participant may see: all of it, or the last event."""
        return self.log if self.brief.interface.shows_history else tuple(self._events[-1:])

    @property
    def budget_left(self) -> int:
        """Units of budget that are left."""
        return self._budget.left

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The questions that have no answer yet and were not called unanswerable."""
        return tuple(q.id for q in self.brief.questions if q.id not in self._answered)

    def act(self, action: Action | Mapping[str, object] | str) -> Observation:
        """Carry out an action, or refuse it; either way the log grows by one event.

        An action is a value, its JSON form, or the text of that. Anything else is refused too. When
        the actions of the interface or ``MAX_REFUSALS`` are used up, the episode ends.
        """
        written, asked = _read(action)
        observation = self._answer(asked)
        if isinstance(observation, Refused):
            self._n_refused += 1
            if self.is_closed and self._n_refused > MAX_REFUSALS:
                return observation  # a log that is closed does not grow for ever
            written = _kept(written)
        else:
            written = self._normal(asked, written)
        self._note(written, observation)
        if not self.is_closed:
            self._check_limits()
        return observation

    def continue_from(self, log: Iterable[Event]) -> None:
        """Bring an episode that has just been opened to where a log of it ends.

        What was carried out is carried out again and compared with the log.

        Raises:
            LogError: The log was changed, or belongs to another world, interface or seed.
        """
        for number, event in enumerate(log):
            self._repeat(event)
            if self._events[-1] != event:
                message = "playing it again gives another one; the log was changed or moved"
                raise LogError(message, number=number)

    def end(self, reason: EndReason, detail: str = "") -> Observation:
        """End an episode that was not submitted; what was believed so far still counts."""
        if self.is_closed:
            return Refused("the episode is closed", "closed")
        self.is_closed = True
        ended = Ended(reason, detail[:_SHOWN])
        self._note({"kind": "end"}, ended)
        return ended

    def _repeat(self, event: Event) -> None:
        """Do what an event says was done; refusals and ends are as they were."""
        observation = event.observation
        if observation.get("kind") == "refused":
            self._n_refused += 1
        elif observation.get("kind") == "ended":
            self.is_closed = True
        else:
            observation = observation_to_json(self._answer(_read(event.action)[1]))
        self._add(event.action, observation)

    def _note(self, written: Json, observation: Observation) -> None:
        self._add(written, observation_to_json(observation))

    def _add(self, action: Json, observation: Json) -> None:
        event = event_after(self._head, len(self._events), action=action, observation=observation)
        self._head = event.digest
        self._events.append(event)

    def _check_limits(self) -> None:
        if self._n_refused >= MAX_REFUSALS:
            self.end("refusals", f"{MAX_REFUSALS} actions were refused")
        elif len(self._events) >= self.brief.interface.max_actions:
            self.end("actions", f"{self.brief.interface.max_actions} actions are used up")

    def _answer(self, asked: Action | ActionError) -> Observation:
        try:
            if isinstance(asked, ActionError):
                raise asked
            return self._carry_out(asked)
        except ActionError as error:
            return Refused(str(error), error.code)
        except UnknownVariableError as error:
            return Refused(str(error), "variable")
        except UnknownStateError as error:
            return Refused(str(error), "state")

    def _carry_out(self, action: Action) -> Observation:
        self._check_open(action)
        match action:
            case Observe():
                self._check_states(action.where)
                return self._draw(action.n, self.brief.interface.row_cost, where=action.where)
            case Intervene():
                self._check_states(action.set)
                return self._draw(action.n, self.brief.interface.experiment_row_cost, do=action.set)
            case Believe():
                self._answered |= dict.fromkeys(b.query for b in self._beliefs(action))
                return self._acknowledged()
            case Hypothesise():
                self._check_graph(action)
                return self._acknowledged()
            case Submit():
                stated = [b.query for b in self._beliefs(action)]
                self._answered |= dict.fromkeys((*stated, *self._unanswerable(action)))
                self.is_closed = True
                return Closed()
            case _:
                assert_never(action)

    def _check_open(self, action: Action) -> None:
        if self.is_closed:
            message = "the episode is closed; nothing can be added after submit"
            raise ActionError(message, code="closed")
        allowed = allowed_kinds(self.brief.interface)
        kind = type(action).__name__.lower()
        if kind not in allowed:
            message = f"this interface does not allow {kind}; it allows {', '.join(allowed)}"
            raise ActionError(message, code="not_allowed")

    def _draw(self, n: int, cost: int, *, where: Pairs = (), do: Pairs = ()) -> Counts:
        budget = charge(self._budget, n, row_cost=cost)
        state = self._rng.bit_generator.state
        try:
            columns = columns_of(self._world, n, rng=self._rng, do=do)
        except ActionError:
            self._rng.bit_generator.state = state
            raise
        self._budget = budget
        names = tuple(v.name for v in self.brief.variables)
        return Counts(names, counted(self._world, columns, where), budget.left)

    def _acknowledged(self) -> Observation:
        if not self.brief.interface.gives_feedback:
            return Acknowledged()
        answered = tuple(q.id for q in self.brief.questions if q.id in self._answered)
        return Progress(answered, self.unanswered, self._budget.left)

    def _beliefs(self, action: Believe | Submit) -> tuple[Belief, ...]:
        asked = self.brief.elicitations
        beliefs = tuple(b for s in statements_of(action) for b in parts_of(s, asked))
        Believe(beliefs)  # a part may not be stated twice, by itself and in its distribution
        return beliefs

    def _unanswerable(self, action: Submit) -> tuple[str, ...]:
        asked = self.brief.elicitations
        return tuple(q for named in action.unanswerable for q in questions_named(named, asked))

    def _normal(self, asked: Action | ActionError, written: Json) -> Json:
        """Write what was carried out with a probability for every single question."""
        match asked:
            case Believe(distributions=(), intervals=()):
                return written
            case Submit(unanswerable=(), distributions=(), intervals=()):
                return written
            case Believe():
                return action_to_json(Believe(self._beliefs(asked)))
            case Submit():
                return action_to_json(Submit(self._beliefs(asked), self._unanswerable(asked)))
            case _:
                return written

    def _check_states(self, settings: Pairs) -> None:
        states = {v.name: v.labels for v in self.brief.variables}
        for name, label in settings:
            if name not in states:
                raise UnknownVariableError(name, states)
            if label not in states[name]:
                raise UnknownStateError(name, label, states[name])

    def _check_graph(self, action: Hypothesise) -> None:
        shown = [v.name for v in self.brief.variables]
        for first, second in action.directed + action.bidirected:
            for name in (first, second):
                if name not in shown:
                    raise UnknownVariableError(name, shown)
            if first == second:
                message = f"an edge joins two variables; {first!r} stands at both ends"
                raise ActionError(message)


def _read(action: object) -> tuple[Json, Action | ActionError]:
    """Read what came, and give it as the log is to keep it."""
    if _is_plain(action):
        return action_to_json(action), action
    try:
        data = read_json(action) if isinstance(action, str) else action
        asked = parse_action(action_to_json(data) if isinstance(data, _VALUES) else data)
    except ActionError as error:
        return _unreadable(action), error
    except Exception as error:  # a participant may hand over anything at all
        message = (
            f"an action is a JSON object with its kind; reading it gave {type(error).__name__}"
        )
        return _unreadable(action), ActionError(message)
    return action_to_json(asked), asked


def _is_plain(action: object) -> TypeGuard[Believe | Submit]:
    """Say whether reading the JSON form of a value would give the value itself.

    Its parts checked themselves when they were made; what is left is that they are of the very
    types that reading makes.
    """
    match action:
        case Believe(beliefs=tuple() as stated, distributions=(), intervals=()):
            unanswerable: object = ()
        case Submit(answers=tuple() as stated, distributions=(), intervals=()):
            unanswerable = action.unanswerable
        case _:
            return False
    return (
        type(action) in _VALUES
        and isinstance(unanswerable, tuple)
        and len(stated) + len(unanswerable) <= _FEW
        and all(type(b) is Belief and _is_name(b.query) and type(b.p) is float for b in stated)
        and all(map(_is_name, unanswerable))
    )


def _is_name(text: object) -> bool:
    return type(text) is str and len(text) <= MAX_TEXT and text.isprintable()


def _unreadable(action: object) -> Json:
    """Keep the beginning of what came; of what is no JSON only its type."""
    text = f"a {type(action).__name__}"
    if isinstance(action, str):
        text = ascii(action[:_SHOWN])
    else:
        with suppress(Exception):
            check_bounded(action)
            text = json.dumps(action)
    return {"kind": "unreadable", "text": text[:_SHOWN]}


def _kept(written: Json) -> Json:
    """Keep a refused action, or its beginning where it is long."""
    return written if len(json.dumps(written)) <= _SHOWN else _unreadable(written)
