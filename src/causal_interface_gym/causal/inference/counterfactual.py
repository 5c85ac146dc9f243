"""Imagining: several worlds that share their noise, computed without ever naming the noise.

Each term of the query speaks of a variable in a world, that is, under an intervention. A copy of a
variable is made for each different setting of its parents (two worlds in which they coincide share
the copy: the merging step of [shpitser2008]), and the copies of one variable are tied by a single
factor in which its noise is summed out (``Mechanism.joint``). Then ordinary elimination follows:
abduction, action and prediction [pearl2009, section 7.1] in one pass. Any number of worlds, nested
interventions included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import prod
from operator import or_

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.inference.elimination import (
    Answer,
    Model,
    normalised,
    remember,
)
from causal_interface_gym.causal.inference.factor import Plan, plan
from causal_interface_gym.causal.mechanism import Deterministic
from causal_interface_gym.causal.query import Query, Setting, Settings, Stochastic, Term
from causal_interface_gym.errors import WidthError

__all__ = ["counterfactual_table"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Copy:
    """A variable in one or more worlds, as a node of the network that is eliminated."""

    number: int


@dataclass(frozen=True, slots=True)
class Known:
    """A variable whose state is fixed by intervention or evidence."""

    state: int


Node = Copy | Known


@dataclass(slots=True)
class _World:
    """An intervention, what must be computed under it, and what has been found so far."""

    settings: dict[int, Setting]
    shared: frozenset[int]
    """What the query's own intervention sets; its draws are the same in all worlds."""
    inherits: bool
    """Whether the query's own intervention holds too; not in a world that it borrows from."""
    needed: int = 0
    cut: int = 0
    nodes: dict[int, Node] = field(default_factory=dict)
    seen: dict[int, Node] = field(default_factory=dict)
    """What children read: the evidence instead of the copy where there is evidence."""

    def lends(self, v: int) -> bool:
        """Say whether the world that ``v`` is borrowed from inherits the query's intervention."""
        return self.inherits and v not in self.shared


def counterfactual_table(model: Model, query: Query, limit: int) -> Answer:
    """Give the joint distribution of outcome terms in their worlds, given terms in theirs.

    Raises:
        UndeclaredCouplingError: A table without a coupling has copies that need one.
        WidthError: An intermediate table would pass ``limit`` cells.
    """
    return _Network(model, query, limit).answer()


class _Network:
    """Copies of variables over all worlds of one query, and the factors that tie them."""

    def __init__(self, model: Model, query: Query, limit: int) -> None:
        self.model = model
        self.query = query
        self.limit = limit
        self.worlds: dict[tuple[Settings, bool], _World] = {}
        self.sizes: list[int] = []
        self.copies: dict[tuple[object, ...], Copy] = {}
        self.known: dict[int, int] = {}
        self.factors: list[Floats] = []
        self.scopes: list[tuple[int, ...]] = []
        self.is_possible = True

    def answer(self) -> Answer:
        """Build the network and eliminate."""
        terms = (*self.query.outcome, *self.query.given)
        places = [self._ask(term) for term in terms]
        for v in each_bit(reduce(or_, [world.needed for world in self.worlds.values()])):
            self._place(v)
        outcome = [world.nodes[v] for world, v in places[: len(self.query.outcome)]]
        shape = [len(self.model.states[t.variable]) for t in self.query.outcome]
        if not self.is_possible:
            return Answer(np.zeros(shape), tuple(range(len(shape))), 0.0)
        for variable, group in self._groups().items():
            self._tie(variable, group)
        return self._eliminate(outcome, shape)

    def _ask(self, term: Term, *, inherits: bool = True) -> tuple[_World, int]:
        """Note that a term's variable is wanted in its world; nested worlds first."""
        world = self._world(term.do, inherits=inherits)
        v = self.model.dag.index[term.variable]
        bits = self.model.dag.bits
        inside = bits.ancestors(1 << v & ~world.cut, within=~world.cut)
        new = (inside | 1 << v | bits.parents_of(inside)) & ~world.needed
        world.needed |= new
        for u in each_bit(new & world.cut):
            setting = world.settings[u]
            if isinstance(setting, Term):
                self._ask(setting, inherits=world.lends(u))
        return world, v

    def _world(self, settings: Settings, *, inherits: bool) -> _World:
        """Give the world of an intervention inside the query's own one, which it overrides."""
        key = settings, inherits
        if key not in self.worlds:
            base = dict(self.query.do) if inherits else {}
            named = {**base, **dict(settings)}
            index = self.model.dag.index
            own = {name for name, _ in settings}
            world = _World(
                {index[name]: value for name, value in named.items()},
                frozenset(index[name] for name in base if name not in own),
                inherits,
            )
            world.cut = self.model.dag.mask(named)
            for v, value in world.settings.items():
                if isinstance(value, Term):
                    self._world(value.do, inherits=world.lends(v))
            self.worlds[key] = world
        return self.worlds[key]

    def _place(self, v: int) -> None:
        """Find the node of one variable in every world that needs it, then put evidence on it."""
        for (settings, _), world in self.worlds.items():  # inner worlds were entered first
            if world.needed >> v & 1:
                world.nodes[v] = self._node(v, settings, world)
        for term in self.query.given:
            world = self.worlds[term.do, True]
            if self.model.dag.index[term.variable] == v:
                self._condition(world.nodes[v], self.model.state(term.variable, term.value or ""))
        for world in self.worlds.values():
            if world.needed >> v & 1:
                node = world.nodes[v]
                is_known = isinstance(node, Copy) and node.number in self.known
                world.seen[v] = Known(self.known[node.number]) if is_known else node  # type: ignore[union-attr]  # a Copy

    def _condition(self, node: Node, state: int) -> None:
        if isinstance(node, Known):
            self.is_possible &= node.state == state
        else:
            self.is_possible &= self.known.setdefault(node.number, state) == state

    def _node(self, v: int, settings: Settings, world: _World) -> Node:
        name = self.model.dag.order[v]
        if len(self.model.states[name]) == 1:
            return Known(0)
        if world.cut >> v & 1:
            match world.settings[v]:
                case str(label):
                    return Known(self.model.state(name, label))
                case Term() as term:
                    inner = self.worlds[term.do, world.lends(v)]
                    return inner.nodes[self.model.dag.index[term.variable]]
                case draw:
                    origin = () if v in world.shared else settings
                    return self._copy(("draw", name, origin, draw), len(self.model.states[name]))
        parents = self.model.mechanisms[name].parents
        seen = tuple([world.seen[self.model.dag.index[p]] for p in parents])
        return self._copy((name, *seen), len(self.model.states[name]))

    def _copy(self, key: tuple[object, ...], size: int) -> Copy:
        if key not in self.copies:
            self.copies[key] = Copy(len(self.sizes))
            self.sizes.append(size)
        return self.copies[key]

    def _groups(self) -> dict[str, list[tuple[Copy, tuple[Node, ...]]]]:
        """Collect the copies of each variable with the nodes of their parents; add the draws."""
        groups: dict[str, list[tuple[Copy, tuple[Node, ...]]]] = {}
        for key, copy in self.copies.items():
            if key[0] == "draw" and isinstance(key[-1], Stochastic):
                self._add_draw(str(key[1]), key[-1], copy)
            else:
                parents: tuple[Node, ...] = key[1:]  # type: ignore[assignment]  # built so
                groups.setdefault(str(key[0]), []).append((copy, parents))
        return groups

    def _add_draw(self, name: str, draw: Stochastic, copy: Copy) -> None:
        chances = np.zeros(self.sizes[copy.number])
        for label, p in draw.probabilities:
            chances[self.model.state(name, label)] = p
        self._add(chances / chances.sum(), (copy.number,))

    def _tie(self, variable: str, group: Sequence[tuple[Copy, tuple[Node, ...]]]) -> None:
        """Add the factor of a variable's copies; functions need none that spans worlds."""
        mechanism = self.model.mechanisms[variable]
        if isinstance(mechanism, Deterministic):
            for member in group:
                self._joint(variable, [member])
        else:
            self._joint(variable, group)

    def _joint(self, variable: str, group: Sequence[tuple[Copy, tuple[Node, ...]]]) -> None:
        if len(group) == 1:
            self._single(variable, *group[0])
            return
        free = list(
            dict.fromkeys(n.number for _, seen in group for n in seen if isinstance(n, Copy))
        )
        scope = (*free, *(copy.number for copy, _ in group))
        cells = prod([self.sizes[number] for number in scope])
        if cells > self.limit:
            raise WidthError(cells, self.limit)
        mechanism = self.model.mechanisms[variable]
        sizes = [len(self.model.states[p]) for p in mechanism.parents]
        settings = [self._setting(seen, sizes, free) for _, seen in group]
        self._add(mechanism.joint(variable, settings), scope)

    def _single(self, variable: str, copy: Copy, seen: tuple[Node, ...]) -> None:
        """Add the factor of a variable that is the same in all worlds: its table, sliced."""
        table = self.model.cpt(variable)
        scope = (*[n.number for n in seen if isinstance(n, Copy)], copy.number)
        where = tuple([n.state if isinstance(n, Known) else slice(None) for n in seen])
        self._add(table[where], scope)

    def _setting(
        self, seen: Sequence[Node], sizes: Sequence[int], free: Sequence[int]
    ) -> NDArray[np.int64]:
        """Number a copy's parent settings, over the axes of all free parents of its group."""
        flat = np.zeros((1,) * len(free), dtype=np.int64)
        for node, size in zip(seen, sizes, strict=True):
            if isinstance(node, Known):
                flat = flat * size + node.state
            else:
                shape = [size if other == node.number else 1 for other in free]
                flat = flat * size + np.arange(size).reshape(shape)
        return flat

    def _add(self, table: Floats, scope: tuple[int, ...]) -> None:
        """Add a factor, sliced where its variables are known."""
        where = tuple([self.known.get(number, slice(None)) for number in scope])
        self.factors.append(table[where])
        self.scopes.append(tuple([n for n in scope if n not in self.known]))

    def _eliminate(self, outcome: Sequence[Node], shape: Sequence[int]) -> Answer:
        sizes = dict(enumerate(self.sizes))
        kept: list[int] = []
        for node, size in zip(outcome, shape, strict=True):
            state = self._certain(node)
            if state is None and isinstance(node, Copy):
                kept.append(node.number)
            else:  # an outcome that is set or known is certain
                number = len(sizes)
                sizes[number] = size
                self.factors.append(np.eye(size)[state])
                self.scopes.append((number,))
                kept.append(number)
        keep = tuple(dict.fromkeys(kept))
        steps = self._plan(sizes, keep)
        axes = tuple([keep.index(k) for k in kept])
        return normalised(steps, self.factors, axes, has_given=bool(self.query.given))

    def _plan(self, sizes: dict[int, int], keep: tuple[int, ...]) -> Plan:
        """Give the plan, made once for a model and the shape of a question."""
        key = ("worlds", tuple(self.scopes), tuple(sizes.values()), keep, self.limit)
        steps = self.model.plans.get(key)
        if not isinstance(steps, Plan):
            steps = plan(self.scopes, sizes, keep, limit=self.limit)
            remember(self.model, key, steps)
        return steps

    def _certain(self, node: Node) -> int | None:
        return node.state if isinstance(node, Known) else self.known.get(node.number)
