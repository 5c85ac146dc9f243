"""What a screen computes of an item: truth, reference and lures as questions, not yet numbers.

The families compute the same for one world with the engine; here every part is written out again as
a question that a whole batch can answer. Both must give the same numbers, lure by lure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch

from causal_interface_gym.causal.query import Query, Setting, Term
from causal_interface_gym.questions.doing.frontdoor import FrontDoor
from causal_interface_gym.questions.doing.instrument import Instrument
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.doing.transport import Transport
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.question import Family
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.generated.screening.batch import Adjusted
from causal_interface_gym.scenarios.generated.screening.instruments import BoundEnd, Wald
from causal_interface_gym.scenarios.generated.structure.blueprint import Blueprint

__all__ = ["ItemPlan", "Number", "plan_items"]

Number = Query | Adjusted | BoundEnd | Wald | float

_OPPOSITE = {"no": "yes", "yes": "no"}
_Y = Term("Y", "yes")


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """One item: ``gap_lure`` carries the gap rule, ``baselines`` are who must not score.

    Without a ``gap_lure`` the item is exempt, because its reference is its truth.
    """

    truth: Query | BoundEnd
    reference: Query
    lures: Mapping[str, Number]
    gap_lure: str
    baselines: Mapping[str, Number] = field(default_factory=dict)


def plan_items(question: Family, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    """Plan the items of a question; none for a family whose truths are 0 or 1."""
    return _plans(question, blueprint)


@singledispatch
def _plans(question: object, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del question, blueprint
    return ()


@_plans.register
def _(question: Association, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del blueprint
    base = Query((_Y,))
    return tuple(
        ItemPlan(
            see,
            base,
            {
                "base rate": base,
                "inverse": Query.of({"X": level}, given={"Y": "yes"}),
                "do for see": _do(level),
            },
            gap_lure="base rate",
        )
        for level in question.levels
        for see in (_see(level),)
    )


@_plans.register
def _(question: Diagnosis, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del question, blueprint
    prior = Query.of({"X": "yes"})
    asked = Query.of({"X": "yes"}, given={"Y": "yes"})
    return (ItemPlan(asked, prior, {"prior": prior, "inverse": _see("yes")}, gap_lure="prior"),)


@_plans.register
def _(question: ExplainingAway, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del question, blueprint
    prior = Query.of({"X": "yes"})
    first = Query.of({"X": "yes"}, given={"Y": "yes"})
    second = Query.of({"X": "yes"}, given={"Y": "yes", "E": "yes"})
    lures = {"not explained away": first, "prior": prior}
    return (
        ItemPlan(first, first, {"prior": prior}, gap_lure=""),
        ItemPlan(second, first, lures, gap_lure="not explained away"),
    )


@_plans.register
def _(question: Intervention, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del blueprint
    return tuple(
        _do_plan(
            level,
            {
                **_wrong(level, question.wrong_sets),
                "backwards": Query.of({"X": level}, do={"Y": "yes"}),
            },
        )
        for level in question.levels
    )


@_plans.register
def _(question: FrontDoor, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del blueprint
    sets = (question.mediators,)
    return tuple(_do_plan(level, _wrong(level, sets)) for level in question.levels)


@_plans.register
def _(question: Simpson, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del blueprint
    name = "other level of aggregation"
    return tuple(
        _do_plan(
            level,
            {name: _adjusting(level, (question.split_by,)) if question.pooled else _see(level)},
            gap_lure=name,
        )
        for level in question.levels
    )


@_plans.register
def _(question: Selection, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    others = tuple(v for v in blueprint.others() if v != "S")
    selected = (("S", "yes"),)
    return tuple(
        ItemPlan(
            _do(level),
            in_sample,
            {"sample for population": in_sample, "see for do": _see(level)},
            gap_lure="sample for population",
            baselines={
                **_baselines(_do(level)),
                "adjust everything": Adjusted(Term("X", level), _Y, others, selected),
            },
        )
        for level in question.levels
        for in_sample in (Query.of({"Y": "yes"}, given={"X": level, "S": "yes"}),)
    )


@_plans.register
def _(question: Transport, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del blueprint
    where = question.population

    def plan(level: str) -> ItemPlan:
        asked, copied = (
            Query.of({"Y": "yes"}, given={where: label}, do={"X": level})
            for label in (question.target, question.source)
        )
        see = Query.of({"Y": "yes"}, given={"X": level, where: question.target})
        base = Query.of({"Y": "yes"}, given={where: question.target})
        return ItemPlan(
            asked,
            see,
            {"source effect copied": copied, "see for do": see},
            gap_lure="source effect copied",
            baselines={"marginal": base, "reversed": _reversed(asked)},
        )

    return tuple(plan(level) for level in question.levels)


@_plans.register
def _(question: Instrument, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del blueprint
    return tuple(
        ItemPlan(
            BoundEnd(level, is_upper),
            _see(level),
            {"see for do": _see(level), "wald": Wald(level)},
            gap_lure="see for do",
            baselines={
                "marginal": Query((_Y,)),
                "reversed": BoundEnd(_OPPOSITE[level], is_upper),
                "everything": float(is_upper),
            },
        )
        for level in question.levels
        for is_upper in (False, True)
    )


@_plans.register
def _(question: Mediation, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    control, active = question.levels
    held = dict(question.fixed)
    natural: dict[str, Setting] = {m: Term(m, None, (("X", control),)) for m in held}
    nested = Query((_under({**natural, "X": active}),))
    plain = Query((_under({"X": control}),))

    def plan(asked: Query, level: str, first: str, lure: Query) -> ItemPlan:
        fixed = Query.of({"Y": "yes"}, do={**held, "X": level})
        everything = _adjusting(level, blueprint.others())
        return ItemPlan(
            asked,
            _see(level),
            {first: lure, "controlled direct effect": fixed},
            gap_lure=first,
            baselines={**_baselines(asked), "adjust everything": everything},
        )

    return (
        plan(nested, active, "total effect", _do(active)),
        plan(plain, control, "see for do", _see(control)),
    )


@_plans.register
def _(question: Counterfactual, blueprint: Blueprint) -> tuple[ItemPlan, ...]:
    del blueprint
    asked = Query.parse(question.query)
    level = str(dict(asked.outcome[0].do)["X"])
    lures = {"do for imagine": _do(level), "see for imagine": _see(level)}
    return (
        ItemPlan(
            asked,
            _see(level),
            lures,
            gap_lure="do for imagine",
            baselines=_baselines(asked),
        ),
    )


def _do_plan(level: str, more: Mapping[str, Number], *, gap_lure: str = "see for do") -> ItemPlan:
    see = _see(level)
    return ItemPlan(_do(level), see, {"see for do": see, **more}, gap_lure, _baselines(_do(level)))


def _baselines(asked: Query) -> dict[str, Number]:
    """Name who must not score beside the constant 0.5: the marginal and the reversed answer."""
    return {"marginal": Query((_Y,)), "reversed": _reversed(asked)}


def _reversed(query: Query) -> Query:
    """Ask about the opposite level of the treatment, wherever it is named."""
    return Query(
        tuple(_turned(t) for t in query.outcome),
        tuple(_turned(t) for t in query.given),
        tuple((name, _turned_setting(name, s)) for name, s in query.do),
    )


def _turned(term: Term) -> Term:
    value = _OPPOSITE[str(term.value)] if term.variable == "X" else term.value
    do = tuple((name, _turned_setting(name, s)) for name, s in term.do)
    return Term(term.variable, value, do)


def _turned_setting(name: str, setting: Setting) -> Setting:
    if isinstance(setting, Term):
        return _turned(setting)
    return _OPPOSITE[str(setting)] if name == "X" else setting


def _wrong(level: str, sets: tuple[tuple[str, ...], ...]) -> dict[str, Number]:
    return {f"wrong adjustment: {', '.join(names)}": _adjusting(level, names) for names in sets}


def _adjusting(level: str, names: tuple[str, ...]) -> Adjusted:
    return Adjusted(Term("X", level), _Y, names)


def _under(settings: Mapping[str, Setting]) -> Term:
    return Term("Y", "yes", tuple(sorted(settings.items())))


def _see(level: str) -> Query:
    return Query.of({"Y": "yes"}, given={"X": level})


def _do(level: str) -> Query:
    return Query.of({"Y": "yes"}, do={"X": level})
