"""Scores, estimates and differences in their JSON form; what has no number says why."""

from typing import Any, assert_never

from causal_interface_gym.questions.question import BaseRate
from causal_interface_gym.scoring.causal_score import CausalScore, Scored, Scores, UnscoredFamily
from causal_interface_gym.scoring.comparison import Comparison, Difference
from causal_interface_gym.scoring.fallacies import Fingerprint
from causal_interface_gym.scoring.marking import Answered, Mark
from causal_interface_gym.scoring.robust import Coefficient, Estimate
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "comparison_json",
    "difference_json",
    "estimate_json",
    "families_json",
    "fingerprint_json",
    "interval_json",
    "mark_json",
    "scored_json",
    "scores_json",
]

# Any: JSON.
Json = dict[str, Any]


def scores_json(scores: Scores) -> Json:
    """Write the scores of a part of a run."""
    return {
        "causal_score": scored_json(scores.headline),
        "coverage": scores.coverage,
        "families": families_json(scores),
    }


def families_json(scores: Scores) -> Json:
    """Write the score of each family, with the share of its questions that were answered."""
    return {
        name: scored_json(score) | {"coverage": scores.family_coverage[name]}
        for name, score in scores.families.items()
    }


def scored_json(score: Scored) -> Json:
    """Write a score."""
    match score:
        case CausalScore():
            return {
                "value": score.value,
                **interval_json(score.interval),
                "loss": score.loss,
                "reference_loss": score.reference_loss,
                "items": score.n_items,
                "worlds": score.n_worlds,
            }
        case UnscoredFamily():
            return {
                "unscored": score.reason,
                "excess_loss": score.excess_loss,
                "items": score.n_items,
            }
        case _:
            assert_never(score)


def estimate_json(found: Coefficient) -> Json:
    """Write an estimate."""
    match found:
        case Estimate():
            return {
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "df": found.df,
            }
        case Unscored():
            return {"unscored": found.reason}
        case _:
            assert_never(found)


def difference_json(found: Difference | Unscored) -> Json:
    """Write a paired difference."""
    match found:
        case Difference():
            return {
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "df": found.df,
                "p": found.p_value,
                "bootstrap": interval_json(found.bootstrap),
                "detectable": found.detectable,
                "items": found.n_items,
                "worlds": found.n_worlds,
            }
        case Unscored():
            return {"unscored": found.reason}
        case _:
            assert_never(found)


def comparison_json(found: Comparison) -> Json:
    """Write a comparison; ``holm`` holds the adjusted p-values of the families."""
    return {
        "headline": difference_json(found.headline),
        "families": {name: difference_json(d) for name, d in found.families.items()},
        "holm": dict(found.adjusted),
    }


def fingerprint_json(found: Fingerprint | Unscored) -> Json:
    """Write the fallacy weights."""
    match found:
        case Fingerprint():
            weights: Json = {
                w.fallacy: {
                    "value": w.value,
                    "low": w.low,
                    "high": w.high,
                    "df": w.df,
                    "items": w.n_items,
                }
                for w in found.weights
            }
            missing: Json = {
                w.fallacy: {"unscored": w.unscored.reason, "items": w.n_items}
                for w in found.unscored
            }
            return {"weights": weights | missing, "items": found.n_items, "worlds": found.n_worlds}
        case Unscored():
            return {"unscored": found.reason}
        case _:
            assert_never(found)


def interval_json(interval: Interval | NoInterval) -> Json:
    """Write an interval, or why there is none."""
    match interval:
        case Interval():
            return {"low": interval.low, "high": interval.high}
        case NoInterval():
            return {"no_interval": interval.reason}
        case _:
            assert_never(interval)


def mark_json(mark: Mark) -> Json:
    """Write a mark: the answer, if there is one, beside truth, reference and lures."""
    reference = {} if isinstance(mark.reference, BaseRate) else {"reference": mark.reference}
    answer = {"belief": mark.answer.p} if isinstance(mark.answer, Answered) else {"missing": True}
    return {
        "question": mark.question,
        "family": mark.family,
        "name": mark.name,
        "truth": mark.truth,
        **reference,
        **answer,
        "lures": {lure.fallacy: lure.value for lure in mark.lures},
    }
