"""The log of a process: one line of JSON for each event."""

import logging
import sys
from typing import Any, Final, TextIO

import structlog

__all__ = ["json_log", "log_library"]

_LEVELS: Final = {logging.WARNING: "warning", logging.ERROR: "error", logging.CRITICAL: "error"}


def json_log(stream: TextIO | None = None) -> Any:  # noqa: ANN401 - the library's own type is open
    """Make a log of one JSON line for each event, on standard output unless told otherwise."""
    return structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stdout),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
    )


def log_library(name: str, log: Any) -> None:  # noqa: ANN401 - as above
    """Let the warnings and errors of a library go to a log."""
    logger = logging.getLogger(name)
    logger.handlers = [_Forward(log)]
    logger.setLevel(logging.WARNING)
    logger.propagate = False


class _Forward(logging.Handler):
    """Hands records on; what a record holds beside its message stays out."""

    def __init__(self, log: Any) -> None:  # noqa: ANN401 - as above
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record as one line."""
        write = getattr(self._log, _LEVELS.get(record.levelno, "info"))
        write("library", library=record.name, message=record.getMessage()[:2_000])
