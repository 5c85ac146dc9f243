"""Every error of the package, in one tree.

A class exists for each thing a caller can do differently. Each message says what was given, what
is allowed and the nearest fix; the facts are fields.

    CausalGymError
    ├── InputError
    │   ├── AccountError
    │   ├── DataError
    │   ├── GraphError
    │   │   └── CycleError
    │   ├── ModelError
    │   │   └── TableError
    │   ├── QueryError
    │   │   ├── QuerySyntaxError
    │   │   ├── UnknownStateError
    │   │   └── UnknownVariableError
    │   ├── FormatError
    │   ├── OperationError
    │   ├── ScenarioError
    │   ├── SettingError
    │   └── RunError
    │       ├── ActionError
    │       ├── FencedError
    │       └── LogError
    ├── DependencyError
    ├── InferenceError
    │   ├── ImpossibleEventError
    │   ├── IncompatibleDataError
    │   ├── PositivityViolation
    │   ├── UndeclaredCouplingError
    │   └── WidthError
    └── ProviderError
        ├── OutageError
        │   ├── RateLimitedError
        │   ├── OverloadedError
        │   ├── TimedOutError
        │   └── UnreachableError
        ├── StoppingError
        │   ├── AuthenticationError
        │   ├── BudgetError
        │   └── ReplayError
        └── ReplyError
            ├── BadRequestError
            ├── ContextOverflowError
            ├── InvalidOutputError
            ├── RefusedError
            └── TruncatedError

Impossibility of identification is an answer (``NotIdentified``), not an error.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from math import log10

# fmt: off
__all__ = [
    "AccountError", "ActionError", "AuthenticationError", "BadRequestError", "BudgetError",
    "CausalGymError", "ContextOverflowError", "CycleError", "DataError", "DependencyError",
    "FencedError", "FormatError", "GraphError", "ImpossibleEventError",
    "IncompatibleDataError", "InferenceError", "InputError", "InvalidOutputError", "LogError",
    "ModelError", "OperationError", "OutageError", "OverloadedError", "PositivityViolation",
    "ProviderError", "QueryError", "QuerySyntaxError", "RateLimitedError", "RefusedError",
    "ReplayError", "ReplyError", "RunError", "ScenarioError", "SettingError", "StoppingError",
    "TableError", "TimedOutError", "TruncatedError", "UndeclaredCouplingError",
    "UnknownStateError", "UnknownVariableError", "UnreachableError", "WidthError",
]
# fmt: on

_MOST_DIGITS = 300
"""Longer numbers are beyond the largest float."""


class CausalGymError(Exception):
    """Root of every error that this package raises on purpose."""


class InputError(CausalGymError):
    """What was given cannot be used; the caller can mend it."""


class GraphError(InputError):
    """A graph is not an acyclic directed mixed graph over its named nodes."""


class CycleError(GraphError):
    """The directed edges run in a circle; ``cycle`` names it, first node repeated last."""

    def __init__(self, cycle: Sequence[str]) -> None:
        """Name the circle."""
        self.cycle: tuple[str, ...] = tuple(cycle)
        super().__init__(
            f"the graph has a cycle: {' -> '.join(cycle)}; remove or turn one of these edges"
        )


class ModelError(InputError):
    """The parts of a structural causal model do not fit together."""


class TableError(ModelError):
    """A conditional probability table is not one; ``variable`` says whose."""

    def __init__(self, variable: str, message: str) -> None:
        """Say whose table it is and what is wrong with it."""
        self.variable = variable
        super().__init__(f"table of {variable!r}: {message}")


class QueryError(InputError):
    """A query cannot be asked of this graph or model."""


class QuerySyntaxError(QueryError):
    """Text that is not in the notation; ``position`` counts characters from 0."""

    def __init__(self, text: str, position: int, message: str) -> None:
        """Show the text with a caret under the place."""
        self.text = text
        self.position = position
        self.reason = message
        line = "".join(c if c.isprintable() else " " for c in text)
        super().__init__(f"{message}\n  {line}\n  {' ' * position}^")


class UnknownVariableError(QueryError):
    """A variable that the graph or model does not have; ``nearest`` may say which was meant."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Suggest the nearest known name."""
        self.name = name
        self.known: tuple[str, ...] = tuple(map(str, known))
        self.nearest: str | None = _nearest(name, self.known)
        super().__init__(_unknown("variable", name, self.known))


class UnknownStateError(QueryError):
    """A label that is none of a variable's states."""

    def __init__(self, variable: str, state: str, known: Iterable[str]) -> None:
        """Suggest the nearest known label."""
        self.variable = variable
        self.state = state
        self.known: tuple[str, ...] = tuple(map(str, known))
        self.nearest: str | None = _nearest(state, self.known)
        super().__init__(_unknown(f"state of {variable!r}:", state, self.known))


class FormatError(InputError):
    """Not what the format demands; ``line`` counts from 1, 0 if unknown, ``file`` may be empty."""

    def __init__(self, reason: str, *, line: int = 0, file: str = "") -> None:
        """Say where and what."""
        self.reason = reason
        self.line = line
        self.file = file
        place = ", ".join(part for part in (file, f"line {line}" if line else "") if part)
        super().__init__(f"{place}: {reason}" if place else reason)

    def within(self, file: str) -> "FormatError":
        """Give the same error, with its file."""
        return self if self.file else FormatError(self.reason, line=self.line, file=file)


class DataError(InputError):
    """Counts or the rows of a frame cannot be used: a column is missing, unfit or empty."""


class OperationError(InputError):
    """A backup, restore, silence, duty or incident cannot be done as asked; all is as it was."""


class ScenarioError(InputError):
    """A scenario is unknown or breaks the contract of scenarios."""


class AccountError(InputError):
    """An account, role or key is unknown or not allowed."""


class SettingError(InputError):
    """A setting is unknown, or its value is not allowed."""


class RunError(InputError):
    """A run cannot be started, resumed or read as asked."""


class ActionError(RunError):
    """An action is outside what the episode allows; the episode's state is unchanged.

    ``code`` is a word for what was wrong, e.g. ``schema`` or ``budget``.
    """

    def __init__(self, message: str, *, code: str = "schema") -> None:
        """Say what was wrong and what is allowed."""
        self.code = code
        super().__init__(message)


class FencedError(RunError):
    """Somebody else has taken the work over; what the former holder still had is dropped."""


class LogError(RunError):
    """A log was cut, changed, or belongs to another world; ``number`` counts events from 0."""

    def __init__(self, message: str, *, number: int = 0) -> None:
        """Say what is wrong with the log, and at which event."""
        self.number = number
        super().__init__(f"event {number} of the log: {message}")


class DependencyError(CausalGymError):
    """A server that this program needs does not answer; nothing that was given is wrong."""


class InferenceError(CausalGymError):
    """The question is well formed, yet has no number in this model."""


class ImpossibleEventError(InferenceError):
    """Conditioning on an event of probability zero; ``event`` is its text."""

    def __init__(self, event: str) -> None:
        """Say which event cannot happen."""
        self.event = event
        super().__init__(
            f"the condition {event} has probability 0, so nothing can be conditioned on it"
        )


class IncompatibleDataError(InferenceError):
    """No model of the graph gives the probabilities that were given; ``reason`` says where."""

    def __init__(self, reason: str) -> None:
        """Say what cannot be met."""
        self.reason = reason
        super().__init__(
            f"no model of this graph gives these probabilities: {reason}; add the missing arrow or "
            "hidden cause to the graph, or fit the probabilities to it first"
        )


class UndeclaredCouplingError(InferenceError):
    """A counterfactual needs how a variable's noise is shared between worlds."""

    def __init__(self, variable: str) -> None:
        """Name the variable and the ways out."""
        self.variable = variable
        super().__init__(
            f"the table of {variable!r} does not fix counterfactuals: declare coupling="
            "'comonotone' (ordered states) or 'independent', give a deterministic mechanism, "
            "or ask for bounds"
        )


class WidthError(InferenceError):
    """Exact inference would need an intermediate table of more than ``limit`` cells.

    ``width`` is the induced width of the best order found: one less than the number of variables
    in the largest table; 0 where the table is asked for and no order matters.
    """

    def __init__(self, size: int, limit: int, *, width: int = 0) -> None:
        """Say how large and what is allowed."""
        self.size = size
        self.limit = limit
        self.width = width
        over = f" over {width + 1} variables (induced width {width})" if width else ""
        super().__init__(
            f"exact inference needs a table of {_rounded(size)} cells{over} and the limit is "
            f"{_rounded(limit)}; ask about fewer variables at once, condition on more, raise "
            "the limit, or take a sampled answer with its error (cig query --samples N)"
        )


class PositivityViolation(InferenceError):  # noqa: N818 - the field's word for it
    """An estimand needs a conditional on a stratum of probability zero, or without data."""

    def __init__(self, stratum: str, *, where: str = "this model") -> None:
        """Name the stratum, and what has nothing there."""
        self.stratum = stratum
        super().__init__(
            f"the estimand needs the stratum {stratum}, which has probability 0 in {where}; "
            "the formula gives no number here although the effect exists"
        )


class ProviderError(CausalGymError):
    """A language model gave no answer that can be used; ``provider`` says whose it is.

    The message carries the provider's own words without keys; ``status`` is the HTTP status, 0 if
    there was none.
    """

    def __init__(self, message: str, *, provider: str = "", status: int = 0) -> None:
        """Say whose model it is and what it said."""
        self.provider = provider
        self.status = status
        super().__init__(f"{provider}: {message}" if provider else message)


class OutageError(ProviderError):
    """The provider is not serving; the model is not to blame, and a later call may go through.

    ``retry_after_s`` is the wait that was asked for, 0 if none was.
    """

    def __init__(
        self, message: str, *, provider: str = "", status: int = 0, retry_after_s: float = 0.0
    ) -> None:
        """Say how long to wait."""
        self.retry_after_s = retry_after_s
        super().__init__(message, provider=provider, status=status)


class RateLimitedError(OutageError):
    """Too many calls."""


class OverloadedError(OutageError):
    """The provider failed or was too busy (5xx, 529)."""


class TimedOutError(OutageError):
    """No whole answer came within the deadline."""


class UnreachableError(OutageError):
    """No connection, or one that broke, or something that is not the provider answered."""


class StoppingError(ProviderError):
    """No further call of this run can succeed before somebody changes something."""


class AuthenticationError(StoppingError):
    """The key is missing, wrong, or has no right to this model."""


class BudgetError(StoppingError):
    """The next call could exceed the budget, so it was not made."""


class ReplayError(StoppingError):
    """A replay met a call that its transcript does not hold."""


class ReplyError(ProviderError):
    """The model was asked and its reply cannot be used; this is its own doing and counts."""


class BadRequestError(ReplyError):
    """The provider refuses the form of the request."""


class ContextOverflowError(ReplyError):
    """The request is longer than the model reads."""


class InvalidOutputError(ReplyError):
    """The reply is not in the form that was asked for."""


class RefusedError(ReplyError):
    """The model or its provider declined to answer."""


class TruncatedError(ReplyError):
    """The reply ends before it is whole."""


def _rounded(number: int) -> str:
    """Write a number that may be beyond what a float holds."""
    digits = int(number.bit_length() * log10(2))
    return f"{number:.3g}" if digits < _MOST_DIGITS else f"1e+{digits}"


def _nearest(name: object, known: Sequence[str]) -> str | None:
    if not isinstance(name, str):
        return None
    matches = get_close_matches(name, known, n=1, cutoff=0.5)
    if not matches:
        matches = [k for k in known if k.casefold() == name.casefold()]
    return matches[0] if matches else None


_MOST_SHOWN = 12


def _unknown(what: str, name: str, known: Sequence[str]) -> str:
    nearest = _nearest(name, known)
    hint = f"; did you mean {nearest!r}?" if nearest else ";"
    shown = ", ".join(known[:_MOST_SHOWN]) + (
        f", ... ({len(known)} in all)" if len(known) > _MOST_SHOWN else ""
    )
    return f"unknown {what} {name!r}{hint} known: {shown or '(none)'}"
