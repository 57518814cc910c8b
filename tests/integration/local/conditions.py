"""Waiting for what other processes do."""

import time
from collections.abc import Callable

from deploy.local.identity import ProcessIdentity
from deploy.local.layout import Layout
from deploy.local.state import StackState, read_state

WITHIN_SECONDS = 20


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def state_of(layout: Layout) -> StackState:
    state = read_state(layout)
    assert state is not None
    return state


def started(layout: Layout) -> list[ProcessIdentity]:
    """The processes that the supervisor has written down so far."""
    state = read_state(layout)
    return [process.identity for process in state.processes] if state else []


def none_runs(identities: list[ProcessIdentity]) -> bool:
    return not any(identity.runs() for identity in identities)
