"""What a participant may do: observe, intervene, believe, hypothesise, submit.

Each action is a value and has a JSON form with its ``kind``; ``parse_action`` reads that form and
refuses everything else with a message that the participant can act on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard, assert_never

from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.belief import (
    Belief,
    StatedDistribution,
    StatedInterval,
    Statement,
    statement_from_json,
    statement_to_json,
)
from causal_interface_gym.gym.bounded import check_bounded

__all__ = [
    "KINDS",
    "MAX_ROWS",
    "Action",
    "Belief",
    "Believe",
    "Hypothesise",
    "Intervene",
    "Observe",
    "StatedDistribution",
    "StatedInterval",
    "Submit",
    "action_to_json",
    "parse_action",
    "statements_of",
]

# Any: JSON as it was read or is written.
Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]

MAX_ROWS: Final = 100_000
"""The most rows that one action may draw."""


@dataclass(frozen=True, slots=True)
class Observe:
    """Draw ``n`` rows as the world is, and count those in which ``where`` holds.

    Raises:
        ActionError: ``n`` is no number of rows, or ``where`` names a variable twice.
    """

    n: int
    where: Pairs = ()

    def __post_init__(self) -> None:
        """Check number and names."""
        _check_count(self.n)
        _check_settings(self.where, "where")


@dataclass(frozen=True, slots=True)
class Intervene:
    """Set variables by force, then draw ``n`` rows.

    Raises:
        ActionError: ``n`` is no number of rows, nothing is set, or a variable is set twice.
    """

    set: Pairs
    n: int

    def __post_init__(self) -> None:
        """Check number and names."""
        _check_settings(self.set, "set")
        if not self.set:
            message = 'intervene sets at least one variable, e.g. {"set": {"wug": "1"}, "n": 50}'
            raise ActionError(message)
        _check_count(self.n)


@dataclass(frozen=True, slots=True)
class Believe:
    """State beliefs; later statements replace earlier ones.

    Raises:
        ActionError: A question is answered twice in one action.
    """

    beliefs: tuple[Belief, ...]
    distributions: tuple[StatedDistribution, ...] = ()
    intervals: tuple[StatedInterval, ...] = ()

    def __post_init__(self) -> None:
        """Check that each question stands once."""
        _check_once((*self.beliefs, *self.distributions, *self.intervals), "beliefs")


@dataclass(frozen=True, slots=True)
class Hypothesise:
    """State a causal graph.

    Raises:
        ActionError: An edge is no pair of names.
    """

    directed: Pairs
    bidirected: Pairs = ()

    def __post_init__(self) -> None:
        """Check the edges."""
        _check_pairs(self.directed, "directed")
        _check_pairs(self.bidirected, "bidirected")


@dataclass(frozen=True, slots=True)
class Submit:
    """Close the episode with final answers; a question without one keeps its last belief.

    Raises:
        ActionError: A question is answered twice.
    """

    answers: tuple[Belief, ...] = ()
    unanswerable: tuple[str, ...] = ()
    distributions: tuple[StatedDistribution, ...] = ()
    intervals: tuple[StatedInterval, ...] = ()

    def __post_init__(self) -> None:
        """Check that each question stands once."""
        _check_once((*self.answers, *self.distributions, *self.intervals), "answers")
        if not _is_texts(self.unanswerable):
            message = f"unanswerable is a list of question ids; got {self.unanswerable!r:.200}"
            raise ActionError(message)


Action = Observe | Intervene | Believe | Hypothesise | Submit


def statements_of(action: Believe | Submit) -> tuple[Statement, ...]:
    """Give everything that an action states: probabilities, distributions, intervals."""
    single = action.beliefs if isinstance(action, Believe) else action.answers
    return (*single, *action.distributions, *action.intervals)


def action_to_json(action: Action) -> Json:
    """Write an action in its JSON form."""
    match action:
        case Observe():
            return {"kind": "observe", "n": action.n, "where": dict(action.where)}
        case Intervene():
            return {"kind": "intervene", "set": dict(action.set), "n": action.n}
        case Believe():
            return {
                "kind": "believe",
                "beliefs": [statement_to_json(s) for s in statements_of(action)],
            }
        case Hypothesise():
            return {
                "kind": "hypothesise",
                "directed": [list(edge) for edge in action.directed],
                "bidirected": [list(edge) for edge in action.bidirected],
            }
        case Submit():
            return {
                "kind": "submit",
                "answers": [statement_to_json(s) for s in statements_of(action)],
                "unanswerable": list(action.unanswerable),
            }
        case _:
            assert_never(action)


def parse_action(data: object) -> Action:
    """Read an action from its JSON form.

    >>> parse_action({"kind": "intervene", "set": {"wug": "1"}, "n": 50})
    Intervene(set=(('wug', '1'),), n=50)

    Raises:
        ActionError: The form is none of the five; the message says what is allowed.
    """
    check_bounded(data)
    kind = data.get("kind") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(kind, str) or kind not in _PARSERS:
        message = (
            f"an action is an object whose kind is one of {', '.join(_PARSERS)}; got {data!r:.200}"
        )
        raise ActionError(message)
    allowed, parser = _PARSERS[kind]
    unknown = [key for key in data if key != "kind" and key not in allowed]
    if unknown:
        message = f"{kind} takes {', '.join(allowed)}; it does not take {', '.join(unknown):.200}"
        raise ActionError(message)
    return parser(dict(data))


def _observe(data: Json) -> Action:
    return Observe(_count(data), _labels(data.get("where", {}), "where"))


def _intervene(data: Json) -> Action:
    return Intervene(_labels(data.get("set"), "set"), _count(data))


def _believe(data: Json) -> Action:
    stated = _statements(data.get("beliefs"), "beliefs")
    return Believe(*(tuple(s for s in stated if isinstance(s, kind)) for kind in _SORTS))


def _hypothesise(data: Json) -> Action:
    return Hypothesise(
        _edges(data.get("directed", []), "directed"),
        _edges(data.get("bidirected", []), "bidirected"),
    )


def _submit(data: Json) -> Action:
    unanswerable = data.get("unanswerable", [])
    if not _is_texts(unanswerable):
        message = f"unanswerable is a list of question ids; got {unanswerable!r:.200}"
        raise ActionError(message)
    stated = _statements(data.get("answers", []), "answers")
    single, *others = (tuple(s for s in stated if isinstance(s, kind)) for kind in _SORTS)
    return Submit(single, tuple(unanswerable), *others)


_SORTS: Final[tuple[Any, ...]] = (Belief, StatedDistribution, StatedInterval)  # Any: one a field

_PARSERS: Final[dict[str, tuple[tuple[str, ...], Callable[[Json], Action]]]] = {
    "observe": (("n", "where"), _observe),
    "intervene": (("set", "n"), _intervene),
    "believe": (("beliefs",), _believe),
    "hypothesise": (("directed", "bidirected"), _hypothesise),
    "submit": (("answers", "unanswerable"), _submit),
}

KINDS: Final = tuple(_PARSERS)
"""The five kinds of action."""


def _count(data: Json) -> int:
    n = data.get("n")
    _check_count(n)
    return int(n or 0)


def _check_count(n: object) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= MAX_ROWS:
        message = f"n is the number of rows, a whole number from 1 to {MAX_ROWS}; got {n!r:.100}"
        raise ActionError(message)


def _labels(data: object, name: str) -> Pairs:
    if not isinstance(data, Mapping) or not _is_texts([*data, *data.values()]):
        message = f"{name} is an object of variable to state, both strings; got {data!r:.200}"
        raise ActionError(message)
    return tuple(sorted(data.items()))


def _check_settings(settings: object, name: str) -> None:
    _check_pairs(settings, name)
    if isinstance(settings, tuple) and len(dict(settings)) < len(settings):
        message = f"{name} names each variable once; got {settings!r:.200}"
        raise ActionError(message)


def _check_pairs(pairs: object, name: str) -> None:
    is_pairs = isinstance(pairs, tuple) and all(_is_texts(p) and len(p) == 2 for p in pairs)  # noqa: PLR2004 - a pair
    if not is_pairs:
        message = f"{name} is a tuple of pairs of names; got {pairs!r:.200}"
        raise ActionError(message)


def _statements(data: object, name: str) -> list[Statement]:
    if not isinstance(data, Sequence) or isinstance(data, str):
        message = f'{name} is a list such as [{{"query": "q1", "p": 0.4}}]; got {data!r:.200}'
        raise ActionError(message)
    return [statement_from_json(entry) for entry in data]


def _check_once(statements: Iterable[Statement], name: str) -> None:
    asked = [s.query for s in statements]
    twice = (
        [q for q in dict.fromkeys(asked) if asked.count(q) > 1]
        if len(asked) > len(set(asked))
        else []
    )
    if twice:
        message = f"{name} answers a question twice: {', '.join(twice):.200}"
        raise ActionError(message)


def _edges(data: object, name: str) -> Pairs:
    edges = list(data) if isinstance(data, Sequence) and not isinstance(data, str) else [None]
    pairs = [(e[0], e[1]) for e in edges if _is_texts(e) and len(e) == 2]  # noqa: PLR2004 - ends
    if len(pairs) < len(edges):
        message = f'{name} is a list of pairs such as ["wug", "dax"]; got {data!r:.200}'
        raise ActionError(message)
    return tuple(pairs)


def _is_texts(data: object) -> TypeGuard[Sequence[str]]:
    if not isinstance(data, Sequence) or isinstance(data, str):
        return False
    return all(isinstance(entry, str) for entry in data)
