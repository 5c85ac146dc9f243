"""What is known of an agent because it is a language model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

from causal_interface_gym.agents.elicitation.controls import Controls
from causal_interface_gym.runs.controls import model_of
from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.grades.models.apart import ApartGrade, ApartTally
from causal_interface_gym.runs.grades.models.calls import (
    CallGrade,
    CallSource,
    CallTally,
    agent_of,
)
from causal_interface_gym.runs.grades.models.formats import FormatGrade, FormatTally
from causal_interface_gym.runs.records import Record
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["Heard", "ModelGrade", "ModelGrades", "ModelTally"]


@dataclass(frozen=True, slots=True)
class Heard:
    """A run's transcript: its calls, and the verdicts of its format controls by model."""

    calls: CallSource
    controls: Mapping[str, Controls] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelGrade:
    """A language model's calls, what its score owes to format, and how it fared at the controls.

    ``controls`` is a reason where they were not put, or not finished; ``apart`` where no question
    was put by itself.
    """

    calls: CallGrade
    formats: FormatGrade | Unscored
    controls: Controls | Unscored
    apart: ApartGrade | Unscored

    @property
    def is_elicitation_failed(self) -> bool:
        """Whether the model could copy no number in any format, so that no score is given."""
        return isinstance(self.controls, Controls) and self.controls.is_failed


@dataclass(frozen=True, slots=True)
class ModelGrades:
    """The language models of a run: each agent, the calls of controls by model, and all calls."""

    agents: Mapping[str, ModelGrade]
    control_calls: Mapping[str, CallGrade]
    total: CallGrade


class ModelTally:
    """The running sums of a run's language models; empty for a run without any."""

    def __init__(self, spec: RunSpec, table: ItemTable, heard: Heard | None) -> None:
        """Start with the calls that were heard."""
        self._table = table
        self._formats = {agent: FormatTally(table) for agent in spec.models}
        self._apart = {agent: ApartTally() for agent in spec.models}
        self._calls = {agent: CallTally() for agent in spec.models}
        self._control_calls: dict[str, CallTally] = {}
        self._controls: Mapping[str, Controls] = {} if heard is None else heard.controls
        has_controls = spec.asking is not None and spec.asking.has_controls
        self._missing = Unscored("they are not finished" if has_controls else "they were not put")
        if heard is not None and self._calls:
            self._hear(heard.calls)

    def add(self, record: Record, asked: Iterable[tuple[str, int]]) -> None:
        """Add an episode, if it is one of a language model."""
        tally = self._formats.get(record.trial.agent)
        if tally is not None:
            numbered = tuple(asked)
            tally.add(record, numbered)
            for _, number in numbered[:1]:
                cluster = self._table.items[number].unanswered.cluster
                self._apart[record.trial.agent].add(record, cluster)

    def result(self) -> ModelGrades:
        """Give what is known by agent."""
        every = (*self._calls.values(), *self._control_calls.values())
        return ModelGrades(
            {
                agent: ModelGrade(
                    self._calls[agent].result(),
                    formats.result(),
                    self._controls.get(model_of(agent), self._missing),
                    self._apart[agent].result(),
                )
                for agent, formats in self._formats.items()
            },
            {model: tally.result() for model, tally in self._control_calls.items()},
            reduce(CallTally.plus, every, CallTally()).result(),
        )

    def _hear(self, calls: CallSource) -> None:
        agents = tuple(self._calls)
        for call in calls.records():
            agent = agent_of(call.ask.trial, agents)
            if agent is not None:
                self._calls[agent].add(call)
                self._apart[agent].hear(call)
            else:
                model = f"{call.provider}:{call.model}"
                self._control_calls.setdefault(model, CallTally()).add(call)
