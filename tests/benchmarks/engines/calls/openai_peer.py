"""OpenAI's own library."""

import asyncio
from typing import Any

import openai

from tests.benchmarks.engines.calls.loop import PROMPT, SCHEMA, arguments, measured


async def main() -> None:
    """Ask with no policy at all."""
    url, n_calls = arguments()
    shape: Any = {"name": "reply", "schema": SCHEMA, "strict": True}
    async with openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:

        async def ask(number: int) -> str:
            reply = await client.chat.completions.create(
                model="gpt-4o",
                messages=[{"role": "user", "content": f"{number}. {PROMPT}"}],
                response_format={"type": "json_schema", "json_schema": shape},
                max_completion_tokens=200,
                timeout=60,
            )
            return reply.choices[0].message.content or ""

        await measured(ask, n_calls)


if __name__ == "__main__":
    asyncio.run(main())
