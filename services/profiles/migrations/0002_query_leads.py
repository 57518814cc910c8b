"""What leads are asked by: their stage and when it last rose, their last activity; and which formula scores whom."""

from shared.runtime.migrate import run_sql

revision = "profiles_0002"
down_revision = "profiles_0001"
branch_labels = None
depends_on = None

_COLUMNS = """
alter table profiles.profiles add column stage text, add column progressed_at timestamptz;
comment on column profiles.profiles.version is
    'Counts the changes of this profile; 0 of one that was deleted, whose facts only say until when.';
comment on column profiles.profiles.progressed_at is 'When the stage last rose.';

alter table profiles.profiles no force row level security;
update profiles.profiles set stage = scores ->> 'stage', progressed_at = last_active where scores is not null;
alter table profiles.profiles force row level security;

create index profiles_by_activity
    on profiles.profiles (tenant_id, last_active, user_id, domain) where total is not null;
create index signals_by_time on profiles.signals using brin (occurred_at) with (pages_per_range = 32);
"""

_FORMULAS = """
create table profiles.formulas (
    tenant_id uuid not null,
    domain text not null,
    shares jsonb not null,
    primary key (tenant_id, domain)
);
comment on table profiles.formulas is 'Which formulas score the people of a domain; without a row, its first one.';
comment on column profiles.formulas.shares is 'Formula to its weight: who gets which is a hash of the person.';

alter table profiles.formulas enable row level security;
alter table profiles.formulas force row level security;
create policy tenant on profiles.formulas using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
"""


def upgrade() -> None:
    run_sql(_COLUMNS)
    run_sql(_FORMULAS)
