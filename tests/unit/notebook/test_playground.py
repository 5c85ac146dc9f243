"""The kernel side of the widget: what it answers, refuses, and knows of what is drawn."""

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.errors import UnknownVariableError
from causal_interface_gym.notebook import Playground

KIDNEY = scenarios.get("kidney-stones-v1").model


def test_the_kernel_answers_refuses_and_forgets() -> None:
    shown = Playground(KIDNEY)
    body = {"model": {"document": shown.document}, "treatment": "treatment", "level": "B",
            "outcome": "recovery", "state": "yes"}  # fmt: skip
    shown.question = {"id": 1, "what": "contrast", "body": body}
    assert shown.answer["value"]["do"]["value"] == pytest.approx(
        KIDNEY.p("recovery=yes | do(treatment=B)")
    )
    shown.question = {"id": 2, "what": "imagine", "body": body}
    assert shown.answer["id"] == 2
    shown.question = {"id": 3, "what": "verdict", "body": body | {"treatment": "nobody"}}
    assert "nobody" in shown.answer["problem"]
    shown.question = {"id": 4, "what": "contrast", "body": {"model": {}}}
    assert shown.answer["problem"]
    graph = Playground(ADMG([("X", "Y")]))
    graph.question = {
        "id": 5,
        "what": "contrast",
        "body": body | {"model": {"document": graph.document}},
    }
    assert "without numbers" in graph.answer["problem"]
    assert graph.model == ADMG([("X", "Y")])
    graph.question = {}
    assert graph.answer["id"] == 5


def test_what_is_drawn_is_the_model_and_has_a_question() -> None:
    shown = Playground(KIDNEY, treatment="treatment", outcome="recovery", predict_first=True)
    assert isinstance(shown.model, SCM)
    assert shown.model.states == KIDNEY.states
    assert shown.drawn["roles"] == {"exposure": ["treatment"], "outcome": ["recovery"]}
    assert (shown.predict_first, shown.belief, shown.acts) == (True, None, {})
    with pytest.raises(UnknownVariableError, match="treatmen"):
        Playground(KIDNEY, treatment="treatmen")
