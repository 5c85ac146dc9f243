"""Whatever the description allows or forbids is answered as it says, links followed."""

import re
from pathlib import Path

import pytest

from tests.unit.service.described.fuzzing import fuzzed


@pytest.mark.timeout(300)
def test_no_request_is_answered_otherwise_than_described(tmp_path: Path) -> None:
    said = fuzzed(
        tmp_path, f"sqlite:///{tmp_path / 'service.db'}", "--max-examples", "8", "--seed", "1"
    )
    (n_passed,) = re.findall(r"generated, (\d+) passed", said)
    assert int(n_passed) > 800
    (n_followed,) = re.findall(r"API Links:\s+(\d+) covered", said)
    assert int(n_followed) > 8
