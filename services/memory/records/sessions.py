"""Sessions: those that conversations open, and those that come from elsewhere."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.memory.records.declarations import SESSIONS, ConversationSession
from services.memory.store import Transcripts
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database
from shared.runtime.records import RecordTable


class ConversationSessions(RecordTable[ConversationSession]):
    """The sessions of a tenant that are not deleted. Deleting one leaves a tombstone, as its event does."""

    def __init__(self, database: Database, transcripts: Transcripts, now: Callable[[], datetime]) -> None:
        super().__init__(database, SESSIONS)
        self._transcripts = transcripts
        self._now = now

    async def delete(self, tenant_id: TenantId, key: Any) -> bool:
        session = await self.read(tenant_id, key)
        if session is not None:
            await self._transcripts.delete(tenant_id, SessionId(session.session_id), session.user_id, self._now())
        return session is not None
