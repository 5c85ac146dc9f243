"""Never a call that could exceed what may be spent; a price that is not known is not 0."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.llm.call import Answer, Sampling, Usage
from causal_interface_gym.agents.llm.policies.budget import Budget, Budgeted, BudgetLimits
from causal_interface_gym.agents.llm.providers.prices import most_tokens, price_of
from causal_interface_gym.errors import (
    BudgetError,
    InvalidOutputError,
    OverloadedError,
    ProviderError,
    TimedOutError,
)
from tests.strategies.asking import Scripted, answer, question

MODEL = ("anthropic", "claude-haiku-4-5")


@dataclass
class Day:
    """A ledger that begins at some amount."""

    spent: float = 0.0

    def spent_today_usd(self) -> float:
        """Read it."""
        return self.spent

    def add_usd(self, amount: float) -> None:
        """Add to it."""
        self.spent += amount


def paying(
    budget: Budget, script: Sequence[Answer | ProviderError] = (), model: tuple[str, str] = MODEL
) -> Budgeted:
    return Budgeted(Scripted(script or [answer()]), budget, *model)


def most_usd() -> float:
    price = price_of(*MODEL)
    assert price is not None
    return price.most_usd(most_tokens(question()))


def test_an_answer_says_what_it_cost() -> None:
    budget = Budget()
    found = asyncio.run(paying(budget, [answer(usage=Usage(1_000, 500))]).ask(question()))
    # One dollar a million tokens in, five out.
    assert found.cost_usd == pytest.approx(0.0035)
    assert budget.spent_usd == pytest.approx(0.0035)
    assert budget.spent_tokens == 1_500


def test_an_unknown_price_stays_unknown_and_is_counted() -> None:
    budget = Budget()
    found = asyncio.run(paying(budget, model=("compatible", "tiny")).ask(question()))
    assert found.cost_usd is None
    assert (budget.spent_usd, budget.n_unpriced) == (0.0, 1)


def test_a_model_on_this_machine_is_free_which_is_known() -> None:
    found = asyncio.run(paying(Budget(), model=("local", "tiny.gguf")).ask(question()))
    assert found.cost_usd == 0.0


def test_a_reply_that_does_not_say_what_it_used_is_not_free() -> None:
    found = asyncio.run(paying(Budget(), [answer(usage=Usage())]).ask(question()))
    assert found.cost_usd is None


def test_a_provider_that_never_says_what_it_used_cannot_spend_beyond_the_budget() -> None:
    budget = Budget(BudgetLimits(run_usd=most_usd() * 3.5))
    client = paying(budget, [answer(usage=Usage())] * 9)

    async def ask_often() -> None:
        for _ in range(9):
            await client.ask(question())

    with pytest.raises(BudgetError, match="the run's budget"):
        asyncio.run(ask_often())
    assert isinstance(client.inner, Scripted)
    assert len(client.inner.seen) == 3


def test_the_call_that_could_exceed_the_budget_is_not_made() -> None:
    budget = Budget(BudgetLimits(run_usd=most_usd() * 0.99))
    client = paying(budget)
    with pytest.raises(BudgetError, match="the run's budget"):
        asyncio.run(client.ask(question()))
    assert isinstance(client.inner, Scripted)
    assert client.inner.seen == []
    asyncio.run(paying(Budget(BudgetLimits(run_usd=most_usd() * 1.01))).ask(question()))


def test_the_days_budget_counts_what_other_runs_spent() -> None:
    day = Day(spent=1.0)
    budget = Budget(BudgetLimits(day_usd=1.0 + most_usd() * 0.5), day)
    with pytest.raises(BudgetError, match="the day's budget"):
        asyncio.run(paying(budget).ask(question()))
    day.spent = 0.0
    found = asyncio.run(paying(budget).ask(question()))
    assert day.spent == found.cost_usd


def test_tokens_can_be_limited_where_no_price_is_known() -> None:
    budget = Budget(BudgetLimits(run_tokens=1_000))
    client = paying(budget, model=("compatible", "tiny"))

    async def ask_often() -> None:
        for _ in range(20):
            await client.ask(question())

    with pytest.raises(BudgetError, match="1,000"):
        asyncio.run(ask_often())
    assert 500 < budget.spent_tokens <= 1_000


def test_money_cannot_be_limited_where_no_price_is_known() -> None:
    client = paying(Budget(BudgetLimits(run_usd=100.0)), model=("compatible", "tiny"))
    with pytest.raises(BudgetError, match="not known"):
        asyncio.run(client.ask(question()))


@given(share=st.floats(0, 20), n=st.integers(1, 30))
def test_calls_under_way_together_cannot_exceed_it_together(share: float, n: int) -> None:
    limit = most_usd() * share
    budget = Budget(BudgetLimits(run_usd=limit))
    # The most expensive reply that the question allows.
    dearest = answer(usage=most_tokens(question()))
    client = Budgeted(Scripted([dearest], wait_s=0), budget, *MODEL)

    async def run() -> None:
        waits = (client.ask(question()) for _ in range(n))
        await asyncio.gather(*waits, return_exceptions=True)

    asyncio.run(run())
    assert budget.spent_usd <= limit + 1e-12


@pytest.mark.parametrize(
    ("failure", "is_charged"),
    [
        (OverloadedError("busy"), False),
        (TimedOutError("late"), True),
        (InvalidOutputError("prose"), True),
    ],
)
def test_a_failure_that_may_have_been_charged_counts_in_full(
    failure: ProviderError, is_charged: bool
) -> None:
    budget = Budget()
    with pytest.raises(type(failure)):
        asyncio.run(paying(budget, [failure]).ask(question()))
    assert budget.spent_usd == (pytest.approx(most_usd()) if is_charged else 0.0)


@given(st.text(max_size=300), st.integers(1, 5_000))
def test_no_tokenizer_needs_more_tokens_than_the_bound(text: str, max_tokens: int) -> None:
    asks = question(text, sampling=Sampling(max_tokens=max_tokens))
    bound = most_tokens(asks)
    assert bound.input_tokens >= len(text.encode())
    assert bound.output_tokens == max_tokens
