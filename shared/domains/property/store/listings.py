"""The listings of the property pack. Reads return models."""

from collections.abc import Sequence

import asyncpg

from shared.domains.property.listings import Home, Listing, Wanted
from shared.events.ids import TenantId
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
