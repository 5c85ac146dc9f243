"""Ours: every policy, the transcript in a SQLite file, a line of the log for each attempt.

With an address the calls go there; with ``none`` a model answers at once, so that all that is left
is our own work. The third argument is a folder for the transcript.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from sqlalchemy import insert

from causal_interface_gym.agents.llm.call import Ask, Message, Sampling
from causal_interface_gym.agents.llm.client.composition import Policies, Switchboard
from causal_interface_gym.agents.llm.policies.journal import json_journal
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.storage.calls import SqlCallStore
from causal_interface_gym.storage.database import file_database, writing
from causal_interface_gym.storage.tables import METADATA, runs
from causal_interface_gym.storage.tables import SCHEMA as TABLES
from tests.benchmarks.engines.calls.loop import (
    N_AT_ONCE,
    PROMPT,
    SCHEMA,
    arguments,
    cpu_seconds,
    many,
    measured,
)
from tests.benchmarks.worker import peak_megabytes

N_CALLS_OF_A_TRIAL = 4
SHARES = (0.1, 0.3, 1.0)


class AtOnce(Model):
    """A model that answers without any latency."""

    @property
    def model_name(self) -> str:
        """Its name."""
        return "gpt-4o"

    @property
    def system(self) -> str:
        """Its provider."""
        return "openai"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Answer."""
        del messages, model_settings, model_request_parameters
        part = TextPart('{"percent_if_we_force_x": 35}')
        return ModelResponse(parts=[part], finish_reason="stop", model_name="gpt-4o")


def question(number: int) -> Ask:
    """Make the call with this number."""
    trial, call = divmod(number, N_CALLS_OF_A_TRIAL)
    said = (Message("user", f"{number}. {PROMPT}"),)
    sampling = Sampling(max_tokens=200)
    return Ask(
        f"openai:gpt-4o+direct/wet-grass-v1/open/{trial}",
        f"{call}/believe/0",
        said,
        SCHEMA,
        sampling,
    )


@contextmanager
def transcript(folder: Path) -> Iterator[SqlCallStore]:
    """Make a run's database."""
    engine = file_database(folder / "run.sqlite")
    with writing(engine) as connection:
        METADATA.create_all(connection, tables=[runs])
        row = {"id": "main", "schema_version": TABLES, "spec": "{}"}
        connection.execute(insert(runs), [row])
    yield SqlCallStore(engine)
    engine.dispose()


async def main() -> None:
    """Ask through every policy."""
    url, n_calls = arguments()
    folder = Path(sys.argv[3])
    access = ProviderSettings("openai", key="none", base_url="" if url == "none" else url)
    with transcript(folder) as calls, (folder / "log").open("w", encoding="utf-8") as log:
        policies = Policies(n_at_once=N_AT_ONCE, calls=calls, journal=json_journal(log))
        made = AtOnce() if url == "none" else None
        async with Switchboard(policies).connect(access, "gpt-4o", made=made) as client:

            async def ask(number: int) -> str:
                return (await client.ask(question(number))).text

            if made is None:
                await measured(ask, n_calls)
                await calls.aclose()
                return
            notes, done = [], 0
            for share in SHARES:
                upto, cpu = int(share * n_calls), cpu_seconds()
                await many(ask, iter(range(done, upto)))
                await calls.flush()
                notes.append([upto, (cpu_seconds() - cpu) / (upto - done), peak_megabytes()])
                done = upto
            await calls.aclose()
            print(json.dumps(notes))


if __name__ == "__main__":
    asyncio.run(main())
