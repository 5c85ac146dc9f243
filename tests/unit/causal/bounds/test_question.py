"""Effects as questions have the numbers of the module that computes them."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from causal_interface_gym.causal import SCM, effects
from causal_interface_gym.causal.bounds import EFFECTS, Question, effect
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import ImpossibleEventError, QueryError, UnknownVariableError
from tests.strategies.noise import models

STATES = {"X": ("0", "1"), "Y": ("0", "1", "2"), "M": ("0", "1"), "T": ("a", "b", "c")}


@settings(max_examples=40, deadline=None)
@given(model=models(), name=st.sampled_from(EFFECTS), data=st.data())
def test_each_effect_is_that_of_the_effects_module(
    model: SCM, name: str, data: st.DataObject
) -> None:
    assume(len(model.nodes) > 2)
    x, m, y = model.nodes[0], model.nodes[1], model.nodes[-1]
    labels = st.sampled_from(model.states[x])
    levels = {"control": data.draw(labels), "active": data.draw(labels)}
    event = Term(y, data.draw(st.sampled_from(model.states[y])))
    more = {"mediators": [m]} if name in {"NDE", "NIE"} else {}
    asked = effect(name, x, event, states=model.states, **more, **levels)  # type: ignore[arg-type]  # as named
    function = getattr(effects, name.lower())
    try:
        wanted = function(model, x, str(event), **more, **levels)
    except ImpossibleEventError:
        with pytest.raises(ImpossibleEventError):
            asked.value(model)
        return
    assert asked.value(model) == pytest.approx(wanted, abs=1e-9)


def test_a_probability_is_a_ratio_of_two_events() -> None:
    asked = Question.of("P(Y=1 | do(X=1), M=0)", STATES)
    assert asked.numerator == ((1.0, (Term("Y", "1"), Term("M", "0"))),)
    assert asked.denominator == ((Term("M", "0"),),)
    assert asked.condition == "M=0"
    assert asked.variables == ("Y", "M", "X")
    assert Question.of(asked, STATES) is asked
    assert Question.of(Query.parse("Y=1"), STATES).denominator == ()


def test_an_effect_is_written_as_text() -> None:
    asked = Question.of("NDE(X, Y=1, M)", STATES)
    assert asked == effect("NDE", "X", Term("Y", "1"), states=STATES, mediators=["M"])
    assert asked.text == "NDE(X, Y=1, M)"
    assert asked.span == (-1.0, 1.0)
    assert len(Question.of("PS(X, Y=1)", STATES).denominator) == 2


@pytest.mark.parametrize(
    "text",
    [
        "PN(X)",
        "PN(X=1, Y=1)",
        "PN(X, Y)",
        "PN(X, Y=1, M)",
        "NDE(X, Y=1)",
        "PN(X, Y=1 | M=0)",
        "PN(X, Y[M=0]=1)",
        "ATE(T, Y=1)",
        "P(Y | X=1)",
    ],
)
def test_a_malformed_effect_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        Question.of(text, STATES)


def test_unknown_names_in_an_effect_are_refused() -> None:
    with pytest.raises(UnknownVariableError):
        Question.of("PN(Q, Y=1)", STATES)
    with pytest.raises(UnknownVariableError):
        Question.of("PN(X, Q=1)", STATES)


def test_a_treatment_with_several_states_needs_both_levels() -> None:
    asked = effect("ATE", "T", Term("Y", "1"), states=STATES, control="a", active="c")
    assert asked.numerator[0][1][0].do == (("T", "c"),)
