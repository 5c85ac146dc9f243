"""How the reference agents answer claims about a world, and questions from a selected sample."""

import numpy as np

from causal_interface_gym.causal.adjustment.criterion import is_adjustment_set
from causal_interface_gym.causal.enumeration import Enumeration
from causal_interface_gym.causal.identification.verdict import Identified, identify
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.claims import (
    DIRECTIONS,
    Confounded,
    Determined,
    Direction,
    FromSelected,
)
from causal_interface_gym.questions.doing.answerable import is_determined
from causal_interface_gym.questions.doing.confounding import largest_gap
from causal_interface_gym.questions.doing.direction import true_direction
from causal_interface_gym.questions.question import Claim, ValidAdjustment

__all__ = [
    "blind_belief",
    "denied",
    "enumerated_claim",
    "in_the_sample",
    "random_model",
    "trusting",
]

_SAME = 1e-9
_N_MODELS = 3


def in_the_sample(asked: FromSelected) -> Query:
    """Read the question as one about the sample: what was selected becomes a condition."""
    query = asked.query
    selected = Query.of(dict(asked.selected)).outcome
    return Query(query.outcome, (*query.given, *selected), query.do)


def trusting(claim: Claim) -> float:
    """Answer as the seer does: association is effect, and nothing is in the way."""
    match claim:
        case ValidAdjustment():
            return float(not claim.adjust)
        case Confounded():
            return 0.0
        case Direction():
            return float(claim.alternative == "forward")
        case Determined():
            return 1.0


def blind_belief(claim: Claim) -> float:
    """Answer without looking: 0.5, or an equal share of each alternative."""
    return 1 / len(DIRECTIONS) if isinstance(claim, Direction) else 0.5


def denied(model: SCM, claim: Claim) -> float:
    """Answer the opposite of the truth; a direction is turned round."""
    match claim:
        case ValidAdjustment():
            verdict = is_adjustment_set(
                model.graph, claim.adjust, treatment=claim.treatment, outcome=claim.outcome
            )
            return 1.0 - float(bool(verdict))
        case Confounded():
            return float(largest_gap(model, claim) <= claim.threshold)
        case Direction():
            turned = true_direction(model, first=claim.second, second=claim.first)
            return float(claim.alternative == turned)
        case Determined():
            return 1.0 - float(is_determined(model, claim.query))


def enumerated_claim(
    model: SCM, claim: Confounded | Direction | Determined, *, rng: np.random.Generator
) -> float:
    """Find out by enumeration whether a claim holds, without reading the graph."""
    match claim:
        case Confounded():
            return float(_enumerated_gap(model, claim) > claim.threshold)
        case Direction():
            return float(claim.alternative == _found_direction(model, claim))
        case Determined():
            return float(_proof_stands(model, claim.query, rng=rng))


def _enumerated_gap(model: SCM, claim: Confounded) -> float:
    ask = Enumeration(model).probability
    y = {claim.outcome: claim.state}
    return max(
        abs(
            ask(Query.of(y, given={claim.treatment: level}))
            - ask(Query.of(y, do={claim.treatment: level}))
        )
        for level in model.states[claim.treatment]
    )


def _found_direction(model: SCM, claim: Direction) -> str:
    """See which of the two moves when the other is set."""
    if _moves(model, claim.first, claim.second):
        return "forward"
    if _moves(model, claim.second, claim.first):
        return "backward"
    return "common cause only"


def _moves(model: SCM, cause: str, effect: str) -> bool:
    ask = Enumeration(model).probability
    return any(
        abs(ask(Query.of({effect: state}, do={cause: level})) - ask(Query.of({effect: state})))
        > _SAME
        for state in model.states[effect]
        for level in model.states[cause]
    )


def _proof_stands(model: SCM, query: Query, *, rng: np.random.Generator) -> bool:
    """Try the proof: the formula on random models, or the two models that disagree."""
    verdict = identify(model.graph, query)
    if isinstance(verdict, Identified):
        made = [random_model(model, rng) for _ in range(_N_MODELS)]
        pairs = [(verdict.estimand.evaluate(m), Enumeration(m).probability(query)) for m in made]
        return all(isinstance(f, float) and abs(f - exact) <= _SAME for f, exact in pairs)
    pair = verdict.witness
    first, second = (Enumeration(m).probability(pair.query) for m in (pair.first, pair.second))
    return abs(first - second) <= _SAME


def random_model(model: SCM, rng: np.random.Generator) -> SCM:
    """Draw positive tables over the same graph."""
    return SCM.from_tables(
        states=model.states,
        parents={v: m.parents for v, m in model.mechanisms.items()},
        tables={
            v: rng.dirichlet(np.ones(len(model.states[v])), size=model.cpt(v).shape[:-1])
            for v in model.nodes
        },
        latent=model.latent,
    )
