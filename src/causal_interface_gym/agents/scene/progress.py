"""How far an episode has come, read from the events that are shown.

An interface that shows no history shows the last event only. The number of draws then follows from
that event's number, for draws and statements come in turn; and what is left of the budget is not
told after a statement, so that each of the draws may cost its equal share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from causal_interface_gym.gym.action import MAX_ROWS
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event

__all__ = ["DRAWS", "Progress"]

DRAWS: Final = ("observe", "intervene")
"""The kinds of action that draw rows."""
_A_ROUND: Final = 2
_FOR_A_DRAW: Final = 3
"""A draw is worth its action if a statement and the submission still fit behind it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The place in an episode.

    ``step`` is the number of the next action, ``last`` the kind of the last one (empty at the
    start), ``n_draws`` how often rows were drawn, ``budget`` what the next draw may cost.
    """

    step: int
    last: str
    is_refused: bool
    n_draws: int
    n_actions_left: int
    budget: int

    @classmethod
    def of(cls, brief: Brief, log: Sequence[Event], *, max_draws: int) -> Self:
        """Read the events that are shown."""
        step = log[-1].number + 1 if log else 0
        last = str(log[-1].action.get("kind", "")) if log else ""
        done = [event for event in log if event.observation.get("kind") != "refused"]
        is_whole = brief.interface.shows_history
        left = _budget_left(brief, log)
        drawn = [event for event in done if event.action.get("kind") in DRAWS]
        return cls(
            step=step,
            last=last,
            is_refused=bool(log) and log[-1] not in done,
            n_draws=len(drawn) if is_whole else (step + (last in DRAWS)) // _A_ROUND,
            n_actions_left=brief.interface.max_actions - step,
            budget=left if is_whole else brief.interface.budget // max(max_draws, 1),
        )

    def can_draw(self, brief: Brief) -> bool:
        """Say whether a row can still be drawn and something be said about it."""
        return self.n_actions_left >= _FOR_A_DRAW and bool(self.affordable(brief))

    def affordable(self, brief: Brief) -> dict[str, int]:
        """Give the most rows that each kind of draw may have; kinds with none are left out."""
        shown = brief.interface
        costs = {
            "observe": (shown.can_observe, shown.row_cost),
            "intervene": (shown.can_intervene, shown.experiment_row_cost),
        }
        rows = {
            kind: min(self.budget // cost if cost else MAX_ROWS, MAX_ROWS)
            for kind, (is_allowed, cost) in costs.items()
            if is_allowed
        }
        return {kind: n for kind, n in rows.items() if n > 0}


def _budget_left(brief: Brief, log: Sequence[Event]) -> int:
    for event in reversed(log):
        left = event.observation.get("budget_left")
        if isinstance(left, int):
            return left
    return brief.interface.budget
