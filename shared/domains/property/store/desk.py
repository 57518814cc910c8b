"""Everybody's visits and call-backs, for those who sell."""

from datetime import datetime
from uuid import UUID

from shared.domains.property.listings import BookedVisit, CallWanted
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

_VISITS = """
    select v.id, v.user_id, v.listing_id, l.project, l.locality, l.city, l.latitude, l.longitude, v.starts_at,
        v.requested_at, v.changed_at, v.revision, v.cancelled_at
    from pack_property.visits v
    join pack_property.listings l on (l.tenant_id, l.id) = (v.tenant_id, v.listing_id)
    where v.tenant_id = $1 and v.starts_at >= $2 and v.starts_at < $3
    order by v.starts_at, v.id
    limit $4
"""

_CALL = """
    c.id, c.user_id, c.listing_id, c.preferred_at, c.requested_at, c.done_at, c.done_by,
    (select l.project from pack_property.listings l where l.tenant_id = c.tenant_id and l.id = c.listing_id) as project
"""

_CALLS = f"""
    select {_CALL} from pack_property.callbacks c
    where c.tenant_id = $1 and c.done_at is null
    order by c.requested_at, c.id
    limit $2
"""  # noqa: S608 - the only thing put in is the list of columns above

# Done once: who says so later changes nothing.
_SETTLE = f"""
    update pack_property.callbacks c set done_at = coalesce(c.done_at, $3), done_by = coalesce(c.done_by, $4)
    where c.tenant_id = $1 and c.id = $2
    returning {_CALL}
"""  # noqa: S608 - the same


class Desk:
    """The appointments of all users of a tenant."""

    def __init__(self, database: Database, tenant_id: TenantId) -> None:
        self._database = database
        self._tenant_id = tenant_id

    async def visits(self, since: datetime, until: datetime, *, limit: int) -> tuple[BookedVisit, ...]:
        """Visits in a stretch of time, cancelled ones too, in their order."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(_VISITS, self._tenant_id, since, until, limit)
        return tuple(BookedVisit(**dict(row)) for row in rows)

    async def calls(self, *, limit: int) -> tuple[CallWanted, ...]:
        """Call-backs that nobody has made, the longest waiting first."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(_CALLS, self._tenant_id, limit)
        return tuple(CallWanted(**dict(row)) for row in rows)

    async def settle(self, call: UUID, by: str, now: datetime) -> CallWanted | None:
        """Note that a call-back was made; None when nobody asked for it."""
        async with self._database.tenant(self._tenant_id) as connection:
            row = await connection.fetchrow(_SETTLE, self._tenant_id, call, now, by)
        return None if row is None else CallWanted(**dict(row))
