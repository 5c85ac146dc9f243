"""Hypothesis elimination: a few causal graphs with weights; the belief is their weighted mean.

The model writes three graphs and says how likely each is after the data; a graph of weight 0 is
eliminated. It then states its beliefs under each graph that is left, and the mean is ours to take,
so that the beliefs fit the weights. Before it submits, the heaviest graph goes into the log.

Source: [gxchen2025].
"""

from dataclasses import dataclass
from math import fsum
from typing import Final

from causal_interface_gym.agents.elicitation.asking import Request
from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.fields import Amount, Field, Words
from causal_interface_gym.agents.elicitation.form import Filled, Form
from causal_interface_gym.agents.elicitation.graphs import GraphReader, ReadGraph
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.elicitation.reading.samples import mixed
from causal_interface_gym.agents.prompts.prompt import prompt
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.agents.strategies.stating import amount_in, ask_beliefs
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import SUM_TOLERANCE, Statement

__all__ = ["HypothesisElimination"]

_N_HYPOTHESES: Final = 3
_LONGEST: Final = 400
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
    """Ask for graphs and weights; those of weight 0 are left out."""
    reader = GraphReader(Handles.of(turn.brief))
    fields = _fields(turn, reader)
    label = turn.label("hypotheses")
    reply = await turn.caller.put(
        Request(
            label=label,
            messages=turn.messages(
                "hypotheses", fields, whole=turn.format.whole, amount=amount_in(turn.format)
            ),
            form=Form(fields),
            repair=prompt("repair").text,
            check=_Weights(turn.format.whole).checked,
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
        (text, reader(text), weight)
        for number in range(1, _N_HYPOTHESES + 1)
        if (text := str(values.get(f"hypothesis_{number}_arrows", "")))
        and (weight := float(values.get(_weight_name(number, turn), 0)))
    ]


def _fields(turn: Turn, reader: GraphReader) -> tuple[Field, ...]:
    about = "arrows as A -> B, C -> B, with the variables' names, or none"
    is_digits = turn.format.kind == "digits"
    return tuple(
        field
        for number in range(1, _N_HYPOTHESES + 1)
        for field in (
            Words(f"hypothesis_{number}_arrows", _LONGEST, about, reader, is_cut=False),
            Amount(_weight_name(number, turn), turn.format.whole, is_digits),
        )
    )


def _weight_name(number: int, turn: Turn) -> str:
    return f"hypothesis_{number}_{turn.format.unit}"


@dataclass(frozen=True, slots=True)
class _Weights:
    """Checks that the weights sum to the whole."""

    whole: int

    def checked(self, filled: Filled) -> Filled:
        weights = {n: v for n, v in filled.values.items() if isinstance(v, float)}
        total = fsum(weights.values())
        if len(weights) < _N_HYPOTHESES or abs(total - 1) <= SUM_TOLERANCE:
            return filled
        fault = f"the weights sum to {self.whole}; these sum to {round(total * self.whole)}"
        values = {name: v for name, v in filled.values.items() if name not in weights}
        return Filled(values, (*filled.faults, fault), filled.method)
