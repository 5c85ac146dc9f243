"""Which draw comes next: one word from a list of what can really be done, and a number of rows.

Small models cannot call tools, and of two lists of names they pair a variable with another's state.
So every possible act is one option: observe, set one variable to one state, set what a question
sets, or answer now. A choice that is not valid or cannot be paid is asked for once more; then the
model answers with what it has.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from causal_interface_gym.agents.elicitation.asking import Request
from causal_interface_gym.agents.elicitation.fields import Choice, Number
from causal_interface_gym.agents.elicitation.form import Filled, Form
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.prompts.prompt import prompt
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.agents.scene.progress import Progress
from causal_interface_gym.agents.scene.same import MOST_KEPT, Same
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.causal.query import Query
from causal_interface_gym.gym.action import Intervene, Observe
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.rows.draw import trials_of
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd

__all__ = ["ANSWER_NOW", "choose", "options_of"]

ANSWER_NOW: Final = "answer_now"
_OBSERVE: Final = "observe"
_MOST_OPTIONS: Final = 200

Pairs = tuple[tuple[str, str], ...]


async def choose(turn: Turn, progress: Progress, *, max_draws: int) -> Observe | Intervene | None:
    """Ask for the next draw; None means that the model answers now.

    Raises:
        OutageError: The provider does not serve.
        StoppingError: No call can succeed before somebody changes something.
    """
    affordable = progress.affordable(turn.brief)
    options = options_of(turn.brief, affordable)
    fields = (
        Choice("action", (*options, ANSWER_NOW)),
        Number("rows", 1, max(affordable.values())),
    )
    interface = turn.brief.interface
    label = turn.label("choose")
    reply = await turn.caller.put(
        Request(
            label=label,
            messages=turn.messages(
                "choose",
                fields,
                row_cost=interface.row_cost,
                experiment_row_cost=interface.experiment_row_cost,
                budget=progress.budget,
                n_draws=progress.n_draws,
                max_draws=max_draws,
                answer_now=ANSWER_NOW,
            ),
            form=Form(fields),
            repair=prompt("repair").text,
            check=_Payable(options, affordable).checked,
        )
    )
    note = Note(
        turn.caller.trial,
        label,
        str(turn.format),
        reply.filled.method,
        reply.n_calls,
        faults=reply.filled.faults,
        failure=reply.failure,
    )
    turn.note(note)
    action, n = reply.filled.values.get("action"), reply.filled.values.get("rows")
    if action not in options or not isinstance(n, int):
        return None
    settings = options[str(action)]
    return Intervene(settings, n) if settings else Observe(n)


def options_of(brief: Brief, kinds: Iterable[str]) -> Mapping[str, Pairs]:
    """Give every draw of these kinds by a name: what it sets, or nothing for observing."""
    return _options(Same(brief), tuple(kinds))


@lru_cache(maxsize=MOST_KEPT)
def _options(same: Same[Brief], kinds: tuple[str, ...]) -> dict[str, Pairs]:
    brief = same.value
    handles = Handles.of(brief)
    options: dict[str, Pairs] = {_OBSERVE: ()} if "observe" in kinds else {}
    if "intervene" in kinds:
        where = dict(trials_of(brief.questions))
        free = [v for v in brief.variables if v.name not in where]
        single = [((v.name, label),) for v in free for label in v.labels]
        for settings in dict.fromkeys((*single, *_asked(brief))):
            told = "_and_".join(
                f"{handles.variable(n)}_to_{handles.state(n, s)}" for n, s in settings
            )
            options.setdefault(f"set_{told}", settings)
    return dict(list(options.items())[:_MOST_OPTIONS])


def _asked(brief: Brief) -> list[Pairs]:
    """Give what questions set, where it is more than one variable."""
    shown = {v.name: v.labels for v in brief.variables}
    queries = [
        q.asked.query if isinstance(q.asked, FromSelected | InPopulation | IntervalEnd) else q.asked
        for q in brief.questions
    ]
    found = []
    for query in queries:
        if not isinstance(query, Query):
            continue
        for do in (query.do, *(term.do for term in query.outcome)):
            settings = tuple((name, s) for name, s in do if isinstance(s, str))
            if len(settings) == len(do) > 1 and all(s in shown.get(n, ()) for n, s in settings):
                found.append(settings)
    return found


@dataclass(frozen=True, slots=True)
class _Payable:
    """Looks whether a draw can be paid."""

    options: Mapping[str, Pairs]
    affordable: Mapping[str, int]

    def checked(self, filled: Filled) -> Filled:
        action, n = filled.values.get("action"), filled.values.get("rows")
        if action not in self.options or not isinstance(n, int):
            return filled
        most = self.affordable["intervene" if self.options[str(action)] else "observe"]
        if n <= most:
            return filled
        fault = f"rows: at most {most} rows can be paid for {action}; got {n}"
        values = {key: value for key, value in filled.values.items() if key != "rows"}
        return replace(filled, values=values, faults=(*filled.faults, fault))
