"""Writes what the events of sessions tell. What arrives together shares one transaction a tenant."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pydantic import TypeAdapter

from services.memory.metrics import MemoryMetrics
from services.memory.store import statements, summary_statements
from services.memory.store.weeks import NOBODY, Weeks
from services.memory.summaries import Gain, Growth, gains
from services.memory.transcript import Ending, Message, Opening, Rating, Submission
from shared.errors import Retry
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.replies import Clarification, DataPart, Entity
from shared.privacy.subjects import Subjects
from shared.runtime.batches import written
from shared.runtime.failpoints import failpoint
from shared.runtime.postgres import Database, TenantConnection

_ENTITIES = TypeAdapter(tuple[Entity, ...])
_DATA = TypeAdapter(tuple[DataPart, ...])
_CLARIFICATION = TypeAdapter(Clarification | None)
_RATING = TypeAdapter(Rating)
_TALLY = TypeAdapter(dict[str, int])


def _nobody(_: TenantId, __: SessionId) -> None:
    """For those whom new messages do not concern."""


class Transcripts:
    """Sessions and what was said in them. Every method may be repeated, and raises `Unavailable` without Postgres."""

    def __init__(
        self,
        database: Database,
        weeks: Weeks,
        metrics: MemoryMetrics,
        subjects: Subjects,
        *,
        noted: Callable[[TenantId, SessionId], None] = _nobody,
    ) -> None:
        self._database = database
        self._weeks = weeks
        self._metrics = metrics
        self._subjects = subjects
        self._noted = noted
        """Told of each session that has new messages."""

    async def open(self, openings: Sequence[Opening]) -> None:
        """Let the sessions exist that are not known already, as deleted or not."""
        await written(self._open, openings)

    async def submit(self, turns: Sequence[Submission]) -> None:
        """Keep the turns as pending that have not ended and whose session is not deleted."""
        await written(self._submit, turns)

    async def end(self, endings: Sequence[Ending]) -> None:
        """Store what the turns leave, each once, unless their session is deleted."""
        await written(self._end, endings)

    async def delete(self, tenant_id: TenantId, session_id: SessionId, user_id: str, at: datetime) -> None:
        """Remove what was said and leave a tombstone, so that nothing late brings it back.

        Of somebody who was erased since, even that is not left.
        """
        async with self._database.transaction(tenant_id) as connection:
            await connection.execute(summary_statements.SUBTRACT, tenant_id, session_id)
            await connection.execute(summary_statements.DROP_EMPTY, tenant_id, session_id)
            subject = self._subjects.code(tenant_id, user_id)
            await connection.execute(statements.BURY, tenant_id, session_id, user_id, at, subject)
            await connection.execute(statements.FORGET_MESSAGES, tenant_id, session_id)
            await connection.execute(statements.FORGET_TURNS, tenant_id, session_id)

    async def forget_expired(self, now: datetime) -> None:
        """Remove the pending turns of all tenants that ought to have ended."""
        async with self._database.tenant(NOBODY) as connection:
            self._metrics.expired.inc(await connection.fetchval(statements.FORGET_EXPIRED, now))

    async def _open(self, tenant_id: TenantId, openings: Sequence[Opening]) -> Sequence[None]:
        async with self._database.tenant(tenant_id) as connection:
            await _execute(connection, statements.OPEN, tenant_id, list(map(self._opening_row, openings)))
        return [None] * len(openings)

    async def _submit(self, tenant_id: TenantId, turns: Sequence[Submission]) -> Sequence[None]:
        self._metrics.batch.labels("begin").observe(len(turns))
        opened = [self._opening_row(turn.opening) for turn in turns if turn.opening is not None]
        async with self._database.tenant(tenant_id) as connection:
            await _execute(connection, statements.OPEN, tenant_id, opened)
            await _execute(connection, statements.SUBMIT, tenant_id, list(map(self._submission_row, turns)))
        return [None] * len(turns)

    async def _end(self, tenant_id: TenantId, repeated: Sequence[Ending]) -> Sequence[None]:
        endings = list({ending.turn_id: ending for ending in repeated}.values())
        said = [(ending, message) for ending in endings for message in ending.messages]
        await self._weeks.ensure(message.created_at for _, message in said)
        turns = _columns(list(map(_ending_row, endings)), 10)
        messages = _columns([_message_row(*each) for each in said], 17)
        subjects = [self._subjects.code(tenant_id, ending.user_id) for ending in endings]
        ratings = _rating_rows(endings)
        async with self._database.transaction(tenant_id) as connection:
            rows = await connection.fetch(statements.END, tenant_id, *turns, *messages, subjects)
            growths = [Growth(*row) for row in rows if row["user_id"] is not None]
            if len(growths) < len(rows) or any(growth.was_overtaken for growth in growths):
                raise Retry("a session was deleted, or written to elsewhere, while its turn was stored")
            await _execute(connection, summary_statements.ADD, tenant_id, list(map(_gain_row, gains(growths))))
            await _execute(connection, statements.RATE, tenant_id, ratings)
            escalated = await _escalate(connection, tenant_id, endings)
            await failpoint("memory.before_commit")
        await failpoint("memory.after_commit")
        for ending in endings:
            self._noted(tenant_id, ending.session_id)
        self._metrics.batch.labels("end").observe(len(endings))
        self._metrics.messages.inc(sum(growth.messages for growth in growths))
        for reason in escalated:
            self._metrics.escalations.labels(reason).inc()
        return [None] * len(repeated)

    def _opening_row(self, opening: Opening) -> tuple[object, ...]:
        subject = self._subjects.code(opening.tenant_id, opening.user_id)
        return opening.session_id, opening.user_id, opening.domain, opening.at, subject

    def _submission_row(self, turn: Submission) -> tuple[object, ...]:
        subject = self._subjects.code(turn.tenant_id, turn.user_id)
        return turn.session_id, turn.turn_id, turn.user_id, turn.text, turn.submitted_at, turn.expires_at, subject


async def _execute(
    connection: TenantConnection, statement: str, tenant_id: TenantId, rows: Sequence[tuple[object, ...]]
) -> None:
    if rows:
        await connection.execute(statement, tenant_id, *_columns(rows, len(rows[0])))


async def _escalate(connection: TenantConnection, tenant_id: TenantId, endings: Iterable[Ending]) -> list[str]:
    """Note whom a person should help; the reasons that are new."""
    given = [(each.session_id, each.ended_at, each.escalation) for each in endings if each.escalation is not None]
    if not given:
        return []
    rows = await connection.fetch(statements.ESCALATE, tenant_id, *_columns(given, 3))
    return [row["escalation"] for row in rows]


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[tuple[object, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _ending_row(ending: Ending) -> tuple[object, ...]:
    return (
        ending.session_id,
        ending.turn_id,
        ending.turn_no,
        ending.user_id,
        ending.domain,
        ending.outcome,
        ending.submitted_at,
        ending.ended_at,
        ending.title,
        ending.outlet_id,
    )


def _gain_row(gain: Gain) -> tuple[object, ...]:
    return (
        gain.user_id,
        gain.first_interaction,
        gain.last_interaction,
        gain.outlet_id,
        gain.conversations,
        gain.messages,
        _TALLY.dump_json(gain.intents).decode(),
        _TALLY.dump_json(gain.languages).decode(),
    )


def _message_row(ending: Ending, message: Message) -> tuple[object, ...]:
    return (
        ending.session_id,
        ending.turn_no,
        message.role,
        message.created_at,
        message.message_id,
        message.turn_id,
        ending.user_id,
        message.status,
        message.text,
        message.language,
        message.intent,
        message.confidence,
        _ENTITIES.dump_json(message.entities).decode(),
        message.sentiment,
        _DATA.dump_json(message.data).decode(),
        None if message.clarification is None else _CLARIFICATION.dump_json(message.clarification).decode(),
        message.frustration,
    )


def _rating_rows(endings: Iterable[Ending]) -> list[tuple[object, ...]]:
    """The last rating of each rated turn."""
    last: dict[tuple[SessionId, TurnId], tuple[object, ...]] = {}
    for ending in sorted(endings, key=lambda each: each.turn_no):
        given = ending.feedback
        if given is not None:
            rating = _RATING.dump_json(Rating(given.rating, given.comment)).decode()
            last[ending.session_id, given.turn_id] = (ending.session_id, given.turn_id, ending.turn_no, rating)
    return list(last.values())
