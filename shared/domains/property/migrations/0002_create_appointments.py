"""Site visits and call-backs that people asked for. Phone numbers stay with the profile."""

from shared.runtime.migrate import run_sql

revision = "property_0002"
down_revision = "property_0001"


def upgrade() -> None:
    run_sql("""
        create table pack_property.visits (
            tenant_id uuid not null,
            id uuid not null,
            user_id text not null,
            session_id uuid not null,
            listing_id text not null,
            starts_at timestamptz not null,
            requested_at timestamptz not null,
            cancelled_at timestamptz,
            primary key (tenant_id, id),
            foreign key (tenant_id, listing_id) references pack_property.listings
        );
        create index visits_of_user on pack_property.visits (tenant_id, user_id, starts_at);
        create index visits_by_time on pack_property.visits (tenant_id, starts_at);

        create table pack_property.callbacks (
            tenant_id uuid not null,
            id uuid not null,
            user_id text not null,
            session_id uuid not null,
            listing_id text,
            preferred_at timestamptz,
            requested_at timestamptz not null,
            primary key (tenant_id, id),
            foreign key (tenant_id, listing_id) references pack_property.listings
        );
        create index callbacks_of_user on pack_property.callbacks (tenant_id, user_id, requested_at);

        alter table pack_property.visits enable row level security;
        alter table pack_property.visits force row level security;
        create policy tenant on pack_property.visits
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

        alter table pack_property.callbacks enable row level security;
        alter table pack_property.callbacks force row level security;
        create policy tenant on pack_property.callbacks
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
    """)
