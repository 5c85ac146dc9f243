"""What is known of language models in its JSON form.

Latencies and attempts are left out: they are of that day, and equal transcripts give equal bytes.
"""

from typing import Any

from causal_interface_gym.agents.elicitation.controls import Controls
from causal_interface_gym.runs.grades.models.apart import ApartGrade
from causal_interface_gym.runs.grades.models.calls import CallGrade
from causal_interface_gym.runs.grades.models.formats import FormatGrade
from causal_interface_gym.runs.grades.models.grade import ModelGrade, ModelGrades
from causal_interface_gym.runs.report.numbers import interval_json
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["model_json", "run_calls_json"]

# Any: JSON.
Json = dict[str, Any]


def model_json(grade: ModelGrade) -> Json:
    """Write what is known of a language model."""
    return {
        "calls": _calls(grade.calls),
        "controls": _controls(grade.controls),
        "formats": _formats(grade.formats),
        "apart": _apart(grade.apart),
    }


def run_calls_json(grades: ModelGrades) -> Json:
    """Write the calls of a whole run, and those of its format controls by model."""
    return {
        "all": _calls(grades.total),
        "controls": {model: _calls(found) for model, found in grades.control_calls.items()},
    }


def _calls(found: CallGrade) -> Json:
    return {
        "calls": found.n_calls,
        "cached": found.n_cached,
        "tokens": {
            "input": found.usage.input_tokens,
            "output": found.usage.output_tokens,
            "cached_by_provider": found.usage.cached_tokens,
        },
        # Without a price the cost is not known: null, never 0.
        "cost_usd": None if found.n_unpriced else found.cost_usd,
        "cost_known_usd": found.cost_usd,
        "unpriced_calls": found.n_unpriced,
        "failures": [
            {
                "kind": f.kind,
                "calls": f.n,
                "message": f.message,
                "first": {"trial": f.trial, "label": f.label},
            }
            for f in found.failures
        ],
        "answered_by": dict(found.models),
        "is_mixed": len(found.models) > 1,
        "dropped": dict(found.dropped),
    }


def _controls(found: Controls | Unscored) -> Json:
    if isinstance(found, Unscored):
        return {"unscored": found.reason}
    return {
        "is_elicitation_failed": found.is_failed,
        "exchanged": found.n_exchanged,
        "by_place": found.n_in_order,
        "formats": {
            f.format: {
                "copied": f.n_copied,
                "copy_items": f.n_copy_items,
                "told_apart": f.n_told_apart,
                "label_items": f.n_label_items,
                "works": f.works,
            }
            for f in found.formats
        },
    }


def _apart(found: ApartGrade | Unscored) -> Json:
    if isinstance(found, Unscored):
        return {"unscored": found.reason}
    return {
        "questions": found.n_questions,
        "worlds": found.n_worlds,
        "gap": found.gap,
        **interval_json(found.interval),
        "shift": found.shift,
    }


def _formats(found: FormatGrade | Unscored) -> Json:
    if isinstance(found, Unscored):
        return {"unscored": found.reason}
    return {
        "scores": dict(found.scores),
        "spread": {"value": found.spread, **interval_json(found.interval)},
        "by_chance": found.by_chance,
        "p": found.p_value,
        "factors": {
            name: {
                "first": effect.first,
                "second": effect.second,
                "value": effect.value,
                **interval_json(effect.interval),
            }
            for name, effect in found.factors.items()
        },
    }
