"""The forms of requests. What a form does not name is refused, and no type is guessed."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

__all__ = [
    "AboutForm",
    "ActionForm",
    "AdjustForm",
    "BoundsForm",
    "ConvertForm",
    "DrawForm",
    "EpisodeForm",
    "IdentifyForm",
    "LayoutForm",
    "ModelForm",
    "NothingForm",
    "QuestionForm",
    "TransportForm",
]

_Id = Annotated[str, Field(min_length=1, max_length=200)]
_Text = Annotated[str, Field(max_length=1 << 20)]
_Sets = Annotated[list[Annotated[list[_Id], Field(max_length=50)]], Field(max_length=20)]
_Source = Annotated[str, Field(min_length=1, max_length=1_000, examples=["LA do(X) differs(Z)"])]
_Question = Annotated[str, Field(min_length=1, max_length=2_000, examples=["P(y=1 | do(x=1))"])]


class _Form(BaseModel):
    """Refuses what it does not name."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


def _one_way(schema: dict[str, Any]) -> None:  # Any: JSON
    """Say in a schema what the validator demands: exactly one way, and none of them empty."""
    schema["minProperties"] = schema["maxProperties"] = 1
    for way in schema["properties"].values():
        way.pop("default", None)
        way.update(next(kind for kind in way.pop("anyOf") if kind.get("type") != "null"))


class ModelForm(_Form):
    """A model or a graph, in one of four ways."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, strict=True, json_schema_extra=_one_way
    )

    scenario: _Id | None = Field(None, description="The id of a scenario.")
    dagitty: _Text | None = Field(None, description="A graph, such as `dag { X -> Y }`.")
    bif: _Text | None = Field(None, description="The text of a BIF file.")
    # Any: JSON, which its own reader checks.
    document: dict[str, Any] | None = Field(None, description="A model or graph in its JSON form.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = [name for name in self.model_fields_set if getattr(self, name) is not None]
        if len(given) != 1 or len(self.model_fields_set) != 1:
            message = "a model is given in exactly one way: scenario, dagitty, bif or document"
            raise ValueError(message)
        return self


class AboutForm(_Form):
    """A graph or a model that something is asked about."""

    model: ModelForm


class QuestionForm(AboutForm):
    """A question about a model."""

    query: _Question


class IdentifyForm(QuestionForm):
    """A question about a graph, and what is known besides observation."""

    experiments: Literal["all"] | _Sets = Field(
        [], description="Sets of variables that were set in an experiment; `[]` is observation."
    )


class TransportForm(QuestionForm):
    """A question about one population, and where there are data."""

    sources: Annotated[
        list[_Source],
        Field(min_length=1, max_length=20, description="Such as `LA do(X) differs(Z)`, `target`."),
    ]


class BoundsForm(QuestionForm):
    """A question whose answer is to be bounded by what is known of a model."""

    known: Literal["observations", "tables"] = Field(
        "observations",
        description="observations: P of the observed variables and the graph; tables: all tables, "
        "so that only undeclared couplings are open.",
    )
    experiments: _Sets = Field(
        [], description="Sets of variables whose experiment is known besides P(v)."
    )


class LayoutForm(AboutForm):
    """A graph, or a model with its latent variables."""


class DrawForm(AboutForm):
    """A graph that is to be drawn."""

    form: Literal["svg", "mermaid", "tikz"] = "svg"
    treatment: _Id | None = None
    outcome: _Id | None = None


class ConvertForm(AboutForm):
    """A model or graph that is to be written in another form."""

    form: Literal["json", "bif", "xmlbif", "python", "dagitty", "dot", "gml", "node-link"] = Field(
        "json", description="json, bif, xmlbif and python keep the numbers of a model."
    )


class AdjustForm(AboutForm):
    """A treatment and an outcome of a model."""

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
