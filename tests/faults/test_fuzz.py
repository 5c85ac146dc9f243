"""Minutes of requests that the description allows and forbids, on both databases."""

from pathlib import Path

import pytest

from tests.unit.service.described.fuzzing import fuzzed

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_minutes_of_requests_find_nothing_undescribed(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    is_server = kind == "postgresql"
    address = str(request.getfixturevalue("database")) if is_server else ""
    fuzzed(tmp_path, address or f"sqlite:///{tmp_path / 'service.db'}", "--max-time", "120")
