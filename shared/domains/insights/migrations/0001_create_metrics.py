"""Campaign figures by day, market and channel."""

from shared.runtime.migrate import run_sql

revision = "insights_0001"
down_revision = None


def upgrade() -> None:
    run_sql("""
        create table pack_insights.metrics (
            tenant_id uuid not null,
            day date not null,
            market text not null,
            channel text not null,
            sends bigint not null check (sends >= 0),
            opens bigint not null check (opens between 0 and sends),
            clicks bigint not null check (clicks between 0 and sends),
            conversions bigint not null check (conversions between 0 and clicks),
            primary key (tenant_id, day, market, channel)
        );

        alter table pack_insights.metrics enable row level security;
        alter table pack_insights.metrics force row level security;
        create policy tenant on pack_insights.metrics
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
    """)
