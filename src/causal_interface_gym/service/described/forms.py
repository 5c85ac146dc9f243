"""The forms of replies, for the description only: replies are written by the layers below."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

__all__ = [
    "AdjustmentReply",
    "BoardReply",
    "BoundsReply",
    "EpisodePage",
    "EpisodeReply",
    "HealthReply",
    "InterfacesReply",
    "LayoutReply",
    "LogReply",
    "ProbabilityReply",
    "Problem",
    "ReportReply",
    "RunPage",
    "RunReply",
    "ScenarioPage",
    "ScenarioReply",
    "ScoreReply",
    "StepReply",
    "TextReply",
    "TranscriptReply",
    "VerdictReply",
    "gives",
    "streams",
]

# Any: JSON.
Json = dict[str, Any]
# Any: FastAPI's own type of a table of replies.
Replies = dict[int | str, dict[str, Any]]


def gives(form: type[BaseModel], status: int = 200) -> Replies:
    """Say which form the reply of a route has."""
    return {status: {"model": form, "description": "What was asked for."}}


def streams(*media_types: str) -> Replies:
    """Say of which types the stream of a route may be."""
    text: Json = {"type": "string"}
    content = {kind.partition(";")[0]: {"schema": text} for kind in media_types}
    return {200: {"description": "A stream.", "content": content}}


class Problem(BaseModel):
    """What was refused, and why (RFC 9457)."""

    type: str = Field(description="Tells kinds of problems apart.")
    title: str
    status: int
    detail: str = Field(description="What was given, what is allowed, and the nearest fix.")
    request_id: str = Field(description="Under it the log has more.")


class _Line(BaseModel):
    name: str
    status: Literal["ok", "degraded", "down"]
    latency_ms: float


class HealthReply(BaseModel):
    """Whether a replica lives, and whether what it needs answers."""

    status: Literal["ok", "degraded", "down"]
    dependencies: list[_Line] = []


class ProbabilityReply(BaseModel):
    """A probability, or a whole distribution where the outcome has no value."""

    query: str
    rung: Literal["seeing", "doing", "imagining"]
    method: str
    value: float | None = None
    confirmed: bool = Field(False, description="A second algorithm gave the same.")
    check: str = ""
    distribution: dict[str, float] = {}


class _Obstruction(BaseModel):
    kind: str
    text: str


class _Witness(BaseModel):
    query: str
    first: float
    second: float
    checked: bool


class VerdictReply(BaseModel):
    """The estimand with its derivation, or what stands in its way and two models that differ."""

    query: str
    input: str
    identified: bool
    derivation: list[str]
    references: list[str]
    estimand: str = ""
    latex: str = ""
    obstruction: _Obstruction | None = None
    witness: _Witness | None = None


class _Extreme(BaseModel):
    value: float
    model: str = Field(description="The model's JSON form, as text.")


class BoundsReply(BaseModel):
    """The interval that holds the answer, and the models at its ends."""

    question: str
    known: Literal["observations", "tables"]
    lower: float
    upper: float
    sharp: bool
    identified: bool
    method: str
    reason: str
    lowest: _Extreme | None
    highest: _Extreme | None
    references: list[str]


class AdjustmentReply(BaseModel):
    """What to adjust for, what to use instead, and why the usual sets fail."""

    treatment: str
    outcome: str
    adjustment_sets: list[list[str]]
    reason: str = Field("", description="Why there is no set, where there is none.")
    optimal: Json
    frontdoor_sets: list[list[str]]
    instruments: list[Json]
    candidates: list[Json]


class _Node(BaseModel):
    name: str
    x: float
    y: float
    latent: bool


class LayoutReply(BaseModel):
    """Places of nodes in steps: x from -width/2 to width/2, y the number of the layer."""

    nodes: list[_Node]
    directed: list[list[str]]
    bidirected: list[list[str]]
    width: float
    height: float


class TextReply(BaseModel):
    """A model, a graph or a picture as text."""

    form: str
    text: str


class _ScenarioEntry(BaseModel):
    id: str
    field: str
    title: str


class ScenarioPage(BaseModel):
    """Some scenarios; ``next`` is the cursor of the next page."""

    items: list[_ScenarioEntry]
    next: str | None


class _Variable(BaseModel):
    name: str
    meaning: str
    states: Mapping[str, str]


class ScenarioReply(_ScenarioEntry):
    """What one may know of a scenario before one plays it."""

    story: str
    variables: list[_Variable]
    citations: list[Json]


class InterfacesReply(BaseModel):
    """The named interfaces."""

    items: list[Json]
    next: str | None


class _EpisodeEntry(BaseModel):
    id: str
    scenario: str
    interface: str
    created_at: str
    is_closed: bool


class EpisodePage(BaseModel):
    """Some of the caller's episodes."""

    items: list[_EpisodeEntry]
    next: str | None


class _State(BaseModel):
    is_closed: bool
    n_events: int
    budget_left: int
    unanswered: list[str]


class EpisodeReply(_State):
    """Where an episode stands, with its brief; its seed is told at the end."""

    id: str
    scenario: str
    interface: str
    brief: Json
    seed: int | None = None


class StepReply(_State):
    """What was observed after an action; ``ended`` where the episode ended with it."""

    number: int
    observation: Json
    ended: Json | None = None


class LogReply(BaseModel):
    """The log of an episode, as far as it may be seen."""

    id: str
    is_closed: bool
    log: list[Json]


class ScoreReply(BaseModel):
    """The marks of an episode that is over, and its scores."""

    id: str
    log: str
    world: str
    score_version: int
    marks: list[Json]
    causal_score: Json
    coverage: float | Json
    families: dict[str, Json]


class RunReply(BaseModel):
    """What a run is and how much of it is finished; or that it cannot be read."""

    name: str
    agents: list[str] = []
    interface: str = ""
    n_scenarios: int = 0
    n_seeds: int = 0
    trials: dict[str, int] = {}
    unreadable: bool = False


class RunPage(BaseModel):
    """Some runs."""

    items: list[RunReply]
    next: str | None


class ReportReply(BaseModel):
    """The report of a run; docs/howto/read-a-report.md reads it."""

    run: Json
    trials: Json
    agents: list[Json]


class BoardReply(BaseModel):
    """The agents of a run, the best first."""

    run: str
    trials: Json
    items: list[Json]
    next: str | None


class TranscriptReply(BaseModel):
    """One episode of a run, with truth, reference and lures beside each belief."""

    agent: str
    scenario: str
    interface: str
    seed: int
    world: str
    log: list[Json]
    failures: list[list[str]]
    marks: list[Json]
