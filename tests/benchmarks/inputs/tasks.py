"""What a worker is asked and what it answers, as values that travel as JSON lines."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeAlias

Answer: TypeAlias = float | bool | str | list[float] | list[str] | None
"""A distribution, a verdict, a set, or `None` where the library says there is none."""

Edges: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    """Ask for an identification or an adjustment set in one mixed graph."""

    nodes: tuple[str, ...]
    directed: Edges
    bidirected: Edges
    treatment: str
    outcome: str


@dataclass(frozen=True, slots=True)
class NetworkQuestion:
    """Ask a network for the outcome's distribution had `treatment` been `state`.

    `given` holds what was seen in the factual world; it is empty for P(y | do(x)). With a
    `value`, only the probability of that one state of the outcome is asked for.
    """

    outcome: str
    treatment: str
    state: str
    given: Edges = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """Ask for `n` things of a kind at once, drawn from `seed`."""

    kind: str
    n: int
    seed: int


Question: TypeAlias = GraphQuestion | NetworkQuestion | CountQuestion


@dataclass(frozen=True, slots=True)
class Task:
    """One process worth of work: the first `n_warm` questions are asked but not timed.

    Each question is asked `n_before` times out of the clock's sight before the time that counts.
    """

    row: str
    questions: tuple[Question, ...]
    network: str = ""
    n_warm: int = 1
    n_before: int = 0


@dataclass(frozen=True, slots=True)
class Timed:
    """One question made ready: `call` is what the clock sees, `read` turns it into an answer."""

    call: Callable[[], object]
    read: Callable[[object], Answer]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answered question; `peak_mb` is the whole process's highest resident memory so far."""

    index: int
    seconds: float
    answer: Answer
    peak_mb: float


def task_to_json(task: Task) -> str:
    """Write a task as one line of JSON."""
    return json.dumps(asdict(task))


def task_from_json(text: str) -> Task:
    """Read what `task_to_json` wrote."""
    raw = json.loads(text)
    return Task(
        row=raw["row"],
        questions=tuple(_question(item) for item in raw["questions"]),
        network=raw["network"],
        n_warm=raw["n_warm"],
        n_before=raw["n_before"],
    )


def _question(raw: dict[str, object]) -> Question:
    fields = {name: _frozen(value) for name, value in raw.items()}
    if "kind" in raw:
        return CountQuestion(**fields)  # type: ignore[arg-type]  # JSON holds exactly the fields
    return GraphQuestion(**fields) if "nodes" in raw else NetworkQuestion(**fields)  # type: ignore[arg-type]  # JSON holds exactly the fields


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def reply_to_json(reply: Reply) -> str:
    """Write a reply as one line of JSON."""
    return json.dumps(asdict(reply))


def reply_from_json(text: str) -> Reply:
    """Read what `reply_to_json` wrote."""
    return Reply(**json.loads(text))
