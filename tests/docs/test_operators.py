"""The commands of the pages for operators run against real servers, in the order of the page."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from causal_interface_gym.cli.app import app
from causal_interface_gym.settings import SETTINGS

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"
FIRST_STATUS = 1
"""A database without tables is a finding."""


def commands(page: str) -> list[list[str]]:
    """The commands that a page shows at a prompt."""
    text = (HOWTO / page).read_text("utf-8")
    lines = re.findall(
        r"^\$ (.*)$", "\n".join(re.findall(r"```console\n(.*?)```", text, re.S)), re.M
    )
    return [shlex.split(line) for line in lines]


def played(page: str) -> list[tuple[str, int, str]]:
    """Run the commands of a page in order; give each with its exit code and what it said."""
    found = []
    for command in commands(page):
        assert command[0] == "cig"
        result = CliRunner().invoke(app, command[1:])
        found.append((" ".join(command[1:]), result.exit_code, result.output))
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with nothing configured."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIG_ENV_FILE", str(tmp_path / "none.env"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_on_postgresql_works_as_written(
    empty_database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "database").write_text(empty_database)
    monkeypatch.setenv("CIG_DATABASE_URL_FILE", str(folder / "database"))
    found = played("postgresql.md")
    assert len(found) == 7
    assert found[0][:2] == ("db status", FIRST_STATUS)
    assert [entry for entry in found[1:] if entry[1] != 0] == []


def test_the_page_on_keys_and_settings_works_as_written(
    database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIG_DATABASE_URL", database)
    found = played("keys-and-settings.md")
    assert [entry for entry in found if entry[1] != 0] == []
    said = {command: text for command, _, text in found}
    assert said["settings get LLM_MAX_CONCURRENT_REQUESTS"] == "8\n"
    assert "ada  researcher" in said["keys list"]
    assert not list(folder.iterdir())


@pytest.mark.usefixtures("folder")
def test_the_page_on_the_cache_works_as_written(
    cache_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIG_REDIS_URL", cache_address)
    found = played("share-a-cache.md")
    assert [command for command, code, _ in found if code == 0] == ["cache stats", "cache flush"]
