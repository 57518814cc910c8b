"""Who writes over a channel, and which session what they wrote went to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.events.ids import SessionId, TenantId, TurnId, UserId
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database

# Whoever comes first decides the session: another gateway waits for the row, then finds the message known or the
# session running. What somebody sent who was erased since arrives nowhere.
_ARRIVE: Final = """
with known as (
    select session_id, accepted_at from gateway.arrivals where tenant_id = $1 and turn_id = $2
), contact as (
    insert into gateway.contacts as current (tenant_id, user_id, number_id, phone, session_id, heard_at)
    select $1, $3, $4, $5, $6, $7
    where not exists (select from known) and not exists (
        select from gateway.erasures where tenant_id = $1 and subject = $9 and erased_at >= $7
    )
    on conflict (tenant_id, user_id, number_id) do update set
        session_id = case when excluded.heard_at - current.heard_at > $8
                          then excluded.session_id else current.session_id end,
        heard_at = greatest(current.heard_at, excluded.heard_at)
    returning session_id
), arrival as (
    insert into gateway.arrivals as first (tenant_id, turn_id, user_id, number_id, session_id, sent_at)
    select $1, $2, $3, $4, session_id, $7 from contact
    on conflict (tenant_id, turn_id) do update set session_id = first.session_id
    returning session_id, accepted_at
)
select session_id, accepted_at is not null as accepted from (table known union all table arrival) found
"""

_MOVE: Final = """
with contact as (
    update gateway.contacts set session_id = $5
    where tenant_id = $1 and user_id = $3 and number_id = $4 and session_id = $6
)
update gateway.arrivals set session_id = $5 where tenant_id = $1 and turn_id = $2
"""

_ACCEPTED: Final = "update gateway.arrivals set accepted_at = $3 where tenant_id = $1 and turn_id = $2"

# A person with something undelivered stays, as does whatever may still be repeated.
_FORGET_CONTACTS: Final = """
delete from gateway.contacts c where c.tenant_id = $1 and c.heard_at < $2 and not exists (
    select from gateway.deliveries d
    where d.tenant_id = $1 and d.user_id = c.user_id and d.number_id = c.number_id
      and d.state in ('waiting', 'sending', 'uncertain'))
"""
_FORGET_ARRIVALS: Final = "delete from gateway.arrivals where tenant_id = $1 and sent_at < $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message of a person to a business number; its turn's id is the message's alone, whatever the session."""

    tenant_id: TenantId
    turn_id: TurnId
    user_id: UserId
    number_id: str
    phone: str
    new_session_id: SessionId
    """The session it opens if none is running."""
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """Where a message goes, and whether it is there already."""

    session_id: SessionId
    is_accepted: bool


class Contacts:
    """Contacts and arrivals. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database, subjects: Subjects) -> None:
        self._database = database
        self._subjects = subjects

    async def arrive(self, arrival: Arrival, *, idle: timedelta) -> Arrived:
        """Note a message, once, in its person's running session; after so much silence a new one begins.

        Of somebody who was erased since, nothing is noted, and nothing is left to do.
        """
        async with self._database.tenant(arrival.tenant_id) as connection:
            found = await connection.fetchrow(
                _ARRIVE,
                arrival.tenant_id,
                arrival.turn_id,
                arrival.user_id,
                arrival.number_id,
                arrival.phone,
                arrival.new_session_id,
                arrival.sent_at,
                idle,
                self._subjects.code(arrival.tenant_id, arrival.user_id),
            )
        if found is None:
            return Arrived(arrival.new_session_id, is_accepted=True)
        return Arrived(SessionId(found["session_id"]), found["accepted"])

    async def move(self, arrival: Arrival, *, gone: SessionId, to: SessionId) -> None:
        """Let a message begin a new session, since the one it went to is gone."""
        place = (arrival.tenant_id, arrival.turn_id, arrival.user_id, arrival.number_id)
        async with self._database.tenant(arrival.tenant_id) as connection:
            await connection.execute(_MOVE, *place, to, gone)

    async def accepted(self, tenant_id: TenantId, turn_id: TurnId, at: datetime) -> None:
        """Note that nothing is left to do for a message."""
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(_ACCEPTED, tenant_id, turn_id, at)

    async def forget(self, tenant_ids: Sequence[UUID], *, silent_since: datetime, arrived_before: datetime) -> None:
        """Forget who has been silent for so long, and what arrived so long ago."""
        for tenant_id in tenant_ids:
            async with self._database.tenant(tenant_id) as connection:
                await connection.execute(_FORGET_CONTACTS, tenant_id, silent_since)
                await connection.execute(_FORGET_ARRIVALS, tenant_id, arrived_before)
