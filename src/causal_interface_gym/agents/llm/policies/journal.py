"""One line of JSON for each attempt: who was asked, what came of it, how long it took.

No line holds a key, a prompt or a reply.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TextIO

import structlog

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock
from causal_interface_gym.agents.llm.policies.retry import ATTEMPT
from causal_interface_gym.errors import ProviderError

__all__ = ["Journal", "Journaled", "json_journal"]

Journal = Callable[[Mapping[str, Any]], None]
"""Takes one line, by field; Any: JSON."""

_OK: Final = 200


def json_journal(stream: TextIO | None = None, *, only_failures: bool = False) -> Journal:
    """Write lines of JSON to a stream, standard error unless another is given."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if only_failures else logging.INFO
        ),
        cache_logger_on_first_use=True,
    )

    def write(line: Mapping[str, Any]) -> None:
        (logger.info if line["outcome"] == "answered" else logger.warning)("llm_call", **line)

    return write


@dataclass(frozen=True, slots=True)
class Journaled:
    """A client whose every attempt is written down."""

    inner: Client
    write: Journal
    provider: str
    model: str
    clock: Clock = CLOCK

    async def ask(self, ask: Ask) -> Answer:
        """Ask once, and write the line."""
        began = self.clock.now()
        try:
            answer = await self.inner.ask(ask)
        except ProviderError as failure:
            self._line(began, type(failure).__name__, failure.status, message=str(failure))
            raise
        except asyncio.CancelledError:
            # The deadline of the whole call came first, or the run is stopping.
            self._line(began, "stopped", 0)
            raise
        used = answer.usage
        self._line(
            began,
            "answered",
            _OK,
            finish=answer.finish,
            request_id=answer.request_id,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
        )
        return answer

    def _line(self, began: float, outcome: str, status: int, **more: object) -> None:
        line = {
            "provider": self.provider,
            "model": self.model,
            "outcome": outcome,
            "status": status,
            "attempt": ATTEMPT.get(),
            "latency_s": round(self.clock.now() - began, 4),
            **more,
        }
        self.write(line)
