"""A causal question as a value, in three spellings that build the same one.

Text ``P(Y=1 | do(X=1), Z=0)``, ``P(Y[X=0]=1 | X=1, Y=1)``, nested ``P(Y[X=1, M[X=0]]=1)``,
stochastic ``P(Y=1 | do(X ~ {0: 0.3, 1: 0.7}))``; keywords ``Query.of(outcome={"Y": 1}, ...)``;
JSON ``Query.from_json({...})``. The ``P( )`` around text is optional. What stands after the bar
beside ``do`` holds after the action; what is measured before an action is a counterfactual given.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, Self, TypeVar

from causal_interface_gym.causal.syntax import Tokens, quoted
from causal_interface_gym.errors import QueryError

__all__ = ["Query", "Setting", "Settings", "Stochastic", "Term"]

T = TypeVar("T")

_TOLERANCE = 1e-9
_DEEPEST = 16
"""How deep worlds may stand in worlds, as in Y[M[X=0]]."""


@dataclass(frozen=True, slots=True)
class Stochastic:
    """An intervention that draws the value afresh: (label, probability) pairs that sum to 1."""

    probabilities: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        """Check that this is a distribution."""
        for label, p in self.probabilities:
            if not _is(label, str) or not _is(p, int, float):
                message = f"a stochastic intervention maps labels to numbers; got {label!r}: {p!r}"
                raise QueryError(message)
        total = sum(p for _, p in self.probabilities)
        if not all(p >= 0 for _, p in self.probabilities) or not abs(total - 1) <= _TOLERANCE:
            message = f"a stochastic intervention needs probabilities >= 0 that sum to 1: {self}"
            raise QueryError(message)
        if len(dict(self.probabilities)) < len(self.probabilities):
            raise QueryError(f"a stochastic intervention gives a label twice: {self}")

    def __str__(self) -> str:
        """Show as in the notation."""
        return "{" + ", ".join(f"{quoted(k)}: {p!r}" for k, p in self.probabilities) + "}"


@dataclass(frozen=True, slots=True)
class Term:
    """A variable in a world, perhaps with a value: ``Y``, ``Y=1``, ``Y[X=0]=1``, ``Y[M[X=0]]``.

    ``do`` is the world's intervention, sorted by variable; empty for the world as it is.
    """

    variable: str
    value: str | None = None
    do: "Settings" = ()

    def __str__(self) -> str:
        """Show as in the notation."""
        world = f"[{_settings_text(self.do)}]" if self.do else ""
        value = "" if self.value is None else f"={quoted(self.value)}"
        return f"{quoted(self.variable)}{world}{value}"


Setting = str | Term | Stochastic | None
"""What a variable is set to: a label, another world's variable, a draw, or left symbolic."""
Settings = tuple[tuple[str, Setting], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A probability to be computed or identified: ``outcome`` given ``given`` under ``do``.

    >>> str(Query.parse("y=1|do(x=1),z=0"))
    'P(y=1 | do(x=1), z=0)'
    >>> Query.parse("P(y=1 | do(x=1))") == Query.of(outcome={"y": 1}, do={"x": 1})
    True

    Raises:
        QueryError: No outcome, a variable set twice, or a value where none can stand.
    """

    outcome: tuple[Term, ...]
    given: tuple[Term, ...] = ()
    do: Settings = ()

    def __post_init__(self) -> None:
        """Check what needs no model."""
        if not self.outcome:
            raise QueryError("a query needs an outcome, e.g. P(Y=1 | do(X=1))")
        for term in (*self.outcome, *self.given):
            _check_term(term, 0)
        _check_settings(self.do, 0)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a query from text.

        Raises:
            QuerySyntaxError: The text is not in the notation; a caret shows where.
        """
        tokens = Tokens(text)
        wrapped = tokens.peek().text == "P" and tokens.peek(1).text == "("
        if wrapped:
            tokens.take()
            tokens.need("(")
        outcome = tuple(_listed(tokens, _term))
        given, do = _conditions(tokens) if tokens.takes("|") else ((), ())
        if wrapped:
            tokens.need(")")
        if tokens.peek().text:
            raise tokens.error("expected ',', '|' or the end")
        return cls(outcome, given, do)

    @classmethod
    def of(
        cls,
        outcome: str | Iterable[str] | Mapping[str, object],
        *,
        do: str | Iterable[str] | Mapping[str, object] = (),
        given: str | Iterable[str] | Mapping[str, object] = (),
    ) -> Self:
        """Build from keywords; names alone are symbolic, mappings give values.

        A ``do`` value may be a mapping of labels to probabilities (stochastic intervention).
        """
        return cls(
            tuple(Term(name, _label(value)) for name, value in _pairs(outcome)),
            tuple(Term(name, _label(value)) for name, value in _pairs(given)),
            _sorted((name, _setting(value)) for name, value in _pairs(do)),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:  # Any: JSON as it was read
        """Build from the form that ``to_json`` writes.

        Raises:
            QueryError: A key is missing, unknown or of the wrong type.
        """
        if not _is(data, Mapping) or not {"outcome"} <= set(data) <= {"outcome", "given", "do"}:
            raise QueryError(f"a query is an object with outcome, given and do; got {data!r}")
        return cls(
            _terms_from_json(data["outcome"]),
            _terms_from_json(data.get("given", [])),
            _settings_from_json(data.get("do", {})),
        )

    def to_json(self) -> dict[str, Any]:  # Any: JSON as it is written
        """Write as plain lists and dictionaries."""
        return {
            "outcome": [_term_json(t) for t in self.outcome],
            "given": [_term_json(t) for t in self.given],
            "do": {name: _setting_json(value) for name, value in self.do},
        }

    @property
    def is_counterfactual(self) -> bool:
        """Whether a term speaks of another world than the one of ``do``."""
        return any(t.do for t in (*self.outcome, *self.given)) or any(
            isinstance(value, Term) for _, value in self.do
        )

    @property
    def is_symbolic(self) -> bool:
        """Whether a value is left open somewhere."""
        return any(t.value is None for t in (*self.outcome, *self.given)) or any(
            value is None for settings in self._settings() for _, value in settings
        )

    @property
    def variables(self) -> tuple[str, ...]:
        """All variables that are named, each once, in order of appearance."""
        names = [t.variable for t in self.walk()]
        names += [name for settings in self._settings() for name, _ in settings]
        return tuple(dict.fromkeys(names))

    def walk(self) -> Iterator[Term]:
        """Yield every term, those nested in interventions included."""
        todo = [*self.outcome, *self.given, *(v for _, v in self.do if isinstance(v, Term))]
        while todo:
            term = todo.pop(0)
            yield term
            todo += [v for _, v in term.do if isinstance(v, Term)]

    def _settings(self) -> Iterator[Settings]:
        yield self.do
        for term in self.walk():
            yield term.do

    def __str__(self) -> str:
        """Show as in the notation."""
        conditions = [f"do({_settings_text(self.do)})"] if self.do else []
        conditions += [str(t) for t in self.given]
        bar = f" | {', '.join(conditions)}" if conditions else ""
        return f"P({', '.join(str(t) for t in self.outcome)}{bar})"


def _is(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds)


def _check_term(term: object, depth: int) -> None:
    if not isinstance(term, Term):
        raise QueryError(f"outcome and given are tuples of terms, or use Query.parse; got {term!r}")
    if not _is(term.variable, str) or not _is(term.value, str, NoneType):
        raise QueryError(f"a term is a variable's name and perhaps a label; got {term!r}")
    if term.do:
        _check_settings(term.do, depth + 1)


def _check_settings(settings: Settings, depth: int) -> None:
    if depth > _DEEPEST:
        raise QueryError(f"worlds may be nested {_DEEPEST} deep")
    names = [name for name, _ in settings]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise QueryError(f"{twice!r} is set twice in one intervention")
    for name, value in settings:
        if isinstance(value, Term):
            _check_term(value, depth)
            if value.variable != name or value.value is not None:
                message = f"{name!r} can be set to its own value in another world; got {value}"
                raise QueryError(message)
        elif not _is(name, str) or not _is(value, str, Stochastic, NoneType):
            raise QueryError(f"an intervention sets a variable to a label; got {name!r}: {value!r}")


def _listed(tokens: Tokens, read: Callable[[Tokens], T]) -> Iterator[T]:
    yield read(tokens)
    while tokens.takes(","):
        yield read(tokens)


def _term(tokens: Tokens) -> Term:
    name = tokens.word("a variable")
    world = _world(tokens)
    value = tokens.word("a state") if tokens.takes("=") else None
    return Term(name, value, world)


def _world(tokens: Tokens) -> Settings:
    if not tokens.takes("["):
        return ()
    tokens.depth += 1
    if tokens.depth > _DEEPEST:
        raise tokens.error(f"worlds may be nested {_DEEPEST} deep")
    settings = _setting_list(tokens)
    tokens.need("]")
    tokens.depth -= 1
    return settings


def _conditions(tokens: Tokens) -> tuple[tuple[Term, ...], Settings]:
    given: list[Term] = []
    do: list[tuple[str, Setting]] = []
    while True:
        if tokens.peek().text == "do" and tokens.peek(1).text == "(":
            tokens.take()
            tokens.need("(")
            do += _setting_list(tokens)
            tokens.need(")")
        else:
            given.append(_term(tokens))
        if not tokens.takes(","):
            return tuple(given), _sorted(do)


def _setting_list(tokens: Tokens) -> Settings:
    return _sorted(_listed(tokens, _one_setting))


def _one_setting(tokens: Tokens) -> tuple[str, Setting]:
    name = tokens.word("a variable to set")
    world = _world(tokens)
    if world:
        if tokens.peek().text == "=":
            raise tokens.error("a variable set to its value in another world takes no '='")
        return name, Term(name, None, world)
    if tokens.takes("="):
        return name, tokens.word("a state")
    if tokens.takes("~"):
        return name, _draw(tokens)
    return name, None


def _draw(tokens: Tokens) -> Stochastic:
    tokens.need("{")
    pairs = tuple(_listed(tokens, _chance))
    tokens.need("}")
    return Stochastic(pairs)


def _chance(tokens: Tokens) -> tuple[str, float]:
    label = tokens.word("a state")
    tokens.need(":")
    token = tokens.peek()
    try:
        return label, float(tokens.word("a probability"))
    except ValueError:
        raise tokens.error(f"{token.text!r} is not a probability", at=token) from None


def _sorted(settings: Iterable[tuple[str, Setting]]) -> Settings:
    return tuple(sorted(settings, key=lambda pair: str(pair[0])))


def _settings_text(settings: Settings) -> str:
    return ", ".join(_setting_text(name, value) for name, value in settings)


def _setting_text(name: str, value: Setting) -> str:
    match value:
        case None:
            return quoted(name)
        case Term():
            return str(value)
        case Stochastic():
            return f"{quoted(name)} ~ {value}"
        case _:
            return f"{quoted(name)}={quoted(value)}"


def _pairs(given: str | Iterable[str] | Mapping[str, object]) -> list[tuple[str, object]]:
    if isinstance(given, str):
        return [(given, None)]
    if isinstance(given, Mapping):
        return list(given.items())
    if not _is(given, Iterable):
        raise QueryError(f"outcome, given and do are names or map names to labels; got {given!r}")
    names = sorted(given, key=str) if isinstance(given, (set, frozenset)) else list(given)
    return [(name, None) for name in names]


def _label(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise QueryError(f"a state is a string label (or an int that names one); got {value!r}")


def _setting(value: object) -> Setting:
    if isinstance(value, (Term, Stochastic)):
        return value
    if isinstance(value, Mapping):
        pairs: Any = ((_label(label), p) for label, p in value.items())  # Stochastic checks them
        return Stochastic(tuple(pairs))
    return _label(value)


def _term_json(term: Term) -> dict[str, Any]:  # Any: JSON
    data: dict[str, Any] = {"variable": term.variable}
    if term.value is not None:
        data["value"] = term.value
    if term.do:
        data["do"] = {name: _setting_json(value) for name, value in term.do}
    return data


def _setting_json(value: Setting) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Term():
            return _term_json(value)
        case Stochastic():
            return {"probabilities": dict(value.probabilities)}
        case _:
            return value


def _terms_from_json(data: Any) -> tuple[Term, ...]:  # noqa: ANN401 - JSON
    if not isinstance(data, (list, tuple)):
        raise QueryError(f"outcome and given are lists of terms; got {data!r}")
    return tuple(_term_from_json(t) for t in data)


def _term_from_json(data: Any, depth: int = 0) -> Term:  # noqa: ANN401 - JSON
    if depth > _DEEPEST:
        raise QueryError(f"worlds may be nested {_DEEPEST} deep")
    keys = {"variable", "value", "do"}
    if not isinstance(data, Mapping) or not {"variable"} <= set(data) <= keys:
        message = f"a term is an object {{'variable': 'Y', 'value': '1', 'do': ...}}; got {data!r}"
        raise QueryError(message)
    do = _settings_from_json(data.get("do", {}), depth)
    return Term(data["variable"], _label(data.get("value")), do)


def _settings_from_json(data: Any, depth: int = 0) -> Settings:  # noqa: ANN401 - JSON
    if not isinstance(data, Mapping):
        raise QueryError(f"do is an object of variable to value; got {data!r}")
    return _sorted((name, _setting_from_json(value, depth)) for name, value in data.items())


def _setting_from_json(value: Any, depth: int) -> Setting:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping) and "variable" in value:
        return _term_from_json(value, depth + 1)
    return _setting(value.get("probabilities", value) if isinstance(value, Mapping) else value)
