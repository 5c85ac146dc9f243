"""Keys and settings at the command line, against a real server."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from causal_interface_gym.cli.operators.actor import actor
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.cache.guarded import cache_at
from causal_interface_gym.storage.database import database_at, reading
from causal_interface_gym.storage.service.accounts import Caller, Role, authenticate
from tests.servers.process import free_port
from tests.servers.valkey import valkey
from tests.unit.cli.test_commands import cig, read, refused

CANARY = "sk-canary-0123456789-last"


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str) -> str:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIG_ENV_FILE", str(tmp_path / "mounted.env"))
    monkeypatch.setenv("CIG_DATABASE_URL", database)
    return database


def test_a_key_is_shown_once_and_then_only_described(configured: str) -> None:
    made = cig("keys", "create", "ada", "--role", "Operator", "--days", "30")
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    engine = database_at(configured)
    with reading(engine) as connection:
        found = authenticate(connection, key)
    engine.dispose()
    assert isinstance(found, Caller)
    assert (found.account, found.role) == ("ada", Role.OPERATOR)
    listed = cig("keys", "list").stdout
    assert f"{found.key}  ada  operator" in listed
    assert "ends" in listed
    assert key.split("_", 2)[2] not in listed + str(read("keys", "list"))
    assert cig("keys", "revoke", found.key).stdout == f"{found.key} is revoked\n"
    assert read("keys", "revoke", found.key) == {"id": found.key, "was_good": False}
    assert "was revoked before" in cig("keys", "revoke", found.key).stdout
    (row,) = read("keys", "list", "--account", "ada")
    assert row["revoked_at"] is not None
    assert row["role"] == "operator"
    assert "revoked" in cig("keys", "list").stdout
    assert cig("keys", "list", "--account", "ben").stdout == "there are no keys\n"
    assert read("keys", "create", "ben")["role"] == "viewer"
    assert "lasts" in cig("keys", "list", "--account", "ben").stdout


def test_a_key_is_rotated_with_its_account_and_role(configured: str) -> None:
    old = cig("keys", "create", "ada", "--role", "operator").stdout.strip()
    made = cig("keys", "rotate", old.split("_")[1], "--days", "30")
    assert made.exit_code == 0, made.output
    engine = database_at(configured)
    with reading(engine) as connection:
        assert not isinstance(authenticate(connection, old), Caller)
        found = authenticate(connection, made.stdout.strip())
    engine.dispose()
    assert isinstance(found, Caller)
    assert (found.account, found.role) == ("ada", Role.OPERATOR)
    assert read("keys", "rotate", found.key)["revoked"] == found.key
    assert "is revoked; make a new key" in refused("keys", "rotate", found.key)
    assert "there is no key" in refused("keys", "rotate", "ffff")


def test_a_key_that_cannot_be_made_or_ended_says_what_is_allowed() -> None:
    assert "viewer, researcher, operator, admin" in refused("keys", "create", "ada", "--role", "x")
    assert "1 to 36500 days" in refused("keys", "create", "ada", "--days", "0")
    assert "an account is" in refused("keys", "create", "a da")
    assert "cig keys list" in refused("keys", "revoke", "nothing")


def test_a_setting_is_changed_at_run_time_and_its_history_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CACHE_TTL", "1")
    (tmp_path / "mounted.env").write_text("CACHE_TTL=2\nPRIMARY_LLM_PROVIDER=google\n")
    assert read("settings", "get", "CACHE_TTL")["origin"] == str(tmp_path / "mounted.env")
    assert cig("settings", "set", "CACHE_TTL=600").stdout == "CACHE_TTL is '600'\n"
    assert cig("settings", "get", "CACHE_TTL").stdout == "600\n"
    listed = read("settings", "list")
    assert listed["CACHE_TTL"] == {"value": "600", "origin": "runtime"}
    assert listed["PRIMARY_LLM_PROVIDER"]["value"] == "google"
    assert listed["ENABLE_LLM_RESPONSE_CACHE"] == {"value": "false", "origin": "default"}
    assert "CACHE_TTL = 600  [runtime]" in cig("settings", "list").stdout
    assert read("settings", "set", "CACHE_TTL=")["value"] is None
    assert "no longer set" in cig("settings", "set", "CACHE_TTL=").stdout
    assert cig("settings", "get", "CACHE_TTL").stdout == "2\n"
    told = [(c["version"], c["value"], c["actor"]) for c in read("settings", "history")]
    assert told == [(n, v, actor()) for n, v in ((3, None), (2, None), (1, "600"))]
    text = cig("settings", "history", "CACHE_TTL").stdout
    assert text.splitlines()[-1].endswith(f"{actor()}  CACHE_TTL '600'")
    assert "taken back" in text
    assert cig("settings", "history", "CACHE_TLL").stdout == "nothing was changed\n"


def test_a_value_or_variable_that_is_not_allowed_changes_nothing() -> None:
    assert "CACHE_TTL: input should be" in refused("settings", "set", "CACHE_TTL=-1")
    assert "never kept" in refused("settings", "set", f"OPENAI_API_KEY={CANARY}")
    assert "no setting 'NOTHING'" in refused("settings", "set", "NOTHING=")
    assert "write VARIABLE=VALUE" in refused("settings", "set", "CACHE_TTL")
    assert "no setting 'NOTHING'" in refused("settings", "get", "NOTHING")
    assert read("settings", "history") == []


def test_of_a_secret_only_the_end_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("GOOGLE_API_KEY", "short")
    listed = cig("settings", "list")
    assert CANARY not in listed.output
    assert "OPENAI_API_KEY = ****last  [environment]" in listed.stdout
    assert "GOOGLE_API_KEY = ****  [environment]" in listed.stdout
    assert "ANTHROPIC_API_KEY = (none)  [default]" in listed.stdout


def test_without_a_database_settings_are_shown_and_cannot_be_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CIG_DATABASE_URL")
    assert cig("settings", "get", "CACHE_TTL").stdout == "86400\n"
    assert "no database is named" in refused("settings", "set", "CACHE_TTL=5")


def test_the_shared_cache_is_counted_and_emptied(
    cache_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIG_REDIS_URL", cache_address)
    cig("cache", "flush")
    cache = cache_at(cache_address)
    cache.put("a", b"1", ttl_s=60)
    cache.get("a")
    cache.turn("openai", delay_s=60)
    cache.close()
    found = read("cache", "stats")
    assert (found["n_entries"], found["n_limits"], found["is_shared"]) == (1, 1, True)
    text = cig("cache", "stats").stdout
    assert text.startswith("entries: 1; limits in use: 1\nlooked up on this server: ")
    assert cig("cache", "flush").stdout == "forgotten: 2\n"
    assert read("cache", "flush", "--redis", cache_address) == {"forgotten": 0}


def test_a_cache_that_is_down_or_not_named_is_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "each process has its own" in refused("cache", "stats")
    monkeypatch.setenv("CIG_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    assert cig("cache", "flush").exit_code == 3
    with valkey() as new:
        text = cig("cache", "stats", "--redis", new.address).stdout
        assert text.endswith("looked up on this server: 0, found: none\n")


def test_the_audit_log_names_who_works_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert actor() == f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    monkeypatch.setattr(os, "getuid", lambda: 4_294_967)
    assert actor() == "cli:4294967"


def test_commands_that_need_no_database_load_nothing_of_it() -> None:
    code = (
        "import sys, causal_interface_gym.cli.app; "
        "print(*sorted({'alembic', 'psycopg', 'pydantic', 'redis'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.split() == []
