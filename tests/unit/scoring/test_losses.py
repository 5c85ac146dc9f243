"""What an item costs, and what a missing answer costs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.questions.question import BaseRate, Distribution, End, Probability
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.causal_score import CausalScore, causal_scores
from causal_interface_gym.scoring.losses import losses_of, part_of
from causal_interface_gym.scoring.marking import Answered, Mark, Missing, mark_episode

ALTERNATIVES = ("forward", "backward", "common cause only")
UNIT = st.floats(0, 1)
EVEN = {("direction", part): 1 / 3 for part in range(3)}


def distribution(true: int, *beliefs: float) -> list[Mark]:
    """Mark a distribution whose alternative number ``true`` is the case; no belief is missing."""
    whole = tuple(float(part == true) for part in range(3))
    return [
        Mark(
            scenario="s-v1",
            seed=0,
            cluster=str(true),
            question=f"q{part}",
            family="direction",
            name=name,
            truth=whole[part],
            reference=BaseRate(),
            lures=(),
            answer=Answered(beliefs[part]) if beliefs else Missing(),
            elicited=Distribution(ALTERNATIVES, part),
            whole=whole,
        )
        for part, name in enumerate(ALTERNATIVES)
    ]


def cost(marks: list[Mark], rates: dict[tuple[str, int], float]) -> float:
    """Add up what the parts of one answer cost."""
    return sum(losses_of(mark, base_rates=rates).own for mark in marks)


@pytest.mark.parametrize("true", range(3))
def test_a_missing_distribution_costs_the_uniform_one_where_the_prior_is_even(true: int) -> None:
    assert cost(distribution(true), EVEN) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("prior", "true", "expected"),
    [
        # The prior is surer of the truth than who knows nothing: the uniform answer costs more.
        ((0.8, 0.1, 0.1), 0, 2 / 3),
        # It is surer of something else: its own answer costs more, over all parts together.
        ((0.8, 0.1, 0.1), 1, 0.8**2 + 0.9**2 + 0.1**2),
        # Part by part the greater of the two would add up to more than either answer costs.
        ((0.5, 0.5, 0.0), 0, 2 / 3),
    ],
)
def test_a_missing_distribution_costs_the_worse_of_two_whole_answers(
    prior: tuple[float, float, float], true: int, expected: float
) -> None:
    rates = {("direction", part): p for part, p in enumerate(prior)}
    assert cost(distribution(true), rates) == pytest.approx(expected)


def test_a_stated_distribution_costs_its_brier_score() -> None:
    assert cost(distribution(2, 0.2, 0.3, 0.5), EVEN) == pytest.approx(0.04 + 0.09 + 0.25)


def test_the_reference_of_a_distribution_is_the_forms_prior() -> None:
    prior = (0.75, 0.25, 0.0)
    marks = [m for true in (0, 0, 0, 1) for m in distribution(true, *prior)]
    score = causal_scores(marks).families["direction"]
    assert isinstance(score, CausalScore)
    assert score.value == pytest.approx(0, abs=1e-12)


def test_a_missing_probability_costs_the_worse_of_the_reference_and_one_half() -> None:
    (mark, *_) = distribution(0)
    single = replace(mark, family="intervention", truth=0.9, whole=(), elicited=Probability())
    assert losses_of(replace(single, reference=0.2), base_rates={}).own == pytest.approx(0.49)
    assert losses_of(replace(single, reference=0.8), base_rates={}).own == pytest.approx(0.16)


def direction_world() -> World:
    """Give a world that asks for a distribution."""
    return registry.world_of("form/direction/level-1/0", seed=3)


def test_every_part_of_a_distribution_knows_the_truths_of_all() -> None:
    marks = [m for m in mark_episode((), direction_world()) if m.family == "direction"]
    assert len(marks) == 3
    for mark in marks:
        assert mark.whole[part_of(mark)[1]] == mark.truth
    assert len({mark.whole for mark in marks}) == 1


def test_what_is_asked_by_itself_is_no_part_of_a_whole() -> None:
    marks = mark_episode((), registry.world_of("asia-v1"))
    assert {mark.whole for mark in marks} == {()}
    assert {part_of(mark)[1] for mark in marks} == {0}


def interval(low: float, high: float, *beliefs: float, reference: float = 0.5) -> list[Mark]:
    """Mark an interval whose sharp ends are known; no belief is missing."""
    (mark, *_) = distribution(0)
    return [
        replace(
            mark,
            family="instrument",
            truth=truth,
            reference=reference,
            answer=Answered(beliefs[part]) if beliefs else Missing(),
            elicited=End(part),
            whole=(low, high),
        )
        for part, truth in enumerate((low, high))
    ]


def test_an_interval_costs_the_squares_of_both_ends() -> None:
    assert cost(interval(0.3, 0.6, 0.2, 0.8), {}) == pytest.approx(0.01 + 0.04)
    assert sum(losses_of(m, base_rates={}).reference for m in interval(0.3, 0.6)) == pytest.approx(
        0.04 + 0.01
    )
    assert [mark.elicited.uniform for mark in interval(0.3, 0.6)] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("low", "high", "reference", "expected"),
    [
        # Everything from 0 to 1 costs most where the interval is narrow ...
        (0.45, 0.55, 0.5, 2 * 0.45**2),
        # ... the point 0.5 where it is wide or lies aside ...
        (0.05, 0.95, 0.5, 2 * 0.45**2),
        # ... and the reference where its point is far off.
        (0.2, 0.4, 0.9, 0.7**2 + 0.5**2),
    ],
)
def test_a_missing_interval_costs_the_dearest_of_three_whole_answers(
    low: float, high: float, reference: float, expected: float
) -> None:
    assert cost(interval(low, high, reference=reference), {}) == pytest.approx(expected)


@given(ends=st.tuples(UNIT, UNIT), reference=UNIT, stated=st.sampled_from([(0.5, 0.5), (0.0, 1.0)]))
def test_leaving_an_interval_out_never_pays(
    ends: tuple[float, float], reference: float, stated: tuple[float, float]
) -> None:
    low, high = sorted(ends)
    missing = cost(interval(low, high, reference=reference), {})
    for answer in (stated, (reference, reference)):
        assert missing >= cost(interval(low, high, *answer, reference=reference), {}) - 1e-12


def test_both_ends_of_an_interval_know_both_truths() -> None:
    world = registry.world_of("form/instrument/level-2/1", seed=3)
    marks = mark_episode((), world)
    assert len(marks) == 2
    assert len({mark.whole for mark in marks}) == 1
    for mark in marks:
        assert isinstance(mark.elicited, End)
        assert mark.whole[mark.elicited.part] == mark.truth


def test_a_mark_of_one_end_alone_is_charged_like_a_probability() -> None:
    low, _ = interval(0.3, 0.6, reference=0.4)
    alone = replace(low, whole=())
    assert losses_of(alone, base_rates={}).own == pytest.approx(0.04)
