"""Gymnasium's toy loop with the truth from pgmpy: do(), then variable elimination."""

import importlib
from typing import Any

from tests.benchmarks.engines.toy_loops.gymnasium_peer import (
    LEVELS,
    RECOVERED,
    STONES,
    TREATED,
    Truth,
    played,
)


def eliminated() -> Truth:
    """Build the network once; every truth is a do() and an elimination of its own."""
    models = importlib.import_module("pgmpy.models")
    factors = importlib.import_module("pgmpy.factors.discrete")
    inference = importlib.import_module("pgmpy.inference")
    model: Any = models.DiscreteBayesianNetwork(
        [("stone", "treatment"), ("stone", "recovery"), ("treatment", "recovery")]
    )
    stones, columns = list(STONES), [(s, t) for s in STONES for t in LEVELS]
    well = [RECOVERED[column] for column in columns]
    model.add_cpds(
        factors.TabularCPD(
            "stone", 2, [[STONES[s]] for s in stones], state_names={"stone": stones}
        ),
        factors.TabularCPD(
            "treatment",
            2,
            [[TREATED[s][i] for s in stones] for i in range(2)],
            ["stone"],
            [2],
            state_names={"treatment": list(LEVELS), "stone": stones},
        ),
        factors.TabularCPD(
            "recovery",
            2,
            [[1 - p for p in well], well],
            ["stone", "treatment"],
            [2, 2],
            state_names={"recovery": ["no", "yes"], "stone": stones, "treatment": list(LEVELS)},
        ),
    )

    def truth(level: str) -> float:
        engine = inference.VariableElimination(model.do(["treatment"]))
        found = engine.query(["recovery"], evidence={"treatment": level}, show_progress=False)
        return float(found.values[1])

    return truth


ROWS = {"episodes": played(eliminated)}
