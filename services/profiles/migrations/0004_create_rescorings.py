"""Everybody scored anew beside what stands, to be compared before it takes its place."""

from shared.runtime.migrate import run_sql

revision = "profiles_0004"
down_revision = "profiles_0003"
branch_labels = None
depends_on = None

_TABLES = """
create table profiles.rescorings (
    tenant_id uuid not null,
    id uuid not null,
    domain text not null,
    shares jsonb not null,
    state text not null check (state in ('running', 'ready', 'switching', 'switched', 'dropped')),
    reached text not null default '',
    changed int not null default 0,
    done int not null default 0,
    started_by text,
    started_at timestamptz not null,
    ended_at timestamptz,
    primary key (tenant_id, id)
);
comment on column profiles.rescorings.reached is 'The last user of this pass; the next batch begins behind.';
comment on column profiles.rescorings.changed is 'People whom this pass has changed, while switching.';
comment on column profiles.rescorings.done is 'People folded again.';
create unique index one_rescoring_of_a_domain on profiles.rescorings (tenant_id, domain)
    where state in ('running', 'ready', 'switching');
create index rescorings_with_work on profiles.rescorings (tenant_id, id) where state in ('running', 'switching');

create table profiles.rescored (
    tenant_id uuid not null,
    user_id text not null,
    rescoring_id uuid not null,
    version int not null,
    facts jsonb not null,
    scores jsonb,
    total double precision,
    temperature text,
    primary key (tenant_id, rescoring_id, user_id)
);
comment on column profiles.rescored.version is 'The version of the profile at that time: another one has new signals.';
create index rescored_of_user on profiles.rescored (tenant_id, user_id);
"""

_ROW_LEVEL_SECURITY = """
alter table profiles.rescorings enable row level security;
alter table profiles.rescorings force row level security;
create policy tenant on profiles.rescorings using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy work on profiles.rescorings for select to current_user using (state in ('running', 'switching'));

alter table profiles.rescored enable row level security;
alter table profiles.rescored force row level security;
create policy tenant on profiles.rescored using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
"""

# The upkeep looks for work of every tenant, and learns nothing else of them.
_FUNCTION = """
create function profiles.rescorings_with_work() returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select tenant_id, id from profiles.rescorings where state in ('running', 'switching')
$$;
revoke execute on function profiles.rescorings_with_work from public;
grant execute on function profiles.rescorings_with_work to parley_profiles;
"""


def upgrade() -> None:
    run_sql(_TABLES)
    run_sql(_ROW_LEVEL_SECURITY)
    run_sql(_FUNCTION)
