"""What is left to spend on rows, and what an action costs."""

from dataclasses import dataclass

from causal_interface_gym.errors import ActionError

__all__ = ["Budget", "charge"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Units left of what an interface gave, >= 0."""

    left: int


def charge(budget: Budget, n_rows: int, *, row_cost: int) -> Budget:
    """Pay for rows.

    >>> charge(Budget(10), 3, row_cost=2)
    Budget(left=4)

    Raises:
        ActionError: They cost more than is left; the message says how many can be paid.
    """
    cost = n_rows * row_cost
    if cost > budget.left:
        affordable = budget.left // row_cost
        message = (
            f"{n_rows} rows cost {cost} and {budget.left} of the budget is left; "
            f"at most {affordable} rows can be paid"
        )
        raise ActionError(message, code="budget")
    return Budget(budget.left - cost)
