"""The forms of the playground's replies, for the description and for the types of the pages."""

from typing import Any

from pydantic import BaseModel, Field

from causal_interface_gym.service.described.forms import AdjustmentReply, VerdictReply

__all__ = [
    "CaseReply",
    "ContrastReply",
    "DrawnReply",
    "ImagineReply",
    "ScenarioModelReply",
]

# Any: JSON.
Json = dict[str, Any]


class _Number(BaseModel):
    """A number, or why there is none."""

    query: str
    value: float | None = None
    undefined: str = ""


class _Lure(BaseModel):
    fallacy: str
    query: str
    value: float


class _Adjusted(_Number):
    set: list[str]
    valid: bool
    reason: str


class _Judged(BaseModel):
    p: float
    brier: float = Field(description="The square of the distance from the truth.")
    log: float = Field(description="The expected loss of bits against the truth.")
    nearest: str = Field(description="truth, or the lure that the belief comes nearest to.")
    distance: float


class ContrastReply(BaseModel):
    """Seeing beside doing, with everything that a page shows about them."""

    see: _Number
    do: _Number
    bias: float | None = Field(description="Seeing minus doing.")
    lures: list[_Lure]
    adjusted: _Adjusted | None
    belief: _Judged | None
    marginals: dict[str, dict[str, float]]
    undefined: str = ""


class _Path(BaseModel):
    nodes: list[str]
    edges: list[str]
    text: str
    causal: bool
    open: bool
    blockers: list[str]
    colliders: list[str]


class _Interval(BaseModel):
    query: str
    lower: float | None = None
    upper: float | None = None
    sharp: bool = False
    reason: str = ""
    undefined: str = ""


class _Hedge(BaseModel):
    forest: list[str]
    subforest: list[str]


class CaseReply(VerdictReply):
    """A verdict with paths and sets; where it is negative, with bounds and what to measure."""

    paths: list[_Path]
    has_more_paths: bool
    adjustment: AdjustmentReply
    measure: list[list[str]] = Field([], description="Hidden causes whose measurement would help.")
    hedge: _Hedge | None = None
    bounds: _Interval | None = None


class _World(BaseModel):
    level: str
    query: str
    value: float | None = None
    undefined: str = ""
    bounds: _Interval | None = None


class ImagineReply(BaseModel):
    """What would have been, under each other level."""

    factual: dict[str, str]
    worlds: list[_World]


class DrawnReply(BaseModel):
    """A model or a graph to be drawn: its document, places in layers, and roles of nodes."""

    document: Json
    places: dict[str, list[float]]
    roles: dict[str, list[str]]


class ScenarioModelReply(DrawnReply):
    """The model of a scenario, with its story."""

    id: str
    title: str
    story: str
