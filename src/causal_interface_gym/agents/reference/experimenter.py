"""The experimenter: sets what a question sets, draws 20 rows, and answers what it counted.

It holds no world: it acts through the interface like any participant. Where it may not experiment,
or cannot pay, it observes instead and takes the rows in which the level occurred, as a naive
analyst would. A frequency is smoothed by Laplace's rule, (k + 1) / (n + states), so an empty sample
gives an equal share. Claims it does not test; they get an equal share. Of a counterfactual it
answers what the action does to everyone, since no experiment shows two worlds of one person. Of a
question about another population it answers what it counted where it could experiment, and of an
interval the point that it counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from causal_interface_gym.agents.reference.claims import blind_belief
from causal_interface_gym.agents.reference.reading import actions, plain_outcome
from causal_interface_gym.causal.query import Query
from causal_interface_gym.gym.action import Action, Belief, Believe, Intervene, Observe, Submit
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd
from causal_interface_gym.scenarios.world import Question

__all__ = ["N_ROWS", "Experimenter"]

N_ROWS: Final = 20
"""Rows drawn for each level."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Experimenter:
    """An agent that draws, believes, draws, believes, and submits; it needs its last event only."""

    id: str
    n_rows: int = N_ROWS

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Draw for one level, then answer the questions about it; the rest at the end."""
        plan = _plan(brief)
        step = log[-1].number + 1 if log else 0
        if step < 2 * len(plan):  # a draw and a belief for each
            settings = plan[step // 2]
            if step % 2 == 0:
                return self._drawn(brief, settings, n_draws=len(plan))
            return _believed(brief, settings, log[-1])
        left = [q for q in brief.questions if not _is_tested(q, plan)]
        return Submit(tuple(Belief(q.id, _share(q)) for q in left))

    def _drawn(self, brief: Brief, settings: Pairs, *, n_draws: int) -> Action:
        interface = brief.interface
        can_pay = n_draws * self.n_rows * interface.experiment_row_cost <= interface.budget
        if _can_be_set(brief, settings) and (can_pay or not interface.can_observe):
            return Intervene(settings, self.n_rows)
        return Observe(self.n_rows)


def _plan(brief: Brief) -> tuple[Pairs, ...]:
    """Give what is set in each draw: once for each setting that questions ask about."""
    asked = (_settings(q) for q in brief.questions if isinstance(_query(q), Query))
    found = dict.fromkeys(
        settings
        for settings in asked
        if brief.interface.can_observe or _can_be_set(brief, settings)
    )
    n_affordable = (brief.interface.max_actions - 1) // 2  # a draw, a belief, and one submission
    return tuple(found)[:n_affordable]


def _can_be_set(brief: Brief, settings: Pairs) -> bool:
    names = {name for name, _ in settings}
    shown = {v.name for v in brief.variables}
    return brief.interface.can_intervene and bool(names) and names <= shown


def _is_tested(question: Question, plan: tuple[Pairs, ...]) -> bool:
    return isinstance(_query(question), Query) and _settings(question) in plan


def _query(question: Question) -> object:
    asked = question.asked
    return asked.query if isinstance(asked, FromSelected | InPopulation | IntervalEnd) else asked


def _settings(question: Question) -> Pairs:
    query = _query(question)
    return tuple(sorted(actions(query).items())) if isinstance(query, Query) else ()


def _believed(brief: Brief, settings: Pairs, event: Event) -> Believe:
    asked = [q for q in brief.questions if _settings(q) == settings]
    return Believe(
        tuple(
            Belief(q.id, _frequency(brief, query, settings, event))
            for q in asked
            if isinstance(query := _query(q), Query)
        )
    )


def _frequency(brief: Brief, query: Query, settings: Pairs, event: Event) -> float:
    """Count the outcome among the rows drawn in which the conditions hold."""
    outcome = plain_outcome(query)
    names = event.observation.get("variables", ())
    conditions = dict(settings) if event.action["kind"] == "observe" else {}
    if not any(term.do for term in query.outcome):
        conditions |= {t.variable: str(t.value) for t in query.given}
    rows = [
        (dict(zip(names, labels, strict=True)), int(count))
        for labels, count in event.observation.get("rows", ())
    ]
    among = [(row, count) for row, count in rows if _fits(row, conditions)]
    hits = sum(count for row, count in among if _fits(row, outcome))
    n_states = prod(len(v.labels) for v in brief.variables if v.name in outcome)
    return (hits + 1) / (sum(count for _, count in among) + max(n_states, 2))


def _fits(row: dict[str, str], wanted: dict[str, str]) -> bool:
    return all(row.get(name) == label for name, label in wanted.items())


def _share(question: Question) -> float:
    asked = question.asked
    match asked:
        case Query() | FromSelected() | InPopulation() | IntervalEnd():
            return 0.5
        case _:
            return blind_belief(asked)
