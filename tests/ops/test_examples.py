"""The program that the runbook profiles."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.ops, pytest.mark.timeout(120)]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "performance_test.py"


def test_the_performance_test_says_time_rate_and_memory() -> None:
    result = subprocess.run(
        [sys.executable, str(EXAMPLE), "--seeds", "1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(
        r"played \d+ episodes in [\d.]+ s \(\d+/s\), graded in [\d.]+ s, peak memory \d+ MB\n",
        result.stdout,
    )
