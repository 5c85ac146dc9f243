"""The coherence audit: every named check, and the one number, from a participant's statements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import UnknownVariableError
from causal_interface_gym.scoring.coherence.action import (
    action_bounds,
    no_backdoor,
    non_descendants,
)
from causal_interface_gym.scoring.coherence.beliefs import Beliefs, Statement
from causal_interface_gym.scoring.coherence.causation import causation_bounds
from causal_interface_gym.scoring.coherence.finding import Finding
from causal_interface_gym.scoring.coherence.mediation import (
    Contrast,
    composition,
    effect_identity,
)
from causal_interface_gym.scoring.coherence.probability import (
    agreement,
    complement,
    total_probability,
)
from causal_interface_gym.scoring.coherence.repair import Incoherence, incoherence
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["Audit", "audit"]


@dataclass(frozen=True, slots=True)
class Audit:
    """All checks that could be made, and the least change that mends the statements."""

    findings: tuple[Finding, ...]
    incoherence: Incoherence | Unscored

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The checks that fail, worst first."""
        failed = [finding for finding in self.findings if finding.is_violation]
        return tuple(sorted(failed, key=lambda finding: -finding.amount))


def audit(
    statements: Sequence[Statement],
    *,
    states: Mapping[str, Sequence[str]],
    graph: ADMG | None = None,
    contrasts: Sequence[Contrast] = (),
    directions: Sequence[Mapping[str, float]] = (),
) -> Audit:
    """Audit what a participant stated; no truth is needed.

    Args:
        statements: Probabilities of queries.
        states: The labels of every variable that the statements or the graph name.
        graph: The participant's own graph, isolated variables left out if you like; without it
            the checks that need one are left out.
        contrasts: Effects stated as numbers of their own.
        directions: Distributions over exclusive alternatives such as ``X->Y``, ``Y->X``.

    >>> from causal_interface_gym.causal.query import Query
    >>> said = [Statement(Query.parse(t), p) for t, p in (("y=1", 0.75), ("y=0", 0.5))]
    >>> report = audit(said, states={"y": ("0", "1")}, graph=ADMG([], nodes=["y"]))
    >>> [(finding.check, finding.amount) for finding in report.violations]
    [('complement', 0.25)]

    Raises:
        UnknownVariableError: A statement or the graph names a variable without states.
        UnknownStateError: A statement gives a variable a label that it does not have.
    """
    beliefs = Beliefs.of(statements, states=states)
    found = [*_without_graph(beliefs, contrasts), *_directions(directions)]
    if graph is None:
        return Audit(tuple(found), Unscored("the participant stated no graph"))
    graph = _completed(graph, states)
    found += [*non_descendants(beliefs, graph), *no_backdoor(beliefs, graph)]
    return Audit(tuple(found), incoherence(beliefs, graph))


def _completed(graph: ADMG, states: Mapping[str, Sequence[str]]) -> ADMG:
    """Add the variables that no edge of the participant touches."""
    for name in graph.nodes:
        if name not in states:
            raise UnknownVariableError(name, states)
    return ADMG(graph.directed, graph.bidirected, list(states))


def _without_graph(beliefs: Beliefs, contrasts: Sequence[Contrast]) -> Iterator[Finding]:
    for check in (agreement, complement, total_probability, action_bounds):
        yield from check(beliefs)
    yield from composition(beliefs)
    yield from effect_identity(beliefs, contrasts)
    yield from causation_bounds(beliefs)


def _directions(directions: Sequence[Mapping[str, float]]) -> Iterator[Finding]:
    """Check that exclusive alternatives have probabilities that sum to 1."""
    for alternatives in directions:
        total = fsum(alternatives.values())
        names = ", ".join(f"{name} {p:.4g}" for name, p in alternatives.items())
        yield Finding("directions", abs(total - 1), f"{names} sum to {total:.4g}, not 1")
