"""What every test shares: repeatable properties, pytest's time limit, a provider on loopback."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.strategies.served import StartProvider, provider_starter

# make test is the same every time; the rotating seed belongs to make oracle.
settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("repeatable")

# A shell that starts tests in the background has them ignore interrupts, and so their children.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def start_provider() -> Iterator[StartProvider]:
    """Start loopback servers in the place of providers; they stop with the test."""
    with provider_starter() as start:
        yield start
