"""All SQL of the property pack. Reads return models; writes are effects of the turn's transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.domains.base import Effect, Scope
from shared.domains.property.listings import Callback, Home, Listing, Visit, Wanted
from shared.events.ids import SessionId, TenantId
from shared.runtime.postgres import Database

_LISTING = """
    l.id, l.project, l.aliases, l.developer, l.city, l.locality, l.status, l.possession, l.amenities, l.rera,
    l.brochure, l.latitude, l.longitude, (
        select jsonb_agg(jsonb_build_array(h.bedrooms, h.area_sqft, h.price) order by h.bedrooms, h.area_sqft)
        from pack_property.homes h where h.tenant_id = l.tenant_id and h.listing_id = l.id
    ) as homes
"""

_SEARCH = f"""
    select {_LISTING}
    from pack_property.listings l
    cross join lateral (
        select min(h.price) as price
        from pack_property.homes h
        where h.tenant_id = l.tenant_id and h.listing_id = l.id
          and (cardinality($1::smallint[]) = 0 or h.bedrooms = any($1))
          and h.price between coalesce($2, 0) and coalesce($3, h.price)
          and h.area_sqft >= coalesce($4, 0)
    ) as fitting
    where fitting.price is not null
      and (cardinality($5::text[]) = 0 or exists (
          select from unnest($5, $6::text[]) as place(city, locality)
          where place.city = l.city and coalesce(place.locality, l.locality) = l.locality))
      and ($7::text is null or l.developer = $7)
      and l.amenities @> $8::text[]
      and (not $9 or l.status = 'ready')
      and l.id <> all($10::text[])
    order by fitting.price, l.id
    limit $11
"""  # noqa: S608 - the only thing put in is the list of columns above

_NAMED = f"""
    select {_LISTING}
    from pack_property.listings l
    join unnest($1::text[]) with ordinality as asked(id, place) using (id)
    order by asked.place
"""  # noqa: S608 - the same

_ALL = f"select {_LISTING} from pack_property.listings l order by l.id"  # noqa: S608 - the same

_VISITS = """
    select v.id, v.listing_id, l.project, v.starts_at
    from pack_property.visits v
    join pack_property.listings l on (l.tenant_id, l.id) = (v.tenant_id, v.listing_id)
    where v.user_id = $1 and v.starts_at > $2 and v.cancelled_at is null
    order by v.starts_at
    limit 20
"""

_REPLACE_LISTING = """
    insert into pack_property.listings (tenant_id, id, project, aliases, developer, city, locality, status, possession,
        amenities, rera, brochure, latitude, longitude)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    on conflict (tenant_id, id) do update set (project, aliases, developer, city, locality, status, possession,
        amenities, rera, brochure, latitude, longitude) = (excluded.project, excluded.aliases, excluded.developer,
        excluded.city, excluded.locality, excluded.status, excluded.possession, excluded.amenities, excluded.rera,
        excluded.brochure, excluded.latitude, excluded.longitude)
"""

_REPLACE_HOMES = """
    insert into pack_property.homes (tenant_id, listing_id, bedrooms, area_sqft, price) values ($1, $2, $3, $4, $5)
"""


class Listings:
    """The projects on sale of one tenant."""

    def __init__(self, database: Database, tenant_id: TenantId) -> None:
        self._database = database
        self._tenant_id = tenant_id

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Listing, ...]:
        """Listings with at least one home that fits, the least expensive first."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(
                _SEARCH,
                list(wanted.bedrooms),
                wanted.low,
                wanted.high,
                wanted.area,
                [place.city for place in wanted.places],
                [place.locality for place in wanted.places],
                wanted.developer,
                list(wanted.amenities),
                wanted.ready,
                list(without),
                limit,
            )
        return tuple(_listing(row) for row in rows)

    async def named(self, ids: Sequence[str]) -> tuple[Listing, ...]:
        """The listings of these ids, in this order; ids that are gone are left out."""
        async with self._database.tenant(self._tenant_id) as connection:
            return tuple(_listing(row) for row in await connection.fetch(_NAMED, list(ids)))

    async def all(self) -> tuple[Listing, ...]:
        """Every listing, by id."""
        async with self._database.tenant(self._tenant_id) as connection:
            return tuple(_listing(row) for row in await connection.fetch(_ALL))

    async def cities(self) -> tuple[str, ...]:
        """The cities with listings, those with most first."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(
                "select city from pack_property.listings group by city order by count(*) desc, city"
            )
        return tuple(row["city"] for row in rows)

    async def replace(self, listings: Sequence[Listing]) -> None:
        """Write listings with their homes, in place of those of the same ids."""
        tenant = self._tenant_id
        async with self._database.transaction(tenant) as connection:
            await connection.executemany(_REPLACE_LISTING, [_columns(tenant, listing) for listing in listings])
            await connection.execute(
                "delete from pack_property.homes where listing_id = any($1)", [listing.id for listing in listings]
            )
            await connection.executemany(
                _REPLACE_HOMES,
                [
                    (tenant, listing.id, home.bedrooms, home.area, home.price)
                    for listing in listings
                    for home in listing.homes
                ],
            )


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
            "insert into pack_property.visits (tenant_id, id, user_id, session_id, listing_id, starts_at, requested_at)"
            " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
            (*self._owner(visit.id), session_id, visit.listing_id, visit.starts_at, now),
        )

    def move(self, visit: Visit) -> Effect:
        """Give a visit the time it now has."""
        return Effect(
            "update pack_property.visits set starts_at = $4 where tenant_id = $1 and id = $2 and user_id = $3",
            (*self._owner(visit.id), visit.starts_at),
        )

    def cancel(self, visit: Visit, now: datetime) -> Effect:
        """Call a visit off."""
        return Effect(
            "update pack_property.visits set cancelled_at = $4 where tenant_id = $1 and id = $2 and user_id = $3",
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


def _listing(row: asyncpg.Record) -> Listing:
    return Listing(
        id=row["id"],
        project=row["project"],
        aliases=tuple(row["aliases"]),
        developer=row["developer"],
        city=row["city"],
        locality=row["locality"],
        homes=tuple(Home(*home) for home in row["homes"]),
        status=row["status"],
        possession=row["possession"],
        amenities=tuple(row["amenities"]),
        rera=row["rera"],
        brochure=row["brochure"],
        latitude=row["latitude"],
        longitude=row["longitude"],
    )


def _columns(tenant: TenantId, listing: Listing) -> tuple[object, ...]:
    return (
        tenant,
        listing.id,
        listing.project,
        list(listing.aliases),
        listing.developer,
        listing.city,
        listing.locality,
        listing.status,
        listing.possession,
        list(listing.amenities),
        listing.rera,
        listing.brochure,
        listing.latitude,
        listing.longitude,
    )
