"""The forms of replies about played episodes."""

from typing import Any

from pydantic import BaseModel, Field

from causal_interface_gym.service.playground.replies import DrawnReply

__all__ = ["ComparedReply", "FailuresReply", "ReplayReply", "StandingReply"]

# Any: JSON.
Json = dict[str, Any]


class _Diagnosed(BaseModel):
    p: float
    truth: float
    loss: float = Field(description="The square of the distance from the truth.")
    nearest: str = Field(description="truth, or the lure that the belief comes nearest to.")
    distance: float


class _Asked(BaseModel):
    id: str
    family: str
    asked: str
    name: str
    truth: float
    lures: dict[str, float]
    final: _Diagnosed | None
    called_unanswerable: bool


class _Step(BaseModel):
    number: int
    action: Json
    observation: Json
    beliefs: dict[str, _Diagnosed]
    posterior: dict[str, float] = Field(description="What exact Bayes believes by now.")


class ReplayReply(BaseModel):
    """An episode step by step."""

    title: str
    story: str
    scenario: str
    seed: int
    interface: str
    participant: str
    drawn: DrawnReply
    questions: list[_Asked]
    steps: list[_Step]
    no_posterior: str = Field(description="Why exact Bayes says nothing, where it does not.")
    causal_score: Json


class _Marked(BaseModel):
    question: str
    family: str
    name: str
    truth: float
    loss: float
    belief: float | None
    nearest: str


class _Episode(BaseModel):
    agent: str
    scenario: str
    seed: int
    n_steps: int
    n_questions: int
    n_answered: int
    mean_loss: float
    worst_loss: float
    worst: _Marked
    failures: list[list[str]]


class FailuresReply(BaseModel):
    """Episodes of a run, the worst first."""

    items: list[_Episode]
    n_episodes: int
    is_complete: bool


class _Pair(BaseModel):
    scenario: str
    seed: int
    question: str
    family: str
    name: str
    truth: float
    first: _Marked
    second: _Marked
    difference: float = Field(description="The second's loss less the first's.")


class ComparedReply(BaseModel):
    """Two participants over the items that both met."""

    first: str
    second: str
    headline: Json
    families: dict[str, Json]
    holm: dict[str, float]
    items: list[_Pair]
    n_common: int
    n_first: int
    n_second: int


class _Own(BaseModel):
    id: str
    scenario: str
    interface: str
    seed: int
    ended_at: str | None
    causal_score: Json
    loss: float


class StandingReply(BaseModel):
    """Where the caller stands; ``you`` is none before the first finished episode."""

    you: Json | None
    items: list[_Own]
