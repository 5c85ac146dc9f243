"""Reliability: which bin, what stands in it, what is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.errors import InputError
from causal_interface_gym.scoring.calibration import Reliability, reliability
from causal_interface_gym.scoring.marking import Answer, Answered, Mark, Missing


def mark(answer: Answer, *, truth: float = 0.5, cluster: str = "w") -> Mark:
    return Mark(
        scenario="s",
        seed=0,
        cluster=cluster,
        question="q1",
        family="intervention",
        name="P(y | do(x))",
        truth=truth,
        reference=0.5,
        lures=(),
        answer=answer,
    )


def test_a_bin_holds_the_mean_belief_beside_the_mean_truth() -> None:
    found = reliability(
        [
            mark(Answered(0.12), truth=0.2, cluster="a"),
            mark(Answered(0.18), truth=0.4, cluster="a"),
            mark(Answered(0.95), truth=0.9, cluster="b"),
            mark(Missing(), truth=0.9, cluster="b"),
        ]
    )
    low, high = found.bins
    assert (low.low, low.high, low.n_items, low.n_worlds) == (0.1, 0.2, 2, 1)
    assert (low.belief, low.truth) == pytest.approx((0.15, 0.3))
    assert (high.low, high.high, high.n_items, high.n_worlds) == (0.9, 1.0, 1, 1)
    assert (found.n_items, found.n_missing) == (3, 1)
    assert found.mean_gap == pytest.approx((2 * 0.15 + 0.05) / 3)


@given(
    places=st.lists(st.integers(0, 100), min_size=1),
    n_bins=st.sampled_from([1, 7, 10, 100]),
)
def test_every_belief_lies_in_its_bin(places: list[int], n_bins: int) -> None:
    for place in places:
        (found,) = reliability([mark(Answered(place / 100))], n_bins=n_bins).bins
        assert found.low <= place / 100
        assert place / 100 < found.high or found.high == 1
    whole = reliability([mark(Answered(place / 100)) for place in places], n_bins=n_bins)
    assert sum(b.n_items for b in whole.bins) == len(places)
    assert [b.low for b in whole.bins] == sorted(b.low for b in whole.bins)


def test_exact_beliefs_lie_on_the_diagonal() -> None:
    found = reliability([mark(Answered(i / 50), truth=i / 50) for i in range(51)])
    assert found.mean_gap == 0
    assert len(found.bins) == 10


def test_calibration_alone_is_no_knowledge() -> None:
    # The same answer everywhere, right on average, is perfectly calibrated.
    found = reliability([mark(Answered(0.5), truth=t) for t in (0.1, 0.9)])
    assert found.mean_gap == pytest.approx(0)


def test_nothing_stated_gives_no_bins() -> None:
    assert reliability([]) == Reliability((), 0, 0)
    assert reliability([mark(Missing())]).mean_gap == 0


def test_a_diagram_has_a_bin() -> None:
    with pytest.raises(InputError, match="at least one bin"):
        reliability([], n_bins=0)
