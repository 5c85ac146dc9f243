"""The brief: everything a participant is told at the start, and nothing of the truth."""

from dataclasses import dataclass
from typing import Any

from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.scenarios.world import Question, Variable, World

__all__ = ["Brief", "ShownGraph", "brief_of", "brief_to_json"]

_RULES = (
    "Answer each question with a probability from 0 to 1.",
    "observe draws rows as the world is; intervene sets variables by force and then draws rows.",
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
    """The public start of an episode; ``graphs`` is empty where the graph is not shown."""

    title: str
    story: str
    variables: tuple[Variable, ...]
    graphs: tuple[ShownGraph, ...]
    questions: tuple[Question, ...]
    interface: Interface
    rules: tuple[str, ...] = _RULES


def brief_of(world: World, interface: Interface) -> Brief:
    """Write the brief of a world under an interface."""
    graph = world.graph
    shown = ShownGraph(tuple(sorted(graph.directed)), tuple(sorted(graph.bidirected)))
    return Brief(
        world.title,
        world.story,
        world.variables,
        (shown,) if interface.shows_graph else (),
        world.questions,
        interface,
    )


def brief_to_json(brief: Brief) -> dict[str, Any]:  # Any: JSON
    """Write a brief in its JSON form."""
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
        "budget": brief.interface.budget,
        "costs": {
            "row": brief.interface.row_cost,
            "experiment_row": brief.interface.experiment_row_cost,
        },
        "rules": list(brief.rules),
    }
