"""The forms of requests. What a form does not name is refused, and no type is guessed."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

__all__ = [
    "ActionForm",
    "AdjustForm",
    "EpisodeForm",
    "ModelForm",
    "NothingForm",
    "QuestionForm",
]

_Id = Annotated[str, Field(min_length=1, max_length=200)]
_Text = Annotated[str, Field(max_length=1 << 20)]
_Question = Annotated[str, Field(min_length=1, max_length=2_000, examples=["P(y=1 | do(x=1))"])]


class _Form(BaseModel):
    """Refuses what it does not name."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


class ModelForm(_Form):
    """A model or a graph, in one of four ways."""

    scenario: _Id | None = Field(None, description="The id of a scenario.")
    dagitty: _Text | None = Field(None, description="A graph, such as `dag { X -> Y }`.")
    bif: _Text | None = Field(None, description="The text of a BIF file.")
    # Any: JSON, which its own reader checks.
    document: dict[str, Any] | None = Field(None, description="A model or graph in its JSON form.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            message = "a model is given in exactly one way: scenario, dagitty, bif or document"
            raise ValueError(message)
        return self


class QuestionForm(_Form):
    """A question about a model."""

    model: ModelForm
    query: _Question


class AdjustForm(_Form):
    """A treatment and an outcome of a model."""

    model: ModelForm
    treatment: _Id
    outcome: _Id


class EpisodeForm(_Form):
    """Which episode is to begin."""

    scenario: _Id = Field(description="The id of a scenario or of a generated world.")
    interface: _Id = Field("graph", description="The name of an interface.")
    seed: Annotated[int, Field(ge=0, lt=1 << 53)] | None = Field(
        None, description="What makes the world and its rows. Default: one that stays secret."
    )


class ActionForm(RootModel[dict[str, Any]]):  # Any: JSON, which the episode reads and may refuse
    """An action in its JSON form, such as `{"kind": "observe", "n": 50}`."""


class NothingForm(_Form):
    """Nothing more is to be said."""
