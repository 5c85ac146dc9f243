"""The code in the README and in the pages runs, and prints what the page says."""

from pathlib import Path

import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

from causal_interface_gym.validation.scenarios import SAMPLE

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [
    example
    for example in find_examples(str(ROOT / "README.md"), str(ROOT / "docs"))
    if example.prefix.split()[0] == "python"
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.path.name}:{e.start_line}")
def test_an_example_prints_what_the_page_says(
    example: CodeExample, eval_example: EvalExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    # tests/validation looks at every generated world; the page shows how it is asked for.
    monkeypatch.setattr("causal_interface_gym.validation.scenarios.SAMPLE", SAMPLE[::20])
    run = (
        eval_example.run_print_update
        if eval_example.update_examples
        else eval_example.run_print_check
    )
    failures = []
    try:
        run(example)
    except Exception as error:  # any failure of a page; its rewritten frames cannot be displayed
        failures.append(f"{example.path.name}:{example.start_line}: {error!r}")
    assert failures == []


def test_there_are_examples_to_run() -> None:
    assert {example.path.name for example in EXAMPLES} >= {"README.md", "query.md"}
