"""The child process: it loads a model, serves it on loopback, and ends with its parent.

Started as ``python -m causal_interface_gym.agents.llm.local.serving``. The first line of standard
input holds the options as JSON; one line of standard output holds the address, or the error. The
end of standard input, which also comes when the parent is killed, ends the process.
"""

import json
import os
import signal
import sys
import threading
from typing import Any, Final, TextIO

__all__ = ["main"]

HOST: Final = "127.0.0.1"
_FAILED: Final = 1
_QUIET: Final = 1
_kept: Final[list[Any]] = []  # Any: the library has no types; a server that is let go of stops


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt of the terminal is the parent's
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the library prints is no answer
    options = json.loads(sys.stdin.readline())
    threading.Thread(target=_wait_for_the_end, daemon=True).start()
    _tell(answers, address=_serve(options, answers))
    threading.Event().wait()


def _serve(options: dict[str, Any], answers: TextIO) -> str:
    """Serve a model and give the address; a failure ends the process."""
    try:
        import xllamacpp  # noqa: PLC0415 - an extra, and heavy
    except ImportError as error:
        _tell(answers, missing=str(error))
        os._exit(_FAILED)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = options["path"]
    parameters.model_alias = {options["name"]}  # replies name the model, not where it lies
    parameters.n_ctx = options["context_tokens"]
    parameters.n_parallel = options["n_slots"]
    # More threads than free cores make a model many times slower, since they wait by spinning.
    parameters.cpuparams.n_threads = options["n_threads"]
    parameters.cpuparams_batch.n_threads = options["n_threads"]
    parameters.hostnames = [HOST]
    parameters.port = 0
    parameters.ui = False
    parameters.offline = True
    parameters.endpoint_slots = False
    parameters.endpoint_props = False
    parameters.verbosity = _QUIET
    try:
        _kept.append(xllamacpp.Server(parameters))
        return str(_kept[0].listening_address)
    except RuntimeError as error:
        _tell(answers, failed=str(error))
        os._exit(_FAILED)


def _tell(answers: TextIO, **facts: str) -> None:
    answers.write(json.dumps(facts) + "\n")
    answers.flush()


def _wait_for_the_end() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)  # the server has no way to stop, and its threads would hold the process


if __name__ == "__main__":
    main()
