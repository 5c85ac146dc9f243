"""A participant's last statements as the coherence audit wants them, and the graph it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query
from causal_interface_gym.gym.action import Hypothesise, parse_action
from causal_interface_gym.gym.episode import Event
from causal_interface_gym.questions.claims import Direction, FromSelected, InPopulation
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.coherence import Statement
from causal_interface_gym.scoring.marking import Answered, Mark

__all__ = ["Stated", "graph_held", "stated"]


@dataclass(frozen=True, slots=True)
class Stated:
    """Probabilities of queries, and distributions over directions."""

    statements: tuple[Statement, ...]
    directions: tuple[Mapping[str, float], ...]


def stated(marks: Sequence[Mark], world: World) -> Stated:
    """Collect what was answered; claims about adjustment and identification are not audited."""
    statements = []
    directions: dict[tuple[str, str], dict[str, float]] = {}
    for mark, question in zip(marks, world.questions, strict=True):
        if not isinstance(mark.answer, Answered):
            continue
        match question.asked:
            case Query() as query:
                statements.append(Statement(query, mark.answer.p))
            case FromSelected(query):
                statements.append(Statement(query, mark.answer.p))
            case InPopulation() as about:
                statements.append(Statement(about.in_target, mark.answer.p))
            case Direction(first, second, alternative):
                directions.setdefault((first, second), {})[alternative] = mark.answer.p
            case _:
                continue
    whole = (parts for parts in directions.values() if len(parts) > 1)
    return Stated(tuple(statements), tuple(whole))


def graph_held(log: Sequence[Event], world: World, *, is_shown: bool) -> tuple[ADMG, ...]:
    """Give the graph of the last hypothesis, else the graph that was shown, else none."""
    for event in reversed(log):
        if event.action.get("kind") != "hypothesise" or event.observation["kind"] == "refused":
            continue
        asked = parse_action(event.action)
        if isinstance(asked, Hypothesise):
            return (ADMG(asked.directed, asked.bidirected),)
    return (world.graph,) if is_shown else ()
