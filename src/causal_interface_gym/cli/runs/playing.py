"""Play a run whose agents may be language models: clients, transcript, budget, local servers.

A run of reference agents needs none of it, and loads none of the libraries that speak with models.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

import typer

from causal_interface_gym.agents.llm.local import LocalModels, LocalServer
from causal_interface_gym.agents.llm.policies.transcript import Transcript
from causal_interface_gym.cli.database import Place
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.asking import Asking
from causal_interface_gym.runs.controls import judge_controls, model_of
from causal_interface_gym.runs.grades.models.grade import Heard
from causal_interface_gym.runs.metering import Meter, Metered
from causal_interface_gym.runs.players import ModelPlayers, Players, ReferencePlayers, Told
from causal_interface_gym.runs.spec import RunSpec

if TYPE_CHECKING:
    from causal_interface_gym.agents.llm.call import Client
    from causal_interface_gym.agents.llm.client.composition import Switchboard
    from causal_interface_gym.agents.llm.policies.budget import Budget
    from causal_interface_gym.agents.llm.policies.cache import CachedAnswers
    from causal_interface_gym.agents.llm.providers.access import ProviderSettings
    from causal_interface_gym.agents.llm.records import CallRecord, CallStore
    from causal_interface_gym.storage.cache.models import CacheLimits
    from causal_interface_gym.storage.cache.seam import Cache

__all__ = ["Means", "copy_calls", "heard_in", "known_paths", "note_places", "players_of"]

_LOCAL: Final = "local"
_LOCAL_ATTEMPT_S: Final = 900.0
"""A large model on a busy machine is slow, which is no outage."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use, none of which changes what it is.

    ``paths`` says where local models are. Budgets are in US dollars; ``max_calls`` counts the calls
    of the whole run. ``is_replay`` allows no call at all.
    """

    paths: Mapping[str, Path] = field(default_factory=dict)
    budget_usd: float | None = None
    budget_usd_day: float | None = None
    max_calls: int | None = None
    is_replay: bool = False


@contextmanager
def players_of(where: Place, spec: RunSpec, means: Means, meter: Meter) -> Iterator[Players]:
    """Give the players of a run, its transcript open meanwhile."""
    if spec.asking is None:
        yield ReferencePlayers()
        return
    uncontrolled: tuple[str, ...] = ()
    if spec.asking.has_controls:
        judged = heard_in(where, spec).controls
        models = dict.fromkeys(map(model_of, spec.models))
        uncontrolled = tuple(model for model in models if model not in judged)
    with where.calls() as calls, LocalModels() as local:
        opener = (
            _Replaying(calls, meter)
            if means.is_replay
            else _Opening(means, calls, meter, spec, local)
        )
        yield ModelPlayers(spec, spec.asking, opener, calls.flush, uncontrolled)


def heard_in(where: Place, spec: RunSpec) -> Heard:
    """Give the transcript of a run, its format controls judged; nobody is asked."""
    with where.calls() as calls:
        asking = spec.asking or Asking()
        clients = {
            model: Told(_replay(calls, *model.split(":", 1)), asking, model)
            for model in map(model_of, spec.models)
        }
        return Heard(_Calls(where), asyncio.run(judge_controls(clients)))


def known_paths(where: Place) -> dict[str, Path]:
    """Give where the local models of a run were, by file name."""
    with where.notes() as kept:
        notes = kept.notes()
    prefix = f"{_LOCAL}:"
    return {
        name.removeprefix(prefix): Path(note["path"])
        for name, note in notes.items()
        if name.startswith(prefix)
    }


def note_places(where: Place, spec: RunSpec, paths: Mapping[str, Path]) -> None:
    """Keep where the models of a run are, apart from what the run is; passwords are left out."""
    if spec.asking is None:
        return
    files = dict(spec.asking.files)
    notes = {
        f"{_LOCAL}:{name}": {"path": str(path), "sha256": files.get(name, "")}
        for name, path in paths.items()
    }
    access = _access()
    for provider in {model.partition(":")[0] for model in spec.models} - {_LOCAL}:
        if access[provider].base_url:
            notes[provider] = {"base_url": _without_password(access[provider].base_url)}
    with where.notes() as kept:
        kept.keep(notes)


def copy_calls(source: Place, target: Place) -> None:
    """Copy the transcript of one run to another.

    Raises:
        RunError: A database refused.
    """

    async def copy() -> None:
        with source.calls() as there, target.calls() as here:
            for record in there.records():
                await here.keep(record)
            await here.flush()

    asyncio.run(copy())


@dataclass(frozen=True, slots=True)
class _Calls:
    """The calls of a run, its database open only while they are read."""

    where: Place

    def records(self, trial: str | None = None) -> Iterator["CallRecord"]:
        """Stream the calls of a trial, or of all."""
        with self.where.calls() as calls:
            yield from calls.records(trial)


@dataclass(frozen=True, slots=True)
class _Replaying:
    """Opens clients that ask nobody."""

    calls: "CallStore"
    meter: Meter

    @asynccontextmanager
    async def __call__(self, provider: str, model: str, /) -> AsyncIterator["Client"]:
        """Open a client."""
        yield Metered(_replay(self.calls, provider, model), self.meter)


def _replay(calls: "CallStore", provider: str, model: str) -> Transcript:
    return Transcript(None, calls, provider, model)


class _Opening:
    """Opens the clients of a run, with everything that they share."""

    def __init__(
        self, means: Means, calls: "CallStore", meter: Meter, spec: RunSpec, local: LocalModels
    ) -> None:
        """Open nothing yet."""
        self._means = means
        self._local = local
        self._calls = calls
        self._meter = meter
        self._files = dict(spec.asking.files) if spec.asking is not None else {}
        self._boards = _switchboards(means, calls, spec.asking or Asking())
        self._access = _access()

    @asynccontextmanager
    async def __call__(self, provider: str, model: str, /) -> AsyncIterator["Client"]:
        """Open a client; that of a local model serves the model meanwhile."""
        async with (
            self._reached(provider, model) as access,
            self._boards[provider == _LOCAL].connect(access, model) as client,
        ):
            yield Metered(client, self._meter)

    @asynccontextmanager
    async def _reached(self, provider: str, model: str) -> AsyncIterator["ProviderSettings"]:
        access = self._access[provider]
        if provider != _LOCAL:
            yield access
            return
        # The server answers whoever is asked next, so its loading holds up nobody.
        server = await asyncio.to_thread(self._serve, model)
        yield replace(access, base_url=server.base_url)

    def _serve(self, model: str) -> LocalServer:
        path = self._means.paths.get(model, Path(model))
        return self._local.serve(path, sha256=self._files.get(model, ""))


def _switchboards(means: Means, calls: "CallStore", asking: Asking) -> "dict[bool, Switchboard]":
    """Make what opens clients of providers, and of local models, which answer one by one."""
    # Heavy, and only a run that asks models needs them.
    from causal_interface_gym.agents.llm.client.composition import (  # noqa: PLC0415
        Policies,
        Switchboard,
    )
    from causal_interface_gym.agents.llm.policies.journal import json_journal  # noqa: PLC0415
    from causal_interface_gym.agents.llm.policies.retry import Patience  # noqa: PLC0415
    from causal_interface_gym.cli.models.naming import settings_now  # noqa: PLC0415
    from causal_interface_gym.storage.cache.guarded import cache_at  # noqa: PLC0415

    settings = settings_now()
    mode = asking.cache
    address = settings.redis_url.get_secret_value() if settings.redis_url else ""
    cache = cache_at(address) if address else None
    policies = Policies(
        n_at_once=settings.llm_max_concurrent_requests,
        delay_s=settings.llm_request_delay,
        calls=calls,
        answers=None if mode == "off" else _answers(settings.cache_ttl, cache),
        cache_mode="replay" if mode == "replay" else "record",
        budget=_budget(means, calls),
        # A terminal shows progress; a log gets a line for each attempt.
        journal=json_journal(only_failures=sys.stderr.isatty()),
        limits=_limits(cache, settings.llm_max_concurrent_requests * settings.llm_request_delay),
    )
    patient = Patience(n_attempts=2, attempt_s=_LOCAL_ATTEMPT_S)
    # Each process has local models of its own.
    local = replace(policies, n_at_once=1, delay_s=0.0, patience=patient, limits=None)
    return {False: Switchboard(policies), True: Switchboard(local)}


def _limits(cache: "Cache | None", longest_turn_s: float) -> "CacheLimits | None":
    """Give the limits that processes share; a slot is held while its turn and its answer come."""
    from causal_interface_gym.agents.llm.policies.retry import Patience  # noqa: PLC0415
    from causal_interface_gym.storage.cache.models import CacheLimits  # noqa: PLC0415

    if cache is None:
        return None
    return CacheLimits(cache, hold_s=2 * Patience().attempt_s + longest_turn_s)


def _answers(ttl_s: float, cache: "Cache | None") -> "CachedAnswers":
    """Open the cache of replies: the shared one, else that of all runs of a user."""
    if cache is not None:
        from causal_interface_gym.storage.cache.models import CacheAnswers  # noqa: PLC0415

        return CacheAnswers(cache, ttl_s=ttl_s)
    from causal_interface_gym.storage.answers import SqlAnswers  # noqa: PLC0415 - as above
    from causal_interface_gym.storage.database import file_database  # noqa: PLC0415

    folder = _own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return SqlAnswers(file_database(folder / "answers.db"), ttl_s=ttl_s)


def _own_folder() -> Path:
    """Name the folder of what all runs of a user share."""
    return Path(typer.get_app_dir("causal-interface-gym"))


def _budget(means: Means, calls: "CallStore") -> "Budget":
    from causal_interface_gym.agents.llm.policies.budget import (  # noqa: PLC0415 - as above
        Budget,
        BudgetLimits,
    )
    from causal_interface_gym.cli.models.naming import settings_now  # noqa: PLC0415
    from causal_interface_gym.storage.database import file_database  # noqa: PLC0415
    from causal_interface_gym.storage.spending import SqlDayLedger  # noqa: PLC0415

    settings = settings_now()
    run_usd = settings.llm_budget_usd_per_run if means.budget_usd is None else means.budget_usd
    day_usd = (
        settings.llm_budget_usd_per_day if means.budget_usd_day is None else means.budget_usd_day
    )
    folder = _own_folder()
    ledger = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ledger = SqlDayLedger(file_database(folder / "spending.db"))
    except (OSError, RunError):
        if day_usd is not None:
            raise
    spent = [_spent(record) for record in calls.records()]
    known = sum(usd for usd in spent if usd is not None)
    limits = BudgetLimits(run_usd, day_usd, run_calls=means.max_calls)
    return Budget(limits, ledger, known, n_calls=len(spent))


def _spent(record: "CallRecord") -> float | None:
    """Say what a kept call cost; one that was asked in vain counts with the most it can cost."""
    from causal_interface_gym.agents.llm.providers.prices import (  # noqa: PLC0415 - as above
        most_tokens,
        price_of,
    )

    if record.answer is not None:
        return 0.0 if record.answer.is_stored else record.answer.cost_usd
    price = price_of(record.provider, record.model)
    return None if price is None else price.most_usd(most_tokens(record.ask))


def _access() -> "dict[str, ProviderSettings]":
    from causal_interface_gym.cli.models.naming import settings_now  # noqa: PLC0415 - as above
    from causal_interface_gym.settings import provider_settings  # noqa: PLC0415

    return provider_settings(settings_now())


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, parts.path, "", ""))
