"""A budget pays for rows and refuses what it cannot pay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.budget import Budget, charge


def test_a_refusal_says_how_many_rows_can_be_paid() -> None:
    with pytest.raises(ActionError, match="at most 3 rows can be paid") as caught:
        charge(Budget(7), 4, row_cost=2)
    assert caught.value.code == "budget"


def test_free_rows_cost_nothing() -> None:
    assert charge(Budget(0), 100, row_cost=0) == Budget(0)


@given(st.integers(0, 100), st.integers(1, 100), st.integers(0, 5))
def test_a_budget_is_never_overdrawn(left: int, n: int, cost: int) -> None:
    if n * cost <= left:
        assert charge(Budget(left), n, row_cost=cost).left == left - n * cost
    else:
        with pytest.raises(ActionError):
            charge(Budget(left), n, row_cost=cost)
