"""Run the trials that are not finished yet, many at once, and store them in batches.

A trial counts as finished when the store has it, never before. Batches are written on a thread of
their own, so agents go on while the disk works; when the run is stopped, what has ended is written
first. A trial whose provider does not serve stays unfinished, and the others go on.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.agents.registry import make_agent
from causal_interface_gym.errors import OutageError, RunError, StoppingError
from causal_interface_gym.runs.outages import Outages, Unplayed
from causal_interface_gym.runs.players import Players, ReferencePlayers
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import Ledger, Played
from causal_interface_gym.runs.trial import TIMEOUT_S, MakeAgent, run_trial

__all__ = ["CONCURRENCY", "Limits", "Outcome", "check_same", "run"]

CONCURRENCY: Final = 64
"""Episodes in flight at once, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How a run is carried out; nothing here changes what an episode is.

    ``concurrency`` counts episodes in flight. A batch is written when it holds ``batch`` trials,
    or every ``pause_s`` seconds.

    Raises:
        RunError: A number is not above zero.
    """

    concurrency: int = CONCURRENCY
    timeout_s: float = TIMEOUT_S
    batch: int = 64
    pause_s: float = 0.5

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not all(n > 0 for n in (self.concurrency, self.timeout_s, self.batch, self.pause_s)):
            message = f"the limits of a run are above zero; got {self}"
            raise RunError(message)


_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went: the trials played now, and those that wait for a provider."""

    n_played: int
    unplayed: tuple[Unplayed, ...] = ()


def run(
    store: Ledger,
    *,
    make: MakeAgent = make_agent,
    players: Players | None = None,
    limits: Limits = _LIMITS,
    on_progress: Callable[[int], None] = lambda _: None,
    part: range | None = None,
    is_halted: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Finish a run, or a ``part`` of it named by the numbers of its trials; say how that went.

    Agents are made by ``players``, opened while the run lasts, or without them by ``make``.
    ``on_progress`` gets the number of finished trials, first with those found in the store. No
    trial begins when ``is_halted`` says so; those that have begun are played to their end. A
    KeyboardInterrupt stops the run after what has ended is stored, and so does an error.

    Raises:
        RunError: The store cannot write.
        StoppingError: No further call of a model can succeed before somebody changes something.
    """
    found = ReferencePlayers(make) if players is None else players
    wanted = range(store.spec.n_trials) if part is None else part
    return asyncio.run(_run(store, found, limits, on_progress, wanted, is_halted))


def check_same(found: RunSpec, wanted: RunSpec) -> None:
    """Refuse to continue a run under another configuration.

    Raises:
        RunError: The two differ; the message says where.
    """
    there, asked = _options(found), _options(wanted)
    names = dict.fromkeys((*there, *asked))
    differing = [name for name in names if there.get(name) != asked.get(name)]
    if differing:
        changes = "; ".join(
            f"{name} {_short(there.get(name, 'none'))} there, {_short(asked.get(name, 'none'))} now"
            for name in differing
        )
        message = f"this run has another configuration: {changes}"
        raise RunError(message)


def _options(spec: RunSpec) -> dict[str, object]:
    """Lay the options of a run out flat, those of its language models by their own names."""
    options: dict[str, object] = spec.to_json()
    options.pop("models", None)
    return options if spec.asking is None else options | spec.asking.to_json()


def _short(value: object, longest: int = 120) -> str:
    text = str(value)
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text):,} characters)"


async def _run(
    store: Ledger,
    players: Players,
    limits: Limits,
    on_progress: Callable[[int], None],
    part: range,
    is_halted: Callable[[], bool],
) -> Outcome:
    finished = store.finished(part)
    trials_of_part = store.spec.trials(part)
    waiting = (t for t, is_done in zip(trials_of_part, finished, strict=True) if not is_done)
    n_found = int(finished.sum())
    on_progress(n_found)
    owner = cast("asyncio.Task[Outcome]", asyncio.current_task())
    outbox = _Outbox(store, players, limits.batch, lambda n: on_progress(n_found + n))
    outages = Outages()
    try:
        async with players.opened(_left(store.spec, part, finished), outages) as make:
            trials = _Trials(
                waiting, outages, make, limits.timeout_s, lambda: owner.cancelling() or is_halted()
            )
            await _all(
                [_work(trials, outbox) for _ in range(limits.concurrency)],
                aside=_flush_regularly(outbox, limits.pause_s),
            )
    finally:
        await outbox.close()
    if outages.stopping is not None:
        raise outages.stopping
    return Outcome(outbox.n_stored, tuple(outages.unplayed()))


def _left(spec: RunSpec, part: range, finished: NDArray[np.bool_]) -> tuple[str, ...]:
    """Give the agents that have something left to play."""
    places = set(((part.start + np.flatnonzero(~finished)) % len(spec.agents)).tolist())
    return tuple(agent for place, agent in enumerate(spec.agents) if place in places)


@dataclass(frozen=True, slots=True)
class _Trials:
    """What all workers of a run share."""

    waiting: Iterator[Trial]
    outages: Outages
    make: MakeAgent
    timeout_s: float
    is_stopped: Callable[[], object]


async def _work(trials: _Trials, outbox: "_Outbox") -> None:
    """Play trials until none is left; all workers draw from the same ones."""
    for trial in trials.waiting:
        if trials.is_stopped() or trials.outages.stopping is not None:
            return
        if trials.outages.is_given_up(trial):
            continue
        try:
            played = await run_trial(trial, make=trials.make, timeout_s=trials.timeout_s)
        except OutageError as error:
            trials.outages.add(trial, error)
        except StoppingError as error:
            # Others end what they have begun, for what it heard is paid for; none begins anew.
            trials.outages.stop(error)
            return
        else:
            trials.outages.clear(trial)
            await outbox.put(played)
        # Agents that never wait would keep the loop from hearing a signal or a timer.
        await asyncio.sleep(0)


async def _flush_regularly(outbox: "_Outbox", pause_s: float) -> None:
    while True:
        await asyncio.sleep(pause_s)
        await outbox.flush()


async def _all(jobs: list[Coroutine[Any, Any, None]], *, aside: Coroutine[Any, Any, None]) -> None:
    """Wait for all jobs; the first error, of a job or aside, stops the rest and is raised."""
    work = [asyncio.create_task(job) for job in jobs]
    beside = asyncio.create_task(aside)
    left = set(work)
    try:
        while left:
            done, _ = await asyncio.wait({*left, beside}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            left -= done
    finally:
        for task in (*work, beside):
            task.cancel()
        await asyncio.gather(*work, beside, return_exceptions=True)


async def _to_the_end(job: Coroutine[Any, Any, None]) -> None:
    """Wait for a job that a cancellation must not cut short."""
    task = asyncio.create_task(job)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


class _Outbox:
    """Trials that have ended and are not stored yet; at most two batches."""

    def __init__(
        self, store: Ledger, players: Players, batch: int, on_stored: Callable[[int], None]
    ) -> None:
        """Start empty, with one thread that writes."""
        self.n_stored = 0
        self._store = store
        self._players = players
        self._batch = batch
        self._on_stored = on_stored
        self._held: list[Played] = []
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._has_failed = False

    async def put(self, played: Played) -> None:
        """Take a trial; the one that fills a batch waits until it is stored."""
        self._held.append(played)
        if len(self._held) >= self._batch:
            await self.flush()

    async def flush(self) -> None:
        """Store what is held."""
        async with self._turn:
            batch, self._held = self._held, []
            if batch:
                await _to_the_end(self._write(batch))

    async def close(self) -> None:
        """Store the rest, unless the store has refused before, and end the thread."""
        try:
            if not self._has_failed:
                await self.flush()
        finally:
            self._thread.shutdown(wait=True)

    async def _write(self, batch: list[Played]) -> None:
        loop = asyncio.get_running_loop()
        try:
            # What a trial heard is safe before the trial counts as finished.
            await self._players.flush()
            await loop.run_in_executor(self._thread, self._store.append, batch)
        except BaseException:
            self._has_failed = True
            raise
        self.n_stored += len(batch)
        self._on_stored(self.n_stored)
