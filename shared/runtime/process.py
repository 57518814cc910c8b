"""What every process shares about itself: its clock, and how it gives itself up."""

import os
from datetime import UTC, datetime

import structlog

_log = structlog.get_logger(__name__)

_EXIT_STATUS = 70
"""`EX_SOFTWARE`: what a supervisor sees of a process that gave itself up."""


def utc_now() -> datetime:
    """The wall clock; handed to whoever needs the time."""
    return datetime.now(UTC)


def exit_process(reason: str, error: Exception | None = None) -> None:
    """End the process at once: what runs is repeated elsewhere, and a clean stop may be what hangs."""
    _log.critical("exit", reason=reason, exc_info=error)
    os._exit(_EXIT_STATUS)
