"""Where log lines go: to standard error, so that a command's own words stay alone on its output."""

from __future__ import annotations

import logging
import sys

import structlog


def log_to_stderr(*, level: int = logging.INFO) -> None:
    """Send log lines of `level` and above to standard error, one line each."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(
                key_order=["timestamp", "level", "event"], drop_missing=True
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
