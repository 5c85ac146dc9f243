"""Shards of a database in a file: played by a thread of the process that serves it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Final

from sqlalchemy import Engine

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.runs.runner import Limits
from causal_interface_gym.storage.queue.shards import next_shard
from causal_interface_gym.worker.playing import Ending, Player

__all__ = ["playing_here"]

_LOOK_S: Final = 0.3
_STALE_S: Final = 30.0
"""Seconds after which a shard whose holder is silent may be taken by another process."""
_AFTER_OUTAGE_S: Final = 15.0


@contextmanager
def playing_here(engine: Engine, limits: Limits, log: Any) -> Iterator[None]:  # noqa: ANN401 - open
    """Play what is queued meanwhile; at the end the trials in flight are kept."""
    halted = Event()
    player = Player(engine, log, limits, halted.is_set)
    thread = Thread(target=_play, args=(player, halted), name="local-player", daemon=True)
    thread.start()
    try:
        yield
    finally:
        halted.set()
        thread.join(timeout=25)


def _play(player: Player, halted: Event) -> None:
    tried: dict[tuple[str, int], float] = {}
    while not halted.is_set():
        try:
            found = next_shard(player.engine, stale_s=_STALE_S)
            if found is None or tried.get(found, 0.0) > time.monotonic():
                halted.wait(_LOOK_S)
                continue
            if player.play(*found) is Ending.LATER:
                tried[found] = time.monotonic() + _AFTER_OUTAGE_S
        except CausalGymError as error:
            # The database is full, held or away: what is queued stays queued.
            player.log.warning("shard_failed", error=str(error)[:2_000])
            halted.wait(_AFTER_OUTAGE_S)
