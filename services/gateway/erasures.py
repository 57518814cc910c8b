"""Erasing people: asking for it, and the receipt that says how far it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.gateway.holders import Erased, Holder
from services.gateway.idempotency import Submission
from services.gateway.principal import Principal
from services.gateway.publishing import Publisher
from services.gateway.schemas import ErasureReceipt, LogReceipt, ServiceReceipt
from services.gateway.store import Acceptance, Accepts
from shared.domains.base import AnyDomain
from shared.errors import Unavailable
from shared.events.ids import EventId, SessionId, UserId
from shared.events.live import FRAMES_KEPT_SECONDS
from shared.events.outcomes import ConversationEscalated
from shared.events.privacy import ErasureRequested
from shared.events.topics import OUTCOMES, PRIVACY, PROFILES, REPLIES, SIGNALS, TURNS, Topic
from shared.privacy.erasure import log_empty_at
from shared.runtime.http import Problem

_CODES: Final = "the user id with codes and numbers, none of the person's words"
_HELD: Final[Mapping[Topic, str]] = {
    TURNS: "what was asked",
    REPLIES: "what was asked and answered",
    SIGNALS: _CODES,
    PROFILES: _CODES,
    OUTCOMES: _CODES,
    PRIVACY: "the user id, and that it was erased",
}


@dataclass(frozen=True, slots=True)
class Erasures:
    """The erasures of all people."""

    holders: Sequence[Holder]
    accepts: Accepts
    publisher: Publisher
    domains: Mapping[str, AnyDomain]
    clock: Callable[[], datetime]

    async def request(self, caller: Principal, user_id: UserId, submission: Submission) -> ErasureReceipt:
        """Have a person erased; the same key asks for the same erasure. A 503 problem when Kafka does not accept it."""
        requested = ErasureRequested(
            event_id=EventId(submission.id),
            occurred_at=await self._requested_at(submission),
            tenant_id=caller.tenant_id,
            request_id=caller.request_id,
            user_id=user_id,
        )
        await self.publisher.publish(requested, erasure_id=submission.id)
        return self._receipt(submission.id, {holder.name: None for holder in self.holders})

    async def receipt(self, caller: Principal, user_id: UserId, erasure_id: UUID) -> ErasureReceipt:
        """How far an erasure is; raises the 404 problem for one that nobody asked for."""
        found = {holder.name: await holder.erasure(caller, user_id, erasure_id) for holder in self.holders}
        if not any(found.values()) and await self.accepts.find(erasure_id) is None:
            raise Problem(404, "erasure_not_found", "There is no such erasure.")
        return self._receipt(erasure_id, found)

    async def _requested_at(self, submission: Submission) -> datetime:
        now = self.clock()
        acceptance = Acceptance(
            body_hash=submission.body_hash, submitted_at=now.isoformat(), session_id=SessionId(submission.id)
        )
        try:
            known = await self.accepts.remember(submission.id, acceptance)
        except Unavailable:
            return now
        return now if known is None else submission.agreed(known)

    def _receipt(self, erasure_id: UUID, found: Mapping[str, Erased | None]) -> ErasureReceipt:
        begun = [erased.erased_at for erased in found.values() if erased is not None]
        erased_at = max(begun, default=None)
        complete = all(erased is not None and erased.completed_at is not None for erased in found.values())
        return ErasureReceipt(
            erasure_id=erasure_id,
            complete=complete,
            erased_at=erased_at,
            services=tuple(_service(name, erased) for name, erased in found.items()),
            log_empty_at=None if erased_at is None or not complete else log_empty_at(erased_at),
            live_frames_gone_at=None if erased_at is None else erased_at + timedelta(seconds=FRAMES_KEPT_SECONDS),
            logs=() if erased_at is None else tuple(_log(topic, held, erased_at) for topic, held in _HELD.items()),
            told=(ConversationEscalated.type, *(each.type for pack in self.domains.values() for each in pack.outcomes)),
        )


def _service(name: str, erased: Erased | None) -> ServiceReceipt:
    return (
        ServiceReceipt(service=name)
        if erased is None
        else ServiceReceipt(service=name, completed_at=erased.completed_at, removed=erased.removed)
    )


def _log(topic: Topic, held: str, erased_at: datetime) -> LogReceipt:
    return LogReceipt(topic=topic.name, holds=held, empty_at=erased_at + topic.retention + topic.segment)
