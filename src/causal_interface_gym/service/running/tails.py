"""The newest events of the runs that somebody watches here: read once for all who watch.

Events are numbered without a gap, so who has seen number 7 knows what is missing. One task of the
replica looks for new ones as long as anybody watches; who comes late reads what was before from the
database.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Engine, select

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.queue.control import RunEvent, read_run_events
from causal_interface_gym.storage.service.queued import run_states

__all__ = ["Tail", "Tails"]

_LOOK_S: Final = 0.4
_KEPT: Final = 1_000


@dataclass(slots=True)
class Tail:
    """The end of a run's events: those up to ``last`` that are still at hand."""

    last: int
    events: deque[RunEvent] = field(default_factory=lambda: deque(maxlen=_KEPT))
    n_watching: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def after(self, number: int) -> list[RunEvent] | None:
        """Give the events after a number; none at all where some of them are not at hand."""
        n_wanted = self.last - number
        if n_wanted > len(self.events):
            return None
        return list(self.events)[len(self.events) - n_wanted :] if n_wanted > 0 else []

    def add(self, found: tuple[RunEvent, ...]) -> None:
        """Take further events, and wake who waits for them."""
        self.events.extend(found)
        self.last = found[-1].number
        news, self.news = self.news, asyncio.Event()
        news.set()


class Tails:
    """The tails of all runs that are watched on this replica."""

    def __init__(self, engine: Engine, log: Any) -> None:  # noqa: ANN401 - an open type
        """Watch nothing yet."""
        self._engine = engine
        self._log = log
        self._tails: dict[str, Tail] = {}
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watched(self, run: str, last: int) -> AsyncIterator[Tail]:
        """Lend the tail of a run whose events so far end with a number."""
        tail = self._tails.setdefault(run, Tail(last))
        tail.n_watching += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield tail
        finally:
            tail.n_watching -= 1
            if not tail.n_watching:
                self._tails.pop(run, None)

    async def _look(self) -> None:
        while self._tails:
            await asyncio.sleep(_LOOK_S)
            known = {run: tail.last for run, tail in self._tails.items()}
            try:
                found = await asyncio.to_thread(self._news, known)
            except CausalGymError as error:
                self._log.warning("events_unread", error=str(error)[:500])
                continue
            for run, events in found.items():
                tail = self._tails.get(run)
                if tail is not None and tail.last == known[run]:
                    tail.add(events)

    def _news(self, known: dict[str, int]) -> dict[str, tuple[RunEvent, ...]]:
        wanted = select(run_states.c.run, run_states.c.n_events)
        with reading(self._engine) as connection:
            rows = connection.execute(wanted.where(run_states.c.run.in_(known))).all()
            grown = [row.run for row in rows if row.n_events > known[row.run]]
            return {run: read_run_events(connection, run, after=known[run]) for run in grown}
