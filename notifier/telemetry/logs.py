"""Log lines as JSON on stderr: ours are facts; of foreign ones only where they come from, never what they say (I10)."""

import logging
import sys
from typing import Any, BinaryIO, cast

import orjson
import structlog
from structlog.typing import FilteringBoundLogger

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def start_logs(level: str, stream: BinaryIO | None = None) -> FilteringBoundLogger:
    """Give the logger of facts and route the standard library's through it; `level` as in the settings."""
    logger = structlog.wrap_logger(
        structlog.BytesLogger(stream or sys.stderr.buffer),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(serializer=_write),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
    )
    bound = cast("FilteringBoundLogger", logger.bind())
    logging.basicConfig(handlers=[_Foreign(bound)], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    return bound


class _Foreign(logging.Handler):
    """Says which library spoke, where in its code and of which fault; its text and arguments may hold values."""

    def __init__(self, logger: FilteringBoundLogger) -> None:
        super().__init__(logging.WARNING)
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        fault = record.exc_info[0] if record.exc_info else None
        self._logger.log(
            max(record.levelno, logging.WARNING),
            "foreign",
            logger=record.name,
            where=f"{record.module}:{record.lineno}",
            fault=None if fault is None else fault.__name__,
        )


def _write(line: object, **_options: Any) -> bytes:
    return orjson.dumps(line)
