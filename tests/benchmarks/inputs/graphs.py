"""Random mixed graphs and an oracle for adjustment sets, written without the engine.

The oracle checks the adjustment criterion [perkovic2018] with a reachability over paths, and
minimality in the moral graph of the ancestors, where separation is monotone.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass

from tests.benchmarks.inputs.tasks import GraphQuestion


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Parents and children of every node of a directed graph."""

    parents: dict[str, set[str]]
    children: dict[str, set[str]]


def draw_graphs(
    *, n_nodes: int, n_graphs: int, directed: float, bidirected: float, confounded: bool = False
) -> tuple[GraphQuestion, ...]:
    """Draw graphs of `directed * n_nodes` arrows, with a treatment upstream of the outcome.

    With `confounded`, only questions are kept in which the empty set is not valid.
    """
    rng = random.Random(f"{n_nodes} {directed} {bidirected} {confounded}")  # noqa: S311 - not secret
    found: list[GraphQuestion] = []
    while len(found) < n_graphs:
        nodes = [f"V{i}" for i in range(n_nodes)]
        rng.shuffle(nodes)
        arrows = _pairs(nodes, round(directed * n_nodes), rng)
        arcs = _pairs(nodes, round(bidirected * n_nodes), rng)
        treatment = rng.choice(nodes)
        below = sorted(reach(neighbours(arrows, nodes).children, {treatment}) - {treatment})
        if not below:
            continue
        question = GraphQuestion(tuple(sorted(nodes)), arrows, arcs, treatment, rng.choice(below))
        if not confounded or not is_valid(question, ()):
            found.append(question)
    return tuple(found)


def _pairs(nodes: list[str], n: int, rng: random.Random) -> tuple[tuple[str, str], ...]:
    chosen: set[tuple[str, str]] = set()
    while len(chosen) < n:
        first, second = sorted(rng.sample(range(len(nodes)), 2))
        chosen.add((nodes[first], nodes[second]))
    return tuple(sorted(chosen))


def neighbours(arrows: Collection[tuple[str, str]], nodes: Collection[str]) -> Neighbours:
    """Index the arrows by their ends."""
    index = Neighbours({v: set() for v in nodes}, {v: set() for v in nodes})
    for tail, head in arrows:
        index.parents[head].add(tail)
        index.children[tail].add(head)
    return index


def reach(step: dict[str, set[str]], sources: Collection[str]) -> set[str]:
    """Return the sources and all that can be reached from them."""
    found, stack = set(sources), list(sources)
    while stack:
        fresh = step[stack.pop()] - found
        found |= fresh
        stack.extend(fresh)
    return found


def back_door_arrows(question: GraphQuestion) -> tuple[tuple[str, str], ...]:
    """Drop the first arrow of every causal path from the treatment to the outcome."""
    upstream = reach(neighbours(question.directed, question.nodes).parents, {question.outcome})
    return tuple(
        (tail, head)
        for tail, head in question.directed
        if tail != question.treatment or head not in upstream
    )


def forbidden(question: GraphQuestion) -> set[str]:
    """Return what no adjustment set may hold: descendants of causal nodes, and the two ends."""
    index = neighbours(question.directed, question.nodes)
    upstream = reach(index.parents, {question.outcome})
    causal = (reach(index.children, {question.treatment}) & upstream) - {question.treatment}
    return reach(index.children, causal) | {question.treatment}


def is_valid(question: GraphQuestion, chosen: Collection[str]) -> bool:
    """Tell whether `chosen` meets the adjustment criterion in a directed graph."""
    if forbidden(question) & set(chosen):
        return False
    index = neighbours(back_door_arrows(question), question.nodes)
    return question.outcome not in _open_from(index, question.treatment, set(chosen))


def _open_from(index: Neighbours, source: str, given: set[str]) -> set[str]:
    """Return the nodes with an open path from `source`; a state is (node, came from a child)."""
    opened = reach(index.parents, given)
    stack, seen = [(source, True)], set[tuple[str, bool]]()
    while stack:
        node, upward = stack.pop()
        if (node, upward) in seen:
            continue
        seen.add((node, upward))
        if node not in given:
            stack.extend((child, False) for child in index.children[node])
        if (node not in given) if upward else (node in opened):
            stack.extend((parent, True) for parent in index.parents[node])
    return {node for node, _ in seen if node not in given}


def is_minimal(question: GraphQuestion, chosen: Collection[str]) -> bool:
    """Tell whether no proper subset of the valid set `chosen` is valid.

    A minimal separator lies among the ancestors of both ends; there, in the moral graph, each of
    its nodes must touch the treatment's side and the outcome's side.
    """
    ends = {question.treatment, question.outcome}
    index = neighbours(back_door_arrows(question), question.nodes)
    among = reach(index.parents, ends)
    if not set(chosen) <= among:
        return False
    moral: dict[str, set[str]] = {v: set() for v in among}
    for child in among:
        family = index.parents[child] | {child}
        for member in family:
            moral[member] |= family - {member}
    sides = [_component(moral, end, set(chosen)) for end in sorted(ends)]
    return all(moral[z] & side for z in chosen for side in sides)


def _component(moral: dict[str, set[str]], start: str, walls: set[str]) -> set[str]:
    found, stack = {start}, [start]
    while stack:
        fresh = moral[stack.pop()] - found - walls
        found |= fresh
        stack.extend(fresh)
    return found
