"""The brief: everything a participant is told at the start, and nothing of the truth."""

from dataclasses import dataclass
from typing import Any

from causal_interface_gym.gym.elicitation import (
    AsksDistribution,
    AsksInterval,
    Elicitation,
    elicitations,
)
from causal_interface_gym.gym.interface import Interface, allowed_kinds
from causal_interface_gym.gym.rows.draw import selection_of, trials_of
from causal_interface_gym.gym.rows.start import Correlation, Table, correlations_of, table_of
from causal_interface_gym.scenarios.world import Question, Variable, World

__all__ = ["Brief", "ShownGraph", "brief_of", "brief_to_json"]

_RULES = (
    "Answer each question with a probability from 0 to 1.",
    "Rows cost budget. believe states probabilities at any time; submit closes the episode.",
    "In P(y | do(x)) the variable x is set by force; in P(y | x) it is only seen.",
    "P(y[x=1]=1 | x=0) asks what y would have been with x set to 1, among those with x=0.",
)


@dataclass(frozen=True, slots=True)
class ShownGraph:
    """The causal graph as shown: arrows, and pairs that share a hidden cause."""

    directed: tuple[tuple[str, str], ...]
    bidirected: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The public start of an episode.

    ``graphs``, ``tables`` and ``correlations`` are empty where the interface does not show them.
    """

    title: str
    story: str
    variables: tuple[Variable, ...]
    graphs: tuple[ShownGraph, ...]
    questions: tuple[Question, ...]
    interface: Interface
    rules: tuple[str, ...] = _RULES
    elicitations: tuple[Elicitation, ...] = ()
    tables: tuple[Table, ...] = ()
    correlations: tuple[Correlation, ...] = ()


def brief_of(world: World, interface: Interface) -> Brief:
    """Write the brief of a world under an interface."""
    graph = world.graph
    shown = ShownGraph(tuple(sorted(graph.directed)), tuple(sorted(graph.bidirected)))
    asked = elicitations(world.questions)
    return Brief(
        title=world.title,
        story=world.story,
        variables=world.variables,
        graphs=(shown,) if interface.shows_graph else (),
        questions=world.questions,
        interface=interface,
        rules=_rules(world, interface, asked),
        elicitations=asked,
        tables=table_of(world, interface.table_rows),
        correlations=correlations_of(world, interface.correlation_rows),
    )


def brief_to_json(brief: Brief) -> dict[str, Any]:  # Any: JSON
    """Write a brief in its JSON form, from which a page can be made."""
    return {
        "title": brief.title,
        "story": brief.story,
        "variables": [
            {"name": v.name, "meaning": v.meaning, "states": dict(v.states)}
            for v in brief.variables
        ],
        "graph": [
            {
                "directed": [list(e) for e in g.directed],
                "bidirected": [list(e) for e in g.bidirected],
            }
            for g in brief.graphs
        ],
        "questions": [
            {"id": q.id, "family": q.family, "asked": str(q.asked)} for q in brief.questions
        ],
        **_groups(brief.elicitations),
        "table": [
            {
                "variables": list(table.variables),
                "rows": [[list(labels), count] for labels, count in table.rows],
            }
            for table in brief.tables
        ],
        "correlations": [
            {"pair": [c.first, c.second], "measure": c.measure, "value": c.value, "rows": c.n_rows}
            for c in brief.correlations
        ],
        "actions": list(allowed_kinds(brief.interface)),
        "budget": brief.interface.budget,
        "costs": {
            "row": brief.interface.row_cost,
            "experiment_row": brief.interface.experiment_row_cost,
        },
        "max_actions": brief.interface.max_actions,
        "shows_history": brief.interface.shows_history,
        "gives_feedback": brief.interface.gives_feedback,
        "rules": list(brief.rules),
    }


def _groups(asked: tuple[Elicitation, ...]) -> dict[str, Any]:
    return {
        "distributions": [
            {"id": e.id, "alternatives": dict(e.parts)}
            for e in asked
            if isinstance(e, AsksDistribution)
        ],
        "intervals": [
            {"id": e.id, "low": e.low, "high": e.high} for e in asked if isinstance(e, AsksInterval)
        ],
    }


def _rules(world: World, interface: Interface, asked: tuple[Elicitation, ...]) -> tuple[str, ...]:
    first, *others = _RULES
    selected = ", ".join(f"{name}={label}" for name, label in selection_of(world))
    enrolled = ", ".join(f"{name}={label}" for name, label in trials_of(world.questions))
    told = {
        "A question with id d1, d2, ... is answered by a distribution over its alternatives.": any(
            isinstance(e, AsksDistribution) for e in asked
        ),
        "A question with id i1, i2, ... is answered by the two ends of an interval.": any(
            isinstance(e, AsksInterval) for e in asked
        ),
        "The least and the most are over all systems with the true causal graph that show the same "
        "distribution of the variables above.": any(isinstance(e, AsksInterval) for e in asked),
        "observe draws rows as the world is; where counts only those that fit.": (
            interface.can_observe
        ),
        f"Rows that were not set up by an experiment all have {selected}.": bool(selected),
        "intervene sets variables by force and then draws rows.": interface.can_intervene,
        f"Rows of intervene all have {enrolled}, which cannot be set.": (
            interface.can_intervene and bool(enrolled)
        ),
    }
    return (first, *(rule for rule, holds in told.items() if holds), *others)
