"""What the policy may read and write: the tenant's listings and the user's own appointments."""

from collections.abc import Sequence
from datetime import datetime

from shared.domains.base import Effect, Scope
from shared.domains.property.listings import Callback, Listing, Visit, Wanted
from shared.domains.property.store import Appointments, Desk, Listings
from shared.events.ids import SessionId
from shared.runtime.postgres import Database


class PropertyTools:
    """The pack's tools over its tables; reads only see what the scope allows."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._listings = Listings(database, scope.tenant_id)
        self._appointments = Appointments(database, scope)
        self.desk = Desk(database, scope.tenant_id)
        """Everybody's appointments: for the sales view alone, whose endpoints are for operators."""

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Listing, ...]:
        """Listings that fit, the least expensive first."""
        return await self._listings.search(wanted, limit=limit, without=without)

    async def named(self, ids: Sequence[str]) -> tuple[Listing, ...]:
        """The listings of these ids, in this order."""
        return await self._listings.named(ids)

    async def all(self) -> tuple[Listing, ...]:
        """Every listing."""
        return await self._listings.all()

    async def cities(self) -> tuple[str, ...]:
        """The cities with listings."""
        return await self._listings.cities()

    async def visits(self, after: datetime) -> tuple[Visit, ...]:
        """The user's coming visits."""
        return await self._appointments.visits(after)

    def book(self, visit: Visit, session_id: SessionId, now: datetime) -> Effect:
        """Enter a visit."""
        return self._appointments.book(visit, session_id, now)

    def move(self, visit: Visit, now: datetime) -> Effect:
        """Give a visit the time it now has."""
        return self._appointments.move(visit, now)

    def cancel(self, visit: Visit, now: datetime) -> Effect:
        """Call a visit off."""
        return self._appointments.cancel(visit, now)

    def call_back(self, callback: Callback, session_id: SessionId, now: datetime) -> Effect:
        """Enter a call that was asked for."""
        return self._appointments.call_back(callback, session_id, now)
