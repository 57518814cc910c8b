"""A supervisor as a process of its own: its lock, its launcher, the signals that end it."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from signal import Signals
from types import FrameType

import structlog

from deploy.local.errors import StackError, sentence
from deploy.local.layout import Layout
from deploy.local.reports import KEEP, Reporter
from deploy.local.state import exclusive
from deploy.local.supervisor import Plan, Supervisor

STOP_SIGNALS = (Signals.SIGTERM, Signals.SIGINT, Signals.SIGHUP)


class StopRequested(BaseException):
    """Somebody asked the supervisor to end; no handler of errors may swallow it."""


def supervise(layout: Layout, planned: Callable[[Reporter], AbstractContextManager[Plan]]) -> int:
    """Runs a stack until it is told to stop: the exit code. Call it in a fresh process.

    Standard output carries reports; when standard input ends without the word to keep the stack,
    the launcher is gone and so must everything be.
    """
    _configure_log()
    reporter = Reporter()
    for number in STOP_SIGNALS:
        signal.signal(number, _request_stop)
    threading.Thread(target=_watch_launcher, args=(reporter,), daemon=True).start()
    try:
        with exclusive(layout), planned(reporter) as plan:
            Supervisor(layout, plan, reporter).run()
    except StopRequested:
        structlog.get_logger("supervisor").info("stack_stopped")
    except StackError as failure:
        return _fail(reporter, str(failure))
    except OSError as failure:
        return _fail(reporter, sentence(failure))
    return 0


def _fail(reporter: Reporter, why: str) -> int:
    # The launcher leaves when it hears of it, which must not end us halfway out.
    _ignore_stop_signals()
    # To the log too: by now the launcher may have left.
    structlog.get_logger("supervisor").error("stack_failed", why=why)
    reporter.failed(why)
    return 1


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: what follows must not be interrupted.
    _ignore_stop_signals()
    raise StopRequested


def _ignore_stop_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _watch_launcher(reporter: Reporter) -> None:
    if _told_to_keep():
        reporter.fall_silent()
    else:
        os.kill(os.getpid(), Signals.SIGTERM)


def _told_to_keep() -> bool:
    # Unbuffered: this thread may still read when the process ends, and must hold no lock then.
    try:
        return os.read(sys.stdin.fileno(), len(KEEP)) == KEEP
    except ConnectionResetError:
        # The launcher died before it had read all reports.
        return False


def _configure_log() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
