"""The forms of the playground's requests and replies."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from causal_interface_gym.service.replying.schemas import AboutForm

__all__ = [
    "CaseForm",
    "ContrastForm",
    "ReadForm",
    "Setting",
    "WriteForm",
    "Written",
]

Name = Annotated[str, Field(min_length=1, max_length=200)]
Probability = Annotated[float, Field(ge=0, le=1)]
Setting = Name | Annotated[dict[Name, Probability], Field(min_length=1, max_length=64)]
"""A state, or the probabilities with which one is drawn."""
Written = Literal[
    "dagitty",
    "dot",
    "gml",
    "node-link",
    "json",
    "bif",
    "xmlbif",
    "python",
    "mermaid",
    "tikz",
    "svg",
]


class _Form(BaseModel):
    """Refuses what it does not name."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


class CaseForm(AboutForm):
    """A treatment and an outcome, each with a state, in a model as it is drawn.

    ``do`` and ``given`` are what is drawn on the graph; ``adjust`` the nodes in boxes.
    """

    treatment: Name
    level: Name
    outcome: Name
    state: Name
    do: Annotated[dict[Name, Setting], Field(default_factory=dict, max_length=500)]
    given: Annotated[dict[Name, Name], Field(default_factory=dict, max_length=500)]
    adjust: Annotated[list[Name], Field(default_factory=list, max_length=500)]


class ContrastForm(CaseForm):
    """A case, and what somebody believes P(outcome | do(treatment)) to be."""

    belief: Probability | None = None


class ReadForm(_Form):
    """Text that holds a graph or a model; its form is found out."""

    text: Annotated[str, Field(min_length=1, max_length=1 << 19)]


class WriteForm(AboutForm):
    """A model or graph, the form to write it in, and which nodes are marked."""

    form: Written
    treatment: Name | None = None
    outcome: Name | None = None
    adjusted: Annotated[list[Name], Field(default_factory=list, max_length=500)]
