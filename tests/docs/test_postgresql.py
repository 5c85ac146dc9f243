"""The commands of the pages for operators run against real servers, in the order of the page."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from causal_interface_gym.cli.app import app

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


def test_the_page_on_postgresql_works_as_written(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "database").write_text(empty_database)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CIG_DATABASE_URL", raising=False)
    monkeypatch.setenv("CIG_DATABASE_URL_FILE", str(tmp_path / "database"))
    codes: dict[str, list[tuple[int, str]]] = {}
    for command in commands("postgresql.md"):
        assert command[0] == "cig"
        result = CliRunner().invoke(app, command[1:])
        codes.setdefault(" ".join(command), []).append((result.exit_code, result.output))
    assert [code for code, _ in codes.pop("cig db status")] == [FIRST_STATUS, 0]
    assert len(codes) == 5
    assert {name: found for name, found in codes.items() if found[0][0] != 0} == {}
