"""Prices: the table first, then the library's data; what neither knows is None."""

import pytest
from genai_prices import Usage as Tokens
from genai_prices import calc_price
from genai_prices.data_snapshot import get_snapshot

from causal_interface_gym.agents.llm.call import Usage
from causal_interface_gym.agents.llm.providers.prices import cost_of, price_of
from causal_interface_gym.agents.llm.providers.table import PROVIDER_TABLE

PRICED = ("openai", "anthropic", "google", "openrouter")


def models_of(provider: str) -> list[str]:
    (found,) = [entry for entry in get_snapshot().providers if entry.id == provider]
    return [model.id for model in found.models]


@pytest.mark.parametrize("provider", PRICED)
@pytest.mark.parametrize("usage", [Usage(1_000, 100), Usage(5, 0), Usage(300_000, 9, 100_000)])
def test_every_cost_is_the_librarys_own(provider: str, usage: Usage) -> None:
    tokens = Tokens(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cached_tokens,
    )
    n_priced = 0
    for model in models_of(provider):
        cost = cost_of(provider, model, usage)
        if cost is None:
            continue
        n_priced += 1
        theirs = float(calc_price(tokens, model, provider_id=provider).total_price)
        assert cost == pytest.approx(theirs, rel=1e-9), model
    assert n_priced >= 20


@pytest.mark.parametrize("provider", PRICED)
def test_no_cost_is_above_the_highest_price(provider: str) -> None:
    for model in models_of(provider):
        price = price_of(provider, model)
        for usage in (Usage(1_000, 100), Usage(900_000, 50_000), Usage(300_000, 9, 100_000)):
            cost = cost_of(provider, model, usage)
            assert (price is None) == (cost is None)
            if price is not None and cost is not None:
                assert cost <= price.most_usd(usage) * (1 + 1e-9), model


def test_an_unknown_model_has_no_price_and_no_cost() -> None:
    assert price_of("openai", "a-model-of-tomorrow") is None
    assert cost_of("compatible", "anything", Usage(10, 10)) is None


def test_a_price_says_where_it_stands() -> None:
    local, haiku = price_of("local", "x.gguf"), price_of("anthropic", "claude-haiku-4-5")
    assert local is not None
    assert haiku is not None
    assert "2026" in local.source
    assert haiku.source.startswith("genai-prices ")


def test_every_default_model_has_a_price() -> None:
    defaults = [(entry.name, entry.default_model) for entry in PROVIDER_TABLE]
    missing = [pair for pair in defaults if pair[1] and price_of(*pair) is None]
    assert missing == []
