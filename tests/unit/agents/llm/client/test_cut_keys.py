"""No part of a key is left where a provider's words are cut."""

import pytest

from causal_interface_gym.agents.llm.client.classification import readdressed
from causal_interface_gym.agents.llm.client.composition import make_client
from causal_interface_gym.agents.llm.providers.redaction import Redactor
from causal_interface_gym.errors import UnreachableError
from tests.strategies.asking import ONCE, access_to, asked, question
from tests.strategies.served import StartProvider

KEY = "q7Zk3mVx92LpT0aWcR5dYbE8uGhN1sJf"
"""It has the shape of no provider's keys, so only the whole of it is known."""


def has_part_of(key: str, text: str) -> bool:
    return any(key[start : start + 8] in text for start in range(len(key) - 7))


@pytest.mark.parametrize("position", range(460, 501, 5))
def test_a_key_across_the_cut_is_hidden_whole(position: int) -> None:
    error = UnreachableError("x" * position + KEY)
    assert not has_part_of(KEY, str(readdressed(error, "openai", Redactor.of([KEY]))))


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google"])
@pytest.mark.parametrize("blanks", [430, 1_930, 1_945, 19_930])
def test_blanks_before_a_key_do_not_move_it_past_the_redactor(
    start_provider: StartProvider, provider: str, blanks: int
) -> None:
    server = start_provider(f"echo,blanks={blanks}")
    (found,) = asked(make_client(access_to(server, provider, key=KEY), "gpt-4o", ONCE), question())
    assert "You sent: " in str(found)
    assert not has_part_of(KEY, str(found))
