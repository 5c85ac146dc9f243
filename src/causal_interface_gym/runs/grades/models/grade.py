"""What is known of an agent because it is a language model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from causal_interface_gym.runs.grades.items import ItemTable
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

__all__ = ["ModelGrade", "ModelTally"]


@dataclass(frozen=True, slots=True)
class ModelGrade:
    """A language model's calls, and what its score owes to format."""

    calls: CallGrade
    formats: FormatGrade | Unscored


class ModelTally:
    """The running sums of a run's language models; empty for a run without any."""

    def __init__(self, spec: RunSpec, table: ItemTable) -> None:
        """Start at zero."""
        self._formats = {agent: FormatTally(table) for agent in spec.models}
        self._calls = {agent: CallTally() for agent in spec.models}

    def add(self, record: Record, asked: Iterable[tuple[str, int]]) -> None:
        """Add an episode, if it is one of a language model."""
        tally = self._formats.get(record.trial.agent)
        if tally is not None:
            tally.add(record, asked)

    def hear(self, calls: CallSource) -> None:
        """Add the calls of the run."""
        agents = tuple(self._calls)
        for call in calls.records() if agents else ():
            agent = agent_of(call.ask.trial, agents)
            if agent is not None:
                self._calls[agent].add(call)

    def result(self) -> Mapping[str, ModelGrade]:
        """Give what is known by agent."""
        return {
            agent: ModelGrade(self._calls[agent].result(), formats.result())
            for agent, formats in self._formats.items()
        }
