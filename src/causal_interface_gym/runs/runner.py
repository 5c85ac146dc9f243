"""Run the trials that are not finished yet, in batches, and store each batch as it ends."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import Store
from causal_interface_gym.runs.trial import run_trial

__all__ = ["BATCH", "check_same", "run"]

BATCH: Final = 64
"""Trials in flight at once; the most that a kill can cost."""


def run(store: Store, *, on_progress: Callable[[int], None] = lambda _: None) -> int:
    """Finish a run and say how many trials were played now.

    ``on_progress`` gets the number of finished trials, first with those found in the store.
    """
    return asyncio.run(_run(store, on_progress))


def check_same(found: RunSpec, wanted: RunSpec) -> None:
    """Refuse to continue a run under another configuration.

    Raises:
        RunError: The two differ; the message says where.
    """
    there, asked = found.to_json(), wanted.to_json()
    differing = [name for name in there if there[name] != asked[name]]
    if differing:
        changes = "; ".join(f"{name} {there[name]} there, {asked[name]} now" for name in differing)
        message = f"this run has another configuration: {changes}"
        raise RunError(message)


async def _run(store: Store, on_progress: Callable[[int], None]) -> int:
    finished = {record.trial for record in store.records()}
    n_finished = len(finished)
    on_progress(n_finished)
    waiting = (trial for trial in store.spec.trials() if trial not in finished)
    for batch in _batches(waiting):
        store.append(await asyncio.gather(*(run_trial(trial) for trial in batch)))
        n_finished += len(batch)
        on_progress(n_finished)
    return n_finished - len(finished)


def _batches(trials: Iterator[Trial]) -> Iterator[list[Trial]]:
    while batch := list(islice(trials, BATCH)):
        yield batch
