"""Contract checks for agents and for other forms of the episode, for use in anyone's tests.

Each check plays and gives what was broken, in words; an empty result means that the contract holds.

>>> from causal_interface_gym.gym.episode import Episode
>>> check_episode(Episode.new)
()
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, get_args

from causal_interface_gym.gym.action import Action
from causal_interface_gym.gym.brief import brief_of, brief_to_json
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES, Interface
from causal_interface_gym.gym.log import Event
from causal_interface_gym.gym.observation import Observation, observation_to_json
from causal_interface_gym.gym.participant import Agent
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World

__all__ = [
    "EpisodeLike",
    "OpenEpisode",
    "bad_actions",
    "check_agent",
    "check_episode",
    "check_replay",
]

# Any: JSON.
Json = dict[str, Any]

_ID: Final = re.compile(r"[a-z][a-z0-9_-]*:\S+")
_WORLD: Final = "sprinkler-v1"
_INTERFACES: Final = ("graph", "survey", "forgetful", "table", "full")


class EpisodeLike(Protocol):
    """What takes actions and keeps a log, wherever it runs."""

    @property
    def is_closed(self) -> bool:
        """Whether the episode is over."""
        ...

    @property
    def log(self) -> Sequence[Event]:
        """Everything that happened, in order."""
        ...

    def act(self, action: Mapping[str, object], /) -> Observation:
        """Carry out an action or refuse it."""
        ...


class OpenEpisode(Protocol):
    """How an episode is opened."""

    def __call__(self, world: World, interface: Interface, *, seed: int) -> EpisodeLike:
        """Open an episode; ``seed`` fixes the rows that will be drawn."""
        ...


async def check_agent(
    agent: Agent, *, worlds: Sequence[World] = (), interfaces: Sequence[Interface] = ()
) -> tuple[str, ...]:
    """Let an agent play and say what it does that an agent must not do.

    It must have an id ``provider:name``, return actions, not raise, have none of them refused,
    submit within the actions of the interface, and answer every question or call it unanswerable.
    """
    found = []
    if not _ID.fullmatch(str(agent.id)):
        found.append(f"its id must be provider:name, in small letters; got {agent.id!r:.100}")
    for world in worlds or (registry.get(_WORLD).world(),):
        for interface in interfaces or [INTERFACES[name] for name in _INTERFACES]:
            where = f"{world.scenario} through {interface.name}"
            found += [f"{where}: {breach}" for breach in await _breaches(agent, world, interface)]
    return tuple(found)


def check_episode(open_episode: OpenEpisode, *, seed: int = 0) -> tuple[str, ...]:
    """Play a script with good and bad actions, and compare every answer with those of ``Episode``.

    An adapter that passes gives the same observations, the same log and so the same scores.
    """
    world, interface = registry.get(_WORLD).world(), INTERFACES["graph"]
    own, other = (make(world, interface, seed=seed) for make in (Episode.new, open_episode))
    return tuple(_differences(own, other, world))


def check_replay(
    log: Sequence[Event], world: World, interface: Interface, *, seed: int
) -> tuple[str, ...]:
    """Play the actions of a log again and say where the answers are others.

    It finds a log that was rewritten as a whole, digests included: rows follow from world, seed and
    actions. Of an action that could not be read only the refusal is compared.
    """
    episode = Episode.new(world, interface, seed=seed)
    for event in log:
        match event.action, event.observation:
            case {"kind": "end"}, {"reason": ("agent_error" | "stopped") as reason, **rest}:
                episode.end(reason, str(rest.get("detail", "")))
            case {"kind": "end"}, _:
                continue  # the episode comes to this end by itself
            case {"kind": "unreadable"}, _:
                episode.act("")
            case action, _:
                episode.act(action)
    found = [
        f"event {event.number}: answered {again.observation!r:.200} when played again"
        for event, again in zip(log, episode.log, strict=False)
        if not _is_same(event, again)
    ]
    if len(episode.log) != len(log):
        found.append(f"it has {len(log)} events and {len(episode.log)} when played again")
    return tuple(found)


def bad_actions(world: World) -> tuple[Json, ...]:
    """Give actions that every episode of a world must refuse."""
    name, question = world.variables[0].name, world.questions[0].id
    nested: Json = {"kind": "observe", "n": 1}
    for _ in range(50):
        nested = {"kind": "observe", "where": nested}
    return (
        {},
        {"kind": "peek"},
        {"kind": "observe"},
        {"kind": "observe", "n": 0},
        {"kind": "observe", "n": 10**30},
        {"kind": "observe", "n": 1, "where": {name: "no such state"}},
        {"kind": "observe", "n": 1, "where": {"no such variable": "0"}},
        {"kind": "intervene", "n": 1, "set": {}},
        {"kind": "intervene", "n": 99_999, "set": {name: world.variables[0].labels[0]}},
        {"kind": "believe", "beliefs": [{"query": question, "p": 1.5}]},
        {"kind": "believe", "beliefs": [{"query": question, "p": float("nan")}]},
        {"kind": "believe", "beliefs": [{"query": "no such question", "p": 0.5}]},
        {"kind": "believe", "beliefs": [{"query": question, "interval": [0.1, 0.2]}]},
        {"kind": "believe", "beliefs": [{"query": question, "distribution": {"a": 0.4}}]},
        {"kind": "hypothesise", "directed": [[name, "no such variable"]]},
        {"kind": "submit", "unanswerable": ["no such question"]},
        {"kind": "submit", "answers": [{"query": "x" * 10_000, "p": 0.5}]},
        nested,
    )


def _is_same(event: Event, again: Event) -> bool:
    if event.action.get("kind") == "unreadable":
        return event.observation.get("kind") == again.observation.get("kind")
    return event.observation == again.observation


def _script(world: World) -> tuple[Json, ...]:
    variable, question = world.variables[0], world.questions[0].id
    bad = bad_actions(world)
    state = {variable.name: variable.labels[0]}
    return (
        {"kind": "observe", "n": 20, "where": state},
        *bad,
        {"kind": "intervene", "n": 20, "set": state},
        {"kind": "believe", "beliefs": [{"query": question, "p": 0.25}]},
        {"kind": "hypothesise", "directed": [[v.name for v in world.variables[:2]]]},
        {"kind": "submit", "answers": [{"query": question, "p": 0.5}]},
        {"kind": "observe", "n": 1},
    )


def _differences(own: EpisodeLike, other: EpisodeLike, world: World) -> Iterator[str]:
    for number, action in enumerate(_script(world)):
        wanted = observation_to_json(own.act(action))
        got = observation_to_json(other.act(action))
        if got != wanted:
            yield f"action {number}, {action!r:.100}: answered {got!r:.200}, not {wanted!r:.200}"
    if not other.is_closed:
        yield "the episode is not closed after submit"
    if tuple(other.log) != tuple(own.log):
        yield "its log is another"


async def _breaches(agent: Agent, world: World, interface: Interface) -> tuple[str, ...]:
    episode = Episode.new(world, interface, seed=0)
    shown = brief_to_json(brief_of(world, interface))
    while not episode.is_closed:
        try:
            action = await agent.act(episode.brief, episode.shown)
        except Exception as error:  # an agent is foreign code, and that it raises is the finding
            return (f"it raised {type(error).__name__}: {str(error)[:200]}",)
        if not isinstance(action, get_args(Action)):
            return (f"it must return an action; got a {type(action).__name__}",)
        episode.act(action)
    return tuple(_findings(episode, shown))


def _findings(episode: Episode, shown: Json) -> Iterator[str]:
    for event in episode.log:
        match event.observation:
            case {"kind": "refused", "reason": reason}:
                yield f"action {event.number} was refused: {reason}"
            case {"kind": "ended", "detail": detail}:
                yield f"it did not submit: {detail}"
            case _:
                continue
    if episode.unanswered:
        yield f"it answered nothing to {', '.join(episode.unanswered)}"
    if brief_to_json(episode.brief) != shown:
        yield "it changed the brief"
