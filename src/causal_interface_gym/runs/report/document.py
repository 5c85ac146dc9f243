"""The report as JSON, from which every number elsewhere can be checked."""

import json
from collections.abc import Mapping
from typing import Any

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.models.numbers import model_json, run_calls_json
from causal_interface_gym.runs.report.numbers import (
    comparison_json,
    difference_json,
    estimate_json,
    families_json,
    fingerprint_json,
    scored_json,
    scores_json,
)
from causal_interface_gym.scoring.causal_score import VERSION, Scores
from causal_interface_gym.scoring.comparison import ALPHA, POWER
from causal_interface_gym.scoring.statistics import LEVEL, N_DRAWS
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["report_document", "report_json"]

# Any: JSON.
Json = dict[str, Any]


def report_json(grades: Grades) -> str:
    """Write the report: keys sorted, floats in full, one newline at the end."""
    text = json.dumps(
        report_document(grades), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False
    )
    return text + "\n"


def report_document(grades: Grades) -> Json:
    """Give the report as plain lists and dictionaries."""
    return {
        "agents": [_agent(agent) | _model(grades, agent.agent) for agent in grades.agents],
        "comparison": {
            "alpha": ALPHA,
            "baseline": grades.baseline,
            "common_worlds": grades.n_common,
            "power": POWER,
        },
        **({"calls": run_calls_json(grades.models)} if grades.models.agents else {}),
        "interval": {"level": LEVEL, "draws": N_DRAWS, "unit": "distinct SCM"},
        "run": grades.spec.to_json(),
        "samples": {
            "coherence": {"worlds": len(grades.audited.worlds), "of": grades.audited.n_worlds},
            "sequence": {"worlds": len(grades.compared.worlds), "of": grades.compared.n_worlds},
        },
        "score_version": VERSION,
        "trials": {"finished": grades.n_finished, "planned": grades.spec.n_trials},
    }


def _model(grades: Grades, agent: str) -> Json:
    found = grades.models.agents.get(agent)
    return {} if found is None else {"model": model_json(found)}


def _agent(grade: AgentGrade) -> Json:
    return {
        "agent": grade.agent,
        "causal_score": scored_json(grade.scores.headline),
        "coherence": _coherence(grade),
        "cost": _cost(grade),
        "coverage": grade.scores.coverage,
        "episodes": grade.n_episodes,
        "failed": grade.n_failed,
        "failures": [
            {"kind": f.kind, "episodes": f.n, "message": f.message, "first": str(f.example)}
            for f in grade.conduct.failures
        ],
        "families": families_json(grade.scores),
        "fingerprint": fingerprint_json(grade.fingerprint),
        "lures": {
            name: {"nearer": count.n_nearer, "items": count.n_items}
            for name, count in grade.lures.items()
        },
        "names": _parts(grade.names),
        "tool_assisted": grade.is_tool_assisted,
        "names_effect": {name: difference_json(d) for name, d in grade.names_effect.items()},
        "reference": grade.is_reference,
        "reliability": _reliability(grade),
        "sequence": _sequence(grade),
        "strata": _parts(grade.strata),
        "versus_baseline": [comparison_json(found) for found in grade.versus],
        "worst": [
            {
                "scenario": w.scenario,
                "family": w.family,
                "question": w.name,
                "truth": w.truth,
                "belief": w.belief,
            }
            for w in grade.worst
        ],
    }


def _parts(parts: Mapping[str, Scores]) -> Json:
    return {name: scores_json(scores) for name, scores in parts.items()}


def _cost(grade: AgentGrade) -> Json:
    return {
        "actions": grade.conduct.n_actions,
        "budget": grade.conduct.budget_spent,
        "refused": grade.conduct.n_refused,
        "rows": grade.conduct.n_rows,
    }


def _coherence(grade: AgentGrade) -> Json:
    found = grade.coherence
    return {
        "incoherence": estimate_json(found.amount),
        "episodes": found.n_audited,
        "measured": found.n_measured,
        "exact": found.n_exact,
        "statements": found.n_statements,
        "checks": found.n_checks,
        "violations": found.n_violations,
        "unmeasured": dict(found.unmeasured),
        "worst": [
            {
                "check": w.finding.check,
                "amount": w.finding.amount,
                "text": w.finding.text,
                "trial": str(w.trial),
            }
            for w in found.worst
        ],
    }


def _sequence(grade: AgentGrade) -> Json:
    found = grade.sequences
    share = found.efficiency
    return {
        "slope": estimate_json(found.slope),
        "intercept": estimate_json(found.intercept),
        "regret": estimate_json(found.regret),
        "efficiency": {"unscored": share.reason} if isinstance(share, Unscored) else share,
        "episodes": found.n_examined,
        "changes": found.n_changes,
        "choices": found.n_choices,
        "left_out": dict(found.left_out),
    }


def _reliability(grade: AgentGrade) -> Json:
    found = grade.reliability
    return {
        "mean_gap": found.mean_gap,
        "missing": found.n_missing,
        "bins": [
            {
                "low": b.low,
                "high": b.high,
                "belief": b.belief,
                "truth": b.truth,
                "items": b.n_items,
                "worlds": b.n_worlds,
            }
            for b in found.bins
        ],
    }
