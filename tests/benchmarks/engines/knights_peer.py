"""reasoning-gym's knights and knaves: a smaller task whose items are checked for one solution."""

from tests.benchmarks.engines.reasoning_gym_peer import of_task

ROWS = {"worlds": of_task("knights_knaves")}
