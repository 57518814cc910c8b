"""Messages say whether personal data was taken out of them; upkeep finds all tenants and tells what it did."""

from shared.privacy.migration import create_upkeep
from shared.runtime.migrate import run_sql

revision = "memory_0003"
down_revision = "memory_0002"
branch_labels = None
depends_on = None

_COLUMNS = """
alter table memory.messages
    add column pii_scrubbed boolean not null default false,
    add column context jsonb not null default '{}';
comment on column memory.messages.context is 'What happened to the message, such as its scrubbing: never what it said.';
create index messages_by_age on memory.messages (tenant_id, pii_scrubbed, sent_at);
"""

_ARCHIVES = """
create table memory.archives (
    tenant_id uuid not null,
    class text not null,
    part int not null,
    name text not null,
    rows int not null,
    bytes bigint not null,
    sha256 text not null,
    oldest timestamptz not null,
    newest timestamptz not null,
    archived_at timestamptz not null,
    primary key (tenant_id, class, part)
);
comment on table memory.archives is 'What lies in cold storage, written in the transactions that deleted it here.';

alter table memory.archives enable row level security;
alter table memory.archives force row level security;
create policy tenant on memory.archives using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
"""

# Whether a week is empty is asked of memory.messages: a partition shows its own rows to nobody, so it always looks so.
# Dropping one locks out all readers, for which the function does not wait long: the week is empty tomorrow too.
_WEEKS = """
create policy upkeep on memory.messages for select to current_user using (true);

create function memory.drop_empty_weeks(before timestamptz) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '250ms' as $$
declare
    week record;
    dropped int := 0;
begin
    for week in
        select relname, monday at time zone 'UTC' as starts, (monday + interval '7 days') at time zone 'UTC' as ends
        from pg_inherits join pg_class on pg_class.oid = inhrelid,
            lateral (select to_date(substr(relname, 10), 'IYYY"w"IW')::timestamp as monday) as named
        where inhparent = 'memory.messages'::regclass
        order by relname
    loop
        continue when week.ends > before;
        begin
            continue when exists (select 1 from memory.messages where sent_at >= week.starts and sent_at < week.ends);
            lock table memory.messages in access exclusive mode;
            if not exists (select 1 from memory.messages where sent_at >= week.starts and sent_at < week.ends) then
                execute format('drop table memory.%I', week.relname);
                dropped := dropped + 1;
            end if;
        exception when lock_not_available then
            return dropped;
        end;
    end loop;
    return dropped;
end
$$;

revoke execute on function memory.drop_empty_weeks from public;
grant execute on function memory.drop_empty_weeks to parley_memory;
"""


def upgrade() -> None:
    run_sql(_COLUMNS)
    create_upkeep("memory", "sessions")
    run_sql(_ARCHIVES)
    run_sql(_WEEKS)
