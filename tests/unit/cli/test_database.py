"""A run in a database: the same commands, the same report, and many runs side by side."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.folder import DATABASE
from causal_interface_gym.storage.schema import HEAD, REVISIONS, table_status
from causal_interface_gym.storage.shared import run_names
from tests.servers.process import free_port
from tests.strategies.first_release import FIRST
from tests.unit.cli.test_commands import cig, read, refused

SMALL = ("--agent", "reference:associational", "--scenarios", "homework-v1", "--seeds", "0-1")


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CIG_DATABASE_URL", raising=False)
    monkeypatch.setenv("CIG_ENV_FILE", str(tmp_path / "none.env"))


def names(address: str) -> tuple[str, ...]:
    engine = database_at(address)
    found = run_names(engine)
    engine.dispose()
    return found


def test_a_run_in_a_server_gives_the_same_bytes_as_one_in_a_file(
    database: str, tmp_path: Path
) -> None:
    in_file = cig("run", *SMALL, "--out", tmp_path / "file", "--json")
    in_server = cig("run", *SMALL, "--out", tmp_path / "june", "--database", database, "--json")
    assert in_file.exit_code == in_server.exit_code == 0, in_server.output
    assert in_server.stdout == in_file.stdout
    names_ = {path.name for path in (tmp_path / "june").iterdir()}
    assert names_ == {"report.json", "report.md", "report.html"}
    again = cig("report", "june", "--database", database, "--json")
    assert again.stdout == in_file.stdout
    key = ("--agent", "reference:associational", "--scenario", "homework-v1", "--seed", "1")
    episode = cig("episode", "june", *key, "--database", database)
    assert episode.exit_code == 0
    assert episode.stdout == cig("episode", tmp_path / "file", *key).stdout


def test_the_environment_names_the_database_for_every_command(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIG_DATABASE_URL", database)
    for name in ("june", "july"):
        result = cig("run", *SMALL, "--out", f"runs/{name}")
        assert result.exit_code == 0, result.output
        assert f"more: cig report runs/{name}\n" in result.stdout
    assert names(database) == ("july", "june")
    assert not Path("runs/june", DATABASE).exists()
    assert "--overwrite" in refused("run", *SMALL, "--out", "runs/june")
    assert cig("run", "--resume", "runs/june").exit_code == 0
    other = ("--agent", "reference:uniform", *SMALL[2:])
    assert cig("run", *other, "--out", "runs/june", "--overwrite").exit_code == 0
    assert read("report", "june")["run"]["agents"] == ["reference:uniform"]
    assert read("report", "july")["run"]["agents"] == ["reference:associational"]


def test_a_folder_with_a_file_is_opened_as_such_unless_told_otherwise(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "june"
    cig("run", *SMALL, "--out", folder)
    monkeypatch.setenv("CIG_DATABASE_URL", database)
    assert cig("report", folder).exit_code == 0
    assert "--overwrite" in refused("run", *SMALL, "--out", folder)
    message = refused("report", folder, "--database", database)
    assert "no run 'june' in the database; it holds none yet" in message


def test_a_run_that_is_not_there_is_answered_with_those_that_are(
    database: str, tmp_path: Path
) -> None:
    cig("run", *SMALL, "--out", tmp_path / "june", "--database", database)
    message = refused("report", "may", "--database", database)
    assert "no run 'may' in the database; there are: june" in message
    assert "1 to 64 letters" in refused("report", "two words", "--database", database)


def test_a_file_may_hold_many_runs(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'all.db'}"
    for name in ("june", "july"):
        result = cig("run", *SMALL, "--out", tmp_path / name, "--database", address, "--json")
        assert result.exit_code == 0, result.output
    assert names(address) == ("july", "june")


def test_a_server_without_tables_says_how_to_make_them(empty_database: str, tmp_path: Path) -> None:
    where = ("--database", empty_database)
    for arguments in (("run", *SMALL, "--out", tmp_path / "june"), ("report", "june")):
        assert "cig db migrate" in refused(*arguments, *where)
    status = cig("db", "status", *where)
    assert status.exit_code == 1
    assert status.stdout.startswith(f"tables: none; this release: {HEAD}; missing: 0001")
    assert read("db", "migrate", *where) == {"revision": HEAD, "applied": list(REVISIONS)}
    assert cig("db", "migrate", *where).stdout.startswith("nothing to do")
    assert cig("db", "status", *where).stdout.endswith("up to date\n")
    assert cig("run", *SMALL, "--out", tmp_path / "june", *where).exit_code == 0


def test_a_folder_of_the_first_release_is_upgraded_on_demand(tmp_path: Path) -> None:
    engine = database_at(f"sqlite:///{tmp_path / DATABASE}")
    FIRST.create_all(engine)
    found = read("db", "status", tmp_path, exit_code=1)
    assert found == {
        "revision": "",
        "head": HEAD,
        "pending": list(REVISIONS),
        "is_later": False,
    }
    assert "the first release's" in cig("db", "status", tmp_path).stdout
    assert cig("db", "migrate", tmp_path).stdout.startswith("applied 0001")
    assert table_status(engine).revision == HEAD
    engine.dispose()
    assert "no run in" in refused("db", "migrate", tmp_path / "elsewhere")


def test_a_server_that_does_not_answer_is_no_fault_of_the_user(
    database: str, tmp_path: Path
) -> None:
    down = make_url(database).set(host="127.0.0.1", port=free_port(), password="hush-hush")  # noqa: S106 - nobody's
    address = down.render_as_string(hide_password=False)
    for arguments in (
        ("db", "status"),
        ("report", "june"),
        ("run", *SMALL, "--out", tmp_path / "june", "--overwrite"),
    ):
        result = cig(*arguments, "--database", address)
        assert result.exit_code == 3, result.output
        assert "does not answer" in result.stderr
        assert "hush-hush" not in result.output


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://host/name", "kind 'mysql'"),
        ("sqlite://", "kind 'sqlite'"),
        ("just text", "address is none"),
        ("postgresql://user:hush-hush@host:port/name", "address is none"),
        ("postgresql://user:hush-hush@127.0.0.1/name?colour=blue", "colour"),
    ],
)
def test_an_address_of_another_kind_is_refused(address: str, says: str) -> None:
    message = refused("report", "june", "--database", address)
    assert says in message
    assert "hush-hush" not in message
    assert "postgresql://user:password@host:port/name" in message or "colour" in says


def test_a_command_for_databases_needs_one() -> None:
    assert "CIG_DATABASE_URL" in refused("db", "status")
