"""A model on this machine: llama.cpp serves a GGUF file on loopback, in a process of its own.

The process speaks the wire format of OpenAI, so a local model is asked as any other. It says where
it listens in one line on its standard output and ends when its standard input closes, which the
system sees to however its owner ends, so no server outlives a run that was killed.
"""

import asyncio
import hashlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from causal_interface_gym.errors import AuthenticationError, RunError, UnreachableError

__all__ = ["LocalOptions", "file_sha256", "serve_local"]

_PROVIDER: Final = "local"
_MAGIC: Final = b"GGUF"
_CHUNK: Final = 1 << 20
_INSTALL: Final = "pip install 'causal-interface-gym[local]'"


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """How a local model is served.

    ``n_parallel`` calls are answered at once, each with a context of ``n_context`` tokens. One
    thread is slower than several on a quiet machine and far faster on a busy one.

    Raises:
        RunError: A number is not above zero.
    """

    n_threads: int = 1
    n_parallel: int = 1
    n_context: int = 4_096
    start_s: float = 120.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if min(self.n_threads, self.n_parallel, self.n_context) < 1 or self.start_s <= 0:
            message = f"the options of a local model are above zero; got {self}"
            raise RunError(message)


_OPTIONS: Final = LocalOptions()


@asynccontextmanager
async def serve_local(path: Path, options: LocalOptions = _OPTIONS) -> AsyncIterator[str]:
    """Serve a model while the context is open; give the base URL of its OpenAI endpoint.

    Raises:
        RunError: The file is no model.
        AuthenticationError: The package that runs local models is not installed.
        UnreachableError: The server did not start; the model may be damaged or too large.
    """
    _check_file(path)
    if find_spec("xllamacpp") is None:
        message = f"local models need the package xllamacpp; install it: {_INSTALL}"
        raise AuthenticationError(message, provider=_PROVIDER)
    process = await _started(path, options)
    try:
        yield await _address(process, path, options.start_s)
    finally:
        await _ended(process)


def file_sha256(path: Path) -> str:
    """Give the SHA-256 of a model's file in hexadecimal digits.

    Raises:
        RunError: The file cannot be read, or is no model.
    """
    _check_file(path)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            is_model = file.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        message = f"cannot read the local model {path.name}: {error.strerror}"
        raise RunError(message) from None
    if not is_model:
        message = f"{path.name} is no GGUF model: such a file begins with {_MAGIC.decode()}"
        raise RunError(message)


async def _started(path: Path, options: LocalOptions) -> Process:
    numbers = map(str, (options.n_threads, options.n_parallel, options.n_context))
    command = (sys.executable, "-m", __name__, str(path), *numbers)
    # A group of its own: an interrupt from the keyboard is the owner's to handle, who then ends it.
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )


async def _address(process: Process, path: Path, start_s: float) -> str:
    """Wait for the line that says where the server listens."""
    stdout = process.stdout
    line = b""
    try:
        async with asyncio.timeout(start_s):
            # llama.cpp may write lines of its own first.
            while stdout is not None and not line.startswith(b'{"base_url"'):
                line = await stdout.readline()
                if not line:
                    break
    except TimeoutError:
        line = b""
    if not line:
        message = f"the server of {path.name} did not start; the file may be damaged or too large"
        raise UnreachableError(message, provider=_PROVIDER)
    return str(json.loads(line)["base_url"])


async def _ended(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _serve(path: str, n_threads: int, n_parallel: int, n_context: int) -> None:
    """Serve until standard input closes; runs in the process of its own."""
    import xllamacpp  # noqa: PLC0415 - native code that only this process needs

    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    parameters.model_alias = {Path(path).name}  # else replies name the whole path
    parameters.n_ctx = n_context * n_parallel
    parameters.n_parallel = n_parallel
    parameters.cpuparams.n_threads = n_threads
    parameters.cpuparams_batch.n_threads = n_threads
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.ui = False
    parameters.offline = True
    server = xllamacpp.Server(parameters)
    print(json.dumps({"base_url": f"{server.listening_address}/v1"}), flush=True)  # noqa: T201
    sys.stdin.buffer.read()
    # The native server has no way to be stopped but the end of its process.
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1], *map(int, sys.argv[2:]))
