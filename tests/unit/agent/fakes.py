"""The agent's stores, in memory."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.agent.live import Append
from services.agent.session import Ended, Ending, Loaded, Opening, Remembered, Session
from shared.errors import Retry, Unavailable
from shared.events.envelope import Envelope
from shared.events.ids import SessionId, TenantId, TurnId


class LedgerInMemory:
    """Sessions and endings, fenced as in Postgres."""

    def __init__(self) -> None:
        self.sessions: dict[SessionId, Session] = {}
        self.endings: dict[TurnId, Ending] = {}
        self.forgotten: set[SessionId] = set()

    async def load(self, _: TenantId, session_id: SessionId, turn_id: TurnId) -> Loaded:
        ending = self.endings.get(turn_id)
        envelopes = None if ending is None or ending.session_id in self.forgotten else ending.envelopes
        ended = None if ending is None else Ended(ending.body_hash, envelopes)
        return Loaded(self.sessions.get(session_id), ended)

    async def open(self, opening: Opening) -> None:
        others = [s for s in self.sessions.values() if (s.user_id, s.domain) == (opening.user_id, opening.domain)]
        fresh = Session(opening.user_id, opening.domain, len(others) + 1, 0, Remembered(), opening.at, deleted=False)
        self.sessions.setdefault(opening.session_id, fresh)

    async def commit(self, ending: Ending) -> None:
        before = self.sessions[ending.session_id]
        if before.turn_no != ending.turn_no - 1:
            raise Retry("lost")
        remembered = (None if before.deleted else ending.remembered) or before.remembered
        self.sessions[ending.session_id] = replace(before, turn_no=ending.turn_no, remembered=remembered)
        self.endings[ending.turn_id] = ending

    async def delete(self, _: TenantId, session_id: SessionId, at: datetime) -> None:
        self.sessions[session_id] = replace(self.sessions[session_id], deleted=True, remembered=Remembered())
        self.forgotten.add(session_id)


class MarksInMemory:
    """What was written to live streams and which turns were marked as ended; `away` while Redis is down."""

    def __init__(self) -> None:
        self.appends: list[Append] = []
        self.marked: list[int] = []
        self.latest = 0
        self.written = asyncio.Event()
        self.away = False

    async def append(self, append: Append) -> int:
        self._answer()
        if append.first > 1 and self.latest > append.attempt:
            return 0
        if append.first == 1:
            self.latest = max(append.attempt, self.latest + 1)
        self.appends.append(append)
        self.written.set()
        return self.latest

    async def ended(self, tenant_id: TenantId, session_id: SessionId, turn_id: TurnId, turn_no: int) -> None:
        self._answer()
        self.marked.append(turn_no)

    def _answer(self) -> None:
        if self.away:
            raise Unavailable("Redis is away")


class Published:
    """What was published, in order."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.away = False

    async def __call__(self, envelopes: Iterable[Envelope]) -> None:
        if self.away:
            raise Unavailable("Kafka is away")
        self.envelopes += envelopes
