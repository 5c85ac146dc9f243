"""What a run is: agents x scenarios x seeds through one interface, fixed before it starts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from causal_interface_gym.agents.llm.identity import is_model_agent
from causal_interface_gym.agents.registry import check_agent
from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.runs.asking import Asking
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.scenarios.card import Card, card_of, is_own
from causal_interface_gym.scenarios.generated.worlds import WorldId, has_prefix

__all__ = ["Numbering", "RunSpec", "parse_seeds"]

_Part = TypeVar("_Part", str, int)
_VERSION = 1
_VERSION_WITH_MODELS = 2
_MAX_SEEDS = 1_000_000


@dataclass(frozen=True, slots=True)
class RunSpec:
    """The whole of a run's configuration.

    Two runs of equal specs give equal reports, those of language models when their transcripts are
    equal too. ``asking`` says how the language models are asked; it is there if the run has some.

    ``cards`` describe the scenarios that came from files; where one is missing the scenario has to
    be known in this process, and its card is added.

    Raises:
        RunError: Something is unknown, empty or given twice, or only one of models and ``asking``
            is there.
        ScenarioError: A scenario is unknown.
    """

    agents: tuple[str, ...]
    scenarios: tuple[str, ...]
    seeds: tuple[int, ...]
    interface: str = "graph"
    asking: Asking | None = None
    cards: tuple[Card, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        """Check every name before anything runs; agents are held by their full names."""
        object.__setattr__(self, "agents", tuple(map(check_agent, self.agents)))
        parts = {"agents": self.agents, "scenarios": self.scenarios, "seeds": self.seeds}
        for name, values in parts.items():
            if not values or len(set(values)) < len(values):
                message = f"a run needs {name}, each once; got {list(values)}"
                raise RunError(message)
        for scenario in self.scenarios:
            self._check_scenario(scenario)
        interface(self.interface)
        if bool(self.models) != (self.asking is not None):
            message = f"a run says how models are asked if it has some; models {list(self.models)}"
            raise RunError(message)

    @property
    def models(self) -> tuple[str, ...]:
        """The agents that are language models."""
        return tuple(agent for agent in self.agents if is_model_agent(agent))

    def _check_scenario(self, scenario: str) -> None:
        if has_prefix(scenario):
            WorldId.parse(scenario)
        elif is_own(scenario) and scenario not in {card.id for card in self.cards}:
            object.__setattr__(self, "cards", (*self.cards, card_of(scenario)))

    def trials(self, part: range | None = None) -> Iterator[Trial]:
        """List the trials, worlds outermost so that a world's answers come together.

        ``part`` names some of them by their numbers, from 0.
        """
        n_agents, n_seeds = len(self.agents), len(self.seeds)
        for number in range(self.n_trials) if part is None else part:
            world, agent = divmod(number, n_agents)
            scenario, seed = divmod(world, n_seeds)
            yield Trial(
                self.agents[agent], self.scenarios[scenario], self.interface, self.seeds[seed]
            )

    @property
    def n_trials(self) -> int:
        """How many trials there are."""
        return len(self.agents) * len(self.scenarios) * len(self.seeds)

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain lists."""
        models = {} if self.asking is None else {"models": self.asking.to_json()}
        return {
            "version": _VERSION_WITH_MODELS if models else _VERSION,
            "agents": list(self.agents),
            "scenarios": list(self.scenarios),
            "seeds": list(self.seeds),
            "interface": self.interface,
            **({"cards": [card.to_json() for card in self.cards]} if self.cards else {}),
            **models,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:  # Any: JSON
        """Read what ``to_json`` writes.

        Raises:
            RunError: The version is another one, or a part is missing.
        """
        try:
            if data["version"] not in (_VERSION, _VERSION_WITH_MODELS):
                message = (
                    f"this run was written in version {data['version']}; this program reads "
                    f"{_VERSION} and {_VERSION_WITH_MODELS}"
                )
                raise RunError(message)
            models = data["models"] if data["version"] == _VERSION_WITH_MODELS else None
            return cls(
                tuple(map(str, data["agents"])),
                tuple(map(str, data["scenarios"])),
                tuple(map(int, data["seeds"])),
                str(data["interface"]),
                None if models is None else Asking.from_json(models),
                cards=tuple(map(Card.from_json, data.get("cards", ()))),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"the run's configuration is damaged: {error!r}"
            raise RunError(message) from None


class Numbering:
    """The numbers of a run's trials: their places in ``RunSpec.trials``, from 0.

    The number is the trial's key in a store: short, and in the order of grading.
    """

    __slots__ = ("_agents", "_scenarios", "_seeds", "_spec")

    def __init__(self, spec: RunSpec) -> None:
        """Index the parts of a spec once."""
        self._spec = spec
        self._agents = _places(spec.agents)
        self._scenarios = _places(spec.scenarios)
        self._seeds = _places(spec.seeds)

    def number(self, trial: Trial) -> int:
        """Give the number of a trial.

        Raises:
            RunError: The trial is not part of the run.
        """
        spec = self._spec
        try:
            scenario, seed = self._scenarios[trial.scenario], self._seeds[trial.seed]
            agent = self._agents[trial.agent]
        except KeyError:
            raise RunError(self._refusal(trial)) from None
        if trial.interface != spec.interface:
            raise RunError(self._refusal(trial))
        return (scenario * len(spec.seeds) + seed) * len(spec.agents) + agent

    def _refusal(self, trial: Trial) -> str:
        spec = self._spec
        return (
            f"trial {trial} is not part of this run; agents {', '.join(spec.agents)}; "
            f"scenarios {', '.join(spec.scenarios)}; interface {spec.interface}; "
            f"seeds {spec.seeds[0]} to {spec.seeds[-1]}"
        )


def _places(parts: Sequence[_Part]) -> dict[_Part, int]:
    return {part: place for place, part in enumerate(parts)}


def parse_seeds(text: str) -> tuple[int, ...]:
    """Read ``0-3,7``: whole numbers and ranges that include both ends.

    >>> parse_seeds("0-2,7")
    (0, 1, 2, 7)

    Raises:
        RunError: The text is something else, or too long a range.
    """
    seeds: dict[int, None] = {}
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        ends = (first, last if dash else first)
        if not all(end.strip().isdecimal() for end in ends):
            message = f"seeds are whole numbers and ranges such as 0-19 or 0,3,5-7; got {text!r}"
            raise RunError(message)
        low, high = map(int, ends)
        if high < low or high - low >= _MAX_SEEDS:
            message = f"a range of seeds runs upwards and holds at most {_MAX_SEEDS}; got {part!r}"
            raise RunError(message)
        seeds.update(dict.fromkeys(range(low, high + 1)))
    return tuple(seeds)
