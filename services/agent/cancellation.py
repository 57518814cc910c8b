"""What users have asked to stop, known as soon as it is read, ahead of its place in the session's order."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from shared.events.ids import SessionId, TurnId
from shared.events.turns import SessionDeleted, TurnCancelRequested, TurnSubmitted


class Cancellations:
    """Turns to cancel and sessions to end, until the request's own place in the order is reached."""

    def __init__(self) -> None:
        self._turns: set[TurnId] = set()
        self._sessions: set[SessionId] = set()
        self._running: dict[SessionId, tuple[TurnId, asyncio.Task[object]]] = {}

    def cancel(self, event: TurnCancelRequested) -> None:
        """Stop the turn if it runs; let it end as cancelled when its time comes if it waits."""
        self._turns.add(event.turn_id)
        turn_id, task = self._running.get(event.session_id, (None, None))
        if task is not None and turn_id == event.turn_id:
            task.cancel()

    def delete(self, event: SessionDeleted) -> None:
        """Stop what runs in the session; let what waits fail when its time comes."""
        self._sessions.add(event.session_id)
        if event.session_id in self._running:
            self._running[event.session_id][1].cancel()

    def forget(self, event: TurnCancelRequested | SessionDeleted) -> None:
        """The request's own place in the order is reached: everything before it has ended."""
        if isinstance(event, TurnCancelRequested):
            self._turns.discard(event.turn_id)
        else:
            self._sessions.discard(event.session_id)

    def wants_stopped(self, turn: TurnSubmitted) -> bool:
        """Whether this turn was asked to be cancelled."""
        return turn.turn_id in self._turns

    def wants_deleted(self, turn: TurnSubmitted) -> bool:
        """Whether the turn's session is about to be deleted."""
        return turn.session_id in self._sessions

    @contextmanager
    def stoppable(self, turn: TurnSubmitted) -> Iterator[None]:
        """While inside, a request to stop cancels this task; raises `Stopped` in place of the cancellation."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a turn runs in a task")
        self._running[turn.session_id] = (turn.turn_id, task)
        try:
            yield
        except asyncio.CancelledError:
            asked = self.wants_stopped(turn) or self.wants_deleted(turn)
            # Something else wants this task stopped too when requests remain: a hand-over goes first.
            if not asked or task.uncancel() > 0:
                raise
            raise StoppedError from None
        finally:
            del self._running[turn.session_id]


class StoppedError(Exception):
    """The user asked to stop this turn."""
