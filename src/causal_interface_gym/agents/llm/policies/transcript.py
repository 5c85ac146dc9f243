"""Every question is asked once: what came of it is kept, and given again when a trial is repeated.

That makes a killed run resumable without paying twice, and a finished one scorable again without a
key: with ``is_replay`` nothing is ever asked.
"""

from dataclasses import dataclass, replace
from typing import Final

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock
from causal_interface_gym.agents.llm.records import CallRecord, CallStore, content_key
from causal_interface_gym.errors import (
    BadRequestError,
    ContextOverflowError,
    InvalidOutputError,
    RefusedError,
    ReplayError,
    ReplyError,
    TruncatedError,
)

__all__ = ["Transcript"]

_REPLY_ERRORS: Final[dict[str, type[ReplyError]]] = {
    kind.__name__: kind
    for kind in (
        BadRequestError,
        ContextOverflowError,
        InvalidOutputError,
        RefusedError,
        TruncatedError,
    )
}


@dataclass(frozen=True, slots=True)
class Transcript:
    """A client whose calls are kept under their trial and label.

    ``inner`` is None in a replay.
    """

    inner: Client | None
    store: CallStore
    provider: str
    model: str
    library: str = ""
    clock: Clock = CLOCK

    async def ask(self, ask: Ask) -> Answer:
        """Give what is kept for this question, or ask and keep what comes.

        Raises:
            ReplayError: Another question is kept under this label, or none in a replay.
            ProviderError: There is no answer.
        """
        key = content_key(self.provider, self.model, ask)
        found = await self.store.find(ask.trial, ask.label)
        if found is not None:
            return _again(found, ask, key)
        if self.inner is None:
            message = (
                f"the transcript has no call {ask.label!r} of trial {ask.trial}; "
                "only finished trials can be replayed"
            )
            raise ReplayError(message, provider=self.provider)
        return await self._asked(self.inner, ask, key)

    async def _asked(self, inner: Client, ask: Ask, key: str) -> Answer:
        began, started = self.clock.now(), self.clock.since_1970()
        answer, failure = None, None
        try:
            answer = await inner.ask(ask)
        except ReplyError as error:
            failure = error
        record = CallRecord(
            ask,
            key,
            self.provider,
            self.model,
            answer=answer,
            error=type(failure).__name__ if failure is not None else "",
            message=str(failure).removeprefix(f"{self.provider}: ") if failure is not None else "",
            latency_s=round(self.clock.now() - began, 4),
            started=round(started, 3),
            library=self.library,
        )
        await self.store.keep(record)
        if answer is None:
            raise failure or ReplyError("no answer", provider=self.provider)
        return answer


def _again(record: CallRecord, ask: Ask, key: str) -> Answer:
    if record.key != key:
        message = (
            f"call {ask.label!r} of trial {ask.trial} is kept with other content: "
            f"{_difference(record, ask)}; replay with the version that made the run, or start a "
            "new run"
        )
        raise ReplayError(message, provider=record.provider)
    if record.answer is not None:
        return replace(record.answer, is_stored=True, cost_usd=0.0)
    kind = _REPLY_ERRORS.get(record.error, InvalidOutputError)
    raise kind(record.message, provider=record.provider)


def _difference(record: CallRecord, ask: Ask) -> str:
    """Say what is not as it was, without showing the prompt."""
    kept = record.ask
    parts = {
        "the messages": kept.messages != ask.messages,
        "the schema": kept.schema != ask.schema,
        "the sampling": kept.sampling != ask.sampling,
        "the sample": kept.sample != ask.sample,
    }
    changed = [name for name, differs in parts.items() if differs]
    if changed:
        return f"{' and '.join(changed)} changed"
    return f"it was asked of {record.provider}:{record.model}"
