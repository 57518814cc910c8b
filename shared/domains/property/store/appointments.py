"""The visits and call-backs of one user. Reads return models; writes are effects of the turn's transaction."""

from datetime import datetime
from uuid import UUID

from shared.domains.base import Effect, Scope
from shared.domains.property.listings import Callback, Visit
from shared.events.ids import SessionId
from shared.runtime.postgres import Database

_VISITS = """
    select v.id, v.listing_id, l.project, v.starts_at
    from pack_property.visits v
    join pack_property.listings l on (l.tenant_id, l.id) = (v.tenant_id, v.listing_id)
    where v.user_id = $1 and v.starts_at > $2 and v.cancelled_at is null
    order by v.starts_at
    limit 20
"""


class Appointments:
    """The visits and call-backs of one user."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def visits(self, after: datetime) -> tuple[Visit, ...]:
        """The user's visits later than `after` that were not cancelled, the next one first."""
        async with self._database.tenant(self._scope.tenant_id) as connection:
            rows = await connection.fetch(_VISITS, self._scope.user_id, after)
        return tuple(Visit(row["id"], row["listing_id"], row["project"], row["starts_at"]) for row in rows)

    def book(self, visit: Visit, session_id: SessionId, now: datetime) -> Effect:
        """Enter a visit."""
        return Effect(
            "insert into pack_property.visits"
            " (tenant_id, id, user_id, session_id, listing_id, starts_at, requested_at, changed_at)"
            " values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing",
            (*self._owner(visit.id), session_id, visit.listing_id, visit.starts_at, now),
        )

    def move(self, visit: Visit, now: datetime) -> Effect:
        """Give a visit the time it now has."""
        return Effect(
            "update pack_property.visits set starts_at = $4, revision = revision + 1, changed_at = $5"
            " where tenant_id = $1 and id = $2 and user_id = $3 and starts_at <> $4",
            (*self._owner(visit.id), visit.starts_at, now),
        )

    def cancel(self, visit: Visit, now: datetime) -> Effect:
        """Call a visit off."""
        return Effect(
            "update pack_property.visits set cancelled_at = $4, revision = revision + 1, changed_at = $4"
            " where tenant_id = $1 and id = $2 and user_id = $3 and cancelled_at is null",
            (*self._owner(visit.id), now),
        )

    def call_back(self, callback: Callback, session_id: SessionId, now: datetime) -> Effect:
        """Enter a call that was asked for."""
        return Effect(
            "insert into pack_property.callbacks"
            " (tenant_id, id, user_id, session_id, listing_id, preferred_at, requested_at)"
            " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
            (*self._owner(callback.id), session_id, callback.listing_id, callback.preferred_at, now),
        )

    def _owner(self, row: UUID) -> tuple[object, object, object]:
        return self._scope.tenant_id, row, self._scope.user_id
