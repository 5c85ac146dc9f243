"""Sharp ends written out by hand: response functions one by one, and every extreme coupling.

It shares nothing with the package but the values it reads: response functions come from
``itertools``, a world is a recursive evaluation, one linear programme is solved per end, and the
vertices of a polytope are all choices of columns that meet the equations.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.bounds import Question
from causal_interface_gym.causal.query import Settings, Term
from tests.oracle.models import random_rows

__all__ = ["CliqueCase", "chain_model", "clique_case", "coupling_reference", "district_reference"]

Rng = np.random.Generator
Floats = NDArray[np.float64]
Response = Mapping[tuple[int, ...], int]
Unit = Mapping[str, Response]


@dataclass(frozen=True, slots=True)
class CliqueCase:
    """One district whose members all share a hidden cause, with an observed root above it."""

    graph: ADMG
    model: SCM
    roots: tuple[str, ...]
    members: tuple[str, ...]


def clique_case(rng: Rng) -> CliqueCase:
    """Draw a district of two binary variables, or three, perhaps with an instrument."""
    size = 2 if rng.random() < 0.7 else 3
    members = ("X", "M", "Y")[:: 2 if size == 2 else 1]
    roots = ("Z",) if size == 2 and rng.random() < 0.6 else ()
    n_hidden = int(rng.integers(2, 5))
    parents: dict[str, tuple[str, ...]] = dict.fromkeys(roots, ())
    for i, v in enumerate(members):
        above = [p for p in (*roots, *members[:i]) if rng.random() < 0.6]
        parents[v] = (*above[: 1 if size > 2 else 2], "U")
    states = dict.fromkeys((*roots, *members), ("0", "1")) | {
        "U": tuple(str(i) for i in range(n_hidden))
    }
    p_zero = float(rng.choice([0.0, 0.3]))
    rows = {
        v: random_rows(rng, [len(states[p]) for p in ps], 2, p_zero=p_zero)
        for v, ps in parents.items()
    }
    model = SCM.from_tables(
        states=states,
        parents=parents,
        tables={**rows, "U": random_rows(rng, [], n_hidden)},
        latent={"U"},
        coupling="independent",
    )
    return CliqueCase(model.graph, model, roots, members)


def responses(n_states: int, sizes: Sequence[int]) -> list[Response]:
    """List every function from parent settings to states."""
    settings = list(product(*(range(s) for s in sizes)))
    return [
        dict(zip(settings, answer, strict=True))
        for answer in product(range(n_states), repeat=len(settings))
    ]


def happens(model: SCM, parents: Mapping[str, Sequence[str]], event: Sequence[Term],
            do: Settings, unit: Unit) -> bool:  # fmt: skip
    """Say whether all terms hold for a unit, evaluating each world backwards."""

    def value(v: str, world: Mapping[str, object]) -> int:
        setting = world.get(v)
        if isinstance(setting, Term):
            return value(setting.variable, {**dict(do), **dict(setting.do)})
        if setting is not None:
            return model.states[v].index(str(setting))
        return unit[v][tuple(value(p, world) for p in parents[v])]

    return all(
        value(t.variable, {**dict(do), **dict(t.do)})
        == model.states[t.variable].index(t.value or "")
        for t in event
    )


def district_reference(case: CliqueCase, asked: Question, held: str | None) -> tuple[float, float]:
    """Solve one programme an end: P(d | roots), and perhaps P(d | roots, do(x))."""
    model, graph = case.model, case.graph
    parents = {v: [p for p in model.mechanisms[v].parents if p != "U"] for v in graph.nodes}
    each = [responses(2, [2] * len(parents[v])) for v in case.members]
    columns = [dict(zip(case.members, choice, strict=True)) for choice in product(*each)]
    roots = [dict(zip(case.roots, w, strict=True)) for w in product((0, 1), repeat=len(case.roots))]
    rows: list[list[float]] = []
    values: list[float] = []
    for root in roots:
        fixed: dict[str, Response] = {r: {(): s} for r, s in root.items()}
        given = {r: str(s) for r, s in root.items()}
        if given and model.p(_text(given)) <= 0:
            continue
        for act in ((), ("0",), ("1",)) if held else ((),):
            do: Settings = ((held, act[0]),) if act and held else ()
            free = [v for v in case.members if not act or v != held]
            for labels in product("01", repeat=len(free)):
                event = [Term(v, s) for v, s in zip(free, labels, strict=True)]
                rows.append([float(happens(model, parents, event, do, fixed | c)) for c in columns])
                chance = model.table(free, do=dict(do), given=given)
                values.append(float(chance[tuple(int(label) for label in labels)]))
    p_root = [model.p(_text({r: str(s) for r, s in w.items()})) if w else 1.0 for w in roots]
    units: list[dict[str, Response]] = [{r: {(): s} for r, s in w.items()} for w in roots]

    def mean(event: Sequence[Term]) -> Floats:
        return np.array(
            [
                sum(
                    p * happens(model, parents, event, asked.do, {**u, **c})
                    for p, u in zip(p_root, units, strict=True)
                )
                for c in columns
            ]
        )

    return _ends(asked, mean, np.array(rows), np.array(values))


def _text(values: Mapping[str, str]) -> str:
    return ", ".join(f"{v}={s}" for v, s in values.items())


def _ends(
    asked: Question, mean: Callable[[Sequence[Term]], Floats], rows: Floats, values: Floats
) -> tuple[float, float]:
    n = sum((w * mean(e) for w, e in asked.numerator), np.zeros(rows.shape[1]))
    d = np.ones(rows.shape[1])
    if asked.denominator:
        d = sum((mean(e) for e in asked.denominator), np.zeros(rows.shape[1]))
    wide = np.vstack([np.hstack([rows, -values[:, None]]), [*d, 0.0]])
    goal = np.zeros(len(wide))
    goal[-1] = 1.0
    found = []
    for sign in (1.0, -1.0):
        answer = linprog(sign * np.append(n, 0.0), A_eq=wide, b_eq=goal, method="highs-ipm")
        assert answer.status == 0, answer.message
        found.append(sign * float(answer.fun))
    return found[0], found[1]


def corners(cpt: Floats) -> Iterator[tuple[list[Response], Floats]]:
    """List the extreme couplings of one binary table: all choices of columns."""
    sizes = cpt.shape[:-1]
    every = responses(2, sizes)
    settings = list(product(*(range(s) for s in sizes)))
    rows = np.array([[1.0] * len(every)] + [[float(r[s] == 1) for r in every] for s in settings])
    values = np.array([1.0] + [cpt[(*s, 1)] for s in settings])
    seen: set[bytes] = set()
    for choice in combinations(range(len(every)), len(rows)):
        square = rows[:, choice]
        if abs(np.linalg.det(square)) < 1e-9:
            continue
        q = np.linalg.solve(square, values)
        if q.min() >= -1e-12:
            point = np.zeros(len(every))
            point[list(choice)] = np.maximum(q, 0.0)
            key = np.round(point, 9).tobytes()
            if key not in seen:
                seen.add(key)
                yield every, point


def coupling_reference(model: SCM, asked: Question) -> tuple[float, float]:
    """Visit every combination of extreme couplings of the tables of a small binary model."""
    parents = {v: model.mechanisms[v].parents for v in model.nodes}
    each = [list(corners(model.cpt(v))) for v in model.nodes]
    best = [np.inf, -np.inf]
    for choice in product(*each):
        ratio = _ratio(model, parents, asked, choice)
        if ratio is not None:
            best = [min(best[0], ratio), max(best[1], ratio)]
    return best[0], best[1]


def _ratio(
    model: SCM,
    parents: Mapping[str, Sequence[str]],
    asked: Question,
    choice: Sequence[tuple[list[Response], Floats]],
) -> float | None:
    above = below = 0.0
    used = [[(r, p) for r, p in zip(every, q, strict=True) if p > 0] for every, q in choice]
    for row in product(*used):
        unit = {v: r for v, (r, _) in zip(model.nodes, row, strict=True)}
        chance = float(np.prod([p for _, p in row]))
        above += chance * sum(
            w * happens(model, parents, e, asked.do, unit) for w, e in asked.numerator
        )
        below += chance * sum(happens(model, parents, e, asked.do, unit) for e in asked.denominator)
    if not asked.denominator:
        return above
    return above / below if below > 1e-12 else None


def chain_model(rng: Rng) -> SCM:
    """Draw a binary model over X, M, Y whose tables declare nothing."""
    parents = {"M": ("X",), "Y": ("M", "X") if rng.random() < 0.1 else ("M",)}
    p_zero = float(rng.choice([0, 0.2]))
    rows = {v: random_rows(rng, [2] * len(parents.get(v, ())), 2, p_zero=p_zero) for v in "XMY"}
    return SCM.from_tables(states=dict.fromkeys("XMY", ("0", "1")), parents=parents, tables=rows)
