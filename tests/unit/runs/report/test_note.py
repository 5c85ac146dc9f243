"""Which remarks a report makes depends on what was played."""

import pytest

from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore

GENERATED = "form/intervention/level-1/0"


@pytest.mark.parametrize(
    ("scenarios", "expected"),
    [((GENERATED,), False), (("asia-v1",), True), ((GENERATED, "asia-v1"), True)],
)
def test_curated_scenarios_are_remarked_upon_only_where_they_were_played(
    scenarios: tuple[str, ...], expected: bool
) -> None:
    store = MemoryStore(RunSpec(("reference:oracle",), scenarios, (0,)))
    run(store)
    assert ("Curated scenarios have published numbers" in report_markdown(grade(store))) is expected
