"""Which questions the model calls unanswerable when it submits.

It is asked only where the brief itself raises the matter: where a question of the brief is whether
another one has an answer. Calling a question unanswerable sets the belief about it aside, and the
prompt says so.
"""

from causal_interface_gym.agents.elicitation.asking import Request
from causal_interface_gym.agents.elicitation.fields import Choice
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.prompts.prompt import prompt
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.questions.claims import Determined, FromSelected, InPopulation
from causal_interface_gym.questions.question import Asked

__all__ = ["doubted", "unanswerable"]


async def unanswerable(turn: Turn) -> tuple[str, ...]:
    """Ask which of the doubted questions have no answer.

    Raises:
        OutageError: The provider does not serve.
        StoppingError: No call can succeed before somebody changes something.
    """
    asked = doubted(turn.brief)
    if not asked:
        return ()
    fields = {q: Choice(f"{q}_can_be_answered", ("yes", "no")) for q in asked}
    reply = await turn.caller.put(
        Request(
            label=turn.label("submit"),
            messages=turn.messages("unanswerable", tuple(fields.values())),
            form=Form(tuple(fields.values())),
            repair=prompt("repair").text,
        )
    )
    return tuple(q for q, field in fields.items() if reply.filled.values.get(field.name) == "no")


def doubted(brief: Brief) -> tuple[str, ...]:
    """Give the questions of which another question asks whether they have an answer."""
    in_doubt = {q.asked.query for q in brief.questions if isinstance(q.asked, Determined)}
    return tuple(q.id for q in brief.questions if _about(q.asked) in in_doubt)


def _about(asked: Asked) -> Asked:
    """Give the query behind a question; the ends of an interval have answers in any case."""
    return asked.query if isinstance(asked, FromSelected | InPopulation) else asked
