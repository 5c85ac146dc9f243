"""Sums of products of tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.inference.factor import contract, contract_scaled, plan
from causal_interface_gym.errors import WidthError


@given(st.data())
def test_a_plan_gives_the_sum_of_the_product(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 6))
    sizes = {v: data.draw(st.integers(1, 3)) for v in range(n)}
    axes = st.lists(st.sampled_from(range(n)), unique=True, max_size=3)
    scopes = [tuple(scope) for scope in data.draw(st.lists(axes, min_size=1, max_size=12))]
    scopes.append(tuple(range(n)))
    keep = tuple(data.draw(axes))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    factors = [rng.random([sizes[v] for v in scope]) for scope in scopes]
    factors[0] = np.where(factors[0] < 0.3, 0.0, factors[0])
    together = np.ones([sizes[v] for v in range(n)])
    for scope, factor in zip(scopes, factors, strict=True):
        order = sorted(range(len(scope)), key=lambda i: scope[i])
        together = together * factor.transpose(order).reshape(
            [sizes[v] if v in scope else 1 for v in range(n)]
        )
    inner = together.sum(axis=tuple(v for v in range(n) if v not in keep))
    expected = inner.transpose([sorted(keep).index(v) for v in keep])
    steps = plan(scopes, sizes, keep)
    np.testing.assert_allclose(contract(steps, factors), expected)
    scaled = contract_scaled(steps, factors)
    np.testing.assert_allclose(scaled * expected.sum(), expected, atol=1e-12)


def test_many_small_factors_are_multiplied_in_pairs() -> None:
    sizes = dict.fromkeys(range(12), 2)
    steps = plan([(v,) for v in range(12)], sizes, tuple(range(12)))
    assert max(len(step.operands) for step in steps.steps) == 2
    assert contract(steps, [np.array([0.25, 0.75])] * 12).sum() == pytest.approx(1.0)
    assert steps.largest == 2**12


def test_too_wide_a_table_is_refused_before_it_exists() -> None:
    with pytest.raises(WidthError) as caught:
        plan([(v,) for v in range(60)], dict.fromkeys(range(60), 2), tuple(range(60)))
    assert caught.value.size == 2**60
    assert caught.value.width == 59
    assert "over 60 variables (induced width 59)" in str(caught.value)
    with pytest.raises(WidthError):
        plan([(0, 1), (1, 2)], {0: 2, 1: 2, 2: 2}, (0, 2), limit=7)


def test_axes_of_one_state_cost_nothing_however_many() -> None:
    sizes = {**dict.fromkeys(range(60), 1), 60: 2}
    steps = plan([tuple(range(61))], sizes, tuple(range(61)))
    result = contract(steps, [np.array([0.5, 0.5]).reshape([1] * 60 + [2])])
    assert result.shape == (1,) * 60 + (2,)
    assert contract_scaled(steps, [np.ones([1] * 60 + [2])]).shape == result.shape


def test_a_product_below_the_smallest_float_keeps_its_ratios() -> None:
    factors = [np.array([1.0, 1e-300]), np.array([1e-300, 1.0])] * 3 + [np.array([0.25, 0.75])]
    steps = plan([(0,)] * 7, {0: 2}, (0,))
    assert contract(steps, factors).sum() == 0
    np.testing.assert_allclose(contract_scaled(steps, factors), [0.25, 0.75], rtol=1e-9)


def test_a_product_that_is_zero_everywhere_stays_zero() -> None:
    steps = plan([(0,), (0,)], {0: 2}, (0,))
    assert contract_scaled(steps, [np.array([0.0, 1.0]), np.array([1.0, 0.0])]).tolist() == [0, 0]


def test_more_variables_than_einsum_has_letters_are_planned() -> None:
    chain = [(v, v + 1) for v in range(70)]
    sizes = dict.fromkeys(range(71), 2)
    steps = plan([(0,), *chain], sizes, (70,))
    rng = np.random.default_rng(1)
    start, *rows = [np.array([0.25, 0.75]), *rng.dirichlet([1, 1], size=(70, 2))]
    expected = start
    for row in rows:
        expected = expected @ row
    np.testing.assert_allclose(contract(steps, [start, *rows]), expected)
    assert steps.largest == 4


def test_a_quick_order_that_needs_a_large_table_is_found_again_step_by_step() -> None:
    """A grid of 7 x 40 is planned with tables of its short side, not of its long one."""
    name = {(i, j): 40 * i + j for i in range(7) for j in range(40)}
    right = [(name[i, j], name[i, j + 1]) for i in range(7) for j in range(39)]
    down = [(name[i, j], name[i + 1, j]) for i in range(6) for j in range(40)]
    steps = plan(right + down, dict.fromkeys(name.values(), 2), ())
    assert 2**8 <= steps.largest <= 2**12
    factors = [np.full((2, 2), 0.5)] * (len(right) + len(down))
    np.testing.assert_allclose(contract(steps, factors), 2.0 ** (280 - len(factors)))


def test_a_size_beyond_every_float_is_written() -> None:
    scopes = [tuple(range(0, 2000, 2)), tuple(range(1, 2000, 2))]
    with pytest.raises(WidthError, match=r"a table of 1e\+602 cells over 2000 variables"):
        plan(scopes, dict.fromkeys(range(2000), 2), tuple(range(2000)))
