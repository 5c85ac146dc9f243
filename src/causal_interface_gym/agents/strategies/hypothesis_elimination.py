"""Hypothesis elimination: a few causal graphs with weights; the belief is their weighted mean.

The model writes three graphs and gives points to each for how likely it is after the data; only
their proportion counts, and a graph with no points is eliminated. It then states its beliefs under
each graph that is left, and the mean is ours to take, so that the beliefs fit the weights. Before
it submits, the heaviest graph goes into the log.

Source: [gxchen2025].
"""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.agents.elicitation.asking import Request
from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.fields import Field, Number
from causal_interface_gym.agents.elicitation.form import Filled, Form
from causal_interface_gym.agents.elicitation.graphs import GraphReader, ReadGraph, graph_field
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.elicitation.reading.samples import mixed
from causal_interface_gym.agents.prompts.prompt import prompt
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.agents.strategies.stating import ask_beliefs
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement

__all__ = ["HypothesisElimination"]

_N_HYPOTHESES: Final = 3
_TOKENS: Final = 384


@dataclass(frozen=True, slots=True)
class HypothesisElimination:
    """Weigh three graphs, believe under each, and mix."""

    name: str = "hypothesis_elimination"
    description: str = "three graphs with weights, beliefs under each that is left, their mean"
    calls: str = "2 to 4"
    prompts: tuple[str, ...] = ("hypotheses", "under_hypothesis")
    is_tool_assisted: bool = False

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State mixed beliefs: one call for the graphs, one for each that is left."""
        beliefs = BeliefForm.of(turn.brief, turn.format)
        said: dict[str, list[tuple[float, Statement]]] = {}
        for number, (text, _, weight) in enumerate(await _weighted(turn)):
            stated = await ask_beliefs(
                turn,
                "under_hypothesis",
                beliefs,
                part=str(number),
                more={"assumed causal graph": text},
            )
            for statement in stated:
                said.setdefault(statement.query, []).append((weight, statement))
        return tuple(mixed(own) for own in said.values())

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State the heaviest graph by one call, or nothing where no graph is valid."""
        found = await _weighted(turn)
        if not found:
            return None
        _, graph, _ = max(found, key=lambda hypothesis: hypothesis[2])
        return Hypothesise(graph.directed, graph.bidirected)


async def _weighted(turn: Turn) -> list[tuple[str, ReadGraph, float]]:
    """Ask for graphs and their points; those with none are left out."""
    handles = Handles.of(turn.brief)
    reader = GraphReader(handles)
    fields = _fields(handles)
    label = turn.label("hypotheses")
    reply = await turn.caller.put(
        Request(
            label=label,
            messages=turn.messages("hypotheses", fields),
            form=Form(fields),
            repair=prompt("repair").text,
            check=_weighed,
            n_more_tokens=_TOKENS,
        )
    )
    turn.note(
        Note(
            turn.caller.trial,
            label,
            str(turn.format),
            reply.filled.method,
            reply.n_calls,
            faults=reply.filled.faults,
            failure=reply.failure,
        )
    )
    values = reply.filled.values
    return [
        (text, reader(text), float(points))
        for number in range(1, _N_HYPOTHESES + 1)
        if (text := str(values.get(_arrows(number), "")))
        and (points := values.get(_points(number), 0))
    ]


def _fields(handles: Handles) -> tuple[Field, ...]:
    return tuple(
        field
        for number in range(1, _N_HYPOTHESES + 1)
        for field in (graph_field(_arrows(number), handles), Number(_points(number), 0, 100))
    )


def _arrows(number: int) -> str:
    return f"hypothesis_{number}_arrows"


def _points(number: int) -> str:
    return f"hypothesis_{number}_points"


def _weighed(filled: Filled) -> Filled:
    """Refuse points that are all 0, for then every hypothesis is eliminated."""
    points = [filled.values.get(_points(n)) for n in range(1, _N_HYPOTHESES + 1)]
    if points != [0] * _N_HYPOTHESES:
        return filled
    values = {name: v for name, v in filled.values.items() if not name.endswith("_points")}
    fault = "at least one hypothesis has points above 0"
    return Filled(values, (*filled.faults, fault), filled.method)
