"""What a participant may do: observe, intervene, believe, hypothesise, submit.

Each action is a value and has a JSON form with its ``kind``; ``parse_action`` reads that form and
refuses everything else with a message that the participant can act on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard, assert_never

from causal_interface_gym.errors import ActionError

__all__ = [
    "Action",
    "Belief",
    "Believe",
    "Hypothesise",
    "Intervene",
    "Observe",
    "Submit",
    "action_to_json",
    "parse_action",
]

# Any: JSON as it was read or is written.
Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Belief:
    """A stated probability, in [0, 1], for the question with this id.

    Raises:
        ActionError: The number is no probability.
    """

    query: str
    p: float

    def __post_init__(self) -> None:
        """Check the range; NaN fails it too."""
        if not 0 <= self.p <= 1:
            message = f"a belief is a probability from 0 to 1; for {self.query!r} got {self.p!r}"
            raise ActionError(message)


@dataclass(frozen=True, slots=True)
class Observe:
    """Draw ``n`` rows as the world is, and count those in which ``where`` holds."""

    n: int
    where: Pairs = ()


@dataclass(frozen=True, slots=True)
class Intervene:
    """Set variables by force, then draw ``n`` rows."""

    set: Pairs
    n: int


@dataclass(frozen=True, slots=True)
class Believe:
    """State probabilities; later statements replace earlier ones."""

    beliefs: tuple[Belief, ...]


@dataclass(frozen=True, slots=True)
class Hypothesise:
    """State a causal graph."""

    directed: Pairs
    bidirected: Pairs = ()


@dataclass(frozen=True, slots=True)
class Submit:
    """Close the episode with final answers; a question without one keeps its last belief."""

    answers: tuple[Belief, ...] = ()
    unanswerable: tuple[str, ...] = ()


Action = Observe | Intervene | Believe | Hypothesise | Submit


def action_to_json(action: Action) -> Json:
    """Write an action in its JSON form."""
    match action:
        case Observe():
            return {"kind": "observe", "n": action.n, "where": dict(action.where)}
        case Intervene():
            return {"kind": "intervene", "set": dict(action.set), "n": action.n}
        case Believe():
            return {"kind": "believe", "beliefs": _beliefs_json(action.beliefs)}
        case Hypothesise():
            return {
                "kind": "hypothesise",
                "directed": [list(edge) for edge in action.directed],
                "bidirected": [list(edge) for edge in action.bidirected],
            }
        case Submit():
            return {
                "kind": "submit",
                "answers": _beliefs_json(action.answers),
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
    kind = data.get("kind") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(kind, str) or kind not in _PARSERS:
        message = f"an action is an object whose kind is one of {', '.join(_PARSERS)}; got {data!r}"
        raise ActionError(message)
    allowed, parser = _PARSERS[kind]
    unknown = [key for key in data if key != "kind" and key not in allowed]
    if unknown:
        message = f"{kind} takes {', '.join(allowed)}; it does not take {', '.join(unknown)}"
        raise ActionError(message)
    return parser(dict(data))


def _beliefs_json(beliefs: Sequence[Belief]) -> list[Json]:
    return [{"query": belief.query, "p": belief.p} for belief in beliefs]


def _observe(data: Json) -> Action:
    return Observe(_count(data), _labels(data.get("where", {}), "where"))


def _intervene(data: Json) -> Action:
    settings = _labels(data.get("set"), "set")
    if not settings:
        message = 'intervene sets at least one variable, e.g. {"set": {"wug": "1"}, "n": 50}'
        raise ActionError(message)
    return Intervene(settings, _count(data))


def _believe(data: Json) -> Action:
    return Believe(_beliefs(data.get("beliefs"), "beliefs"))


def _hypothesise(data: Json) -> Action:
    return Hypothesise(
        _edges(data.get("directed", []), "directed"),
        _edges(data.get("bidirected", []), "bidirected"),
    )


def _submit(data: Json) -> Action:
    unanswerable = data.get("unanswerable", [])
    if not _is_texts(unanswerable):
        message = f"unanswerable is a list of question ids; got {unanswerable!r}"
        raise ActionError(message)
    return Submit(_beliefs(data.get("answers", []), "answers"), tuple(unanswerable))


_PARSERS: Final[dict[str, tuple[tuple[str, ...], Callable[[Json], Action]]]] = {
    "observe": (("n", "where"), _observe),
    "intervene": (("set", "n"), _intervene),
    "believe": (("beliefs",), _believe),
    "hypothesise": (("directed", "bidirected"), _hypothesise),
    "submit": (("answers", "unanswerable"), _submit),
}


def _count(data: Json) -> int:
    n = data.get("n")
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        message = f"n is the number of rows, a whole number >= 1; got {n!r}"
        raise ActionError(message)
    return n


def _labels(data: object, name: str) -> Pairs:
    if not isinstance(data, Mapping) or not _is_texts([*data, *data.values()]):
        message = f"{name} is an object of variable to state, both strings; got {data!r}"
        raise ActionError(message)
    return tuple(sorted(data.items()))


def _beliefs(data: object, name: str) -> tuple[Belief, ...]:
    if not isinstance(data, Sequence) or isinstance(data, str):
        message = f'{name} is a list such as [{{"query": "q1", "p": 0.4}}]; got {data!r}'
        raise ActionError(message)
    beliefs = tuple(_belief(entry) for entry in data)
    asked = [belief.query for belief in beliefs]
    if len(set(asked)) < len(asked):
        message = f"{name} answers a question twice: {', '.join(asked)}"
        raise ActionError(message)
    return beliefs


def _belief(data: object) -> Belief:
    if isinstance(data, Mapping) and set(data) == {"query", "p"} and isinstance(data["query"], str):
        p = data["p"]
        if isinstance(p, (int, float)) and not isinstance(p, bool):
            return Belief(data["query"], float(p))
    message = f'a belief is an object such as {{"query": "q1", "p": 0.4}}; got {data!r}'
    raise ActionError(message)


def _edges(data: object, name: str) -> Pairs:
    edges = list(data) if isinstance(data, Sequence) and not isinstance(data, str) else [None]
    pairs = [(e[0], e[1]) for e in edges if _is_texts(e) and len(e) == 2]  # noqa: PLR2004 - ends
    if len(pairs) < len(edges):
        message = f'{name} is a list of pairs such as ["wug", "dax"]; got {data!r}'
        raise ActionError(message)
    return tuple(pairs)


def _is_texts(data: object) -> TypeGuard[Sequence[str]]:
    if not isinstance(data, Sequence) or isinstance(data, str):
        return False
    return all(isinstance(entry, str) for entry in data)
