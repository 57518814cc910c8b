"""Accepting a turn: once for a key, while its session has room, and only when Kafka has it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter

from services.gateway.admissions import Admissions
from services.gateway.clients import AgentClient
from services.gateway.idempotency import Submission
from services.gateway.limits import too_many
from services.gateway.metrics import Metrics
from services.gateway.principal import Principal
from services.gateway.publishing import Publisher
from services.gateway.sessions import unknown_session
from services.gateway.store import Acceptance, Admission, KnownSession, Place, Verdict
from shared.errors import Unavailable
from shared.events.ids import TurnId, event_of
from shared.events.replies import TurnEnded
from shared.events.turns import Command, Text, TurnSubmitted
from shared.runtime.failpoints import failpoint
from shared.runtime.http import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTurn:
    """A turn to accept; `inbox` is this gateway's id when it wants the frames."""

    caller: Principal
    session: KnownSession
    submission: Submission
    input: Text | Command
    language: str | None = None
    inbox: str | None = None
    opens: bool = False
    """Whether it opens its session if nobody has."""

    @property
    def id(self) -> TurnId:
        """The turn's id."""
        return TurnId(self.submission.id)


@dataclass(frozen=True, slots=True)
class AcceptedTurn:
    """What came of it: whether it was certainly never submitted before, and how it ended if it has."""

    is_new: bool
    ended: TurnEnded | None = None


class TurnAcceptance:
    """The one way in for turns."""

    def __init__(
        self,
        admissions: Admissions,
        agent: AgentClient,
        publisher: Publisher,
        metrics: Metrics,
        *,
        turn_ttl: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._admissions = admissions
        self._agent = agent
        self._publisher = publisher
        self._metrics = metrics
        self._turn_ttl = turn_ttl
        self._clock = clock

    async def accept(self, turn: NewTurn) -> AcceptedTurn:
        """Return once Kafka has the turn or it has ended already.

        Raises problems: 404 deleted session, 422 another body under the key, 429 no room, 503 not acknowledged.
        """
        began = perf_counter()
        place = self._place(turn)
        admission = await self._admit(turn, place)
        submitted_at = place.now
        if admission.known is not None:
            submitted_at = turn.submission.agreed(admission.known)
            # Without an outcome it is published again: the first request may have died before it did.
            if (ended := await self._ledger(turn, turn.id)) is not None:
                return AcceptedTurn(is_new=False, ended=ended)
        await failpoint("gateway.before_publish")
        await self._publish(turn, submitted_at, place)
        await failpoint("gateway.after_publish")
        self._metrics.accepted.inc()
        self._metrics.accept_seconds.observe(perf_counter() - began)
        return AcceptedTurn(is_new=admission.verdict is Verdict.NEW)

    def _place(self, turn: NewTurn) -> Place:
        now = self._clock()
        return Place(turn.caller.tenant_id, turn.session.session_id, turn.id, now, now + self._turn_ttl)

    async def _admit(self, turn: NewTurn, place: Place) -> Admission:
        acceptance = Acceptance(
            body_hash=turn.submission.body_hash,
            submitted_at=place.now.isoformat(),
            session_id=turn.session.session_id,
        )
        admission = await self._admissions.admit(place, acceptance)
        if admission.verdict is Verdict.FULL and await self._tidy(turn, place):
            admission = await self._admissions.admit(place, acceptance)
        if admission.verdict is Verdict.DELETED:
            raise unknown_session()
        if admission.verdict is Verdict.FULL:
            raise too_many("session_queue", "This session has as many waiting turns as it may have: let some end.")
        return admission

    async def _tidy(self, turn: NewTurn, place: Place) -> bool:
        """Give back the places of turns that have ended; whether there were any.

        The agent does that as it ends a turn, unless Redis is away then or the agent dies before it could.
        """
        waiting = await self._admissions.waiting(place)
        endings = await asyncio.gather(*(self._ledger(turn, each) for each in waiting))
        ended = [each for each, ending in zip(waiting, endings, strict=True) if ending is not None]
        for each in ended:
            await self._admissions.leave(replace(place, turn_id=each))
        return bool(ended)

    async def _ledger(self, turn: NewTurn, turn_id: TurnId) -> TurnEnded | None:
        try:
            return await self._agent.ending(turn.caller, turn.session.session_id, turn_id)
        except Unavailable:
            return None

    async def _publish(self, turn: NewTurn, submitted_at: datetime, place: Place) -> None:
        submitted = TurnSubmitted(
            event_id=event_of(turn.id, "submitted"),
            occurred_at=submitted_at,
            tenant_id=turn.caller.tenant_id,
            request_id=turn.caller.request_id,
            session_id=turn.session.session_id,
            user_id=turn.caller.user_id,
            turn_id=turn.id,
            domain=turn.session.domain,
            input=turn.input,
            body_hash=turn.submission.body_hash,
            expires_at=submitted_at + self._turn_ttl,
            opens=turn.opens,
            inbox=turn.inbox,
            language=turn.language,
        )
        try:
            await self._publisher.publish(submitted, turn_id=turn.id, session_id=turn.session.session_id)
        except Problem:
            await self._admissions.leave(place)
            raise
