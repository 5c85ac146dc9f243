"""Which bits the two models of a witness have and what they read; the proof is in ``witness``."""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.hedge import Hedge
from causal_interface_gym.causal.identification.pairs.circuit import Circuit, Wire
from causal_interface_gym.causal.separation import Collider, OpenPath, find_open_path

__all__ = ["Plan", "plan_wiring", "wire"]

_BIAS = 0.5
"""Bias of the parity of the roots, and of all signs on the way to the outcome together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The hedge with its tree and chosen children, the routes down, and the back-door path.

    Sets are bitmasks. ``route[v]`` is where v hands its bits on to; ``ends`` are the outcomes and
    givens where routes end; ``path`` runs in ``cut`` from the lowest of them to an outcome, if one
    is needed.
    """

    forest: int
    subforest: int
    root: int
    tree: tuple[tuple[int, int], ...]
    child: dict[int, int]
    route: dict[int, int]
    ends: int
    path: OpenPath
    cut: BitGraph


def plan_wiring(graph: ADMG, hedge: Hedge, *, outcome: int, actions: int, givens: int) -> Plan:
    """Choose all that the construction leaves open, the lowest number first."""
    bits = graph.bits
    forest, subforest, root = (
        graph.mask(sorted(s)) for s in (hedge.forest, hedge.subforest, hedge.root)
    )
    tree = (*_spanning(bits, subforest, root & -root), *_spanning(bits, forest, subforest))
    child = dict(_children(bits, forest, subforest, root))
    route = _routes(bits, root, outcome=outcome, actions=actions, givens=givens)
    ends = root & (outcome | givens)
    for v in route.values():
        ends |= 1 << v & (outcome | givens)
    path = OpenPath()
    start = ends & -ends
    cut = bits.cut(into=actions, out_of=start)
    if not ends & outcome:
        path = find_open_path(graph, cut, start, outcome, actions | givens & ~start)
    return Plan(forest, subforest, root, tree, child, route, ends, path, cut)


def _spanning(bits: BitGraph, within: int, start: int) -> Iterator[tuple[int, int]]:
    """Join ``within`` to ``start`` edge by edge; going deep first keeps degrees low."""
    stack, seen = list(each_bit(start)), start
    while stack:
        new = bits.spouses[stack[-1]] & within & ~seen
        if new:
            v = (new & -new).bit_length() - 1
            yield stack[-1], v
            seen |= 1 << v
            stack.append(v)
        else:
            stack.pop()


def _children(bits: BitGraph, forest: int, subforest: int, root: int) -> Iterator[tuple[int, int]]:
    """Choose one child for each node but the roots, the one that was chosen least."""
    chosen: dict[int, int] = {}
    for v in each_bit(forest & ~root):
        within = subforest if subforest >> v & 1 else forest
        child = min(each_bit(bits.children[v] & within), key=lambda c: chosen.get(c, 0))
        chosen[child] = chosen.get(child, 0) + 1
        yield v, child


def _routes(
    bits: BitGraph, root: int, *, outcome: int, actions: int, givens: int
) -> dict[int, int]:
    """Send each root's bit down a shortest path: to an outcome if it can, else to a given."""
    ends = outcome | givens
    free = bits.all & ~(actions | ends)
    onward = _onward(bits, outcome, free)
    beyond = free & ~sum(1 << v for v in onward)
    onward |= _onward(bits, givens, beyond)
    route: dict[int, int] = {}
    for start in each_bit(root & ~ends):
        v = start
        while v in onward and v not in route:
            route[v] = onward[v]
            v = onward[v]
    return route


def _onward(bits: BitGraph, targets: int, free: int) -> dict[int, int]:
    """For each node of ``free`` above the targets, a child that is nearer to them."""
    onward: dict[int, int] = {}
    layer = targets
    while layer:
        above = bits.parents_of(layer) & free
        for v in each_bit(above):
            nearer = bits.children[v] & layer
            onward[v] = (nearer & -nearer).bit_length() - 1
        free &= ~above
        layer = above
    return onward


def wire(graph: ADMG, plan: Plan, *, second: bool) -> Circuit:
    """Wire one of the two models."""
    circuit = Circuit(graph)
    roots = _wire_hedge(circuit, plan, second=second)
    n_noisy = len(set(plan.route.values())) + sum(1 for _ in _path_nodes(graph, plan))
    strength = _BIAS ** (1 / max(n_noisy, 1))
    ends = _wire_routes(circuit, plan, roots, strength=strength)
    if plan.path:
        _wire_path(circuit, plan, ends, strength=strength)
    return circuit


def _wire_hedge(circuit: Circuit, plan: Plan, *, second: bool) -> dict[int, Wire]:
    """Wire the forest and give the bits of its roots."""
    n = (plan.subforest if second else plan.forest).bit_count()
    inner = _BIAS ** (1 / n)
    coins = {edge: circuit.latent() for edge in plan.tree}
    made: dict[int, Wire] = {}
    for v in each_bit(plan.forest):
        inside = plan.subforest >> v & 1
        near = plan.subforest if second and inside else plan.forest
        reads = [made[u] for u, c in plan.child.items() if c == v and near >> u & 1]
        latents = [u for edge, u in coins.items() if v in edge and _both(edge, near)]
        made[v] = circuit.add(v, reads, latents, strength=inner)
    return {v: made[v] for v in each_bit(plan.root)}


def _both(edge: tuple[int, int], within: int) -> bool:
    return bool(within >> edge[0] & within >> edge[1] & 1)


def _wire_routes(
    circuit: Circuit, plan: Plan, roots: dict[int, Wire], *, strength: float
) -> dict[int, Wire]:
    """Carry the roots' bits down; give for each end the bit that tells of them."""
    carried: dict[int, Wire] = {}
    for v in sorted(set(plan.route.values())):
        above = [u for u, onto in plan.route.items() if onto == v]
        reads = [bits[u] for bits in (roots, carried) for u in above if u in bits]
        carried[v] = circuit.add(v, reads, strength=strength)
    return {v: roots[v] if v in roots else carried[v] for v in each_bit(plan.ends)}


def _path_nodes(graph: ADMG, plan: Plan) -> Iterator[int]:
    """Yield the nodes that the back-door path gives a bit, and those below its colliders."""
    yield from (graph.index[name] for name in plan.path.nodes[1:])
    for step in plan.path.steps:
        if isinstance(step, Collider) and step.opened_by != step.node:
            yield from _down(graph, plan, step)


def _down(graph: ADMG, plan: Plan, step: Collider) -> list[int]:
    """Give a shortest directed path from below a collider to the given that opens it."""
    goal = graph.index[step.opened_by]
    onward = _onward(plan.cut, 1 << goal, plan.cut.all & ~(1 << goal))
    path = [onward[graph.index[step.node]]]
    while path[-1] != goal:
        path.append(onward[path[-1]])
    return path


def _wire_path(circuit: Circuit, plan: Plan, ends: dict[int, Wire], *, strength: float) -> None:
    """Add the back-door path from an end to an outcome."""
    graph = circuit.graph
    nodes = [graph.index[name] for name in plan.path.nodes]
    edges = plan.path.edges
    wires = [ends[nodes[0]]]
    for place, v in enumerate(nodes[1:], start=1):
        is_source = edges[place - 1] == "<-" and edges[place : place + 1] in {(), ("->",)}
        wires.append(circuit.add(v, strength=0.0 if is_source else strength))
    for here, there, edge in zip(wires, wires[1:], edges, strict=False):
        if edge == "->":
            circuit.connect(there, read=here)
        elif edge == "<-":
            circuit.connect(here, read=there)
        else:
            coin = circuit.latent()
            circuit.connect(here, latent=coin)
            circuit.connect(there, latent=coin)
    for step in plan.path.steps:
        if isinstance(step, Collider) and step.opened_by != step.node:
            above = wires[nodes.index(graph.index[step.node])]
            for v in _down(graph, plan, step):
                above = circuit.add(v, [above], strength=strength)
