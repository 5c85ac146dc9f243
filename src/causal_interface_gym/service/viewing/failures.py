"""The episodes of a run, the worst first, and two participants item by item."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from causal_interface_gym.errors import InputError
from causal_interface_gym.questions.question import BaseRate
from causal_interface_gym.runs.records import Record
from causal_interface_gym.runs.report.numbers import comparison_json
from causal_interface_gym.runs.store import Store
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.comparison import compare
from causal_interface_gym.scoring.marking import Answered, Mark, Missing, mark_episode
from causal_interface_gym.service.playing import loaded

__all__ = ["MOST", "compared_json", "failures_json", "loss_of", "marks_of"]

# Any: JSON.
Json = dict[str, Any]
Item = tuple[str, int, str]
"""Scenario, seed and question."""

MOST: Final = 5_000
"""Episodes of a run that are looked at for one page."""


def failures_json(store: Store, wanted: Callable[[Record], bool], limit: int) -> Json:
    """List episodes, those with the largest loss in one question first."""
    looked = list(islice(store.records(), MOST + 1))
    found = [
        _episode_json(record, loaded(store.world(record.address)))
        for record in looked[:MOST]
        if wanted(record)
    ]
    found.sort(key=lambda e: (not e["failures"], -e["worst_loss"], e["agent"], e["scenario"]))
    return {
        "items": found[:limit],
        "n_episodes": len(found),
        "is_complete": len(looked) <= MOST and len(found) <= limit,
    }


def marks_of(records: Iterable[Record], store: Store) -> Iterator[Mark]:
    """Mark some episodes of a run."""
    for record in records:
        yield from mark_episode(record.log, loaded(store.world(record.address)))


def compared_json(first: Iterable[Mark], second: Iterable[Mark]) -> Json:
    """Compare two participants over the items that both met: the difference, then item by item.

    Raises:
        InputError: They met no item in common.
    """
    ours, theirs = ({_key(mark): mark for mark in marks} for marks in (first, second))
    common = [key for key in ours if key in theirs]
    if not common:
        message = (
            "the two met no question in common: a comparison needs the same scenarios and seeds, "
            "in the same version"
        )
        raise InputError(message)
    pairs = [(ours[key], theirs[key]) for key in common]
    comparison = compare([a for a, _ in pairs], [b for _, b in pairs])
    items = [_pair_json(a, b) for a, b in pairs]
    items.sort(key=lambda item: -abs(item["difference"]))
    return {
        **comparison_json(comparison),
        "items": items,
        "n_common": len(common),
        "n_first": len(ours),
        "n_second": len(theirs),
    }


def _key(mark: Mark) -> Item:
    return mark.scenario, mark.seed, mark.question


def _episode_json(record: Record, world: World) -> Json:
    marks = mark_episode(record.log, world)
    losses = [(loss_of(mark), mark) for mark in marks]
    worst_loss, worst = max(losses, key=lambda pair: pair[0])
    return {
        "agent": record.trial.agent,
        "scenario": record.trial.scenario,
        "seed": record.trial.seed,
        "n_steps": len(record.log),
        "n_questions": len(marks),
        "n_answered": sum(isinstance(mark.answer, Answered) for mark in marks),
        "mean_loss": sum(loss for loss, _ in losses) / len(losses),
        "worst_loss": worst_loss,
        "worst": _mark_json(worst),
        "failures": [[failure.kind, failure.message] for failure in record.failures],
    }


def _pair_json(first: Mark, second: Mark) -> Json:
    return {
        "scenario": first.scenario,
        "seed": first.seed,
        "question": first.question,
        "family": first.family,
        "name": first.name,
        "truth": first.truth,
        "first": _mark_json(first),
        "second": _mark_json(second),
        "difference": loss_of(second) - loss_of(first),
    }


def _mark_json(mark: Mark) -> Json:
    """Write what was answered, and which number it comes nearest to."""
    about: Json = {"question": mark.question, "family": mark.family, "name": mark.name}
    about |= {"truth": mark.truth, "loss": loss_of(mark)}
    match mark.answer:
        case Missing(called_unanswerable=said):
            return {**about, "belief": None, "nearest": "unanswerable" if said else "no answer"}
        case Answered(p=p):
            numbers = [("truth", mark.truth), *((x.fallacy, x.value) for x in mark.lures)]
            nearest = min(numbers, key=lambda pair: abs(pair[1] - p))[0]
            return {**about, "belief": p, "nearest": nearest}


def loss_of(mark: Mark) -> float:
    """Give the loss of an answer; who gives none is charged as one who knows nothing.

    Unlike the score this needs no base rates of the whole form.
    """
    if isinstance(mark.answer, Answered):
        return (mark.answer.p - mark.truth) ** 2
    known = 0.0 if isinstance(mark.reference, BaseRate) else (mark.reference - mark.truth) ** 2
    return max(known, (mark.elicited.uniform - mark.truth) ** 2)
