"""The name of a language-model agent: ``PROVIDER:MODEL[+STRATEGY[=K]]``.

Where a model is reached (a base URL, a file) is no part of its name: names stand in reports.
"""

from dataclasses import dataclass
from typing import Final, Self

from causal_interface_gym.errors import RunError

__all__ = ["PROVIDERS", "ModelAgentId", "is_model_agent"]

PROVIDERS: Final = ("openai", "anthropic", "google", "openrouter", "ollama", "compatible", "local")
"""The providers that an agent's name can begin with."""

_EXAMPLE: Final = "openai:gpt-5, anthropic:claude-sonnet-5+cot or local:tiny.gguf+direct"
_LONGEST: Final = 150


@dataclass(frozen=True, slots=True)
class ModelAgentId:
    """The parts of a name; ``samples`` is the K of a strategy that draws more than once.

    >>> str(ModelAgentId.parse("openai:gpt-5+self_consistency=5"))
    'openai:gpt-5+self_consistency=5'
    >>> ModelAgentId.parse("ollama:llama3:8b").strategy
    'direct'
    """

    provider: str
    model: str
    strategy: str = "direct"
    samples: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a name.

        Raises:
            RunError: It is not of this form.
        """
        provider, colon, rest = text.partition(":")
        model, _, strategy = rest.partition("+")
        strategy, equals, samples = strategy.partition("=")
        is_whole = colon and model and provider in PROVIDERS and text.isprintable()
        if not is_whole or len(text) > _LONGEST or (equals and not samples.isdecimal()):
            message = (
                f"an agent of a language model is named PROVIDER:MODEL[+STRATEGY[=K]], for example "
                f"{_EXAMPLE}; providers: {', '.join(PROVIDERS)}; got {text[:_LONGEST]!r}"
            )
            raise RunError(message)
        return cls(provider, model, strategy or "direct", int(samples or 1))

    def __str__(self) -> str:
        """Write the name; the strategy is always said, the number of samples where it is not 1."""
        samples = f"={self.samples}" if self.samples != 1 else ""
        return f"{self.provider}:{self.model}+{self.strategy}{samples}"


def is_model_agent(text: str) -> bool:
    """Say whether a name is one of a language model's agents."""
    return text.partition(":")[0] in PROVIDERS
