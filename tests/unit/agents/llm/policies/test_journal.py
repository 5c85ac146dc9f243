"""One line for each attempt, by which an operator finds who failed."""

import asyncio
import io
import json
from contextlib import suppress
from typing import Any

import pytest

from causal_interface_gym.agents.llm.policies.journal import Journaled, json_journal
from causal_interface_gym.agents.llm.policies.retry import Patience, Retry
from causal_interface_gym.errors import OverloadedError, ProviderError
from tests.strategies.asking import Played, Scripted, answer, fake_clock, question


def lines_of(*script: Any, only_failures: bool = False) -> list[dict[str, Any]]:  # noqa: ANN401
    log = io.StringIO()
    journal = json_journal(log, only_failures=only_failures)
    inner = Journaled(Scripted(script), journal, "anthropic", "claude")
    client = Retry(inner, Patience(n_attempts=3), fake_clock(Played()))
    with suppress(ProviderError):
        asyncio.run(client.ask(question("a secret prompt", deadline_s=1_000)))
    assert "secret" not in log.getvalue()
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_every_attempt_has_a_line_with_who_what_and_how_long() -> None:
    failed, answered = lines_of(
        OverloadedError("busy", provider="anthropic", status=529), answer(request_id="req-7")
    )
    assert failed["event"] == "llm_call"
    assert (failed["provider"], failed["model"]) == ("anthropic", "claude")
    assert (failed["outcome"], failed["status"]) == ("OverloadedError", 529)
    assert (failed["attempt"], failed["level"]) == (1, "warning")
    assert failed["latency_s"] >= 0
    assert (answered["outcome"], answered["status"], answered["attempt"]) == ("answered", 200, 2)
    assert (answered["request_id"], answered["input_tokens"]) == ("req-7", 100)


def test_failures_alone_can_be_written() -> None:
    (line,) = lines_of(OverloadedError("busy"), answer(), only_failures=True)
    assert line["outcome"] == "OverloadedError"


def test_an_attempt_that_is_stopped_has_its_line_too() -> None:
    log = io.StringIO()
    client = Journaled(Scripted([answer()], wait_s=30), json_journal(log), "openai", "gpt")
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(client.ask(question()), 0.05))
    assert json.loads(log.getvalue())["outcome"] == "stopped"
