"""What ``cig run`` is to play: a new run, one that is there, or one to be replayed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from causal_interface_gym.agents.llm.identity import is_model_agent
from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.cli.database import Place
from causal_interface_gym.cli.runs.playing import Means, copy_calls, known_paths, note_places
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.runner import check_same
from causal_interface_gym.runs.spec import RunSpec, parse_seeds
from causal_interface_gym.scenarios import registry
from causal_interface_gym.storage.run_store import SqlStore

if TYPE_CHECKING:
    from causal_interface_gym.cli.models.naming import NamedAgents
    from causal_interface_gym.runs.asking import CacheMode

__all__ = ["Chosen", "Given", "choose_new", "choose_replayed", "resumed"]

_PRIMARY: Final = "primary"


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says a run is; None or nothing where it says nothing."""

    agents: tuple[str, ...] = ()
    scenarios: str | None = None
    seeds: str | None = None
    interface: str | None = None
    max_draws: int | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    cache: str | None = None
    has_controls: bool | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A run that is open, where it is, and what it may use."""

    store: SqlStore
    where: Place
    means: Means


def choose_new(where: Place, given: Given, *, overwrite: bool) -> Chosen:
    """Begin a run.

    Raises:
        AuthenticationError: A language model's provider has no key.
        RunError: Something is unknown, or there is a run already.
    """
    spec, named = _spec(given)
    if named is not None:
        from causal_interface_gym.cli.models.naming import check_keys  # noqa: PLC0415 - see there

        check_keys(named.models)
    store = _start(where, spec, overwrite=overwrite)
    if named is None:
        return Chosen(store, where, Means())
    note_places(where, spec, named.paths)
    return Chosen(store, where, Means(named.paths))


def resumed(where: Place, given: Given) -> Chosen:
    """Open a run to go on with it.

    Raises:
        RunError: There is none, or what is given differs from what it is.
    """
    store = where.open()
    try:
        found = store.spec
        spec, named = _spec(given, found, where)
        check_same(found, spec)
        if named is None:
            return Chosen(store, where, Means())
        note_places(where, found, named.paths)
        return Chosen(store, where, Means(named.paths))
    except BaseException:
        store.close()
        raise


def choose_replayed(source: Place, target: Place, given: Given, *, overwrite: bool) -> Chosen:
    """Begin a run that is played from the transcript of another.

    Raises:
        RunError: There is no such run, or an option would make it another.
    """
    if given != Given():
        message = "--replay plays a run as it was; give no option that says what a run is"
        raise RunError(message)
    with source.open() as there:
        spec = there.spec
    if target.folder.resolve() == source.folder.resolve():
        message = f"a replay needs a folder of its own; got {source.folder} for both"
        raise RunError(message)
    store = _start(target, spec, overwrite=overwrite)
    if spec.asking is not None:
        copy_calls(source, target)
    return Chosen(store, target, Means(is_replay=True))


def _spec(
    given: Given, found: RunSpec | None = None, where: Place | None = None
) -> "tuple[RunSpec, NamedAgents | None]":
    """Read the options; what is not given is taken from the run found, else from the defaults."""
    agents = given.agents or (found.agents if found is not None else REFERENCE_AGENTS)
    scenarios = (
        found.scenarios if found and not given.scenarios
        else registry.select(given.scenarios or "classic")
    )  # fmt: skip
    if given.seeds:
        seeds = parse_seeds(given.seeds)
    else:
        seeds = found.seeds if found else parse_seeds("0-9")
    cards = found.cards if found and not given.scenarios else ()
    interface = given.interface or (found.interface if found else "graph")
    if not _has_model(agents) and not _says_how(given):
        return RunSpec(agents, scenarios, seeds, interface, cards=cards), None
    # Heavy, and only language models need it.
    from causal_interface_gym.cli.models.naming import (  # noqa: PLC0415
        GivenOptions,
        asking_of,
        name_agents,
    )

    old = found.asking if found is not None else None
    named = name_agents(
        agents,
        known=dict(old.resolved) if old is not None else {},
        paths=known_paths(where) if where is not None else {},
    )
    options = GivenOptions(
        given.max_draws,
        given.temperature,
        given.max_tokens,
        cast("CacheMode | None", given.cache),
        given.has_controls,
    )
    asking = asking_of(named, options, old)
    return RunSpec(named.agents, scenarios, seeds, interface, asking, cards=cards), named


def _has_model(agents: Sequence[str]) -> bool:
    return any(is_model_agent(agent) or agent.partition("+")[0] == _PRIMARY for agent in agents)


def _says_how(given: Given) -> bool:
    """Say whether an option is given that only language models have."""
    said = (given.max_draws, given.temperature, given.max_tokens, given.cache, given.has_controls)
    return any(option is not None for option in said)


def _start(where: Place, spec: RunSpec, *, overwrite: bool) -> SqlStore:
    if overwrite:
        where.remove()
    try:
        return where.create(spec)
    except RunError as error:
        if "already" not in str(error):
            raise
        folder = where.folder
        message = (
            f"{folder} holds a run already; continue it with --resume {folder}, replace it with "
            "--overwrite, or name another folder with --out"
        )
        raise RunError(message) from None
