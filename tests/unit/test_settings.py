"""Settings come from four places in a fixed order, are checked, and keep their secrets."""

from pathlib import Path

import pytest

from causal_interface_gym.errors import SettingError
from causal_interface_gym.settings import (
    ENV_FILE,
    SETTINGS,
    check_setting,
    layers,
    load_settings,
    origins,
    provider_settings,
)

CANARY = "sk-canary-7f3a"


@pytest.fixture
def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the mounted file, with nothing set anywhere."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    file = tmp_path / "mounted.env"
    monkeypatch.setenv(ENV_FILE, str(file))
    return file


def test_a_value_is_taken_from_the_first_place_that_has_it(
    mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime: dict[str, str] = {}
    for expected, change in (
        ("default", lambda: None),
        ("environment", lambda: monkeypatch.setenv("CACHE_TTL", "1")),
        (str(mounted), lambda: mounted.write_text("CACHE_TTL=2\n# a remark\nOTHER=x\n")),
        ("runtime", lambda: runtime.update(CACHE_TTL="3")),
    ):
        change()
        assert origins(layers(runtime))["CACHE_TTL"] == expected
        value = {"default": 86_400, "environment": 1, str(mounted): 2, "runtime": 3}[expected]
        assert load_settings(runtime).cache_ttl == value


def test_an_empty_variable_is_as_good_as_none(
    mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted.write_text("CIG_DATABASE_URL=\n")
    monkeypatch.setenv("CACHE_TTL", "")
    found = load_settings()
    assert found.database_url is None
    assert found.cache_ttl == 86_400


def test_a_secret_is_read_from_its_file(
    mounted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(f"{CANARY}\n")
    mounted.write_text("OPENAI_API_KEY=from-the-mount\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("CIG_DATABASE_URL_FILE", str(tmp_path / "key"))
    found = load_settings()
    assert found.database_url is not None
    assert found.database_url.get_secret_value() == CANARY
    # The mounted file outranks the environment, whichever way a secret is given.
    assert found.openai_api_key is not None
    assert found.openai_api_key.get_secret_value() == "from-the-mount"


def test_a_secret_given_twice_or_in_a_missing_file_is_refused(
    mounted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingError, match="GOOGLE_API_KEY_FILE in the environment names"):
        load_settings()
    monkeypatch.setenv("GOOGLE_API_KEY", CANARY)
    with pytest.raises(SettingError, match="both set in the environment") as refused:
        load_settings()
    assert CANARY not in str(refused.value)
    assert not mounted.exists()


@pytest.mark.usefixtures("mounted")
def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = [s.variable for s in SETTINGS.values() if s.is_secret]
    assert {"CIG_DATABASE_URL", "CIG_REDIS_URL", "OPENAI_API_KEY"} <= set(secret)
    for name in secret:
        monkeypatch.setenv(name, CANARY)
    found = load_settings()
    for text in (repr(found), str(found), found.model_dump_json()):
        assert CANARY not in text


@pytest.mark.usefixtures("mounted")
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CACHE_TTL", "0"),
        ("CACHE_TTL", "soon"),
        ("LLM_REQUEST_DELAY", "-1"),
        ("LLM_REQUEST_DELAY", "nan"),
        ("LLM_REQUEST_DELAY", "inf"),
        ("LLM_MAX_CONCURRENT_REQUESTS", "0"),
        ("PRIMARY_LLM_PROVIDER", "nobody"),
        ("ENABLE_LLM_RESPONSE_CACHE", "perhaps"),
    ],
)
def test_a_value_that_is_not_allowed_names_its_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingError, match=f"^{variable}: .*got '{value}'"):
        load_settings()
    with pytest.raises(SettingError, match=f"^{variable}: "):
        check_setting(variable, value)


def test_only_what_may_change_at_run_time_is_taken_from_there() -> None:
    check_setting("PRIMARY_LLM_PROVIDER", "anthropic")
    with pytest.raises(SettingError, match="never kept in the database"):
        check_setting("OPENAI_API_KEY", CANARY)
    with pytest.raises(SettingError, match=r"no setting 'CACHE_TLL'.*CACHE_TTL"):
        check_setting("CACHE_TLL", "5")


def test_every_setting_says_what_it_means() -> None:
    assert [s.variable for s in SETTINGS.values() if not s.meaning.endswith(".")] == []


def test_every_provider_is_reached_as_its_variables_say(
    mounted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(f"{CANARY}\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("GEMINI_API_KEY", "second")
    mounted.write_text("PRIMARY_LLM_PROVIDER=google\nLLM_FALLBACK_ORDER=anthropic, openai\n")
    found = provider_settings(load_settings())
    assert list(found)[:3] == ["google", "anthropic", "openai"]
    assert (found["openai"].key, found["openai"].host) == (CANARY, "127.0.0.1:1")
    assert found["google"].key == "second"
    assert [name for name, access in found.items() if access.is_available] == [
        "google",
        "openai",
        "ollama",
    ]
    assert CANARY not in repr(found)


def test_the_order_of_providers_is_checked(mounted: Path) -> None:
    mounted.write_text("LLM_FALLBACK_ORDER=openai,opena\n")
    with pytest.raises(SettingError, match="'opena'"):
        provider_settings(load_settings())
