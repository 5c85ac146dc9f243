"""Items, events and claims."""

import pytest

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.errors import ImpossibleEventError, QueryError
from causal_interface_gym.questions.adjusting import adjusted_probability
from causal_interface_gym.questions.question import (
    Item,
    Lure,
    ValidAdjustment,
    event,
    probability_item,
)


def confounded() -> SCM:
    return SCM.from_tables(
        states={"z": ("0", "1"), "x": ("0", "1"), "y": ("0", "1")},
        parents={"x": ("z",), "y": ("z", "x")},
        tables={
            "z": [0.6, 0.4],
            "x": [[0.8, 0.2], [0.3, 0.7]],
            "y": [[[0.9, 0.1], [0.7, 0.3]], [[0.5, 0.5], [0.2, 0.8]]],
        },
    )


def test_an_event_is_one_variable_with_one_state() -> None:
    assert event("y=1") == Term("y", "1")


@pytest.mark.parametrize("text", ["y", "y=1, x=0", "y=1 | x=0", "y=1 | do(x=0)", "y[x=1]=1"])
def test_anything_else_is_no_event(text: str) -> None:
    with pytest.raises(QueryError, match="one variable with its state"):
        event(text)


def test_an_item_holds_the_exact_numbers_of_its_queries() -> None:
    model = confounded()
    see, do = Query.parse("y=1 | x=1"), Query.parse("y=1 | do(x=1)")
    item = probability_item(
        model, "intervention", asked=do, reference=see, lures={"see": see, "half": 0.5}
    )
    assert item.truth == model.p(do)
    assert item.reference == model.p(see)
    assert item.lure == {"see": model.p(see), "half": 0.5}
    assert item.name == "P(y=1 | do(x=1))"


def test_lures_are_found_by_their_fallacy() -> None:
    claim = ValidAdjustment("x", "y")
    item = Item("adjustment", "claim", claim, 1.0, 0.5, (Lure("empty set", 1.0),))
    assert item.lure == {"empty set": 1.0}


def test_adjusting_for_the_confounder_gives_the_effect() -> None:
    model = confounded()
    adjusted = adjusted_probability(
        model, treatment=Term("x", "1"), outcome=Term("y", "1"), adjust=("z",)
    )
    assert adjusted == pytest.approx(0.6 * 0.3 + 0.4 * 0.8, abs=1e-12)
    assert adjusted == pytest.approx(model.p("y=1 | do(x=1)"), abs=1e-12)


def test_adjusting_for_nothing_is_seeing() -> None:
    model = confounded()
    adjusted = adjusted_probability(
        model, treatment=Term("x", "0"), outcome=Term("y", "1"), adjust=("x", "y")
    )
    assert adjusted == pytest.approx(model.p("y=1 | x=0"), abs=1e-12)


def test_strata_without_the_treatment_level_are_left_out() -> None:
    model = confounded()
    never = SCM.from_tables(
        states=model.states,
        parents={"x": ("z",), "y": ("z", "x")},
        tables={"z": [0.6, 0.4], "x": [[1.0, 0.0], [0.3, 0.7]], "y": model.cpt("y")},
    )
    adjusted = adjusted_probability(
        never, treatment=Term("x", "1"), outcome=Term("y", "1"), adjust=("z",)
    )
    assert adjusted == pytest.approx(0.8, abs=1e-12)


def test_a_level_that_never_occurs_cannot_be_adjusted_for() -> None:
    model = confounded()
    never = SCM.from_tables(
        states=model.states,
        parents={"x": ("z",), "y": ("z", "x")},
        tables={"z": [0.6, 0.4], "x": [[1.0, 0.0], [1.0, 0.0]], "y": model.cpt("y")},
    )
    with pytest.raises(ImpossibleEventError, match="x=1"):
        adjusted_probability(never, treatment=Term("x", "1"), outcome=Term("y", "1"), adjust=("z",))
