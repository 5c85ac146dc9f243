"""Every setting that the program reads from its environment.

A setting is taken from the first of these that has it: what was set at run time (kept in the
database), the file of variables that is mounted beside the program, the process's environment, the
default. A secret may stand in a file of its own, named by the variable with ``_FILE`` behind it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

from dotenv import dotenv_values
from pydantic import Field, PositiveInt, SecretStr, ValidationError
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.agents.llm.providers.table import FALLBACK_ORDER, PROVIDER_TABLE
from causal_interface_gym.errors import SettingError

__all__ = [
    "ENV_FILE",
    "MOUNTED",
    "SETTINGS",
    "Layer",
    "Setting",
    "Settings",
    "check_setting",
    "layers",
    "load_settings",
    "origins",
    "provider_settings",
]

ENV_FILE: Final = "CIG_ENV_FILE"
"""Names the mounted file; read from the process's environment only."""
MOUNTED: Final = Path("/run/cig/.env")
"""Where that file is unless it is named."""
_SUFFIX: Final = "_FILE"
_RUNTIME: Final[JsonDict] = {"runtime": True}

ProviderName = Literal["openai", "anthropic", "google", "openrouter", "ollama", "compatible"]
_Secret = SecretStr | None
_Rate = Annotated[int, Field(ge=0, le=1_000_000)]
_Usd = Annotated[float | None, Field(ge=0)]


class Settings(BaseSettings):
    """What this program was told; a field's description is its documentation."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: Annotated[
        SecretStr | None,
        Field(
            alias="CIG_DATABASE_URL",
            description="Where runs are kept, such as `postgresql://user:password@host/name`. "
            "Without it each run is a file in its own folder.",
        ),
    ] = None
    redis_url: Annotated[
        SecretStr | None,
        Field(
            alias="CIG_REDIS_URL",
            description="The cache that all processes share, such as `redis://host:6379/0`. "
            "Without it each process has its own.",
        ),
    ] = None
    api_requests_per_minute: _Rate = Field(
        6_000,
        alias="API_REQUESTS_PER_MINUTE",
        description="Requests to the service that one key, or one address where no key is needed, "
        "may send in a minute, over all replicas that share a cache; 0 is no limit.",
        json_schema_extra=_RUNTIME,
    )
    api_refused_per_minute: _Rate = Field(
        60,
        alias="API_REFUSED_PER_MINUTE",
        description="Requests without a good key that one address may send in a minute; 0 is no "
        "limit.",
        json_schema_extra=_RUNTIME,
    )
    cig_trusted_proxies: str = Field(
        "127.0.0.1,::1",
        alias="CIG_TRUSTED_PROXIES",
        description="Addresses or networks of gateways, with commas between, that say in "
        "X-Forwarded-For whose request they hand on.",
    )
    openai_api_key: _Secret = Field(None, alias="OPENAI_API_KEY", description="OpenAI's key.")
    anthropic_api_key: _Secret = Field(
        None, alias="ANTHROPIC_API_KEY", description="Anthropic's key."
    )
    google_api_key: _Secret = Field(None, alias="GOOGLE_API_KEY", description="Google's key.")
    gemini_api_key: _Secret = Field(
        None, alias="GEMINI_API_KEY", description="Google's key, where GOOGLE_API_KEY is not set."
    )
    openrouter_api_key: _Secret = Field(
        None, alias="OPENROUTER_API_KEY", description="OpenRouter's key."
    )
    ollama_api_key: _Secret = Field(
        None, alias="OLLAMA_API_KEY", description="Ollama's key, where its server asks for one."
    )
    compatible_api_key: _Secret = Field(
        None,
        alias="COMPATIBLE_API_KEY",
        description="The key of the server at COMPATIBLE_BASE_URL.",
    )
    openai_base_url: _Secret = Field(
        None, alias="OPENAI_BASE_URL", description="Where OpenAI is, if not at its own place."
    )
    anthropic_base_url: _Secret = Field(
        None, alias="ANTHROPIC_BASE_URL", description="Where Anthropic is, if not at its own place."
    )
    google_gemini_base_url: _Secret = Field(
        None,
        alias="GOOGLE_GEMINI_BASE_URL",
        description="Where Google is, if not at its own place.",
    )
    openrouter_base_url: _Secret = Field(
        None,
        alias="OPENROUTER_BASE_URL",
        description="Where OpenRouter is, if not at its own place.",
    )
    ollama_base_url: _Secret = Field(
        None, alias="OLLAMA_BASE_URL", description="Where Ollama is, if not on this machine."
    )
    compatible_base_url: _Secret = Field(
        None,
        alias="COMPATIBLE_BASE_URL",
        description="A server that speaks OpenAI's wire format, such as vLLM's.",
    )
    primary_llm_provider: Annotated[
        ProviderName,
        Field(
            alias="PRIMARY_LLM_PROVIDER",
            description="The provider that is asked first.",
            json_schema_extra=_RUNTIME,
        ),
    ] = "openai"
    llm_fallback_order: str = Field(
        ",".join(FALLBACK_ORDER),
        alias="LLM_FALLBACK_ORDER",
        description="The providers that are asked next, with commas between; never within a run.",
        json_schema_extra=_RUNTIME,
    )
    llm_budget_usd_per_run: _Usd = Field(
        None,
        alias="LLM_BUDGET_USD_PER_RUN",
        description="What the calls of one run may cost; a call that could exceed it is not made.",
        json_schema_extra=_RUNTIME,
    )
    llm_budget_usd_per_day: _Usd = Field(
        None,
        alias="LLM_BUDGET_USD_PER_DAY",
        description="What the calls of all runs may cost on a day, by UTC.",
        json_schema_extra=_RUNTIME,
    )
    cig_local_gguf: Path | None = Field(
        None, alias="CIG_LOCAL_GGUF", description="The file of the model that runs on this machine."
    )
    llm_max_concurrent_requests: Annotated[
        PositiveInt,
        Field(
            alias="LLM_MAX_CONCURRENT_REQUESTS",
            description="Requests in flight to one provider, over all processes that share a "
            "cache.",
            json_schema_extra=_RUNTIME,
        ),
    ] = 64
    llm_request_delay: Annotated[
        float,
        Field(
            alias="LLM_REQUEST_DELAY",
            ge=0,
            le=3600,
            description="Seconds between the starts of two requests to one provider, over all "
            "processes that share a cache.",
            json_schema_extra=_RUNTIME,
        ),
    ] = 0.0
    enable_llm_response_cache: Annotated[
        bool,
        Field(
            alias="ENABLE_LLM_RESPONSE_CACHE",
            description="Whether a provider's answer is kept and given again to the same request.",
            json_schema_extra=_RUNTIME,
        ),
    ] = False
    cache_ttl: Annotated[
        PositiveInt,
        Field(
            alias="CACHE_TTL",
            description="Seconds that an entry of the cache lives.",
            json_schema_extra=_RUNTIME,
        ),
    ] = 86_400

    alertmanager_url: str = Field(
        "http://alertmanager:9093",
        alias="CIG_ALERTMANAGER_URL",
        description="Where Alertmanager is, for `cig silence` and the status page.",
    )
    incident_folder: Path = Field(
        Path("incidents"), alias="CIG_INCIDENT_FOLDER", description="Where incidents are kept."
    )
    mail_server: str = Field(
        "", alias="CIG_MAIL_SERVER", description="Takes the mail of summaries, as host:port."
    )
    mail_from: str = Field(
        "cig@localhost", alias="CIG_MAIL_FROM", description="Whom summaries come from."
    )
    mail_to: str = Field(
        "", alias="CIG_MAIL_TO", description="Who gets summaries, with commas between."
    )
    backup_folder: Path = Field(
        Path("/backups"), alias="CIG_BACKUP_FOLDER", description="Where backups are kept."
    )
    postgres_bin: Path | None = Field(
        None,
        alias="CIG_POSTGRES_BIN",
        description="The folder of pg_dump and pg_restore (release 17 or later), if they are not "
        "on the search path.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from ``load_settings`` only, which knows where each comes from."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it is documented: the variable, what it means, what holds without it."""

    variable: str
    field: str
    meaning: str
    default: str
    is_secret: bool
    is_runtime: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """Variables of one origin; a layer outranks those after it."""

    origin: str
    values: Mapping[str, str]


def _setting(name: str, field: FieldInfo) -> Setting:
    is_secret = "SecretStr" in str(field.annotation)
    default = "" if field.default is None else str(field.default)
    return Setting(
        variable=str(field.alias),
        field=name,
        meaning=str(field.description),
        default=default.lower() if isinstance(field.default, bool) else default,
        is_secret=is_secret,
        is_runtime=field.json_schema_extra == _RUNTIME,
    )


SETTINGS: Final = {
    setting.variable: setting
    for setting in (_setting(name, field) for name, field in Settings.model_fields.items())
}
"""All settings by their variables, in the order of the documentation."""


def load_settings(runtime: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; ``runtime`` is what the database holds.

    Raises:
        SettingError: A value is not allowed, a secret is given twice, or its file is unreadable.
    """
    found: dict[str, str] = {}
    for layer in reversed(layers(runtime)):
        found.update(layer.values)
    return _checked(found)


def layers(runtime: Mapping[str, str] | None = None) -> tuple[Layer, ...]:
    """Give what each origin holds, the strongest first; files of secrets are read.

    Raises:
        SettingError: A secret is given twice in one place, or its file is unreadable.
    """
    mounted = Path(os.environ.get(ENV_FILE) or MOUNTED)
    written = dotenv_values(mounted, interpolate=False) if mounted.is_file() else {}
    return (
        Layer("runtime", {k: v for k, v in (runtime or {}).items() if k in SETTINGS}),
        Layer(str(mounted), _resolved({k: v for k, v in written.items() if v}, str(mounted))),
        Layer("environment", _resolved(os.environ, "the environment")),
    )


def origins(found: tuple[Layer, ...]) -> dict[str, str]:
    """Say of each variable which origin decides."""
    return {
        variable: next((layer.origin for layer in found if variable in layer.values), "default")
        for variable in SETTINGS
    }


def provider_settings(settings: Settings) -> dict[str, ProviderSettings]:
    """Say of each provider how it is reached, in the order in which they are asked.

    Raises:
        SettingError: LLM_FALLBACK_ORDER names a provider that there is not.
    """
    known = [entry.name for entry in PROVIDER_TABLE]
    order = [name.strip() for name in settings.llm_fallback_order.split(",") if name.strip()]
    unknown = [name for name in order if name not in known]
    if unknown:
        message = f"LLM_FALLBACK_ORDER names {unknown[0]!r}; providers: {', '.join(known)}"
        raise SettingError(message)
    first = dict.fromkeys([settings.primary_llm_provider, *order, *known])
    by_name = {entry.name: entry for entry in PROVIDER_TABLE}
    return {
        name: ProviderSettings(
            name,
            key=_first(settings, by_name[name].key_names),
            base_url=_first(settings, by_name[name].url_names),
        )
        for name in first
    }


def check_setting(variable: str, value: str) -> None:
    """Check a value before it is kept as a runtime setting.

    Raises:
        SettingError: There is no such setting, it cannot be changed at run time, or the value is
            not allowed.
    """
    changeable = ", ".join(s.variable for s in SETTINGS.values() if s.is_runtime)
    if variable not in SETTINGS:
        message = f"there is no setting {variable!r}; at run time one can set: {changeable}"
        raise SettingError(message)
    if not SETTINGS[variable].is_runtime:
        why = "a secret is never kept in the database" if SETTINGS[variable].is_secret else "fixed"
        message = f"{variable} cannot be set at run time ({why}); one can set: {changeable}"
        raise SettingError(message)
    _checked({variable: value})


def _resolved(values: Mapping[str, str], where: str) -> dict[str, str]:
    """Take the settings that are not empty, and secrets from the files that are named."""
    found = {name: values[name] for name in SETTINGS if values.get(name)}
    for name in (s.variable for s in SETTINGS.values() if s.is_secret):
        file = values.get(f"{name}{_SUFFIX}")
        if not file:
            continue
        if name in found:
            message = f"{name} and {name}{_SUFFIX} are both set in {where}; keep one of them"
            raise SettingError(message)
        try:
            found[name] = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            message = f"{name}{_SUFFIX} in {where} names {file!r}, which cannot be read: {error}"
            raise SettingError(message) from error
    return found


def _checked(values: Mapping[str, str]) -> Settings:
    try:
        # Any: text that pydantic turns into each field's own type.
        given: dict[str, Any] = dict(values)
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        variable = str(first["loc"][0])
        shown = "" if SETTINGS[variable].is_secret else f"; got {values[variable]!r}"
        message = f"{variable}: {first['msg'].lower()}{shown}. {SETTINGS[variable].meaning}"
        raise SettingError(message) from None


def _first(settings: Settings, variables: tuple[str, ...]) -> str:
    """Give the first of these secrets that is set, else nothing."""
    values = (getattr(settings, SETTINGS[variable].field) for variable in variables)
    return next((value.get_secret_value() for value in values if value is not None), "")
