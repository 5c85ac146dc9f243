"""Bayes over listed models, by hand."""

from typing import Literal

import numpy as np
import pytest

from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import InferenceError, InputError
from causal_interface_gym.gym.learner import (
    Design,
    Evidence,
    ModelLearner,
    Prediction,
    Unpredictable,
    model_learner,
)
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked, ValidAdjustment

ENDS: tuple[Literal["lower", "upper"], ...] = ("lower", "upper")
STATES = {"x": ("0", "1"), "y": ("0", "1")}


def cause(p: float, *, coupling: bool = True) -> SCM:
    return SCM.from_tables(
        states=STATES,
        parents={"y": ("x",)},
        tables={"x": [0.5, 0.5], "y": [[1 - p / 2, p / 2], [1 - p, p]]},
        coupling="comonotone" if coupling else None,
    )


def confounded() -> SCM:
    return SCM.from_tables(
        states={"u": ("0", "1"), **STATES},
        parents={"x": ("u",), "y": ("u",)},
        tables={
            "u": [0.5, 0.5],
            "x": [[0.75, 0.25], [0.25, 0.75]],
            "y": [[0.75, 0.25], [0.25, 0.75]],
        },
        latent=["u"],
        coupling="comonotone",
    )


def learner() -> ModelLearner:
    return model_learner([cause(0.5), confounded()])


ROW = np.array([[0.0, 0.0], [0.0, 1.0]])


def test_one_row_weighs_the_models_by_its_chance() -> None:
    seen = learner().after(Evidence(Design(), ROW))
    assert seen.weights == pytest.approx(np.array([0.25, 0.3125]) / 0.5625)
    done = learner().after(Evidence(Design((("x", "1"),)), ROW))
    assert done.weights == pytest.approx([0.5, 0.5])


def test_hidden_rows_count_by_the_chance_of_being_hidden() -> None:
    evidence = Evidence(Design((), (("y", "1"),)), ROW, 2)
    by_hand = np.array([0.25 * (1 - 0.375) ** 2, 0.3125 * 0.5**2])
    assert learner().after(evidence).weights == pytest.approx(by_hand / by_hand.sum())


def test_predictions_are_averages_over_the_models() -> None:
    found = learner().predict(Query.parse("y=1 | do(x=1)"))
    assert found == Prediction(0.5, "posterior mean")
    given = learner().predict(Query.parse("y=1 | x=1"))
    assert isinstance(given, Prediction)
    assert given.meaning == "next row"
    assert given.p == pytest.approx((0.25 + 0.3125) / (0.5 + 0.5))


def test_models_answer_what_would_have_been() -> None:
    found = learner().predict(Query.parse("y[x=0]=1 | x=1, y=1"))
    assert isinstance(found, Prediction)
    assert found.p == pytest.approx((0.25 * 0.5 + 0.3125) / 0.5625)


def test_a_model_in_which_the_condition_cannot_happen_does_not_count() -> None:
    never = SCM.from_tables(
        states=STATES, tables={"x": [1.0, 0.0], "y": [0.5, 0.5]}, coupling="comonotone"
    )
    pair = model_learner([never, cause(0.5)])
    assert pair.predict(Query.parse("y=1 | x=1")) == Prediction(0.5, "next row")
    alone = model_learner([never]).predict(Query.parse("y=1 | x=1"))
    assert alone == Unpredictable("the condition of P(y=1 | x=1) has probability 0")


def test_an_undeclared_coupling_makes_a_counterfactual_unpredictable() -> None:
    found = model_learner([cause(0.5, coupling=False)]).predict(Query.parse("y[x=0]=1 | x=1, y=1"))
    assert isinstance(found, Unpredictable)


@pytest.mark.parametrize(
    ("claim", "p"),
    [
        (ValidAdjustment("x", "y"), 0.5),
        (Direction("x", "y", "forward"), 0.5),
        (Direction("x", "y", "backward"), 0.0),
        (Direction("x", "y", "common cause only"), 0.5),
        (Determined(Query.parse("y=1 | do(x=1)")), 1.0),
        (Confounded("x", "y", "1"), 0.5),
    ],
)
def test_a_claim_has_the_weight_of_the_models_in_which_it_holds(claim: Asked, p: float) -> None:
    assert learner().predict(claim) == Prediction(p, "claim")


def test_claims_that_a_model_cannot_decide_are_unpredictable() -> None:
    undecided = Determined(Query.parse("y[x=1]=1 | x=0"))
    selected = FromSelected(Query.parse("y=1 | do(x=1)"), (("x", "1"),))
    assert isinstance(learner().predict(undecided), Unpredictable)
    assert isinstance(learner().predict(selected), Unpredictable)


def test_a_row_in_which_all_is_set_is_certain() -> None:
    table = learner().rows((("x", "1"), ("y", "0")))
    assert table[:, 1, 0].tolist() == [1.0, 1.0]
    assert table.sum() == 2.0


def test_drawn_rows_outside_the_condition_are_counted() -> None:
    rng = np.random.default_rng(0)
    drawn = learner().draw(0, Design((), (("y", "1"),)), 1000, rng=rng)
    assert drawn.n == 1000
    assert drawn.counts[:, 0].sum() == 0
    assert drawn.n_outside == pytest.approx(625, abs=80)


def test_evidence_that_no_model_can_give_is_refused() -> None:
    sure = SCM.from_tables(states=STATES, tables={"x": [1.0, 0.0], "y": [0.5, 0.5]})
    with pytest.raises(InferenceError, match="impossible under every hypothesis"):
        model_learner([sure]).after(Evidence(Design(), ROW))


def test_declarations_are_checked() -> None:
    other = SCM.from_tables(states={"x": ("0", "1")}, tables={"x": [0.5, 0.5]})
    for models in ([], [cause(0.5), other]):
        with pytest.raises(InputError):
            model_learner(models)


def test_an_end_of_an_interval_is_averaged_over_the_models() -> None:
    own, base = cause(0.5), confounded()
    effect = Table(("u", "x"), np.array([[[0.75, 0.25], [0.5, 0.5]], [[0.25, 0.75], [0.5, 0.5]]]))
    hidden = base.change({"y": effect})
    asked = [IntervalEnd(Query.parse("y=1 | do(x=1)"), end) for end in ENDS]
    found = [model_learner([own, hidden]).predict(each) for each in asked]
    # Without a hidden cause both ends are 0.5; with one they are P(x, y) and P(x, y) + 1 - P(x).
    low, high = hidden.p("x=1, y=1"), hidden.p("x=1, y=1") + 1 - hidden.p("x=1")
    assert own.p("y=1 | do(x=1)") == 0.5
    assert [f.p for f in found if isinstance(f, Prediction)] == pytest.approx(
        [(0.5 + low) / 2, (0.5 + high) / 2]
    )
    assert {f.meaning for f in found if isinstance(f, Prediction)} == {"posterior mean"}
    nowhere = IntervalEnd(Query.parse("q=1 | do(x=1)"), "lower")
    assert isinstance(learner().predict(nowhere), Unpredictable)


def test_a_question_about_one_population_is_answered_within_it() -> None:
    asked = InPopulation(Query.parse("y=1"), "x", "0", "1")
    assert learner().predict(asked) == learner().predict(Query.parse("y=1 | x=1"))
