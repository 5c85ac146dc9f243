"""The Causal Score by hand-made marks: anchors, missing answers, what cannot be scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.questions.question import BaseRate, Reference
from causal_interface_gym.scoring.causal_score import (
    VERSION,
    CausalScore,
    Scored,
    UnscoredFamily,
    causal_scores,
)
from causal_interface_gym.scoring.marking import Answer, Answered, Mark, Missing
from causal_interface_gym.scoring.statistics import Interval, NoInterval

probabilities = st.floats(0, 1)


def mark(
    answer: Answer,
    *,
    truth: float = 0.8,
    reference: Reference = 0.5,
    cluster: str = "a",
    family: str = "intervention",
) -> Mark:
    return Mark("s", 0, cluster, "q1", family, "P(y | do(x))", truth, reference, (), answer)


def value(score: Scored) -> float:
    assert isinstance(score, CausalScore)
    return score.value


def test_exact_answers_score_one_and_the_references_answers_zero() -> None:
    assert value(causal_scores([mark(Answered(0.8))]).headline) == 1
    assert value(causal_scores([mark(Answered(0.5))]).headline) == 0


def test_half_way_between_seeing_and_doing_scores_three_quarters() -> None:
    assert value(causal_scores([mark(Answered(0.65))]).headline) == pytest.approx(0.75)


def test_the_score_is_not_clipped() -> None:
    assert value(causal_scores([mark(Answered(0.0))]).headline) == pytest.approx(1 - 0.64 / 0.09)


@given(truth=probabilities, reference=probabilities)
def test_a_missing_answer_costs_the_worse_of_reference_and_half(
    truth: float, reference: float
) -> None:
    controls = [mark(Answered(0.8))]
    scores = causal_scores([mark(Missing(), truth=truth, reference=reference), *controls])
    lost = max((reference - truth) ** 2, (0.5 - truth) ** 2)
    available = (reference - truth) ** 2 + 0.09
    assert value(scores.headline) == pytest.approx(1 - lost / available, abs=1e-12)
    assert scores.coverage == 0.5


def test_the_share_that_was_answered_is_known_of_each_family() -> None:
    scores = causal_scores(
        [
            *[mark(given) for given in (Answered(0.8), Missing(), Missing(), Missing())],
            mark(Answered(0.4), family="mediation"),
        ]
    )
    assert scores.family_coverage == {"intervention": 0.25, "mediation": 1.0}
    assert scores.coverage == 0.4


def test_the_headline_is_the_unweighted_mean_over_the_seers_families() -> None:
    scores = causal_scores(
        [
            *[mark(Answered(0.8), cluster=c) for c in "abc"],
            mark(Answered(0.5), family="mediation", cluster="a"),
            mark(Answered(0.0), family="association"),
        ]
    )
    assert value(scores.headline) == 0.5
    assert value(scores.families["intervention"]) == 1
    assert value(scores.families["association"]) < 0
    assert scores.version == VERSION


def test_a_family_whose_reference_is_exact_is_unscored_and_gives_its_excess_loss() -> None:
    scores = causal_scores([mark(Answered(0.7), reference=0.8), mark(Answered(0.8), reference=0.8)])
    found = scores.families["intervention"]
    assert isinstance(found, UnscoredFamily)
    assert found.reason == "zero_reference"
    assert found.excess_loss == pytest.approx(0.005)
    assert scores.headline == UnscoredFamily("no_items", 0.0, 0)


def test_an_unscored_family_is_left_out_of_the_headline() -> None:
    marks = [mark(Answered(0.7), reference=0.8), mark(Answered(0.8), family="simpson")]
    assert value(causal_scores(marks).headline) == 1


def test_rounding_in_the_reference_is_an_exact_reference() -> None:
    scores = causal_scores([mark(Answered(0.3), truth=0.3, reference=0.1 + 0.2)])
    assert isinstance(scores.families["intervention"], UnscoredFamily)


def test_no_marks_are_no_score() -> None:
    scores = causal_scores([])
    assert scores.headline == UnscoredFamily("no_items", 0.0, 0)
    assert scores.coverage == 0


def test_a_base_rate_is_that_of_the_form() -> None:
    truths = [1.0, 0.0, 0.0, 0.0]
    marks = [
        mark(Answered(0.25), truth=t, reference=BaseRate(), family="adjustment") for t in truths
    ]
    assert value(causal_scores(marks).families["adjustment"]) == pytest.approx(0, abs=1e-12)


def test_many_seeds_of_one_world_give_no_interval() -> None:
    scores = causal_scores([mark(Answered(0.6)) for _ in range(50)])
    assert isinstance(scores.headline, CausalScore)
    assert scores.headline.interval == NoInterval("fewer than two distinct worlds")
    assert (scores.headline.n_items, scores.headline.n_worlds) == (50, 1)


def test_anchors_have_intervals_of_no_width() -> None:
    for answer, expected in ((0.8, 1.0), (0.5, 0.0)):
        marks = [mark(Answered(answer), cluster=c) for c in "abcdef"]
        headline = causal_scores(marks).headline
        assert isinstance(headline, CausalScore)
        assert headline.interval == Interval(expected, expected)


@given(st.lists(st.tuples(probabilities, st.sampled_from("abcdef")), min_size=1, max_size=20))
def test_an_interval_holds_its_order_and_repeats(answers: list[tuple[float, str]]) -> None:
    marks = [mark(Answered(p), cluster=c) for p, c in answers]
    first, again = causal_scores(marks, seed=3), causal_scores(list(reversed(marks)), seed=3)
    assert first == again
    assert isinstance(first.headline, CausalScore)
    if isinstance(first.headline.interval, Interval):
        assert first.headline.interval.low <= first.headline.interval.high
