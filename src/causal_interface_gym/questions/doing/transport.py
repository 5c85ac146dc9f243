"""Transport: P*(y given do x) in a target population, where experiments are made in a source.

Which of the two a unit belongs to is an observed variable that nothing acts on: the selection node
of the literature. What it acts on directly may differ between the populations. The seer answers
with P*(y given x) of the target.

Source: [bareinboim2013], [pearl2014].
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Final

import numpy as np

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.evidence.source import Source
from causal_interface_gym.causal.identification.transport import transport
from causal_interface_gym.causal.identification.verdict import Identified, NotIdentified
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.claims import InPopulation
from causal_interface_gym.questions.question import Item, event, probability_item

__all__ = ["SOURCE", "Transport", "transported", "transported_value"]

SOURCE: Final = "source"
"""The domain of the experiments in a transport formula; the target is the domain without a name."""

_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Transport:
    """P(outcome given do treatment) at two levels, among the units whose population is target."""

    treatment: str
    outcome: str
    levels: tuple[str, str]
    population: str
    source: str
    target: str

    name: ClassVar[str] = "transport"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a level.

        Raises:
            QueryError: Something acts on the population, or the effect in the target does not
                follow from observation there and an experiment in the source.
        """
        return tuple(self._item(model, level) for level in self.levels)

    def _item(self, model: SCM, level: str) -> Item:
        y = event(self.outcome)
        result, x = {y.variable: y.value}, {self.treatment: level}
        asked = InPopulation(Query.of(result, do=x), self.population, self.source, self.target)
        verdict = transported(model.graph, asked)
        if isinstance(verdict, NotIdentified):
            message = f"{asked} does not follow from what can be observed and tried: {verdict}"
            raise QueryError(message)
        see = Query.of(result, given={**x, self.population: self.target})
        item = probability_item(
            model,
            self.name,
            asked=asked.in_target,
            reference=see,
            lures={"source effect copied": asked.in_source, "see for do": see},
        )
        return replace(item, name=str(asked), asked=asked)


@lru_cache(maxsize=_KEPT)
def transported(graph: ADMG, asked: InPopulation) -> Identified | NotIdentified:
    """Decide whether the answer follows from observing the target and experimenting in the source.

    The estimand is over the graph without the population, and its domains are "" for the target
    and "source".

    Raises:
        QueryError: Something acts on the population.
    """
    name = asked.population
    mixed = [sorted(pair) for pair in graph.bidirected if name in pair]
    if graph.parents(name) or mixed:
        message = f"{name!r} says where a unit lives, so nothing may act on it"
        raise QueryError(message)
    rest = graph.subgraph([v for v in graph.nodes if v != name])
    acted_on = frozenset(v for v in rest.nodes if name in graph.parents(v))
    set_by_trial = frozenset(v for v, _ in asked.query.do)
    trial = Source(set_by_trial, SOURCE, acted_on)
    return transport(rest, asked.query, [Source(), trial])


def transported_value(model: SCM, asked: InPopulation) -> float:
    """Evaluate the transport formula on the two populations of a model.

    Raises:
        QueryError: There is no formula.
    """
    verdict = transported(model.graph, asked)
    if isinstance(verdict, NotIdentified):
        raise QueryError(f"{asked} has no formula: {verdict}")
    value = verdict.estimand.evaluate(
        {"": _only(model, asked, asked.target), SOURCE: _only(model, asked, asked.source)}
    )
    if not isinstance(value, float):
        raise QueryError(f"{asked} leaves a value open, so it has no single number")
    return value


def _only(model: SCM, asked: InPopulation, label: str) -> SCM:
    """Give the model of one population."""
    labels = model.states[asked.population]
    return model.change(
        {asked.population: Table((), np.array([float(own == label) for own in labels]))}
    )
