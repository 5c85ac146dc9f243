"""What a model's calls came to: tokens, cost, replies that could not be used, and who answered.

A price that is not known is unknown: such calls are counted and no number stands for their cost.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np

from causal_interface_gym.agents.llm.call import Usage
from causal_interface_gym.agents.llm.records import CallRecord

__all__ = ["CallGrade", "CallSource", "CallTally", "ReplyFailure", "agent_of"]

_MESSAGE: Final = 300


class CallSource(Protocol):
    """Where the calls of a run are kept."""

    def records(self, trial: str | None = None) -> Iterator[CallRecord]:
        """Stream the calls of a trial, or of all."""
        ...


@dataclass(frozen=True, slots=True)
class ReplyFailure:
    """Replies of one kind that could not be used, with the first of them as the example."""

    kind: str
    n: int
    message: str
    trial: str
    label: str


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds that calls took, all attempts together: half of them, and 95 %, took no longer."""

    median_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class CallGrade:
    """The calls of one agent.

    ``n_cached`` were answered from the cache that runs share and cost nothing. ``cost_usd`` is the
    sum over calls with a known price, ``n_unpriced`` counts the others. ``models`` says which model
    the provider says answered, and how often; ``dropped`` the settings that a model does not take.
    """

    n_calls: int
    n_cached: int
    usage: Usage
    cost_usd: float
    n_unpriced: int
    failures: tuple[ReplyFailure, ...]
    models: tuple[tuple[str, int], ...]
    dropped: tuple[tuple[str, int], ...]
    latency: Latency | None

    @property
    def n_failed(self) -> int:
        """How many replies could not be used."""
        return sum(failure.n for failure in self.failures)


@dataclass(slots=True)
class CallTally:
    """The running sums of one agent's calls."""

    n_calls: int = 0
    n_cached: int = 0
    usage: Usage = field(default_factory=Usage)
    costs: list[float] = field(default_factory=list)
    n_unpriced: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    first: dict[str, CallRecord] = field(default_factory=dict)
    models: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, record: CallRecord) -> None:
        """Add a call."""
        self.n_calls += 1
        if record.error:
            self.kinds[record.error] += 1
            self.first.setdefault(record.error, record)
        answer = record.answer
        if answer is None:
            self.n_unpriced += 1
            self.seconds.append(record.latency_s)
            return
        self.models[answer.model] += 1
        self.dropped.update(answer.dropped)
        if answer.is_stored:
            self.n_cached += 1
            return
        self.seconds.append(record.latency_s)
        self.usage = _plus(self.usage, answer.usage)
        if answer.cost_usd is None:
            self.n_unpriced += 1
        else:
            self.costs.append(answer.cost_usd)

    def plus(self, other: "CallTally") -> "CallTally":
        """Give the sums of both."""
        return CallTally(
            self.n_calls + other.n_calls,
            self.n_cached + other.n_cached,
            _plus(self.usage, other.usage),
            self.costs + other.costs,
            self.n_unpriced + other.n_unpriced,
            self.kinds + other.kinds,
            other.first | self.first,
            self.models + other.models,
            self.dropped + other.dropped,
            self.seconds + other.seconds,
        )

    def result(self) -> CallGrade:
        """Give the sums."""
        latency = None
        if self.seconds:
            median, high = np.quantile(self.seconds, [0.5, 0.95])
            latency = Latency(float(median), float(high))
        return CallGrade(
            self.n_calls,
            self.n_cached,
            self.usage,
            sum(sorted(self.costs)),
            self.n_unpriced,
            tuple(_failure(k, n, self.first[k]) for k, n in _ranked(self.kinds)),
            _ranked(self.models),
            _ranked(self.dropped),
            latency,
        )


def agent_of(trial: str, agents: Sequence[str]) -> str | None:
    """Give the agent whose trial this is; None if it is none of theirs."""
    found = [agent for agent in agents if trial.startswith(f"{agent}/")]
    return max(found, key=len, default=None)


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def _failure(kind: str, n: int, first: CallRecord) -> ReplyFailure:
    return ReplyFailure(kind, n, first.message[:_MESSAGE], first.ask.trial, first.ask.label)


def _plus(one: Usage, other: Usage) -> Usage:
    return Usage(
        one.input_tokens + other.input_tokens,
        one.output_tokens + other.output_tokens,
        one.cached_tokens + other.cached_tokens,
    )
