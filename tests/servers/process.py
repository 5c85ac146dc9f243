"""A server of one's own beside the tests: an unprivileged child that dies with them."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

__all__ = ["Server", "User", "free_port", "is_runnable", "room", "run", "unprivileged"]

START_S = 15.0
"""The longest a server may take to answer."""
STOP_S = 10.0
_SET_DEATH_SIGNAL = 1


class User(NamedTuple):
    """Who a child is to be; nothing is changed where all is empty."""

    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None


def unprivileged() -> User:
    """Give a user without root's rights; nobody else where the tests have none to give up."""
    if os.geteuid() != 0:
        return User()
    nobody = pwd.getpwnam("nobody")
    return User(nobody.pw_uid, nobody.pw_gid, ())


def run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a program as an unprivileged user and give what it said."""
    who = unprivileged()
    return subprocess.run(
        [*map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        user=who.user,
        group=who.group,
        extra_groups=who.extra_groups,
    )


def is_runnable(program: Path) -> bool:
    """Say whether the unprivileged user may run a program where it stands."""
    try:
        return run([program, "--version"]).returncode == 0
    except PermissionError:
        return False


@contextmanager
def room(name: str) -> Iterator[Path]:
    """Lend a folder that the unprivileged user may write; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix=f"cig-{name}-"))
    folder.chmod(0o755)
    inner = folder / "data"
    inner.mkdir(mode=0o700)
    who = unprivileged()
    if who.user is not None and who.group is not None:
        os.chown(inner, who.user, who.group)
    try:
        yield inner
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Find a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_the_tests() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGINT)


@dataclass(slots=True)
class Server:
    """A server that can be started, killed, hung and started again at the same port."""

    command: Sequence[str]
    log: Path
    answers: Callable[[], bool]
    is_ours: bool = False
    """Whether it runs as the tests do, for its files are not everybody's to read."""
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        """Start it and wait until it answers."""
        who = User() if self.is_ours else unprivileged()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # One system call, and no thread of the tests holds a lock that it needs.
                preexec_fn=_die_with_the_tests,  # noqa: PLW1509 - see above
                user=who.user,
                group=who.group,
                extra_groups=who.extra_groups,
            )
        give_up = time.monotonic() + START_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                said = self.log.read_text(errors="replace")[-2000:]
                self.kill()
                message = f"{self.command[0]} did not start: {said}"
                raise RuntimeError(message)
            time.sleep(0.02)

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        """The process; it must have been started."""
        assert self._process is not None, "the server was not started"
        return self._process

    def signal(self, number: signal.Signals) -> None:
        """Send a signal: SIGSTOP hangs it, SIGCONT lets it go on."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as its operator would."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()
