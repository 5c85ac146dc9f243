"""Language models of a run, as the command line names them: who they are and how they are asked.

Nothing here is needed by a run of reference agents, so nothing here is loaded for one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from causal_interface_gym.agents.llm.identity import ModelAgentId, is_model_agent
from causal_interface_gym.agents.llm.local import read_gguf
from causal_interface_gym.agents.prompts.prompt import prompt, prompt_names
from causal_interface_gym.agents.registry import check_agent
from causal_interface_gym.agents.strategies.registry import STRATEGIES
from causal_interface_gym.errors import AuthenticationError, RunError
from causal_interface_gym.runs.asking import MAX_DRAWS, MAX_TOKENS, Asking, CacheMode
from causal_interface_gym.settings import Settings, load_settings, provider_settings

__all__ = ["GivenOptions", "NamedAgents", "asking_of", "check_keys", "name_agents", "settings_now"]

PRIMARY: Final = "primary"
_LOCAL: Final = re.compile(r"local:(?P<path>.+\.gguf)(?P<strategy>\+[^/]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GivenOptions:
    """What the command line says of language models; None where it says nothing."""

    max_draws: int | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    cache: CacheMode | None = None
    has_controls: bool | None = None

    @property
    def is_given(self) -> bool:
        """Whether anything is said."""
        return self != GivenOptions()


@dataclass(frozen=True, slots=True)
class NamedAgents:
    """The agents of a run by their full names.

    ``resolved`` says what an alias stands for, ``paths`` where local models are, by file name.
    """

    agents: tuple[str, ...]
    resolved: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)

    @property
    def models(self) -> tuple[ModelAgentId, ...]:
        """The language models among them."""
        return tuple(map(ModelAgentId.parse, filter(is_model_agent, self.agents)))


def settings_now() -> Settings:
    """Read the settings."""
    return load_settings()


def name_agents(
    texts: Iterable[str],
    *,
    known: Mapping[str, str] | None = None,
    paths: Mapping[str, Path] | None = None,
) -> NamedAgents:
    """Find the agents that the command line names.

    ``known`` says what aliases stood for when the run was created, ``paths`` where its local models
    were.

    Raises:
        AuthenticationError: ``primary`` is asked for and no provider has a key.
        RunError: There is no such agent.
    """
    agents: list[str] = []
    resolved: dict[str, str] = {}
    found: dict[str, Path] = {}
    for text in texts:
        alias, plus, strategy = text.partition("+")
        named = text
        if alias == PRIMARY:
            named = (known or {}).get(text) or check_agent(f"{_primary()}{plus}{strategy}")
            resolved[text] = named
        local = _LOCAL.fullmatch(named)
        if local is not None:
            path = Path(local["path"])
            found[path.name] = _local_path(path, paths or {})
            named = f"local:{path.name}{local['strategy'] or ''}"
        agents.append(check_agent(named))
    return NamedAgents(tuple(agents), resolved, found)


def asking_of(named: NamedAgents, given: GivenOptions, found: Asking | None) -> Asking | None:
    """Give how a run's models are asked; what is not said is taken from the run found.

    Raises:
        RunError: An option is out of its range, given without a model, or a local model's file
            cannot be read.
    """
    if not named.models:
        if given.is_given:
            message = (
                "--max-draws, --temperature, --max-tokens, --cache and --controls are for "
                "language models, and no --agent is one; add one, such as openai:MODEL"
            )
            raise RunError(message)
        return None
    old = found or Asking(cache=_usual_cache(), has_apart=True)
    has_controls = old.has_controls if given.has_controls is None else given.has_controls
    return Asking(
        max_draws=_either(given.max_draws, old.max_draws if found else MAX_DRAWS),
        temperature=old.temperature if given.temperature is None else given.temperature,
        max_tokens=_either(given.max_tokens, old.max_tokens if found else MAX_TOKENS),
        cache=old.cache if given.cache is None else given.cache,
        has_controls=has_controls,
        prompts=_prompts(named.models),
        resolved=tuple(sorted(named.resolved.items())) or old.resolved,
        files=_files(named, dict(old.files)),
        has_apart=old.has_apart and has_controls,
    )


def _usual_cache() -> CacheMode:
    """Give what a run that does not say does with replies that are kept."""
    return "record" if settings_now().enable_llm_response_cache else "off"


def check_keys(models: Iterable[ModelAgentId]) -> None:
    """Check that each provider has the key it needs, before a run is begun.

    Raises:
        AuthenticationError: A key is missing or cannot be one; it is not shown.
    """
    access = provider_settings(settings_now())
    for name in dict.fromkeys(model.provider for model in models):
        _ = access[name].sent_key


def _primary() -> str:
    """Name the model of the first provider that can be asked."""
    settings = settings_now()
    access = provider_settings(settings)
    order = [settings.primary_llm_provider, *settings.llm_fallback_order.split(",")]
    for name in dict.fromkeys(part.strip() for part in order):
        if name == "local" and settings.cig_local_gguf is not None:
            return f"local:{settings.cig_local_gguf.name}"
        own = access[name]
        if own.is_available and own.model:
            return f"{name}:{own.model}"
    message = (
        f"no provider for the agent {PRIMARY!r}: none of {', '.join(dict.fromkeys(order))} has a "
        "key and a default model; set OPENAI_API_KEY, or name a model as PROVIDER:MODEL"
    )
    raise AuthenticationError(message)


def _local_path(path: Path, known: Mapping[str, Path]) -> Path:
    """Say where a local model is: as named, as the run remembers, or as the settings say."""
    if path.is_file() or path.name != str(path):
        return path.resolve()
    configured = settings_now().cig_local_gguf
    if path.name in known:
        return known[path.name]
    if configured is not None and configured.name == path.name:
        return configured.resolve()
    return path.resolve()


def _files(named: NamedAgents, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Hash the files of local models; one that is gone keeps the hash that the run has."""
    return tuple(
        (name, known[name] if name in known and not path.is_file() else read_gguf(path).sha256)
        for name, path in sorted(named.paths.items())
    )


def _prompts(models: Sequence[ModelAgentId]) -> tuple[tuple[str, str], ...]:
    """Give version and hash of every prompt that these models may be asked by."""
    own = {name for made in STRATEGIES.values() for name in made.prompts}
    used = {name for model in models for name in STRATEGIES[model.strategy].prompts}
    names = sorted((set(prompt_names()) - own) | used)
    return tuple((name, f"{prompt(name).version} sha256:{prompt(name).sha256}") for name in names)


def _either(given: int | None, other: int) -> int:
    return other if given is None else given
