"""Paired differences, Holm, detectable effects and correlation within worlds."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from causal_interface_gym.errors import InputError
from causal_interface_gym.questions.question import BaseRate, Reference
from causal_interface_gym.scoring.causal_score import CausalScore, FamilyLosses, causal_scores
from causal_interface_gym.scoring.comparison import (
    Comparison,
    Difference,
    compare,
    compare_losses,
    holm,
    intraclass_correlation,
    minimum_detectable_effect,
)
from causal_interface_gym.scoring.marking import Answered, Mark
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored

probabilities = st.floats(0, 1)


def mark(
    p: float,
    *,
    world: int,
    truth: float = 0.8,
    reference: Reference = 0.5,
    family: str = "intervention",
    question: str = "q1",
) -> Mark:
    return Mark(
        scenario="s",
        seed=world,
        cluster=f"w{world}",
        question=question,
        family=family,
        name="P(y | do(x))",
        truth=truth,
        reference=reference,
        lures=(),
        answer=Answered(p),
    )


def form(errors: list[float], *, family: str = "intervention", question: str = "q1") -> list[Mark]:
    """One item a world, answered this far from the truth; the seer is 0.3 away."""
    return [
        mark(0.8 + error, world=world, family=family, question=question)
        for world, error in enumerate(errors)
    ]


def difference(found: Difference | Unscored) -> Difference:
    assert isinstance(found, Difference)
    return found


def headline(comparison: Comparison) -> Difference:
    return difference(comparison.headline)


def drawn(seed: int, *, n_worlds: int = 30, spread: float = 0.1) -> list[Mark]:
    rng = np.random.default_rng(seed)
    return [
        mark(float(p), world=world, family=family, question=f"{family}-{level}")
        for world in range(n_worlds)
        for family in ("intervention", "mediation")
        for level in (0, 1)
        for p in [np.clip(0.8 + spread * rng.normal(), 0, 1)]
    ]


def test_the_difference_is_that_of_the_two_causal_scores() -> None:
    first, second = drawn(1, spread=0.05), drawn(2, spread=0.15)
    found = compare(first, second)
    scores = [causal_scores(marks) for marks in (first, second)]
    values = []
    for score in scores:
        assert isinstance(score.headline, CausalScore)
        values.append(score.headline.value)
    assert headline(found).value == pytest.approx(values[0] - values[1])
    assert headline(found).n_items == 120
    assert headline(found).n_worlds == 30
    assert headline(found).low < headline(found).value < headline(found).high
    assert headline(found).low > 0
    assert headline(found).p_value < 0.05
    assert set(found.families) == {"intervention", "mediation"}


def summed(marks: list[Mark]) -> dict[str, FamilyLosses]:
    """Sum the losses of marks by family and world."""
    own: dict[str, dict[str, float]] = {}
    reference: dict[str, dict[str, float]] = {}
    for m in marks:
        assert isinstance(m.answer, Answered)
        assert isinstance(m.reference, float)
        pairs = ((own, m.answer.p), (reference, m.reference))
        for sums, p in pairs:
            by_world = sums.setdefault(m.family, {})
            by_world[m.cluster] = by_world.get(m.cluster, 0.0) + (p - m.truth) ** 2
    counts = {name: sum(m.family == name for m in marks) for name in own}
    return {name: FamilyLosses(own[name], reference[name], counts[name]) for name in own}


def test_summed_losses_are_compared_as_their_marks_are() -> None:
    first, second = drawn(1, spread=0.05), drawn(2, spread=0.15)
    expected = headline(compare(first, second))
    found = headline(compare_losses(summed(first), summed(second)))
    assert (found.value, found.low, found.high, found.p_value) == pytest.approx(
        (expected.value, expected.low, expected.high, expected.p_value)
    )
    assert (found.n_items, found.n_worlds) == (expected.n_items, expected.n_worlds)


def test_sums_over_other_worlds_are_not_compared() -> None:
    with pytest.raises(InputError, match="only over the worlds that both finished"):
        compare_losses(summed(drawn(1)), summed(drawn(1, n_worlds=29)))


@settings(max_examples=10)
@given(seed=st.integers(0, 1000))
def test_exchanging_the_two_turns_the_sign(seed: int) -> None:
    first, second = drawn(seed), drawn(seed + 5000)
    one, two = headline(compare(first, second)), headline(compare(second, first))
    assert one.value == pytest.approx(-two.value)
    assert (one.low, one.high) == pytest.approx((-two.high, -two.low))
    assert one.p_value == pytest.approx(two.p_value)


def test_equal_references_make_it_the_paired_t_test() -> None:
    rng = np.random.default_rng(0)
    errors = rng.uniform(0, 0.2, size=(2, 25))
    found = headline(compare(form(errors[0].tolist()), form(errors[1].tolist())))
    losses = errors**2 / 0.3**2
    expected = stats.ttest_rel(losses[1], losses[0])
    interval = expected.confidence_interval(0.95)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.df == pytest.approx(24)


def test_the_bootstrap_agrees_with_the_t_interval_and_keeps_its_seed() -> None:
    first, second = drawn(1, n_worlds=200), drawn(2, n_worlds=200, spread=0.12)
    found = headline(compare(first, second, seed=1))
    assert isinstance(found.bootstrap, Interval)
    assert found.bootstrap.low == pytest.approx(found.low, abs=0.02)
    assert found.bootstrap.high == pytest.approx(found.high, abs=0.02)
    assert headline(compare(first, second, seed=1)) == found
    assert headline(compare(first, second, seed=2)).bootstrap != found.bootstrap


def test_pairing_removes_what_makes_an_item_hard() -> None:
    hard = np.random.default_rng(0).uniform(0, 0.18, size=40)
    found = headline(compare(form(hard.tolist()), form((hard + 0.01).tolist())))
    spread = (hard**2 / 0.09).std() * np.sqrt(2 / 40)
    assert (found.high - found.low) / 4 < spread / 5
    assert found.low > 0


def test_the_same_answers_differ_by_nothing() -> None:
    marks = drawn(3)
    found = headline(compare(marks, marks))
    assert (found.value, found.low, found.high) == pytest.approx((0, 0, 0), abs=1e-12)
    assert found.p_value == 1
    assert found.bootstrap == Interval(0, 0)


def test_a_difference_of_rounding_is_none() -> None:
    found = headline(compare(form([0.0] * 10), form([1e-16 * w for w in range(10)])))
    assert found.p_value == pytest.approx(1)
    assert found.low < 0 < found.high


def test_the_detectable_difference_is_the_one_of_the_interval() -> None:
    found = headline(compare(drawn(1), drawn(2)))
    error = (found.high - found.value) / float(stats.t.ppf(0.975, found.df))
    assert found.detectable == pytest.approx(minimum_detectable_effect(error, df=found.df))


def test_no_difference_is_found_in_five_percent_of_forms_at_most() -> None:
    rng = np.random.default_rng(0)
    found = [
        headline(compare(*(form(rng.uniform(-0.2, 0.2, size=20).tolist()) for _ in range(2))))
        for _ in range(150)
    ]
    share = sum(f.p_value < 0.05 for f in found) / len(found)
    # 0.05 within four standard errors of 150 draws.
    assert share < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 150)


def test_the_base_rate_of_the_form_is_the_same_for_both() -> None:
    first = [
        mark(truth, world=w, truth=truth, reference=BaseRate(), family="adjustment")
        for w in range(8)
        for truth in [float(w % 2)]
    ]
    second = [
        mark(0.5, world=w, truth=float(w % 2), reference=BaseRate(), family="adjustment")
        for w in range(8)
    ]
    assert difference(compare(first, second).families["adjustment"]).value == pytest.approx(1)
    assert compare(first, second).headline == Unscored("no_items")


def test_an_exact_reference_gives_no_difference_and_stays_out_of_the_headline() -> None:
    easy = [mark(0.7, world=w, reference=0.8, family="mediation", question="m") for w in range(10)]
    first, second = form([0.01 * w for w in range(10)]), form([0.02 * w for w in range(10)])
    found = compare([*first, *easy], [*second, *easy])
    assert found.families["mediation"] == Unscored("zero_reference")
    assert headline(found).value == difference(found.families["intervention"]).value
    assert set(found.adjusted) == {"intervention"}


def test_families_get_holms_p_values() -> None:
    found = compare(drawn(1, spread=0.05), drawn(2, spread=0.15))
    raw = {name: difference(d).p_value for name, d in found.families.items()}
    assert found.adjusted == holm(raw)


def test_too_few_worlds_give_no_difference() -> None:
    assert isinstance(compare(form([0.1] * 3), form([0.0] * 3)).headline, Unscored)
    one = compare(form([0.1]), form([0.0])).headline
    assert one == Unscored("all items belong to one world")


def test_a_family_that_only_some_worlds_have_counts_where_it_is() -> None:
    first = [*form([0.0] * 10), *form([0.0] * 6, family="mediation", question="m")]
    second = [
        *form([0.01 * w for w in range(10)]),
        *form([0.02 * w for w in range(6)], family="mediation", question="m"),
    ]
    found = compare(first, second)
    families = [difference(found.families[name]) for name in ("intervention", "mediation")]
    assert [f.n_worlds for f in families] == [10, 6]
    assert headline(found).value == pytest.approx(sum(f.value for f in families) / 2)
    assert not isinstance(headline(found).bootstrap, NoInterval)


def test_participants_who_met_other_items_are_not_compared() -> None:
    with pytest.raises(InputError, match="same items of both"):
        compare(form([0.1, 0.1]), form([0.1]))
    with pytest.raises(InputError, match="stands twice"):
        compare(form([0.1, 0.1]) * 2, form([0.1, 0.1]))


# --------------------------------------------------------------------------- Holm


def test_holm_by_hand() -> None:
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1, made non-decreasing.
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert found == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert holm({}) == {}


@given(p_values=st.dictionaries(st.text(max_size=3), probabilities))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(p_values: Mapping[str, float]) -> None:
    adjusted = holm(p_values)
    assert list(adjusted) == list(p_values)
    assert all(p_values[name] <= adjusted[name] <= 1 for name in p_values)
    ranked = sorted(p_values, key=lambda name: p_values[name])
    assert [adjusted[name] for name in ranked] == sorted(adjusted.values())


# ------------------------------------------------------------- what could be detected


@pytest.mark.parametrize(("n", "effect"), [(10, 0.9960), (34, 0.4954), (100, 0.2829)])
def test_the_detectable_effect_has_the_power_that_simulation_finds(n: int, effect: float) -> None:
    # One-sample t test of n normal values with standard deviation 1.
    found = minimum_detectable_effect(1 / np.sqrt(n), df=n - 1)
    assert found == pytest.approx(effect, abs=2e-3)
    values = np.random.default_rng(0).normal(loc=found, size=(20_000, n))
    p_values = stats.ttest_1samp(values, 0.0, axis=1).pvalue
    assert (p_values < 0.05).mean() == pytest.approx(0.8, abs=0.012)


def test_with_many_worlds_it_is_two_normal_quantiles() -> None:
    expected = stats.norm.ppf(0.975) + stats.norm.ppf(0.9)
    assert minimum_detectable_effect(1, df=1e7, power=0.9) == pytest.approx(expected, rel=1e-5)


def test_more_power_needs_a_larger_effect() -> None:
    effects = [minimum_detectable_effect(1, df=20, power=power) for power in (0.06, 0.5, 0.8, 0.99)]
    assert effects == sorted(effects)
    assert effects[-1] > 2 * stats.t.ppf(0.975, 20)


@pytest.mark.parametrize(
    ("error", "df", "power", "alpha"),
    [(0.0, 9, 0.8, 0.05), (1.0, 0, 0.8, 0.05), (1.0, 9, 1.0, 0.05), (1.0, 9, 0.04, 0.05)],
)
def test_an_impossible_design_is_refused(
    error: float, df: float, power: float, alpha: float
) -> None:
    with pytest.raises(InputError, match="detectable effect"):
        minimum_detectable_effect(error, df=df, power=power, alpha=alpha)


# ------------------------------------------------------------- correlation within worlds


def test_the_correlation_of_two_pairs_by_hand() -> None:
    # Means 2 and 6: between 16, within 2, so (16 - 2) / (16 + 2).
    found = intraclass_correlation([1, 3, 5, 7], clusters=["a", "a", "b", "b"])
    assert found == pytest.approx(14 / 18)


@pytest.mark.parametrize("planted", [0.0, 0.3, 0.8])
def test_a_planted_correlation_is_found_in_worlds_of_unequal_size(planted: float) -> None:
    rng = np.random.default_rng(0)
    clusters = [w for w in range(3000) for _ in range(1 + w % 4)]
    shared = rng.normal(size=3000)
    values = [np.sqrt(planted) * shared[w] + np.sqrt(1 - planted) * rng.normal() for w in clusters]
    found = intraclass_correlation(values, clusters=clusters)
    assert found == pytest.approx(planted, abs=0.03)


def test_a_correlation_may_be_negative() -> None:
    found = intraclass_correlation([1, -1, 1, -1], clusters=["a", "a", "b", "b"])
    assert found == pytest.approx(-1)


def test_what_has_no_correlation_says_so() -> None:
    for clusters in (["a", "a"], ["a", "b"], []):
        found = intraclass_correlation([1.0, 2.0][: len(clusters)], clusters=clusters)
        assert isinstance(found, Unscored)
    equal = intraclass_correlation([1, 1, 1], clusters=["a", "a", "b"])
    assert equal == Unscored("all values are equal")
    with pytest.raises(InputError, match="each value has a cluster"):
        intraclass_correlation([1.0], clusters=["a", "b"])
