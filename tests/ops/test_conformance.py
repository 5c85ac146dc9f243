"""The table of conformance holds to the first runbook and to the tests that it names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.test_runbook import BLOCKS
from tests.strategies.served import StartProvider

pytestmark = [pytest.mark.ops, pytest.mark.timeout(60)]

ROOT = Path(__file__).resolve().parents[2]
FIRST = (Path(__file__).parent / "first_runbook.md").read_text("utf-8").splitlines()
PAGE = (ROOT / "docs" / "runbook-conformance.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+)-(\d+) \|[^|]*\| (\w+) \|[^|]*\|([^|]*)\|$", re.MULTILINE)
ROWS = ROW.findall(PAGE)
VERDICTS = {"verbatim", "safe", "corrected", "open"}


def test_every_line_of_the_first_runbook_has_a_verdict() -> None:
    covered = {n for first, last, *_ in ROWS for n in range(int(first), int(last) + 1)}
    said = {n for n, line in enumerate(FIRST, 1) if line.strip()}
    assert said - covered == set()
    assert {verdict for _, _, verdict, _ in ROWS} <= VERDICTS
    assert len(ROWS) == PAGE.count("\n| ") - 1


def test_every_verdict_names_what_shows_it() -> None:
    blocks = {block.name for block in BLOCKS}
    for first, _, verdict, shown in ROWS:
        kind, _, name = shown.strip().partition(" ")
        if verdict == "open":
            assert not kind, first
        elif kind == "block":
            assert name in blocks, name
        else:
            file, _, test = kind.partition("::")
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), kind


def test_every_block_of_the_runbook_is_named_or_is_of_ours() -> None:
    ours = {
        "health-lines", "slow-statements", "verify-backup", "restore", "silence", "leaked-key",
        "open-incident", "resolve-incident", "evidence",
    }  # fmt: skip
    named = set(re.findall(r"\| block ([\w-]+) \|", PAGE))
    assert {block.name for block in BLOCKS} - named == ours


def test_the_snippet_of_the_first_runbook_runs(start_provider: StartProvider) -> None:
    snippet = "\n".join(FIRST[168:179])
    assert snippet.startswith("import openai")
    server = start_provider()
    environment = {"PATH": os.environ["PATH"], **server.environment}
    result = subprocess.run(
        [sys.executable, "-c", snippet],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert result.stdout == "OpenAI API: OK\n", result.stderr
    bad = subprocess.run(
        [sys.executable, "-c", snippet],
        env={**environment, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert bad.stdout.startswith("OpenAI API Error:")
