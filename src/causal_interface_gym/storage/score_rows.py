"""Scores as rows and back: a score, or the reason why there is none."""

from typing import Any, assert_never

from sqlalchemy import Row

from causal_interface_gym.runs.store import ScoreRow
from causal_interface_gym.scoring.causal_score import CausalScore, Scored, UnscoredFamily
from causal_interface_gym.scoring.statistics import Interval, NoInterval

__all__ = ["read_score", "score_values"]

# Any: the values of a row, by column.
Values = dict[str, Any]
_EMPTY = dict.fromkeys(
    ("excess_loss", "value", "loss", "reference_loss", "n_worlds", "low", "high")
)


def score_values(row: ScoreRow) -> Values:
    """Write the columns of a score; those that do not apply are null."""
    return {
        "version": row.version,
        "n_episodes": row.n_episodes,
        "agent": row.agent,
        "family": row.family,
        **_EMPTY,
        **_values(row.score),
    }


def read_score(row: Row[Any]) -> ScoreRow:
    """Read what ``score_values`` writes."""
    return ScoreRow(row.version, row.n_episodes, row.agent, row.family, _score(row))


def _values(score: Scored) -> Values:
    match score:
        case UnscoredFamily():
            return {
                "unscored": score.reason,
                "excess_loss": score.excess_loss,
                "n_items": score.n_items,
                "no_interval": "unscored",
            }
        case CausalScore():
            return {
                "unscored": "",
                "value": score.value,
                "loss": score.loss,
                "reference_loss": score.reference_loss,
                "n_items": score.n_items,
                "n_worlds": score.n_worlds,
                **_interval(score.interval),
            }
        case _:
            assert_never(score)


def _interval(interval: Interval | NoInterval) -> Values:
    match interval:
        case Interval():
            return {"no_interval": "", "low": interval.low, "high": interval.high}
        case NoInterval():
            return {"no_interval": interval.reason}
        case _:
            assert_never(interval)


def _score(row: Row[Any]) -> Scored:
    if row.unscored:
        return UnscoredFamily(row.unscored, row.excess_loss, row.n_items)
    interval = NoInterval(row.no_interval) if row.no_interval else Interval(row.low, row.high)
    return CausalScore(
        value=row.value,
        interval=interval,
        loss=row.loss,
        reference_loss=row.reference_loss,
        n_items=row.n_items,
        n_worlds=row.n_worlds,
    )
