"""How often and when a visit was changed, for calendars, and whether a call-back was made."""

from shared.runtime.migrate import run_sql

revision = "property_0003"
down_revision = "property_0002"


def upgrade() -> None:
    run_sql("""
        alter table pack_property.visits
            add column revision int not null default 0,
            add column changed_at timestamptz not null default '-infinity';
        alter table pack_property.visits no force row level security;
        update pack_property.visits set changed_at = coalesce(cancelled_at, requested_at);
        alter table pack_property.visits force row level security;
        alter table pack_property.visits alter column changed_at set default now();

        alter table pack_property.callbacks add column done_at timestamptz, add column done_by text;
        create index callbacks_waiting on pack_property.callbacks (tenant_id, requested_at) where done_at is null;
    """)
