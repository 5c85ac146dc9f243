"""litellm's ``acompletion``, in an environment of its own."""

import asyncio
import importlib
from typing import Any

from tests.benchmarks.engines.calls.loop import PROMPT, SCHEMA, arguments, measured


async def main() -> None:
    """Ask with no policy at all."""
    url, n_calls = arguments()
    library: Any = importlib.import_module("litellm")
    library.telemetry = False
    shape = {"name": "reply", "schema": SCHEMA, "strict": True}

    async def ask(number: int) -> str:
        reply = await library.acompletion(
            model="openai/gpt-4o",
            api_base=url,
            api_key="none",
            messages=[{"role": "user", "content": f"{number}. {PROMPT}"}],
            response_format={"type": "json_schema", "json_schema": shape},
            max_completion_tokens=200,
            timeout=60,
            num_retries=0,
        )
        return str(reply.choices[0].message.content)

    await measured(ask, n_calls)


if __name__ == "__main__":
    asyncio.run(main())
