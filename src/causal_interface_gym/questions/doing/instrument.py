"""Instrument: the ends of what P(y given do x) can be, where x and y share a hidden cause.

An instrument acts on the treatment alone, which narrows the interval without closing it. The seer
answers P(y given x) as a point, and so does who trusts the Wald estimate: it is the effect only if
the effect is the same for everyone, which nothing observed can show.

Source: [balke1997], [imbens1994].
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.intervals import interval_items
from causal_interface_gym.questions.question import Item, event

__all__ = ["Instrument", "wald_estimate"]

_NOTHING: Final = 1e-12
"""An instrument that moves the treatment by less does not move it."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """The interval for P(outcome given do treatment) at some levels; two items a level."""

    treatment: str
    outcome: str
    levels: tuple[str, ...]
    instrument: str

    name: ClassVar[str] = "instrument"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the lower and the upper end, level by level."""
        return tuple(item for level in self.levels for item in self._items(model, level))

    def _items(self, model: SCM, level: str) -> tuple[Item, ...]:
        x, y = Term(self.treatment, level), event(self.outcome)
        result, set_to = {y.variable: y.value}, {x.variable: level}
        see = Query.of(result, given=set_to)
        lures = {"see for do": model.p(see)}
        wald = wald_estimate(model, treatment=x, outcome=y, instrument=self.instrument)
        return interval_items(
            model,
            self.name,
            query=Query.of(result, do=set_to),
            reference=see,
            lures=lures if wald is None else {**lures, "wald": wald},
        )


def wald_estimate(model: SCM, *, treatment: Term, outcome: Term, instrument: str) -> float | None:
    """Give P(y given do x) by the linear instrumental formula, clipped to [0, 1].

    With slope b, the change of P(y) over that of P(x) between the first and the last state of the
    instrument, it is P(y) + b (1 - P(x)). None where the instrument does not move the treatment.

    Source: [imbens1994].
    """
    first, *_, last = model.states[instrument]
    x, y = ({t.variable: t.value} for t in (treatment, outcome))

    def rise(event: dict[str, str | None]) -> float:
        above, below = (model.p(Query.of(event, given={instrument: z})) for z in (last, first))
        return above - below

    moved = rise(x)
    if abs(moved) < _NOTHING:
        return None
    value = model.p(Query.of(y)) + rise(y) / moved * (1 - model.p(Query.of(x)))
    return min(max(value, 0.0), 1.0)
