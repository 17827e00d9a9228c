"""How the log looks: one JSON object a line on standard error, whoever writes it."""

from __future__ import annotations

import contextlib
import io
import logging
import logging.config
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.stdlib import ProcessorFormatter

from engine.fault_frames import fault_frames

_STAMP: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,  # the id of the request that is being handled
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)
_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)


class _Unfailing(io.TextIOBase):
    """Standard error, whose faults are nobody's: when the disk that holds the log is full, a
    request is answered all the same."""

    def write(self, text: str) -> int:
        """Write if it can be written."""
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush if it can be flushed."""
        with contextlib.suppress(OSError):
            sys.stderr.flush()


def configure_logging(level: str) -> None:
    """Log from `level` (debug, info, warning, error) upwards. Called once in each process.

    What is logged is `api.instruments`' and `api.errors`' business: routes, statuses, times and
    request ids, never a body, a query or the text of an exception. Libraries speak up from
    warnings on.
    """
    structlog.configure(
        processors=[*_STAMP, _JSON],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Unfailing())),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(_library_logging(level))


def _library_logging(level: str) -> dict[str, Any]:
    """The same for what speaks through Python's own logging; gunicorn alone from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "root": {"level": "WARNING", "handlers": ["json"]},
        "loggers": {
            "gunicorn.error": {"level": level.upper(), "handlers": [], "propagate": True},
        },
        "handlers": {
            "json": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": _Unfailing(),
            }
        },
        "formatters": {"json": {"()": _formatter}},
    }


def _formatter() -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=[_without_texts, *_STAMP],
        processors=[ProcessorFormatter.remove_processors_meta, _JSON],
    )


def _without_texts(
    _logger: Any, _name: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Of an exception only its kind and where it rose: its text, and the address that a server
    puts beside it, may name a person."""
    record: logging.LogRecord = entry["_record"]
    entry["logger"] = record.name
    entry.pop("exc_info", None)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        entry["event"] = str(record.msg)
        entry["error"] = type(error).__name__
        entry["frames"] = fault_frames(error)
    record.exc_info = record.exc_text = None
    return entry
