"""One turn, start to finish."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.agent.cancellation import Cancellations, StoppedError
from services.agent.endings import Answer, Closing, without_session
from services.agent.live import Frames, Live, Place
from services.agent.session import Ending, Loaded, Opening, Session
from shared.errors import Reject, Unavailable
from shared.events.envelope import Envelope
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.replies import Feedback
from shared.events.turns import Command, TurnSubmitted
from shared.runtime.failpoints import failpoint

FEEDBACK = "feedback"
"""The one command that the platform answers itself, for every pack."""


class Ledger(Protocol):
    """Sessions and how their turns ended."""

    async def load(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId) -> Loaded: ...
    async def open(self, opening: Opening) -> None: ...
    async def commit(self, ending: Ending) -> None: ...


class Marks(Frames, Protocol):
    """Live frames, and the marks that readers wait for."""

    async def ended(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId, turn_no: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """What a turn needs."""

    ledger: Ledger
    marks: Marks
    answer: Callable[[TurnSubmitted, Session, Live], Awaitable[Answer]]
    publish: Callable[[Iterable[Envelope]], Awaitable[None]]
    cancellations: Cancellations
    clock: Callable[[], datetime]
    deadline: timedelta


async def run_turn(turn: TurnSubmitted, agent: Agent) -> None:
    """Answer a turn exactly once, however often its record arrives.

    The ledger decides: a turn that is in it has ended, and its events are published again as they were.
    Raises `Unavailable` while a store is down, `Retry` when another attempt was faster, `Reject` for a record
    that contradicts its session or an earlier record of the same turn.
    """
    known = await _load(turn, agent)
    await failpoint("agent.after_load")
    if known.ended is not None:
        await _publish_again(turn, known, agent)
    elif known.session is None:
        with suppress(Unavailable):
            await agent.marks.ended(turn.tenant_id, turn.session_id, turn.turn_id, 0)
        await agent.publish([without_session(turn)])
    else:
        await _settle(await _end(turn, _own(turn, known.session), agent), agent)


async def give_up(turn: TurnSubmitted, agent: Agent) -> None:
    """End a turn whose attempts are exhausted, unless one of them ended it after all."""
    known = await _load(turn, agent)
    if known.session is None or known.ended is not None:
        await run_turn(turn, agent)
    else:
        stream = await _live(turn, known.session, agent).end()
        await _settle(Closing(turn, known.session, stream, agent.clock()).failed("exhausted"), agent)


async def _load(turn: TurnSubmitted, agent: Agent) -> Loaded:
    known = await agent.ledger.load(turn.tenant_id, turn.session_id, turn.turn_id)
    if known.session is None and turn.opens:
        opening = Opening(turn.tenant_id, turn.session_id, turn.user_id, turn.domain, turn.occurred_at)
        await agent.ledger.open(opening)
        known = await agent.ledger.load(turn.tenant_id, turn.session_id, turn.turn_id)
    return known


def _own(turn: TurnSubmitted, session: Session) -> Session:
    if (session.user_id, session.domain) != (turn.user_id, turn.domain):
        raise Reject("the turn names another owner or domain than its session has")
    return session


async def _publish_again(turn: TurnSubmitted, known: Loaded, agent: Agent) -> None:
    if known.ended is None or known.ended.body_hash != turn.body_hash:
        raise Reject("another body was accepted first under this turn_id")
    if known.session is not None:
        # Whoever ended the turn may have died before it left the marks.
        with suppress(Unavailable):
            await agent.marks.ended(turn.tenant_id, turn.session_id, turn.turn_id, known.session.turn_no)
    await agent.publish(known.ended.envelopes or ())


async def _settle(ending: Ending, agent: Agent) -> None:
    """Store the ending, then tell: marks before events, since whoever sees the ending may read it back at once."""
    await failpoint("agent.before_commit")
    await agent.ledger.commit(ending)
    await failpoint("agent.after_commit")
    with suppress(Unavailable):
        await agent.marks.ended(ending.tenant_id, ending.session_id, ending.turn_id, ending.turn_no)
    await failpoint("agent.before_publish")
    await agent.publish(ending.envelopes)
    await failpoint("agent.after_publish")


async def _end(turn: TurnSubmitted, session: Session, agent: Agent) -> Ending:
    live = _live(turn, session, agent)

    async def close() -> Closing:
        return Closing(turn, session, await live.end(), agent.clock())

    try:
        if session.deleted or agent.cancellations.wants_deleted(turn):
            return (await close()).failed("session_deleted")
        if agent.cancellations.wants_stopped(turn):
            return (await close()).cancelled()
        if agent.clock() > turn.expires_at:
            return (await close()).failed("expired")
        if isinstance(turn.input, Command) and turn.input.name == FEEDBACK:
            return (await close()).rated(Feedback.model_validate(turn.input.arguments))
        with agent.cancellations.stoppable(turn):
            async with asyncio.timeout(agent.deadline.total_seconds()):
                answer = await agent.answer(turn, session, live)
            return (await close()).completed(answer)
    except StoppedError:
        return (await close()).cancelled()
    finally:
        live.abandon()


def _live(turn: TurnSubmitted, session: Session, agent: Agent) -> Live:
    place = Place(
        tenant_id=turn.tenant_id,
        session_id=turn.session_id,
        turn_id=turn.turn_id,
        turn_no=session.turn_no + 1,
        inbox=turn.inbox,
    )
    return Live(agent.marks, place, now_ms=int(agent.clock().timestamp() * 1000))
