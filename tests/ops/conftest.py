"""What the tests of operations share."""

from pathlib import Path

import pytest

from tests.servers.postgres import installed


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of pg_dump and pg_restore."""
    return installed() / "pginstall" / "bin"


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, programs: Path) -> None:
    """Let no setting of this machine reach a test, and PostgreSQL's programs be found."""
    monkeypatch.delenv("CIG_DATABASE_URL", raising=False)
    monkeypatch.setenv("CIG_ENV_FILE", str(tmp_path / "none.env"))
    monkeypatch.setenv("CIG_POSTGRES_BIN", str(programs))
    monkeypatch.setenv("CIG_BACKUP_FOLDER", str(tmp_path / "backups"))
