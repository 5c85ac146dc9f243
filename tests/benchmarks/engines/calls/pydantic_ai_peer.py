"""pydantic-ai's ``direct.model_request``, on its own HTTP client."""

import asyncio

from pydantic_ai.direct import model_request
from pydantic_ai.messages import ModelRequest
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from tests.benchmarks.engines.calls.loop import PROMPT, SCHEMA, arguments, measured


async def main() -> None:
    """Ask with no policy at all."""
    url, n_calls = arguments()
    model = OpenAIChatModel("gpt-4o", provider=OpenAIProvider(base_url=url, api_key="none"))
    wanted = OutputObjectDefinition(json_schema=SCHEMA, name="reply", strict=True)
    parameters = ModelRequestParameters(
        output_mode="native", output_object=wanted, allow_text_output=False
    )
    settings = ModelSettings(max_tokens=200, timeout=60, max_retries=0)

    async def ask(number: int) -> str:
        reply = await model_request(
            model,
            [ModelRequest.user_text_prompt(f"{number}. {PROMPT}")],
            model_settings=settings,
            model_request_parameters=parameters,
        )
        return reply.text or ""

    await measured(ask, n_calls)


if __name__ == "__main__":
    asyncio.run(main())
