"""What tokens cost. A price that is not known is None, never 0.

The table beside this module comes first, then the data that the library ships with its version.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

from causal_interface_gym.agents.llm.call import Ask, Usage

__all__ = ["Price", "cost_of", "most_tokens", "price_of"]

_MILLION: Final = 1_000_000
_PER_MESSAGE: Final = 16
"""Tokens that a wire format may add to each message, counted generously."""


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a million tokens, with where that stands.

    Where a price grows with the length of a request or changes with the time (``is_flat`` is
    false), these are the highest.
    """

    input_usd: float
    cached_usd: float
    output_usd: float
    source: str
    is_flat: bool = True

    def most_usd(self, usage: Usage) -> float:
        """What these tokens cost at most; cached ones are part of the input."""
        fresh = max(usage.input_tokens - usage.cached_tokens, 0)
        return (
            fresh * self.input_usd
            + usage.cached_tokens * self.cached_usd
            + usage.output_tokens * self.output_usd
        ) / _MILLION


@cache
def price_of(provider: str, model: str) -> Price | None:
    """Give a model's price; None where nobody has written it down.

    >>> price_of("local", "tiny.gguf").most_usd(Usage(1_000, 1_000))
    0.0
    >>> price_of("openai", "a-model-of-tomorrow") is None
    True
    """
    return _from_table(provider, model) or _from_library(provider, model)


def cost_of(provider: str, model: str, usage: Usage) -> float | None:
    """What a call made now costs in USD; None where the price is not known."""
    price = price_of(provider, model)
    if price is None or price.is_flat:
        return price.most_usd(usage) if price is not None else None
    from genai_prices import Usage as Tokens  # noqa: PLC0415 - heavy, loaded when used
    from genai_prices import calc_price  # noqa: PLC0415

    tokens = Tokens(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cached_tokens,
    )
    return float(calc_price(tokens, model, provider_id=provider).total_price)


def most_tokens(ask: Ask) -> Usage:
    """Bound the tokens of a call from above: no token is shorter than a byte.

    The bound is loose for plain text, about four times what is used.
    """
    said = sum(len(m.text.encode("utf-8", "replace")) + _PER_MESSAGE for m in ask.messages)
    schema = len(str(ask.schema).encode("utf-8", "replace")) if ask.schema is not None else 0
    return Usage(said + schema + _PER_MESSAGE, ask.sampling.max_tokens)


@cache
def _table() -> dict[tuple[str, str], Price]:
    text = (files(__package__) / "prices.toml").read_text("utf-8")
    return {
        (line["provider"], line["model"]): Price(
            float(line["input"]),
            float(line["cached"]),
            float(line["output"]),
            f"{line['source']} ({line['date']})",
        )
        for line in tomllib.loads(text)["price"]
    }


def _from_table(provider: str, model: str) -> Price | None:
    return _table().get((provider, model)) or _table().get((provider, "*"))


def _from_library(provider: str, model: str) -> Price | None:
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - heavy, loaded when used
    from genai_prices.types import ConditionalPrice  # noqa: PLC0415

    try:
        _, found = get_snapshot().find_provider_model(
            model, provider=None, provider_id=provider, provider_api_url=None
        )
    except LookupError:
        return None
    # A model whose price changes by the hour or over the years has a list of them.
    listed = found.prices if isinstance(found.prices, list) else [found.prices]
    prices = [e.prices if isinstance(e, ConditionalPrice) else e for e in listed]
    if any(price.input_mtok is None or price.output_mtok is None for price in prices):
        return None
    fresh = max(_highest(price.input_mtok) for price in prices)
    parts = [part for p in prices for part in (p.input_mtok, p.cache_read_mtok, p.output_mtok)]
    return Price(
        fresh,
        max(_highest(price.cache_read_mtok, fresh) for price in prices),
        max(_highest(price.output_mtok) for price in prices),
        f"genai-prices {version('genai-prices')}",
        is_flat=len(prices) == 1
        and prices[0].requests_kcount is None
        and not any(hasattr(part, "tiers") for part in parts),
    )


def _highest(price: object, missing: float = 0.0) -> float:
    """Read a price, which may be a base with tiers above it."""
    if price is None:
        return missing
    tiers = getattr(price, "tiers", None)
    if tiers is None:
        return float(str(price))
    return max(float(str(getattr(price, "base"))), *(float(str(t.price)) for t in tiers))  # noqa: B009
