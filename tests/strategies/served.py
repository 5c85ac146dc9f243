"""A provider for tests: the loopback server with the faults that a test names."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol

from causal_interface_gym.agents.llm.fake import (
    FakeServer,
    FixedAnswer,
    Script,
    faults_of,
    serving,
)

__all__ = ["StartProvider", "provider_starter"]


class StartProvider(Protocol):
    """Starts a server that stops with the test."""

    def __call__(
        self,
        *faults: str,
        answers: tuple[FixedAnswer, ...] = (),
        latency_ms: float = 0.0,
        seed: int = 0,
    ) -> FakeServer:
        """Start one with these faults, e.g. ``429,retry_after=1@1-2``."""
        ...


@contextmanager
def provider_starter() -> Iterator[StartProvider]:
    """Give a function that starts servers; all of them stop with the block."""
    with ExitStack() as stack:

        def start(
            *faults: str,
            answers: tuple[FixedAnswer, ...] = (),
            latency_ms: float = 0.0,
            seed: int = 0,
        ) -> FakeServer:
            parsed = tuple(fault for text in faults for fault in faults_of(text))
            script = Script(seed, latency_ms, parsed, answers)
            return stack.enter_context(serving(script))

        yield start
