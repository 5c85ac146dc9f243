"""The parent's side: start a model's process, wait for its address, end it."""

import json
import select
import subprocess
import sys
import tempfile
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Self

from causal_interface_gym.agents.llm.local.gguf import GgufFile, read_gguf
from causal_interface_gym.agents.llm.local.memory import available_bytes
from causal_interface_gym.errors import RunError

__all__ = ["LocalModels", "LocalServer", "ServerOptions"]

_MODULE: Final = "causal_interface_gym.agents.llm.local.serving"
_OVERHEAD: Final = 150_000_000
_PER_TOKEN: Final = 0.25e-3
"""Share of the file's size that one token of context takes, from above for small models."""

_PATIENCE_S: Final = 5.0
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a model is served: tokens of context for each slot, slots, threads, time to load."""

    context_tokens: int = 4_096
    n_slots: int = 1
    n_threads: int = 1
    start_timeout_s: float = 120.0


DEFAULT: Final = ServerOptions()


class LocalServer:
    """A GGUF file served by a process of its own; a context manager.

    The process ends with ``close``, with this object, and with this process, however that ends.
    """

    def __init__(self, model: GgufFile, options: ServerOptions = DEFAULT) -> None:
        """Start the process and wait until it serves.

        Raises:
            RunError: The extra is not installed, the memory does not suffice, the file cannot be
                loaded, or loading takes too long.
        """
        self.model = model
        _check_memory(model, options)
        self._log = _log_file()
        self._process = _start(self._log)
        self._end = weakref.finalize(self, _end, self._process, self._log)
        try:
            self.address: str = self._ask_address(options)
        except BaseException:
            self._end()
            raise

    @property
    def base_url(self) -> str:
        """Where the OpenAI wire format is served."""
        return f"{self.address}/v1"

    @property
    def pid(self) -> int:
        """The process' number."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process; more than once is fine."""
        self._end()

    def __enter__(self) -> Self:
        """Give the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.close()

    def _ask_address(self, options: ServerOptions) -> str:
        """Send the options and read the answer."""
        sent = {
            "path": str(self.model.path),
            "name": self.model.name,
            "context_tokens": options.context_tokens * options.n_slots,
            "n_slots": options.n_slots,
            "n_threads": options.n_threads,
        }
        stdin, stdout = self._process.stdin, self._process.stdout
        line = ""
        if stdin is not None and stdout is not None:
            with suppress(BrokenPipeError):
                stdin.write(json.dumps(sent) + "\n")
                stdin.flush()
            if not select.select([stdout], [], [], options.start_timeout_s)[0]:
                message = (
                    f"{self.model.name} was not loaded within {options.start_timeout_s:g} s; "
                    "take a smaller model, or let other work on this machine finish"
                )
                raise RunError(message)
            line = stdout.readline()
        answer: dict[str, Any] = json.loads(line or "{}")  # Any: JSON
        if "address" in answer:
            return str(answer["address"])
        raise self._failure(answer)

    def _failure(self, answer: dict[str, Any]) -> RunError:
        if "missing" in answer:
            return RunError(
                "a local model needs the extra 'local': pip install 'causal-interface-gym[local]' "
                f"({answer['missing']})"
            )
        self._log.seek(0)
        lines = [line.partition(" E ")[2].strip() for line in self._log if " E " in line][:_SHOWN]
        said = "; ".join(lines).replace(str(self.model.path.parent), "...")
        reason = said or answer.get("failed") or "its process ended without a word"
        return RunError(f"{self.model.name} cannot be served: {reason}")


class LocalModels:
    """The local models of a run: each is started when it is first asked for, and all end at once.

    A context manager; safe to use from several threads.
    """

    def __init__(self, options: ServerOptions = DEFAULT) -> None:
        """Begin with none."""
        self._options = options
        self._servers: dict[Path, LocalServer] = {}
        self._lock = threading.Lock()

    def serve(self, path: Path, *, sha256: str = "") -> LocalServer:
        """Give the server of a file, started once; one that has died is started again.

        With ``sha256`` the file must still be the one that has it.

        Raises:
            FormatError: The file cannot be read, or is not a GGUF.
            RunError: It is another file now, or cannot be served.
        """
        with self._lock:
            known = self._servers.get(path.resolve())
            model = read_gguf(path) if known is None else known.model
            if sha256 not in {"", model.sha256}:
                message = (
                    f"{model.name} is not the file that this run began with: its SHA-256 was "
                    f"{sha256} and is {model.sha256}; restore that file, or start a new run"
                )
                raise RunError(message)
            if known is not None and known.is_running:
                return known
            if known is not None:
                known.close()
            server = LocalServer(model, self._options)
            self._servers[model.path] = server
            return server

    def close(self) -> None:
        """End every process."""
        with self._lock:
            for server in self._servers.values():
                server.close()
            self._servers.clear()

    def __enter__(self) -> Self:
        """Give the models."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every process."""
        self.close()


def _check_memory(model: GgufFile, options: ServerOptions) -> None:
    tokens = options.context_tokens * options.n_slots
    needed = model.size * (1 + _PER_TOKEN * tokens) + _OVERHEAD
    free = available_bytes()
    if free is not None and needed > free:
        message = (
            f"{model.name} needs about {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB are "
            "free; take a smaller model or fewer tokens of context"
        )
        raise RunError(message)


def _log_file() -> IO[str]:
    """Open a file without a name for what the process says; it lives as long as the process."""
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")


def _start(log: IO[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", _MODULE]
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )


def _end(process: "subprocess.Popen[str]", log: IO[str]) -> None:
    """Close the process' input, which ends it; where it does not, kill it."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    log.close()
