"""Profiles with their scores, the signals they were folded from, and the history of scores."""

from shared.runtime.migrate import run_sql

revision = "profiles_0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
create table profiles.profiles (
    tenant_id uuid not null,
    user_id text not null,
    domain text not null,
    version int not null default 0,
    facts jsonb not null default '{}',
    sequence bigint not null default 0,
    last_active timestamptz,
    scores jsonb,
    total double precision,
    temperature text check ((temperature is null) = (total is null)),
    primary key (tenant_id, user_id, domain)
) with (fillfactor = 70);
comment on column profiles.profiles.version is 'Counts the changes of this profile.';
comment on column profiles.profiles.sequence is 'The latest turn whose signals are in it.';
create index profiles_by_total on profiles.profiles (tenant_id, total, user_id, domain) where total is not null;
create index profiles_by_temperature
    on profiles.profiles (tenant_id, domain, temperature, total, user_id) where total is not null;

create table profiles.signals (
    tenant_id uuid not null,
    user_id text not null,
    event_id uuid not null,
    domain text not null,
    session_id uuid not null,
    turn_id uuid not null,
    session_no int not null,
    turn_no int not null,
    occurred_at timestamptz not null,
    signals jsonb not null,
    envelopes bytea not null,
    primary key (tenant_id, user_id, event_id)
);
comment on table profiles.signals is 'Each event once. Profiles can be folded again from these.';
comment on column profiles.signals.envelopes is
    'What was published because of the event: a repeated event publishes it again.';

create table profiles.score_history (
    tenant_id uuid not null,
    user_id text not null,
    domain text not null,
    version int not null,
    event_id uuid not null,
    scored_at timestamptz not null,
    scores jsonb not null,
    total double precision not null,
    temperature text not null,
    primary key (tenant_id, user_id, domain, version)
);
"""

_ROW_LEVEL_SECURITY = """
alter table profiles.profiles enable row level security;
alter table profiles.profiles force row level security;
create policy tenant on profiles.profiles using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

alter table profiles.signals enable row level security;
alter table profiles.signals force row level security;
create policy tenant on profiles.signals using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

alter table profiles.score_history enable row level security;
alter table profiles.score_history force row level security;
create policy tenant on profiles.score_history
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
"""


def upgrade() -> None:
    run_sql(_TABLES)
    run_sql(_ROW_LEVEL_SECURITY)
