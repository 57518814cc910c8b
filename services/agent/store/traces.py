"""What a person's sessions have left in Redis, and which sessions those are."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from redis.exceptions import RedisError

from services.agent.session import Trace
from shared.errors import Unavailable
from shared.events.ids import SessionId, TenantId
from shared.events.live import (
    DELETED_KEPT_SECONDS,
    accepted_mark,
    deleted_mark,
    opened_mark,
    session_cache,
    turn_stream,
    waiting_set,
)
from shared.runtime.postgres import Database
from shared.runtime.redis import Command, PipelinedConnection

_PAGE = 200
_PATIENCE_SECONDS = 5.0
_FIRST = SessionId(UUID(int=0))

_SESSIONS = """
select session_id, deleted_at is not null as deleted, array(
    select turn_id from agent.ledger where tenant_id = $1 and ledger.session_id = sessions.session_id
) as turns
from agent.sessions
where tenant_id = $1 and user_id = $2 and opened_at <= $3 and session_id > $4
order by session_id limit $5
"""


class Traces:
    """The keys of people, all named exactly: Redis is never searched. Methods raise `Unavailable` without it."""

    def __init__(self, database: Database, redis_url: str) -> None:
        self._database = database
        self._redis_url = redis_url

    async def sessions(self, tenant_id: TenantId, user_id: str, until: datetime) -> AsyncIterator[list[Trace]]:
        """A person's sessions that were opened by then, some at a time."""
        after = _FIRST
        while True:
            async with self._database.tenant(tenant_id) as connection:
                rows = await connection.fetch(_SESSIONS, tenant_id, user_id, until, after, _PAGE)
            if not rows:
                return
            yield [Trace(**row) for row in rows]
            after = rows[-1]["session_id"]

    async def hide(self, tenant_id: TenantId, sessions: Sequence[Trace]) -> None:
        """Let nobody find these sessions any more, and remove what was said and accepted in them."""
        commands: list[Command] = []
        for session in sessions:
            place = (tenant_id, session.session_id)
            commands.append(("SET", deleted_mark(*place), 1, "EX", DELETED_KEPT_SECONDS))
            turns = (key for turn in session.turns for key in (turn_stream(turn), accepted_mark(turn)))
            commands.append(("DEL", session_cache(*place), accepted_mark(session.session_id), waiting_set(*place)))
            commands += (("DEL", key) for key in turns)
        await self._run(commands)

    async def forget(self, tenant_id: TenantId, user_id: str) -> None:
        """Remove what is known of the person beside their sessions."""
        await self._run([("DEL", opened_mark(tenant_id, user_id))])

    async def _run(self, commands: Sequence[Command]) -> None:
        # Erasures are rare: a connection for each keeps them out of the way of running turns.
        connection = PipelinedConnection(self._redis_url)
        try:
            answers = await connection.run(commands, within_seconds=_PATIENCE_SECONDS)
        finally:
            await connection.close()
        for answer in answers:
            if isinstance(answer, RedisError):
                raise Unavailable(f"Redis refused: {answer}")
