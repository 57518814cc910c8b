"""Customers, applied campaigns and their audiences."""

from shared.runtime.migrate import run_sql

revision = "luxury_0001"
down_revision = None

_TABLES = ("customers", "campaigns", "audiences")


def upgrade() -> None:
    run_sql("""
        create table pack_luxury.customers (
            tenant_id uuid not null,
            id text not null,
            name text not null,
            tier text not null check (tier in ('VVIP', 'VIP', 'Member')),
            score smallint not null check (score between 0 and 100),
            annual_spend integer not null check (annual_spend >= 0),
            email_response double precision not null check (email_response between 0 and 1),
            behaviours text[] not null,
            note text not null,
            primary key (tenant_id, id)
        );
        create index customers_best on pack_luxury.customers (tenant_id, tier, score desc);

        create table pack_luxury.campaigns (
            tenant_id uuid not null,
            id text not null,
            session_id uuid not null,
            user_id text not null,
            payload jsonb not null,
            applied_at timestamptz not null,
            primary key (tenant_id, id)
        );

        create table pack_luxury.audiences (
            tenant_id uuid not null,
            campaign_id text not null,
            place integer not null,
            customer_id text not null,
            primary key (tenant_id, campaign_id, place),
            foreign key (tenant_id, campaign_id) references pack_luxury.campaigns on delete cascade
        );
    """)
    for table in _TABLES:
        run_sql(f"""
            alter table pack_luxury.{table} enable row level security;
            alter table pack_luxury.{table} force row level security;
            create policy tenant on pack_luxury.{table}
                using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        """)
