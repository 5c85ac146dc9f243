"""One attempt at asking a model, with whatever happens said in our terms."""

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from causal_interface_gym.agents.llm.call import Answer, Ask
from causal_interface_gym.agents.llm.client.classification import classify
from causal_interface_gym.agents.llm.client.conversion import (
    answer_of,
    messages_of,
    needs_schema_as_text,
    parameters_of,
    settings_of,
)
from causal_interface_gym.agents.llm.client.wire import Exchange, WatchedClient, watched
from causal_interface_gym.agents.llm.providers.redaction import Redactor
from causal_interface_gym.agents.llm.providers.table import provider as entry_of

if TYPE_CHECKING:
    from pydantic_ai.models import Model

__all__ = ["ModelClient"]

_MARGIN_S: Final = 5.0
"""How much longer than our own deadline a library waits, so that ours is the one that counts."""


class ModelClient:
    """Asks one model once; no policy, no second attempt."""

    def __init__(
        self,
        model: "Model",
        *,
        provider: str,
        name: str,
        redactor: Redactor | None = None,
        http: WatchedClient | None = None,
    ) -> None:
        """Hold the library's model and what must not be said aloud."""
        self._model = model
        self._provider = provider
        self._name = name
        self._wire = entry_of(provider).wire
        self._redactor = redactor or Redactor()
        self._http = http
        self._in_words = needs_schema_as_text(model)

    async def ask(self, ask: Ask) -> Answer:
        """Ask once.

        Raises:
            ProviderError: There is no answer; its class says whose doing that is.
        """
        with watched() as exchange:
            try:
                return await self._attempt(ask, exchange)
            except Exception as error:
                # The border to the provider: whatever a library raises becomes an error of ours.
                failure = classify(
                    error, exchange, provider=self._provider, redactor=self._redactor
                )
        # Raised outside the block: the library's error may hold the request, and so the key.
        raise failure

    async def aclose(self) -> None:
        """Let go of connections."""
        if self._http is not None:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Give the client itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of connections."""
        await self.aclose()

    async def _attempt(self, ask: Ask, exchange: Exchange) -> Answer:
        async with asyncio.timeout(ask.deadline_s):
            response = await self._model.request(
                messages_of(ask, schema_as_text=self._in_words),
                settings_of(ask, self._wire, ask.deadline_s + _MARGIN_S),
                parameters_of(ask, schema_as_text=self._in_words),
            )
        return answer_of(ask, response, exchange, self._name, self._redactor)
