"""Repeated samples become their mean, and their spread is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.elicitation.reading.samples import mixed, pooled
from causal_interface_gym.gym.belief import Belief, StatedDistribution, StatedInterval


def test_a_question_is_pooled_over_the_samples_that_answer_it() -> None:
    found = pooled([[Belief("q1", 0.2)], [Belief("q1", 0.4), Belief("q2", 0.9)], []])
    first, second = found.statements
    assert isinstance(first, Belief)
    assert first.p == pytest.approx(0.3)
    assert second == Belief("q2", 0.9)
    assert dict(found.dispersion) == pytest.approx({"q1": 0.1, "q2": 0.0})


def test_distributions_and_intervals_are_pooled_part_by_part() -> None:
    first = (StatedDistribution("d1", (("a", 1.0), ("b", 0.0))), StatedInterval("i1", 0.0, 0.5))
    second = (StatedDistribution("d1", (("a", 0.5), ("b", 0.5))), StatedInterval("i1", 0.5, 1.0))
    found = pooled([first, second])
    assert found.statements == (
        StatedDistribution("d1", (("a", 0.75), ("b", 0.25))),
        StatedInterval("i1", 0.25, 0.75),
    )
    assert dict(found.dispersion) == {"d1": 0.25, "i1": 0.25}


def test_no_samples_say_nothing() -> None:
    assert pooled([]).statements == ()


def test_weights_count() -> None:
    stated = mixed([(3.0, Belief("q1", 0.0)), (1.0, Belief("q1", 1.0))])
    assert stated == Belief("q1", 0.25)


@given(st.lists(st.tuples(st.floats(0.001, 1), st.integers(0, 100)), min_size=1, max_size=6))
def test_a_mixture_is_a_valid_statement_between_its_parts(parts: list[tuple[float, int]]) -> None:
    weighted = [
        (weight, StatedDistribution("d", (("a", n / 100), ("b", 1 - n / 100))))
        for weight, n in parts
    ]
    stated = mixed(weighted)
    assert isinstance(stated, StatedDistribution)
    numbers = [n / 100 for _, n in parts]
    assert min(numbers) - 1e-9 <= dict(stated.parts)["a"] <= max(numbers) + 1e-9
