"""What an operator looks at first: every part, and the next command where it ails."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.settings import Settings, load_settings, provider_settings
from causal_interface_gym.storage.cache.guarded import cache_at
from causal_interface_gym.storage.database import is_file, reading
from causal_interface_gym.storage.queue.control import Phase
from causal_interface_gym.storage.schema import table_status
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.queued import run_shards, run_states

__all__ = ["Finding", "State", "examine"]

BACKUP_AGE: Final = timedelta(hours=26)
_FULL: Final = 0.95
_NEARLY_FULL: Final = 0.8
_CLOCK_S: Final = 5.0
_STALLED_S: Final = 120.0


class State(StrEnum):
    """How a part is; whoever degrades still serves."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """A part, how it is, what was seen, and the command that comes next where it ails."""

    name: str
    state: State
    detail: str
    fix: str = ""


Check = Callable[[], Finding]


def examine(engine: Engine, runs: Path) -> tuple[Finding, ...]:
    """Look at everything; a check that fails is a finding, never an error."""
    try:
        settings = load_settings()
    except CausalGymError as error:
        return (Finding("settings", State.FAILED, str(error), "cig settings list"),)
    checks: dict[str, Check] = {
        "settings": lambda: Finding("settings", State.OK, "they can be read"),
        "database": lambda: _database(engine),
        "clock": lambda: _clock(engine),
        "queue": lambda: _queue(engine),
        "redis": lambda: _redis(settings),
        "providers": lambda: _providers(settings),
        "backups": lambda: _backups(Vault(settings.backup_folder)),
    }
    found = [_checked(name, check) for name, check in checks.items()]
    return (*found, *_disks(runs, settings.backup_folder))


def _checked(name: str, check: Check) -> Finding:
    try:
        return check()
    except CausalGymError as error:
        return Finding(name, State.FAILED, str(error))


def _database(engine: Engine) -> Finding:
    status = table_status(engine)
    kind = "a file" if is_file(engine) else "a server"
    if status.pending:
        detail = f"{kind}; its tables lack {', '.join(status.pending)}"
        return Finding("database", State.FAILED, detail, "cig db migrate")
    return Finding("database", State.OK, f"{kind}; its tables are of revision {status.revision}")


def _clock(engine: Engine) -> Finding:
    with reading(engine) as connection:
        there = connection.execute(select(moment())).scalar_one()
    apart = abs((datetime.now(UTC) - there).total_seconds())
    detail = f"{apart:.1f} s from the database's"
    if apart > _CLOCK_S:
        return Finding("clock", State.DEGRADED, detail, "set this machine's clock (NTP)")
    return Finding("clock", State.OK, detail)


def _queue(engine: Engine) -> Finding:
    state, shard = run_states.c, run_shards.c
    waiting = select(
        func.count(), func.coalesce(func.sum(state.n_planned - state.n_finished), 0)
    ).where(state.phase == Phase.RUNNING)
    stalled = (
        select(func.count())
        .join_from(run_shards, run_states, shard.run == state.run)
        .where(
            state.phase == Phase.RUNNING,
            shard.state == "queued",
            func.coalesce(shard.touched_at, state.created_at) < moment(-_STALLED_S),
        )
    )
    with reading(engine) as connection:
        n_runs, n_trials = connection.execute(waiting).one()
        n_stalled = connection.execute(stalled).scalar_one()
    detail = f"{n_trials:,} trials of {n_runs} running runs wait"
    if n_stalled:
        detail += f"; nobody has touched {n_stalled} shards for {_STALLED_S:g} s"
        return Finding("queue", State.DEGRADED, detail, "cig worker (are workers running?)")
    return Finding("queue", State.OK, detail)


def _redis(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return Finding("redis", State.OK, "not used; each process has its own cache")
    cache = cache_at(settings.redis_url.get_secret_value())
    try:
        cache.ping()
    except CausalGymError:
        detail = "it does not answer; each process uses a cache of its own"
        return Finding("redis", State.DEGRADED, detail, "restart redis; nothing in it is missed")
    finally:
        cache.close()
    return Finding("redis", State.OK, "it answers")


def _providers(settings: Settings) -> Finding:
    ready = [name for name, access in provider_settings(settings).items() if access.key]
    detail = f"keys are there for {', '.join(ready)}" if ready else "no provider has a key"
    return Finding("providers", State.OK, detail, "cig providers check" if ready else "")


def _backups(vault: Vault) -> Finding:
    proven = [b.verified_at for b in vault.backups() if b.verified_at is not None]
    if not proven:
        detail = f"none in {vault.folder} was proven"
        return Finding("backups", State.DEGRADED, detail, "cig backup create")
    age = vault.now() - max(proven)
    detail = f"the newest was proven {age.total_seconds() / 3600:.1f} h ago"
    if age > BACKUP_AGE:
        return Finding("backups", State.DEGRADED, detail, "cig backup create")
    return Finding("backups", State.OK, detail)


def _disks(*folders: Path) -> Iterator[Finding]:
    """Look at the disks of these folders, each disk once."""
    seen: set[int] = set()
    for folder in folders:
        there = next((p for p in (folder, *folder.absolute().parents) if p.exists()), Path("/"))
        device = there.stat().st_dev
        if device in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(there)
        share = usage.used / usage.total
        detail = f"{share:.0%} of the disk of {folder} is used, {usage.free / 1e9:.1f} GB are free"
        if share > _NEARLY_FULL:
            state = State.FAILED if share > _FULL else State.DEGRADED
            yield Finding("disk", state, detail, "make room; finished trials are kept")
        else:
            yield Finding("disk", State.OK, detail)
