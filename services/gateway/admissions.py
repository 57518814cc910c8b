"""Whether a turn may wait in its session's queue: Redis counts for all gateways, each for itself without it."""

from datetime import datetime

import structlog

from services.gateway.limits import LocalQueue
from services.gateway.store import Acceptance, Accepts, Admission, Place, Verdict
from shared.errors import Unavailable
from shared.events.ids import SessionId, TurnId

_log = structlog.get_logger(__name__)


class Admissions:
    """Admits turns, with Redis or without."""

    def __init__(self, accepts: Accepts, queue: LocalQueue) -> None:
        self._accepts = accepts
        self._queue = queue

    async def admit(self, place: Place, acceptance: Acceptance) -> Admission:
        """Admit a turn if its session has room. Without Redis the first body wins: the agent sees to that."""
        try:
            return await self._accepts.admit(place, acceptance)
        except Unavailable:
            has_room = self._queue.add(place.session_id, place.turn_id, now=place.now, expires_at=place.expires_at)
            return Admission(Verdict.UNSURE if has_room else Verdict.FULL)

    async def waiting_since(self, session_id: SessionId, turn_id: TurnId) -> datetime | None:
        """When a turn of this session was accepted, if anybody here or in Redis remembers that it was."""
        try:
            known = await self._accepts.find(turn_id)
        except Unavailable:
            known = None
        if known is not None:
            return datetime.fromisoformat(known.submitted_at) if known.session_id == session_id else None
        return self._queue.waiting_since(session_id, turn_id)

    async def waiting(self, place: Place) -> list[TurnId]:
        """The turns of this session that count as waiting; none while Redis does not say."""
        try:
            return await self._accepts.waiting(place.tenant_id, place.session_id)
        except Unavailable:
            return []

    async def leave(self, place: Place) -> None:
        """Make room again: whether the turn waits is unknown, and it must not keep others out."""
        self._queue.remove(str(place.turn_id))
        try:
            await self._accepts.leave(place.tenant_id, place.session_id, place.turn_id)
        except Unavailable as error:
            _log.warning("turn still counted as waiting", turn_id=str(place.turn_id), reason=str(error))
