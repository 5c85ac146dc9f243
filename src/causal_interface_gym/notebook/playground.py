"""A graph to edit beside what the engine says about it, in a cell of a notebook."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anywidget
import traitlets
from pydantic import ValidationError

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.formats.model_json import (
    GRAPH_FORMAT,
    graph_from_json,
    model_from_json,
)
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.service.asking import model_of, read_model
from causal_interface_gym.service.playground.contrast import contrast_json
from causal_interface_gym.service.playground.forms import CaseForm, ContrastForm
from causal_interface_gym.service.playground.text import drawn_json
from causal_interface_gym.service.playground.verdict import imagine_json, verdict_of_case

__all__ = ["Playground"]

STATIC: Final = Path(__file__).with_name("static")
"""Where the build puts the widget's module."""
_UNBUILT: Final = (
    "export default { render({ el }) { el.textContent = 'The widget is not built: make web'; } };"
)

Json = dict[str, Any]  # Any: JSON


def _read(document: Mapping[str, Any]) -> SCM | ADMG:  # Any: JSON
    text = json.dumps(document)
    return (
        graph_from_json(text) if document.get("format") == GRAPH_FORMAT else model_from_json(text)
    )


def _contrast(body: Json) -> Json:
    form = ContrastForm.model_validate(body)
    return contrast_json(model_of(form.model), form)


def _verdict(body: Json) -> Json:
    form = CaseForm.model_validate(body)
    return verdict_of_case(read_model(form.model), form)


def _imagine(body: Json) -> Json:
    form = CaseForm.model_validate(body)
    return imagine_json(model_of(form.model), form)


_ANSWERS: Final[Mapping[str, Callable[[Json], Json]]] = {
    "contrast": _contrast,
    "verdict": _verdict,
    "imagine": _imagine,
}


if TYPE_CHECKING:

    class _Widget:
        """The part of the library's widget that is used; it ships no types of its own."""

        def __init__(self, **values: object) -> None:
            """Hold values."""

        def observe(self, heard: Callable[[Mapping[str, Any]], None], names: str) -> None:
            """Call when a value changes."""
else:
    _Widget = anywidget.AnyWidget


class Playground(_Widget):
    """The playground of the pages, in a notebook.

    ``model`` is what is drawn now, changes of the person included; ``belief`` what he said before
    he saw the truth, where ``predict_first`` asks him to; ``acts`` what is forced.

    Args:
        model: A model, or a graph, whose numbers are then made up.
        treatment: The variable that is forced in the question; the first one unless named.
        outcome: The variable that is asked about; the last one unless named.
        predict_first: Ask for a belief before the truth is shown.

    Raises:
        UnknownVariableError: The model has no such treatment or outcome.
    """

    _esm: Any = STATIC / "playground.js" if (STATIC / "playground.js").is_file() else _UNBUILT
    # Any: the library's descriptors; their values are plain JSON.
    drawn: Any = traitlets.Dict().tag(sync=True)
    document: Any = traitlets.Dict().tag(sync=True)
    acts: Any = traitlets.Dict().tag(sync=True)
    belief: Any = traitlets.Float(None, allow_none=True).tag(sync=True)
    predict_first: Any = traitlets.Bool(default_value=False).tag(sync=True)
    question: Any = traitlets.Dict().tag(sync=True)
    answer: Any = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: SCM | ADMG,
        *,
        treatment: str = "",
        outcome: str = "",
        predict_first: bool = False,
    ) -> None:
        """Draw a model."""
        graph = model.dag if isinstance(model, SCM) else model
        names = graph.nodes
        first, last = treatment or names[0], outcome or names[-1]
        graph.mask((first, last))
        drawn = drawn_json(model, roles={"exposure": [first], "outcome": [last]})
        super().__init__(drawn=drawn, document=drawn["document"], predict_first=predict_first)
        self.observe(self._answer, names="question")

    @property
    def model(self) -> SCM | ADMG:
        """What is drawn now.

        Raises:
            CausalGymError: It is no model at this moment.
        """
        return _read(self.document)

    def _answer(self, change: Mapping[str, Any]) -> None:  # Any: a value of any kind
        asked = change["new"]
        if not asked:
            return
        try:
            said: Json = {"value": _ANSWERS[asked["what"]](asked["body"])}
        except (CausalGymError, ValidationError) as error:
            said = {"problem": str(error)}
        self.answer = {"id": asked["id"], **said}
