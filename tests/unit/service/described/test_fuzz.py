"""Whatever the description allows or forbids is answered as it says, links followed."""

import re
from pathlib import Path

import pytest

from tests.unit.service.described.fuzzing import fuzzed


@pytest.mark.timeout(300)
def test_no_request_is_answered_otherwise_than_described(tmp_path: Path) -> None:
    # make faults adds the phase that tries every limit of the description, and minutes of this one.
    said = fuzzed(
        tmp_path,
        f"sqlite:///{tmp_path / 'service.db'}",
        *("--max-examples", "8", "--seed", "1", "--phases", "examples,fuzzing,stateful"),
        statuses=frozenset({200, 201, 401, 404, 422}),
    )
    (n_passed,) = re.findall(r"generated, (\d+) passed", said)
    assert int(n_passed) > 200
    (n_followed,) = re.findall(r"API Links:\s+(\d+) covered", said)
    assert int(n_followed) > 8
