"""reasoning-gym's ACRE: its one causal task, blicket experiments filled into fixed patterns."""

from tests.benchmarks.engines.reasoning_gym_peer import of_task

ROWS = {"worlds": of_task("acre")}
