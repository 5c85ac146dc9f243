"""Our side of the row of the queue: trials written durably by one worker, and runs enqueued.

``play ADDRESS N`` and ``enqueue ADDRESS N`` print seconds, how many, and peak memory as JSON.
"""

import io
import json
import os
import resource
import signal
import sys
import threading
import time

from sqlalchemy import Engine

from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.database import database_at, reading, writing
from causal_interface_gym.storage.queue.control import find_queued
from causal_interface_gym.storage.schema import upgrade
from causal_interface_gym.worker.control import submit_run
from causal_interface_gym.worker.log import json_log
from causal_interface_gym.worker.process import Working, work

AGENTS = ("reference:associational", "reference:marginal", "reference:uniform", "reference:random")
SCENARIOS = ("kidney-stones-v1", "smoking-tar-v1", "homework-v1", "sprinkler-v1", "m-bias-v1")
SHARE_LEFT_OUT = 0.1
"""The first part of a run is not timed: there the worker starts."""


def spec_of(n_trials: int) -> RunSpec:
    """Make a run of about so many trials."""
    n_seeds = -(-n_trials // (len(AGENTS) * len(SCENARIOS)))
    return RunSpec(AGENTS, SCENARIOS, tuple(range(n_seeds)))


def play(engine: Engine, n_trials: int) -> tuple[float, int]:
    """Let one worker play a run; give seconds and how many trials they held."""
    spec = spec_of(n_trials)
    with writing(engine) as connection:
        submit_run(connection, "bench", "bench", spec)
    times: list[tuple[float, int]] = []

    def watch() -> None:
        while not times or times[-1][1] < spec.n_trials:
            time.sleep(0.02)
            with reading(engine) as connection:
                found = find_queued(connection, "bench")
            assert found is not None
            times.append((time.monotonic(), found.n_finished))
        os.kill(os.getpid(), signal.SIGTERM)

    watching = threading.Thread(target=watch)
    watching.start()
    work(engine, Working(), json_log(io.StringIO()))
    watching.join()
    began = next(i for i, (_, n) in enumerate(times) if n >= SHARE_LEFT_OUT * spec.n_trials)
    (start, n_start), (end, n_end) = times[began], times[-1]
    return end - start, n_end - n_start


def enqueue(engine: Engine, n_trials: int) -> tuple[float, int]:
    """Begin a run, its shards and their jobs, in one transaction."""
    spec = spec_of(n_trials)
    began = time.monotonic()
    with writing(engine) as connection:
        submit_run(connection, "bench", "bench", spec)
    return time.monotonic() - began, spec.n_trials


def main() -> None:
    """Do what the arguments say."""
    what, address, n = sys.argv[1:]
    engine = database_at(address)
    upgrade(engine)
    seconds, n_done = {"play": play, "enqueue": enqueue}[what](engine, int(n))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, n_done, peak_mb]))


if __name__ == "__main__":
    main()
