"""The form that asks for beliefs, and the way back from its fields to statements.

One field a question; a distribution has one field an alternative, an interval one an end. The way
back is exact: a field's number over the whole is the probability. The parts of a distribution must
sum to the whole; parts that do not are no answer, since scaling them would be a guess.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from math import fsum
from typing import Final, Self

from causal_interface_gym.agents.elicitation.fields import Amount, Field
from causal_interface_gym.agents.elicitation.form import Filled, Form, Value
from causal_interface_gym.agents.elicitation.format import Format
from causal_interface_gym.agents.elicitation.wording import field_name, words_of
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.agents.scene.same import MOST_KEPT, Same
from causal_interface_gym.gym.belief import (
    SUM_TOLERANCE,
    Belief,
    StatedDistribution,
    StatedInterval,
    Statement,
)
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.elicitation import (
    AsksDistribution,
    AsksInterval,
    AsksProbability,
    Elicitation,
)
from causal_interface_gym.questions.question import Asked

__all__ = ["BeliefForm", "asked_of"]

_LOW: Final = "low_end"
_HIGH: Final = "high_end"


@dataclass(frozen=True, slots=True)
class BeliefForm:
    """Fields for some questions of a brief, in the order of the format.

    ``parts`` gives the fields behind each id, ``questions`` the text of each single question.
    """

    asked: tuple[Elicitation, ...]
    parts: Mapping[str, tuple[Amount, ...]]
    questions: Mapping[str, str]

    @classmethod
    def of(cls, brief: Brief, format: Format, asked: Sequence[Elicitation] | None = None) -> Self:
        """Make the form for all questions of a brief, or for the ones given."""
        return cls._of(Same(brief), format, None if asked is None else tuple(asked))

    @classmethod
    @lru_cache(maxsize=MOST_KEPT)
    def _of(cls, same: Same[Brief], format: Format, asked: tuple[Elicitation, ...] | None) -> Self:
        brief = same.value
        chosen = asked_of(brief) if asked is None else asked
        ordered = tuple(reversed(chosen)) if format.is_reversed else chosen
        questions = {q.id: q.asked for q in brief.questions}
        handles = Handles.of(brief)
        parts = {
            e.id: tuple(
                Amount(name, format.whole, format.kind == "digits")
                for name in _named(e, questions, handles, format)
            )
            for e in ordered
        }
        told = {own: str(questions[own]) for e in ordered for own in _questions(e)}
        return cls(ordered, parts, told)

    @property
    def form(self) -> Form:
        """The form with all fields in order."""
        return Form(self.fields)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in order."""
        return tuple(field for asked in self.asked for field in self.parts[asked.id])

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of what is asked, in order."""
        return tuple(asked.id for asked in self.asked)

    def checked(self, filled: Filled) -> Filled:
        """Take the values of a group out where the group as a whole is not valid, and say why."""
        values, faults = dict(filled.values), list(filled.faults)
        for asked in self.asked:
            fault = self._fault(asked, values)
            if fault:
                faults.append(fault)
                for field in self.parts[asked.id]:
                    values.pop(field.name, None)
        return replace(filled, values=values, faults=tuple(faults))

    def statements(self, values: Mapping[str, Value]) -> tuple[Statement, ...]:
        """Give what the fields say, in order; a question without all its parts says nothing."""
        return tuple(
            _statement(asked, [float(values[f.name]) for f in self.parts[asked.id]])
            for asked in self.asked
            if all(field.name in values for field in self.parts[asked.id])
        )

    def _fault(self, asked: Elicitation, values: Mapping[str, Value]) -> str:
        fields = self.parts[asked.id]
        numbers = [float(values[f.name]) for f in fields if f.name in values]
        if len(numbers) < len(fields):
            return ""
        names = ", ".join(field.name for field in fields)
        match asked:
            case AsksDistribution() if abs(fsum(numbers) - 1) > SUM_TOLERANCE:
                total = round(fsum(numbers) * fields[0].whole)
                return f"{names} sum to {fields[0].whole}; these sum to {total}"
            case AsksInterval() if numbers[0] > numbers[1]:
                return f"the first of {names} is not above the second"
            case _:
                return ""


def asked_of(brief: Brief) -> tuple[Elicitation, ...]:
    """Give each question once, in the order of the brief; parts stand in their distribution."""
    within = {
        question: e
        for e in brief.elicitations
        if not isinstance(e, AsksProbability)
        for question in _questions(e)
    }
    single = {e.id: e for e in brief.elicitations if isinstance(e, AsksProbability)}
    return tuple(
        dict.fromkeys(
            within.get(q.id, single.get(q.id, AsksProbability(q.id))) for q in brief.questions
        )
    )


def _questions(asked: Elicitation) -> tuple[str, ...]:
    match asked:
        case AsksProbability():
            return (asked.id,)
        case AsksDistribution():
            return tuple(question for _, question in asked.parts)
        case AsksInterval():
            return asked.low, asked.high


def _named(
    asked: Elicitation, questions: Mapping[str, Asked], handles: Handles, format: Format
) -> list[str]:
    """Give the name of each field."""
    ends = (f"{_LOW}_", f"{_HIGH}_") if isinstance(asked, AsksInterval) else repeat("")
    return [
        field_name(question, end + words_of(questions[question], handles, format), format)
        for question, end in zip(_questions(asked), ends, strict=False)
    ]


def _statement(asked: Elicitation, numbers: Sequence[float]) -> Statement:
    match asked:
        case AsksProbability():
            return Belief(asked.id, numbers[0])
        case AsksDistribution():
            return StatedDistribution(
                asked.id, tuple(zip(asked.alternatives, numbers, strict=True))
            )
        case AsksInterval():
            return StatedInterval(asked.id, numbers[0], numbers[1])
