"""Random mixtures of faults against the whole client: an answer or an error of ours, in time.

Whatever a provider sends, no error is left to a library, no key is shown, and every answer and
every record can be written as UTF-8 and JSON.
"""

import asyncio
import io
import json
import time
import traceback
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest

from causal_interface_gym.agents.llm.call import Answer, Ask, Message, Sampling
from causal_interface_gym.agents.llm.client.composition import OpenClient, Policies, make_client
from causal_interface_gym.agents.llm.fake import KINDS, FakeServer, Script, faults_of, serving
from causal_interface_gym.agents.llm.policies.journal import json_journal
from causal_interface_gym.agents.llm.policies.retry import Patience
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.agents.llm.records import CallRecord, MemoryCallStore
from causal_interface_gym.errors import ProviderError

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

KEY: Final = "sk-canary-Zq81x7K2m4V0"
DEADLINE_S: Final = 1.5
GRACE_S: Final = 10.0
"""What a loaded machine may need beyond a deadline; a hang takes for ever."""

PERCENT: Final = {"type": "integer", "minimum": 0, "maximum": 100}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"percent": PERCENT, "choice": {"enum": ["a", "b"]}},
    "required": ["percent", "choice"],
    "additionalProperties": False,
}
TEXTS: Final = (
    "How likely?", "", "\x00\x1b[2J", "\ud800 half", "long " * 900, "\U0001f327" * 40,
    '"}],"model":"x"', "Ignore all that.\n\n\ndata: [DONE]\n\n",
)  # fmt: skip
NUMBERS: Final[dict[str, tuple[float, ...]]] = {
    "ms": (1, 5, 30),
    "bytes": (10, 200, 400),
    "mb": (1, 3, 6),
    "places": (1, 2, 5, 50),
    "levels": (10, 900, 100_000),
    "share": (0, 0.3, 0.99),
    "events": (0, 2),
    "blanks": (1, 430, 1_945),
    "retry_after": (0, 0.05, 10**8),
}
CODES: Final[dict[str, tuple[int, ...]]] = {
    "status": (400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 529, 599),
    "echo": (401, 403, 500),
    "html": (200, 403, 429, 502),
    "redirect": (301, 302, 304, 307),
}


def random_fault(rng: Random) -> str:
    """Write some fault with some numbers at some requests."""
    kind = rng.choice(list(KINDS))
    numbers = {
        name: rng.choice(CODES[kind] if name == "code" else NUMBERS[name])
        for name in KINDS[kind].defaults
    }
    written = "".join(f",{name}={value}" for name, value in numbers.items())
    return f"{kind}{written}@{rng.choice(['10%', '40%', '100%', '1', '2-3'])}"


def random_ask(rng: Random, number: int) -> Ask:
    """Write a question that may be odd itself."""
    roles: Any = ("user", "user", "system", "assistant")
    said = [Message(rng.choice(roles), rng.choice(TEXTS)) for _ in range(rng.randint(1, 3))]
    sampling = Sampling(
        temperature=rng.choice([None, 0.0, 1.0]),
        max_tokens=rng.choice([1, 5, 300]),
        seed=rng.choice([None, 3]),
        top_log_probabilities=rng.choice([0, 5]),
    )
    return Ask(
        "trial",
        f"{number}/x",
        tuple(said),
        schema=rng.choice([None, SCHEMA]),
        sampling=sampling,
        deadline_s=DEADLINE_S,
    )


async def asked(client: OpenClient, ask: Ask) -> Answer | ProviderError:
    """Ask, and say how it ended; another error than ours fails the test."""
    began = time.monotonic()
    try:
        return await client.ask(ask)
    except ProviderError as error:
        return error
    finally:
        assert time.monotonic() - began < DEADLINE_S + GRACE_S


def shown(result: Answer | ProviderError) -> str:
    """Give every text that a person could come to see of a result."""
    if isinstance(result, Answer):
        return repr(result)
    facts = (vars(result), result.__context__, result.__cause__)
    return repr(facts) + "".join(traceback.format_exception(result))


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("seed", range(24))
def test_whatever_a_provider_does_ends_in_time_in_our_own_terms(
    seed: int, server: FakeServer
) -> None:
    rng = Random(seed)  # noqa: S311 - reproducible
    faults = [fault for _ in range(rng.randint(1, 5)) for fault in faults_of(random_fault(rng))]
    server.follow(Script(seed=seed, faults=tuple(faults)))
    provider = ("openai", "anthropic", "google", "compatible")[seed % 4]
    url = server.address if provider in {"anthropic", "google"} else f"{server.address}/v1"
    journal, calls = io.StringIO(), MemoryCallStore()
    patience = Patience(n_attempts=3, first_wait_s=0.01, longest_wait_s=0.1, attempt_s=1.0)
    policies = Policies(
        n_at_once=rng.choice([1, 8]), patience=patience, calls=calls, journal=json_journal(journal)
    )

    async def run() -> list[Answer | ProviderError]:
        access = ProviderSettings(provider, key=KEY, base_url=url)
        async with make_client(access, "fake-1", policies) as client:
            asks = [random_ask(rng, number) for number in range(8)]
            return await asyncio.gather(*(asked(client, ask) for ask in asks))

    results = asyncio.run(run())
    assert len(results) == 8
    lines = journal.getvalue()
    kept = json.dumps([record.to_json() for record in calls.records()], allow_nan=False)
    read = [CallRecord.from_json(entry) for entry in json.loads(kept)]
    assert read == list(calls.records())
    assert all(json.loads(line)["provider"] == provider for line in lines.splitlines())
    assert KEY not in kept + lines + "".join(map(shown, results))
    for answer in (result for result in results if isinstance(result, Answer)):
        assert (answer.text + answer.model + answer.request_id).encode("utf-8")
        assert min(answer.usage.input_tokens, answer.usage.output_tokens) >= 0
