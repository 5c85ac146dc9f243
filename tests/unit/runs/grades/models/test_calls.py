"""Tokens and cost are summed; what is not known stays unknown; who answered is told."""

from dataclasses import replace

import pytest

from causal_interface_gym.agents.llm.call import Answer, Ask, Message, Usage
from causal_interface_gym.agents.llm.records import CallRecord
from causal_interface_gym.runs.grades.models.calls import CallGrade, CallTally, agent_of
from causal_interface_gym.runs.report.models.section import cost_text

ANSWER = Answer("{}", "stop", "model-1", Usage(100, 20, 10), cost_usd=0.25)
RECORD = CallRecord(
    Ask("openai:m+direct/homework-v1/graph/0", "0/believe/0", (Message("user", "?"),)),
    "key",
    "openai",
    "m",
    answer=ANSWER,
    latency_s=2.0,
)


def graded(*records: CallRecord) -> CallGrade:
    tally = CallTally()
    for record in records:
        tally.add(record)
    return tally.result()


def test_tokens_and_cost_are_summed() -> None:
    found = graded(RECORD, RECORD)
    assert found.usage == Usage(200, 40, 20)
    assert found.cost_usd == pytest.approx(0.5)
    assert cost_text(found) == "0.5000"
    assert found.latency is not None
    assert found.latency.median_s == 2.0


def test_a_price_that_is_not_known_is_unknown_and_never_0() -> None:
    unpriced = replace(RECORD, answer=replace(ANSWER, cost_usd=None))
    assert cost_text(graded(unpriced)) == "unknown"
    assert cost_text(graded(unpriced, RECORD)) == "0.2500 and unknown"
    assert graded(unpriced).n_unpriced == 1


def test_a_free_model_costs_0() -> None:
    assert cost_text(graded(replace(RECORD, answer=replace(ANSWER, cost_usd=0.0)))) == "0.0000"


def test_a_reply_from_the_cache_cost_nothing_and_took_no_time() -> None:
    cached = replace(RECORD, answer=replace(ANSWER, is_stored=True, cost_usd=0.0), latency_s=0.0)
    found = graded(RECORD, cached)
    assert (found.n_calls, found.n_cached) == (2, 1)
    assert found.usage == ANSWER.usage
    assert found.latency is not None
    assert found.latency.median_s == 2.0


def test_replies_that_cannot_be_used_are_counted_by_class_with_the_first_of_each() -> None:
    refused = replace(RECORD, answer=None, error="RefusedError", message="no")
    later = replace(refused, ask=replace(RECORD.ask, label="1/believe/0"))
    cut = replace(refused, error="TruncatedError")
    found = graded(refused, cut, later)
    assert [(f.kind, f.n, f.label) for f in found.failures] == [
        ("RefusedError", 2, "0/believe/0"),
        ("TruncatedError", 1, "0/believe/0"),
    ]
    assert found.n_failed == 3
    assert found.n_unpriced == 3


def test_who_answered_and_what_was_left_out_is_counted() -> None:
    other = replace(ANSWER, model="model-2", dropped=("seed",))
    found = graded(RECORD, RECORD, replace(RECORD, answer=other))
    assert found.models == (("model-1", 2), ("model-2", 1))
    assert found.dropped == (("seed", 1),)


def test_no_call_has_no_cost() -> None:
    assert cost_text(graded()) == "–"  # noqa: RUF001 - the sign for no number


def test_sums_of_two_agents_are_their_whole() -> None:
    one, two = CallTally(), CallTally()
    one.add(RECORD)
    two.add(replace(RECORD, answer=None, error="RefusedError", message="no"))
    assert one.plus(two).result() == graded(RECORD, replace(RECORD, answer=None,
                                            error="RefusedError", message="no"))  # fmt: skip


def test_the_agent_of_a_call_is_the_one_whose_trial_it_is() -> None:
    agents = ("openrouter:a/b+direct", "openrouter:a/b+cot", "openai:m+direct")
    assert agent_of("openrouter:a/b+cot/homework-v1/graph/0", agents) == "openrouter:a/b+cot"
    assert agent_of("openai:m/controls/set_see", agents) is None
