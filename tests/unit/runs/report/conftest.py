"""Small graded runs that the tests of reports share."""

from collections.abc import Callable

import pytest

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.runs.grading import Grades, grade
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore

Graded = Callable[..., Grades]


def graded_run(*scenarios: str, agents: tuple[str, ...] = REFERENCE_AGENTS) -> Grades:
    """Play and grade two seeds of some scenarios."""
    store = MemoryStore(RunSpec(agents, scenarios, (0, 1)))
    run(store)
    return grade(store)


@pytest.fixture(scope="session")
def graded() -> Graded:
    """Play and grade scenarios by id."""
    return graded_run


@pytest.fixture(scope="session")
def grades() -> Grades:
    """Four scenarios, all reference agents."""
    return graded_run("kidney-stones-v1", "smoking-tar-v1", "homework-v1", "asia-v1")


@pytest.fixture(scope="session")
def unscored() -> Grades:
    """A run in which no headline question is asked."""
    return graded_run("blood-pressure-v1", agents=("reference:oracle",))


@pytest.fixture(scope="session")
def nothing() -> Grades:
    """A run of which nothing is finished."""
    return grade(MemoryStore(RunSpec(("reference:oracle",), ("asia-v1",), (0,))))
