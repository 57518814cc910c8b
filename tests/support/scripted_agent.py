"""A stand-in for the agent that does what the words tell it, for tests of the gateway alone.

"say a b c" streams the words and answers them; "hold a b" streams them and ends when released or cancelled; "lose a b"
counts frames that it never wrote; "fail" fails; "retry a b" begins a first attempt, then answers in a second.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI, HTTPException
from redis.asyncio import Redis

from shared.events.ids import EventId, TurnId, event_of
from shared.events.live import ended_mark, inbox_stream, turn_stream, waiting_set
from shared.events.replies import Reply, StreamEnd, TurnCancelled, TurnCompleted, TurnEnded, TurnFailed, Understood
from shared.events.turns import SessionDeleted, SessionOpened, Text, TurnCancelRequested, TurnSubmitted
from shared.runtime.kafka import Bus, Handler, Subscription
from tests.support.painted import DOMAIN

_PATIENCE_SECONDS = 30


@dataclass
class ScriptedAgent:
    """What it has seen is public; `down` makes its HTTP API fail."""

    bus: Bus
    redis: Redis
    sessions: dict[UUID, SessionOpened] = field(default_factory=dict)
    deleted: set[UUID] = field(default_factory=set)
    ledger: dict[TurnId, TurnEnded] = field(default_factory=dict)
    submitted: list[TurnSubmitted] = field(default_factory=list)
    cancelled: set[UUID] = field(default_factory=set)
    down: bool = False
    silent: bool = False
    """Leaves endings to the ledger alone, as if their records were lost."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _held: defaultdict[UUID, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    def submissions(self, turn_id: str) -> list[TurnSubmitted]:
        """How often and how a turn was submitted."""
        return [event for event in self.submitted if str(event.turn_id) == turn_id]

    def release(self, turn_id: str) -> None:
        """Let a held turn end."""
        self._held[UUID(turn_id)].set()

    def subscription(self, group: str) -> Subscription:
        """All that it consumes."""
        handlers: tuple[Handler[Any], ...] = (
            Handler(SessionOpened, self.on_session_opened),
            Handler(TurnSubmitted, self.on_turn_submitted),
            Handler(TurnCancelRequested, self.on_nothing, on_read=self.see_cancel),
            Handler(SessionDeleted, self.on_session_deleted),
        )
        return Subscription(topics=("parley.turns",), group=group, handlers=handlers)

    async def on_nothing(self, event: object) -> None: ...

    def see_cancel(self, event: TurnCancelRequested) -> None:
        self.cancelled.add(event.turn_id)
        self._held[event.turn_id].set()

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait until what it has seen makes this true."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not seen():
                await self._news.wait()
                self._news.clear()

    async def on_session_opened(self, event: SessionOpened) -> None:
        self.sessions.setdefault(event.session_id, event)
        self._news.set()

    async def on_session_deleted(self, event: SessionDeleted) -> None:
        self.deleted.add(event.session_id)
        self._news.set()

    async def on_turn_submitted(self, event: TurnSubmitted) -> None:
        if event.domain != DOMAIN.name:
            # Other tests' turns are in the same log, and have agents of their own.
            return
        self.submitted.append(event)
        self._news.set()
        if event.turn_id not in self.ledger:
            self.ledger[event.turn_id] = await self._answer(event)
            await self.redis.zrem(waiting_set(event.tenant_id, event.session_id), str(event.turn_id))
            turn_no = self.ledger[event.turn_id].turn_no
            await self.redis.set(ended_mark(event.tenant_id, event.session_id), turn_no)
        if not self.silent:
            await self.bus.publish(self.ledger[event.turn_id].envelope())

    async def _answer(self, event: TurnSubmitted) -> TurnEnded:
        words = event.input.text if isinstance(event.input, Text) else event.input.name
        verb, _, text = words.partition(" ")
        attempt, frames = round(time.time() * 1000), [f"{word} " for word in text.split()]
        if verb == "retry":
            await self._write(event, attempt, [("delta", '{"text":"wrong "}')])
            attempt += 1
            await self._write(event, attempt, [("reset", f'{{"attempt":{attempt}}}')], first=0)
        if verb != "lose":
            await self._write(event, attempt, [("delta", f'{{"text":"{frame}"}}') for frame in frames])
        if verb == "hold":
            await self._held[event.turn_id].wait()
        turn_no = sum(ended.session_id == event.session_id for ended in self.ledger.values()) + 1
        end = _end_of(event) | {"turn_no": turn_no, "stream": StreamEnd(attempt=attempt, frames=len(frames))}
        if event.turn_id in self.cancelled:
            return TurnCancelled(**end)
        if verb == "fail":
            return TurnFailed(**end, reason="exhausted", message="Told to fail.")
        return TurnCompleted(**end, understood=Understood(intent=verb), reply=Reply(text="".join(frames)))

    async def _write(self, event: TurnSubmitted, attempt: int, frames: list[tuple[str, str]], first: int = 1) -> None:
        for number, (name, data) in enumerate(frames, first):
            frame: dict[Any, Any] = {"e": name, "d": data}
            await self.redis.xadd(turn_stream(event.turn_id), frame, id=f"{attempt}-{number}")
            if event.inbox is not None:
                place = {"t": str(event.turn_id), "i": f"{attempt}-{number}"}
                await self.redis.xadd(inbox_stream(event.inbox), frame | place)

    async def flood(self, turn_id: str, *, frames: int, characters: int) -> None:
        """Write large frames to a turn's stream."""
        for number in range(1, frames + 1):
            frame: dict[Any, Any] = {"e": "data", "d": f'{{"kind":"flood","value":"{"x" * characters}"}}'}
            await self.redis.xadd(turn_stream(UUID(turn_id)), frame, id=f"{2**43}-{number}")

    def api(self) -> FastAPI:
        """The internal HTTP API that the gateway asks."""
        app = FastAPI()

        @app.post("/internal/endings")
        async def endings(asked: list[dict[str, UUID]]) -> list[dict[str, Any] | None]:
            self._check(True)
            return [_told(self.ledger.get(TurnId(each["turn_id"]))) for each in asked]

        @app.post("/internal/sessions/known")
        async def known(asked: list[UUID]) -> list[UUID]:
            return [each for each in asked if each in self.sessions and each not in self.deleted]

        @app.get("/internal/sessions/{session_id}")
        async def session(session_id: UUID) -> dict[str, Any]:
            self._check(session_id in self.sessions)
            opened = self.sessions[session_id]
            return opened.model_dump(mode="json") | {
                "created_at": opened.occurred_at,
                "deleted": session_id in self.deleted,
            }

        @app.get("/internal/upkeep")
        async def upkeep() -> dict[str, Any]:
            task = {"task": "deleted_endings", "after": "P90D", "due": 0, "oldest": None, "done": 0, "last_at": None}
            return {"items": [task]}

        return app

    def _check(self, found: bool) -> None:
        if self.down:
            raise HTTPException(503)
        if not found:
            raise HTTPException(404)


def _told(ended: TurnEnded | None) -> dict[str, Any] | None:
    return None if ended is None else {"type": ended.type, "event": ended.model_dump(mode="json")}


def _end_of(event: TurnSubmitted) -> dict[str, Any]:
    shared = event.model_dump(include={"tenant_id", "request_id", "session_id", "user_id", "turn_id", "domain"})
    return shared | {
        "event_id": EventId(event_of(event.turn_id, "ended")),
        "occurred_at": event.occurred_at,
        "submitted_at": event.occurred_at,
        "session_no": 1,
        "input": event.input,
    }
