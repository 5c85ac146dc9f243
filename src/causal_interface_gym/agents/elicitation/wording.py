"""The words of a field's name: what is asked, in letters that every provider takes.

``P(y=1 | do(x=1))`` becomes ``if_we_set_x_to_1_y_is_1`` or ``with_x_forced_to_1_y_is_1``. A model
reads such a name as part of the question; ``p_do`` it does not. What is done or seen stands first,
so that a long name loses its outcome, which the block of data repeats, and never the doing.
"""

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from causal_interface_gym.agents.elicitation.format import Format
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.causal.query import Query, Setting, Settings, Stochastic, Term
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked, Claim, ValidAdjustment

__all__ = ["LONGEST", "field_name", "words_of"]

LONGEST: Final = 64
"""The longest name of a field that every provider takes."""


def field_name(question: str, words: str, format: Format) -> str:
    """Put question, unit and words together, cut between words where that is too long.

    >>> field_name("q1", "if_we_set_x_to_1_y_is_1", Format())
    'q1_percent_if_we_set_x_to_1_y_is_1'
    """
    whole = f"{question}_{format.unit}_{words}"
    if len(whole) <= LONGEST:
        return whole
    return whole[: LONGEST + 1].rpartition("_")[0].rstrip("_")


def words_of(asked: Asked, handles: Handles, format: Format) -> str:
    """Say in one name what is asked."""
    match asked:
        case Query():
            return _query(asked, handles, format)
        case FromSelected():
            return f"in_everyone_{_query(asked.query, handles, format)}"
        case InPopulation():
            where = handles.variable(asked.population)
            target = handles.state(asked.population, asked.target)
            return f"where_{where}_is_{target}_{_query(asked.query, handles, format)}"
        case IntervalEnd():
            return f"of_{_query(asked.query, handles, format)}"
        case _:
            return _claim(asked, handles, format)


def _claim(claim: Claim, handles: Handles, format: Format) -> str:
    sure = "sure_that" if format.wording == "set_see" else "belief_that"
    match claim:
        case ValidAdjustment():
            names = "_and_".join(handles.variable(n) for n in claim.adjust) or "nothing"
            return f"{sure}_adjusting_for_{names}_is_valid"
        case Confounded():
            verbs = "seeing_and_setting" if format.wording == "set_see" else "observing_and_forcing"
            return f"{sure}_{verbs}_{handles.variable(claim.treatment)}_differ"
        case Direction():
            return f"{sure}_{_direction(claim, handles)}"
        case Determined():
            return f"{sure}_data_fix_what_is_{_query(claim.query, handles, format)}"
        case _:
            assert_never(claim)


def _direction(asked: Direction, handles: Handles) -> str:
    first, second = handles.variable(asked.first), handles.variable(asked.second)
    match asked.alternative:
        case "forward":
            return f"{first}_causes_{second}"
        case "backward":
            return f"{second}_causes_{first}"
        case _:
            return f"only_a_shared_cause_links_{first}_and_{second}"


def _query(query: Query, handles: Handles, format: Format) -> str:
    is_set = format.wording == "set_see"
    worlds = dict.fromkeys(term.do for term in query.outcome if term.do)
    settings = (query.do, *worlds)
    is_imagined = bool(worlds)
    parts = [
        part
        for own in settings
        for part in _done(own, handles, is_set=is_set, is_imagined=is_imagined)
    ]
    parts += _seen(query.given, handles, is_set=is_set, is_imagined=is_imagined)
    outcome = "_and_".join(_event(term, handles) for term in query.outcome)
    return "_".join([*parts, outcome])


def _done(
    settings: Settings, handles: Handles, *, is_set: bool, is_imagined: bool
) -> Iterator[str]:
    told = [_setting(name, setting, handles, is_set=is_set) for name, setting in settings]
    if not told:
        return
    joined = "_and_".join(told)
    if is_set:
        yield f"{'had_we_set' if is_imagined else 'if_we_set'}_{joined}"
    else:
        yield f"{'had' if is_imagined else 'with'}_{joined}"


def _setting(name: str, setting: Setting, handles: Handles, *, is_set: bool) -> str:
    variable = handles.variable(name)
    verb = "to" if is_set else "forced_to"
    match setting:
        case str():
            return f"{variable}_{verb}_{handles.state(name, setting)}"
        case Term():
            under = "_".join(
                f"{handles.variable(n)}_{handles.state(n, s) if isinstance(s, str) else 'other'}"
                for n, s in setting.do
            )
            return f"{variable}_as_under_{under}"
        case Stochastic():
            return f"{variable}_{verb}_a_draw"
        case None:
            return f"{variable}_{verb}_any_state"


def _seen(given: Iterable[Term], handles: Handles, *, is_set: bool, is_imagined: bool) -> list[str]:
    told = "_and_".join(_event(term, handles) for term in given)
    if not told:
        return []
    seen = "if_we_see" if is_set else "where_we_observe"
    return [f"{'among' if is_imagined else seen}_{told}"]


def _event(term: Term, handles: Handles) -> str:
    state = handles.state(term.variable, term.value) if term.value is not None else "any"
    return f"{handles.variable(term.variable)}_is_{state}"
