"""The front-door criterion: check a set, find one in polynomial time, list the minimal ones lazily.

A set Z is a front door from X to Y when it meets every directed path from X to Y, no back-door
path from X to Z is open, and X blocks every back-door path from Z to Y: then
P(y | do(x)) = sum_z P(z | x) sum_x' P(y | x', z) P(x').

Sets that meet the second and third condition are closed under union, because cutting the arrows
out of more nodes connects nothing. So there is a largest one within any bounds, found by
dropping nodes that fail until none does, and a front door lies within the bounds exactly when the
largest one meets the first condition.

Source: [pearl2009, Def. 3.3.3], [jeong2022] (search), [wienobst2024] (minimal sets).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.adjustment.problem import Effect, Names, directed_path, effect_of
from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import OpenPath, connected, find_open_path

__all__ = [
    "FrontdoorCheck",
    "MissedCausalPath",
    "OutcomeBackdoor",
    "TreatmentBackdoor",
    "frontdoor_sets",
    "is_frontdoor_set",
]


@dataclass(frozen=True, slots=True)
class MissedCausalPath:
    """A directed path from treatment to outcome that avoids the set."""

    path: tuple[str, ...]

    def __str__(self) -> str:
        """Show the path."""
        return f"the set misses the directed path {' -> '.join(self.path)}"


@dataclass(frozen=True, slots=True)
class TreatmentBackdoor:
    """An open back-door path from the treatment to the set."""

    path: OpenPath

    def __str__(self) -> str:
        """Show the path."""
        return f"the back-door path from the treatment to the set {self.path.explanation}"


@dataclass(frozen=True, slots=True)
class OutcomeBackdoor:
    """A back-door path from the set to the outcome that the treatment leaves open."""

    path: OpenPath

    def __str__(self) -> str:
        """Show the path."""
        return (
            "given the treatment, the back-door path from the set to the outcome "
            f"{self.path.explanation}"
        )


@dataclass(frozen=True, slots=True)
class FrontdoorCheck:
    """Whether ``mediators`` are a front door; ``failures`` has one per condition that fails."""

    mediators: tuple[str, ...]
    failures: tuple[MissedCausalPath | TreatmentBackdoor | OutcomeBackdoor, ...]

    def __bool__(self) -> bool:
        """Tell whether all three conditions hold."""
        return not self.failures

    @property
    def reason(self) -> str:
        """The failures in words, or that there are none."""
        return "; ".join(map(str, self.failures)) or "it meets the front-door criterion"

    def __str__(self) -> str:
        """State the verdict and the reason."""
        verdict = "is" if self else "is not"
        return f"{{{', '.join(self.mediators)}}} {verdict} a front door: {self.reason}"


def is_frontdoor_set(
    graph: ADMG, mediators: Names, *, treatment: Names, outcome: Names
) -> FrontdoorCheck:
    """Check a set by Pearl's front-door criterion.

    >>> smoking = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])
    >>> bool(is_frontdoor_set(smoking, ["M"], treatment="X", outcome="Y"))
    True

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.

    Source: [pearl2009, Def. 3.3.3].
    """
    effect = effect_of(graph, treatment, outcome, include=mediators)
    x, y, z = effect.treatment, effect.outcome, effect.include
    failures: list[MissedCausalPath | TreatmentBackdoor | OutcomeBackdoor] = []
    missed = directed_path(graph.bits, x, y, within=~z)
    if missed:
        failures.append(MissedCausalPath(tuple(graph.order[v] for v in missed)))
    path = find_open_path(graph, graph.bits.cut(out_of=x), x, z, 0)
    if path:
        failures.append(TreatmentBackdoor(path))
    path = find_open_path(graph, graph.bits.cut(out_of=z), z, y, x)
    if path:
        failures.append(OutcomeBackdoor(path))
    return FrontdoorCheck(graph.names(z), tuple(failures))


def frontdoor_sets(
    graph: ADMG,
    *,
    treatment: Names,
    outcome: Names,
    include: Names = (),
    exclude: Names = (),
) -> Iterator[frozenset[str]]:
    """Iterate lazily over the minimal front doors that hold ``include`` and avoid ``exclude``.

    Minimal means that no proper subset that still holds ``include`` is a front door. The first
    set, or that there is none, takes polynomial time; no bound is known for the wait between
    later ones. Where the treatment does not cause the outcome, the empty set is the one front
    door: the effect is nil.

    >>> smoking = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])
    >>> list(frontdoor_sets(smoking, treatment="X", outcome="Y"))
    [frozenset({'M'})]

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.

    Source: [jeong2022].
    """
    effect = effect_of(graph, treatment, outcome, include=include, exclude=exclude)
    free = graph.bits.all & ~(effect.treatment | effect.outcome | effect.exclude)
    return (frozenset(graph.names(z)) for z in _minimal_sets(effect, free))


def _minimal_sets(effect: Effect, free: int) -> Iterator[int]:
    """Grow from ``include`` by what a failing condition demands; leave a node out where possible.

    A branch is (chosen, allowed). Leaving out comes first, so every node of the first set found
    was indispensable when it was taken, which makes that set minimal; later ones are checked.
    """
    stack = [(effect.include, free)]
    while stack:
        chosen, allowed = stack.pop()
        largest = _largest(effect, allowed)
        if not _is_front_door_within(effect, chosen, largest):
            continue
        demand = _demand(effect, chosen) & largest
        if demand:
            low = demand & -demand
            stack.append((chosen | low, largest))
            stack.append((chosen, largest & ~low))
        elif _is_minimal(effect, chosen):
            yield chosen


def _largest(effect: Effect, allowed: int) -> int:
    """Give the largest set within ``allowed`` that meets the second and third condition."""
    bits, x = effect.graph.bits, effect.treatment
    found = allowed & ~connected(bits.cut(out_of=x), x, 0)
    while True:
        failing = found & connected(bits.cut(out_of=found), effect.outcome, x)
        if not failing:
            return found
        found &= ~failing


def _is_front_door_within(effect: Effect, chosen: int, largest: int) -> bool:
    """Tell whether some front door lies between ``chosen`` and ``largest``."""
    if chosen & ~largest:
        return False
    return not directed_path(effect.graph.bits, effect.treatment, effect.outcome, within=~largest)


def _demand(effect: Effect, chosen: int) -> int:
    """Give nodes of which a front door that contains ``chosen`` has one; 0 if it is one itself.

    They are the inner nodes of a directed path that ``chosen`` misses, or of an open back-door
    path from ``chosen`` to the outcome. The latter has no collider: X would have to open it, and
    then a back-door path from X to ``chosen`` would be open too. So an arrow leaves each node.
    """
    graph, bits, x, y = effect.graph, effect.graph.bits, effect.treatment, effect.outcome
    missed = directed_path(bits, x, y, within=~chosen)
    if missed:
        return sum(1 << v for v in missed[1:-1])
    path = find_open_path(graph, bits.cut(out_of=chosen), chosen, y, x)
    return graph.mask(path.nodes[1:-1])


def _is_minimal(effect: Effect, found: int) -> bool:
    """Tell whether no front door leaves out a node of ``found`` that need not be in it."""
    return not any(
        _is_front_door_within(effect, effect.include, _largest(effect, found & ~(1 << v)))
        for v in each_bit(found & ~effect.include)
    )
