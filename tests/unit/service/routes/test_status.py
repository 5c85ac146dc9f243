"""The status page: with everything, with nothing, and with hostile words."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.service.routes import status
from causal_interface_gym.storage.database import database_at
from tests.servers.process import free_port
from tests.unit.service.served import Service, served


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CIG_BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setenv("CIG_ALERTMANAGER_URL", f"http://127.0.0.1:{free_port()}")


def test_all_is_well_and_no_backup_was_made(service: Service) -> None:
    reply = service.get("/status")
    text = reply.body.decode()
    assert reply.status == 200
    assert "Everything works" in text
    assert '<th scope="row">database</th><td>ok</td>' in text
    assert '<th scope="row">last proven backup</th><td>none</td>' in text
    assert "script" not in text


def test_a_drill_is_shown_with_its_time(service: Service, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    Vault(tmp_path / "backups").note_drill()
    text = service.get("/status").body.decode()
    assert '<th scope="row">last rehearsed restore</th><td>ok</td>' in text


def test_there_is_a_page_without_a_database(tmp_path: Path) -> None:
    gone = database_at(f"postgresql://ada:secret-word@127.0.0.1:{free_port()}/none")
    with served(gone, tmp_path / "runs") as service:
        reply = service.get("/status")
        text = reply.body.decode()
        assert reply.status == 200
        assert "Something that is needed does not answer" in text
        assert "secret-word" not in text
        assert service.get("/health").status == 503
    gone.dispose()


def test_settings_that_cannot_be_read_do_not_hide_the_page(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CACHE_TTL", "<script>never</script>")
    text = service.get("/status").body.decode()
    assert "cig doctor says why" in text
    assert "<script>" not in text


def test_what_hangs_is_left_out(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(status, "PATIENCE_S", 0.05)
    monkeypatch.setattr(status, "of_operations", lambda: over.wait(20))
    try:
        with served(engine, tmp_path / "runs") as service:
            text = service.get("/status").body.decode()
            assert "<h2>Parts</h2>" in text
            assert "<h2>Care</h2>" not in text
            over.set()
    finally:
        over.set()
