"""Listings and the homes in them."""

from shared.runtime.migrate import run_sql

revision = "property_0001"
down_revision = None


def upgrade() -> None:
    run_sql("""
        create table pack_property.listings (
            tenant_id uuid not null,
            id text not null,
            project text not null,
            aliases text[] not null,
            developer text not null,
            city text not null,
            locality text not null,
            status text not null check (status in ('ready', 'under_construction', 'new_launch')),
            possession date,
            amenities text[] not null,
            rera text not null,
            brochure text not null,
            latitude double precision,
            longitude double precision,
            primary key (tenant_id, id)
        );
        create index listings_place on pack_property.listings (tenant_id, city, locality);

        create table pack_property.homes (
            tenant_id uuid not null,
            listing_id text not null,
            bedrooms smallint not null check (bedrooms between 1 and 9),
            area_sqft integer not null check (area_sqft > 0),
            price bigint not null check (price > 0),
            primary key (tenant_id, listing_id, bedrooms, area_sqft),
            foreign key (tenant_id, listing_id) references pack_property.listings on delete cascade
        );

        alter table pack_property.listings enable row level security;
        alter table pack_property.listings force row level security;
        create policy tenant on pack_property.listings
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

        alter table pack_property.homes enable row level security;
        alter table pack_property.homes force row level security;
        create policy tenant on pack_property.homes
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
    """)
