"""What the gateway remembers of sessions: the facts that never change, and the marks around their ends."""

from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.gateway.store.commands import Commands
from shared.events.ids import SessionId, TenantId, UserId
from shared.events.live import (
    DELETED_KEPT_SECONDS,
    MARKS_KEPT_SECONDS,
    deleted_mark,
    ended_mark,
    opened_mark,
    session_cache,
)


class KnownSession(BaseModel):
    """Who owns a session and which pack answers it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    session_id: SessionId
    user_id: UserId
    domain: str
    created_at: AwareDatetime


class SessionStore:
    """Cached sessions and marks of one Redis."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def find(self, tenant_id: TenantId, session_id: SessionId) -> tuple[KnownSession | None, bool]:
        """The session if it is cached, and whether it was deleted."""
        cached, deleted = await self._commands.run(
            "MGET", session_cache(tenant_id, session_id), deleted_mark(tenant_id, session_id)
        )
        return (None if cached is None else KnownSession.model_validate_json(cached)), deleted is not None

    async def remember(self, tenant_id: TenantId, session: KnownSession) -> None:
        """Cache a session for every gateway."""
        await self._commands.run(
            "SET", session_cache(tenant_id, session.session_id), session.model_dump_json(), "EX", MARKS_KEPT_SECONDS
        )

    async def mark_opened(self, tenant_id: TenantId, session: KnownSession) -> None:
        """Remember the session its user opened last, so that their list is read with it."""
        await self._commands.run(
            "SET", opened_mark(tenant_id, session.user_id), str(session.session_id), "EX", MARKS_KEPT_SECONDS
        )

    async def last_opened(self, tenant_id: TenantId, user_id: UserId) -> str | None:
        """The session a user opened last."""
        return _text(await self._commands.run("GET", opened_mark(tenant_id, user_id)))

    async def mark_deleted(self, tenant_id: TenantId, session_id: SessionId) -> None:
        """From now on nobody finds the session."""
        await self._commands.run("SET", deleted_mark(tenant_id, session_id), 1, "EX", DELETED_KEPT_SECONDS)

    async def deleted(self, tenant_id: TenantId, session_ids: Sequence[SessionId]) -> set[SessionId]:
        """Which of these were deleted."""
        if not session_ids:
            return set()
        marks = await self._commands.run("MGET", *(deleted_mark(tenant_id, each) for each in session_ids))
        return {each for each, mark in zip(session_ids, marks, strict=True) if mark is not None}

    async def last_ended_turn(self, tenant_id: TenantId, session_id: SessionId) -> int | None:
        """The number of the session's last ended turn."""
        number = _text(await self._commands.run("GET", ended_mark(tenant_id, session_id)))
        return None if number is None else int(number)


def _text(answer: Any) -> str | None:
    return None if answer is None else bytes(answer).decode()
