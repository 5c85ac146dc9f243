"""The report as JSON, from which every number elsewhere can be checked."""

import json
from typing import Any, assert_never

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.scoring.causal_score import VERSION, CausalScore, Scored, UnscoredFamily
from causal_interface_gym.scoring.statistics import LEVEL, N_DRAWS, Interval, NoInterval

__all__ = ["report_document", "report_json"]

# Any: JSON.
Json = dict[str, Any]


def report_json(grades: Grades) -> str:
    """Write the report: keys sorted, floats in full, one newline at the end."""
    return json.dumps(report_document(grades), sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def report_document(grades: Grades) -> Json:
    """Give the report as plain lists and dictionaries."""
    return {
        "agents": [_agent(agent) for agent in grades.agents],
        "interval": {"level": LEVEL, "draws": N_DRAWS, "unit": "distinct SCM"},
        "run": grades.spec.to_json(),
        "score_version": VERSION,
        "trials": {"finished": grades.n_finished, "planned": grades.spec.n_trials},
    }


def _agent(grade: AgentGrade) -> Json:
    return {
        "agent": grade.agent,
        "causal_score": _scored(grade.scores.headline),
        "coverage": grade.scores.coverage,
        "episodes": grade.n_episodes,
        "failed": grade.n_failed,
        "families": {name: _scored(score) for name, score in grade.scores.families.items()},
        "lures": {
            name: {"nearer": count.n_nearer, "items": count.n_items}
            for name, count in grade.lures.items()
        },
    }


def _scored(score: Scored) -> Json:
    match score:
        case CausalScore():
            return {
                "value": score.value,
                **_interval(score.interval),
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


def _interval(interval: Interval | NoInterval) -> Json:
    match interval:
        case Interval():
            return {"low": interval.low, "high": interval.high}
        case NoInterval():
            return {"no_interval": interval.reason}
        case _:
            assert_never(interval)
