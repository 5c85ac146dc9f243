"""Play one shard: claim it, play what is left of it, and say what is to become of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Engine

from causal_interface_gym.errors import FencedError, StoppingError
from causal_interface_gym.runs.outages import Unplayed
from causal_interface_gym.runs.players import Players, ReferencePlayers
from causal_interface_gym.runs.runner import Limits, run
from causal_interface_gym.storage.database import writing
from causal_interface_gym.storage.queue.control import Phase, change_phase
from causal_interface_gym.storage.queue.shards import (
    Claim,
    ShardStore,
    claim_shard,
    finish_shard,
    give_back,
    lay_down,
)
from causal_interface_gym.storage.run_store import SqlStore

__all__ = ["Ending", "Player"]

_MOST_STORES: Final = 64


class Ending(Enum):
    """What is to become of a shard: nothing more, again at once, or again after a while."""

    DONE = auto()
    AGAIN = auto()
    LATER = auto()


@dataclass(slots=True)
class Player:
    """Plays shards; ``is_halted`` says that no trial may begin any more."""

    engine: Engine
    log: Any
    limits: Limits = field(default_factory=Limits)
    is_halted: Callable[[], bool] = lambda: False

    def play(self, run_name: str, shard: int) -> Ending:
        """Play what is left of a shard.

        Raises:
            RunError: The database refused.
            DependencyError: Its server does not answer.
        """
        claim = claim_shard(self.engine, run_name, shard)
        if claim is None:
            return Ending.DONE
        log = self.log.bind(run=run_name, shard=shard, attempt=claim.attempt)
        if claim.is_hopeless:
            return self._give_up(claim, "its trials could not be finished in many attempts", log)
        store = ShardStore(
            self.engine, _store(self.engine, run_name, claim.born, threading.get_ident()), claim
        )
        try:
            return self._played(store, claim, log)
        except FencedError:
            log.warning("shard_lost")
            return Ending.DONE
        except StoppingError as error:
            return self._give_up(claim, f"{type(error).__name__}: {error}", log)

    def _played(self, store: ShardStore, claim: Claim, log: Any) -> Ending:  # noqa: ANN401 - open
        outcome = run(
            store,
            players=self._players(),
            limits=self.limits,
            part=claim.part,
            is_halted=lambda: self.is_halted() or store.phase is not Phase.RUNNING,
        )
        if store.finished(claim.part).all():
            finish_shard(self.engine, claim)
            log.info("shard_finished", trials=outcome.n_played)
            return Ending.DONE
        if lay_down(self.engine, claim):
            log.info("shard_left", trials=outcome.n_played)
            return Ending.DONE
        give_back(self.engine, claim)
        _tell(outcome.unplayed, log)
        return Ending.LATER if outcome.unplayed else Ending.AGAIN

    def _players(self) -> Players:
        return ReferencePlayers()

    def _give_up(self, claim: Claim, reason: str, log: Any) -> Ending:  # noqa: ANN401 - as above
        """Pause the run until somebody has looked at it."""
        with writing(self.engine) as connection:
            why = f"shard {claim.number}: {reason}"[:2_000]
            change_phase(connection, claim.run, Phase.PAUSED, among=(Phase.RUNNING,), reason=why)
        log.error("run_paused", reason=reason)
        return Ending.DONE if lay_down(self.engine, claim) else Ending.AGAIN


@lru_cache(maxsize=_MOST_STORES)
def _store(engine: Engine, run_name: str, born: datetime, thread: int) -> SqlStore:
    """Open a run once for each thread: a long spec takes a moment to read."""
    del born, thread  # another run of the name, or another thread, has another store
    return SqlStore.open(engine, run_name)


def _tell(unplayed: tuple[Unplayed, ...], log: Any) -> None:  # noqa: ANN401 - as above
    for part in unplayed:
        log.warning("outage", provider=part.provider, kind=part.kind, message=part.message)
