"""The questions that every random model is asked: seeing, doing, imagining, effects.

The engine's answer is compared with enumeration. Where a table has no coupling, a number from the
engine must be the number under both couplings.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from causal_interface_gym.causal import SCM, Query, effects
from causal_interface_gym.causal.enumeration import Enumeration, enumerate_joint
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.query import Setting, Settings, Stochastic, Term
from causal_interface_gym.errors import ImpossibleEventError
from tests.oracle.models import random_mechanism
from tests.oracle.tally import TOLERANCE, Tally

__all__ = ["Truth", "check_model", "check_queries"]

Rng = np.random.Generator


class Truth:
    """Enumeration of one model, under both couplings where a table declares none."""

    def __init__(self, model: SCM) -> None:
        """Spread nothing yet."""
        undeclared = any(
            isinstance(m, Table) and m.coupling is None for m in model.mechanisms.values()
        )
        self._comonotone = Enumeration(model, undeclared="comonotone")
        self._independent = Enumeration(model, undeclared="independent") if undeclared else None

    def p(self, query: Query) -> float:
        """Give the probability, NaN if the couplings differ: the engine had to refuse."""
        first = self._comonotone.probability(query)
        second = self._independent.probability(query) if self._independent else first
        return first if abs(first - second) <= TOLERANCE else float("nan")


class _Asker:
    """Draws queries about one model."""

    def __init__(self, rng: Rng, model: SCM) -> None:
        self.rng = rng
        self.model = model
        self.names = list(model.states)

    def some(self, most: int, *, least: int = 1) -> list[str]:
        """Draw a few different variables."""
        count = int(self.rng.integers(least, min(most, len(self.names)) + 1))
        return [self.names[i] for i in self.rng.permutation(len(self.names))[:count]]

    def label(self, name: str) -> str:
        """Draw a state."""
        return self.model.states[name][int(self.rng.integers(len(self.model.states[name])))]

    def terms(self, names: Sequence[str], do: Settings = ()) -> tuple[Term, ...]:
        """Give each variable a value in one world."""
        return tuple(Term(name, self.label(name), do) for name in names)

    def settings(self, names: Sequence[str]) -> Settings:
        """Set each variable to a value."""
        return tuple(sorted((name, self.label(name)) for name in names))

    def draw(self, name: str) -> Stochastic:
        """Draw a distribution to set a variable by."""
        labels = list(self.model.states[name])
        if len(labels) > 2 and self.rng.random() < 0.3:
            labels = labels[1:]
        chances = self.rng.dirichlet(np.ones(len(labels)))
        return Stochastic(tuple(zip(labels, chances.tolist(), strict=True)))

    def mixed(self, names: Sequence[str], *, depth: int = 1) -> Settings:
        """Set each variable to a value, a draw or its value in another world."""
        found: list[tuple[str, Setting]] = []
        for name in names:
            kind = self.rng.random()
            if kind < 0.5 and depth:
                inner = self.mixed(self.some(2), depth=depth - 1)
                found.append((name, Term(name, None, inner)))
            elif kind < 0.6:
                found.append((name, self.draw(name)))
            else:
                found.append((name, self.label(name)))
        return tuple(sorted(found, key=lambda pair: pair[0]))


def _see(ask: _Asker) -> Query:
    return Query(ask.terms(ask.some(2)), ask.terms(ask.some(3, least=0)))


def _do(ask: _Asker) -> Query:
    return Query(ask.terms(ask.some(2)), (), ask.settings(ask.some(1)))


def _do_several(ask: _Asker) -> Query:
    return Query(ask.terms(ask.some(2)), (), ask.settings(ask.some(3, least=2)))


def _do_given(ask: _Asker) -> Query:
    do = ask.settings(ask.some(2))
    free = [name for name in ask.some(2) if name not in dict(do) or ask.rng.random() < 0.1]
    return Query(ask.terms(ask.some(2)), ask.terms(free), do)


def _stochastic(ask: _Asker) -> Query:
    names = ask.some(2)
    do: list[tuple[str, Setting]] = [(names[0], ask.draw(names[0]))]
    do += [(name, ask.label(name)) for name in names[1:]]
    do.sort(key=lambda pair: pair[0])
    return Query(ask.terms(ask.some(2)), ask.terms(ask.some(2, least=0)), tuple(do))


def _counterfactual(ask: _Asker) -> Query:
    do = ask.settings(ask.some(2))
    return Query(ask.terms(ask.some(2), do), ask.terms(ask.some(3)))


def _worlds(ask: _Asker) -> Query:
    one, other = ask.settings(ask.some(2)), ask.settings(ask.some(2))
    outcome = (*ask.terms(ask.some(1), one), *ask.terms(ask.some(1), other))
    third = ask.settings(ask.some(1)) if ask.rng.random() < 0.5 else ()
    base = ask.settings(ask.some(1)) if ask.rng.random() < 0.2 else ()
    return Query(outcome, ask.terms(ask.some(2, least=0), third), base)


def _nested(ask: _Asker) -> Query:
    depth = 2 if ask.rng.random() < 0.2 else 1
    outcome = ask.terms(ask.some(1), ask.mixed(ask.some(2), depth=depth))
    if ask.rng.random() < 0.5:
        outcome += ask.terms(ask.some(1), ask.mixed(ask.some(1)))
    is_mixed = ask.rng.random() < 0.3
    world = ask.mixed(ask.some(1)) if is_mixed else ask.settings(ask.some(1, least=0))
    given = ask.terms(ask.some(2, least=0), world)
    base = ask.mixed(ask.some(2), depth=depth) if ask.rng.random() < 0.25 else ()
    return Query(outcome, given, base)


_KINDS: tuple[tuple[str, Callable[[_Asker], Query]], ...] = (
    ("see", _see),
    ("see", _see),
    ("do", _do),
    ("do", _do),
    ("do several", _do_several),
    ("do with evidence", _do_given),
    ("do with evidence", _do_given),
    ("stochastic do", _stochastic),
    ("counterfactual", _counterfactual),
    ("counterfactual", _counterfactual),
    ("counterfactual worlds", _worlds),
    ("nested", _nested),
    ("nested", _nested),
)


def check_model(rng: Rng, model: SCM, tally: Tally) -> None:
    """Ask one model everything."""
    truth = Truth(model)
    check_queries(rng, model, truth, tally)
    _check_table(rng, model, tally)
    _check_change(rng, model, tally)
    _check_effects(rng, model, truth, tally)


def check_queries(rng: Rng, model: SCM, truth: Truth, tally: Tally) -> None:
    """Ask one query of each kind, some of them by way of their text."""
    ask = _Asker(rng, model)
    for kind, make in _KINDS:
        query = make(ask)
        asked: str | Query = str(query) if rng.random() < 0.1 else query
        tally.compare(kind, query, partial(model.p, asked), partial(truth.p, query))


def _check_table(rng: Rng, model: SCM, tally: Tally) -> None:
    """Compare a whole table under one action with the truncated product."""
    ask = _Asker(rng, model)
    do = {name: ask.label(name) for name in ask.some(2, least=0)}
    names = ask.some(3)
    joint = enumerate_joint(model, do=do)
    gone = tuple(i for i, v in enumerate(model.nodes) if v not in names)
    left = [v for v in model.nodes if v in names]
    truth = joint.sum(axis=gone).transpose([left.index(v) for v in names])
    gap = float(abs(model.table(names, do=do) - truth).max())
    tally.check("table", f"P({names} | do({do}))", gap, 0.0)


def _check_change(rng: Rng, model: SCM, tally: Tally) -> None:
    """Change one mechanism, perhaps its parents too, and see."""
    ask = _Asker(rng, model)
    place = int(rng.integers(len(model.nodes)))
    v, before = model.nodes[place], list(model.nodes[:place])
    sizes = {u: len(states) for u, states in model.states.items()}
    parents = [str(p) for p in rng.permutation(before)[: int(rng.integers(3))]]
    changed = model.change({v: random_mechanism(rng, parents, sizes, v)})
    query = _see(ask)
    enumerated = Enumeration(changed)
    tally.compare("soft", query, partial(changed.p, query), partial(enumerated.probability, query))


def _check_effects(rng: Rng, model: SCM, truth: Truth, tally: Tally) -> None:
    """Compare three of the effects with their definitions."""
    ask = _Asker(rng, model)
    if len(ask.names) < 3:
        return
    x, m, y = (ask.names[i] for i in rng.permutation(len(ask.names))[:3])
    control, active = (model.states[x][i] for i in rng.permutation(len(model.states[x]))[:2])
    case = _Effect(truth, model.states[y], x, m, Term(y, ask.label(y)), control, active)
    mediator = ask.label(m)
    outcome = str(case.y)
    effect = {
        "ate": (partial(effects.ate, model), case.ate),
        "cde": (partial(effects.cde, model, mediators={m: mediator}), lambda: case.cde(mediator)),
        "nde": (partial(effects.nde, model, mediators=[m]), case.nde),
        "nie": (partial(effects.nie, model, mediators=[m]), case.nie),
        "ett": (partial(effects.ett, model), case.ett),
        "pn": (partial(effects.pn, model), case.pn),
        "ps": (partial(effects.ps, model), case.ps),
        "pns": (partial(effects.pns, model), case.pns),
    }
    for i in rng.permutation(len(effect))[:3]:
        name = list(effect)[i]
        engine, wanted = effect[name]
        what = f"{name} {x}: {control} to {active}, {outcome}, mediator {m}={mediator}"
        asked = partial(engine, treatment=x, outcome=outcome, control=control, active=active)
        tally.compare(f"effect {name}", what, asked, wanted)


class _Effect:
    """The definitions of the effects, in probabilities of events over worlds."""

    def __init__(
        self,
        truth: Truth,
        states: Sequence[str],
        x: str,
        m: str,
        y: Term,
        control: str,
        active: str,
    ) -> None:
        self.truth, self.x, self.m, self.y = truth, x, m, y
        self.control, self.active = control, active
        self.others = [Term(y.variable, s) for s in states if s != y.value]

    def at(self, event: Term, level: str, **more: Setting) -> Term:
        """Put an event in the world where treatment has a level."""
        do: dict[str, Setting] = {**more, self.x: level}
        return Term(event.variable, event.value, tuple(sorted(do.items())))

    def p(self, *events: Term, given: Sequence[Term] = ()) -> float:
        """Give the probability of joint events."""
        return self.truth.p(Query(events, tuple(given)))

    def mixed(self, level: str, natural: str) -> float:
        """Give P(y) with treatment at one level and the mediator as under another."""
        borrowed = Term(self.m, None, ((self.x, natural),))
        return self.p(self.at(self.y, level, **{self.m: borrowed}))

    def ate(self) -> float:
        """P(y_1) - P(y_0)."""
        return self.p(self.at(self.y, self.active)) - self.p(self.at(self.y, self.control))

    def cde(self, value: str) -> float:
        """P(y_{1,m}) - P(y_{0,m})."""
        held = {self.m: value}
        one, zero = self.at(self.y, self.active, **held), self.at(self.y, self.control, **held)
        return self.p(one) - self.p(zero)

    def nde(self) -> float:
        """P(y_{1,M_0}) - P(y_0)."""
        return self.mixed(self.active, self.control) - self.p(self.at(self.y, self.control))

    def nie(self) -> float:
        """P(y_{0,M_1}) - P(y_0)."""
        return self.mixed(self.control, self.active) - self.p(self.at(self.y, self.control))

    def ett(self) -> float:
        """P(y_1 | x=1) - P(y_0 | x=1)."""
        treated = [Term(self.x, self.active)]
        one = self.p(self.at(self.y, self.active), given=treated)
        return one - self.p(self.at(self.y, self.control), given=treated)

    def pn(self) -> float:
        """P(not y_0 | x=1, y), by joint over joint."""
        factual = (Term(self.x, self.active), self.y)
        lost = [self.p(self.at(other, self.control), *factual) for other in self.others]
        return self._ratio(sum(lost), self.p(*factual))

    def ps(self) -> float:
        """P(y_1 | x=0, not y), by joint over joint."""
        untreated = Term(self.x, self.control)
        shares = [self.p(untreated, other) for other in self.others]
        won = [self.p(self.at(self.y, self.active), untreated, other) for other in self.others]
        return self._ratio(sum(won), sum(shares))

    def pns(self) -> float:
        """P(y_1, not y_0)."""
        one = self.at(self.y, self.active)
        return sum(self.p(one, self.at(other, self.control)) for other in self.others)

    @staticmethod
    def _ratio(part: float, whole: float) -> float:
        if whole <= 0:
            raise ImpossibleEventError("the facts")
        return part / whole
