"""Which number a belief comes nearest to: the truth, or what a named fallacy would have given."""

from typing import Any

from causal_interface_gym.questions.question import Item

__all__ = ["diagnosed"]

# Any: JSON.
Json = dict[str, Any]


def diagnosed(item: Item, p: float) -> Json:
    """Put a belief beside truth and lures; a tie is decided for the truth.

    >>> from causal_interface_gym.scenarios import registry
    >>> item = registry.get("kidney-stones-v1").world().items[0]
    >>> diagnosed(item, item.truth)["nearest"]
    'truth'
    """
    numbers = [("truth", item.truth), *((lure.fallacy, lure.value) for lure in item.lures)]
    nearest, value = min(numbers, key=lambda pair: abs(pair[1] - p))
    return {
        "p": p,
        "truth": item.truth,
        "loss": (p - item.truth) ** 2,
        "nearest": nearest,
        "distance": abs(value - p),
    }
