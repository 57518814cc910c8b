"""Sessions, their turns, and the messages of the turns that ended, in weekly partitions."""

from shared.runtime.migrate import run_sql

revision = "memory_0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
create table memory.sessions (
    tenant_id uuid not null,
    session_id uuid not null,
    user_id text not null,
    domain text,
    title text,
    created_at timestamptz not null,
    last_active_at timestamptz not null,
    turn_no int not null default 0,
    message_count int not null default 0,
    deleted_at timestamptz,
    primary key (tenant_id, session_id)
) with (fillfactor = 80);
comment on column memory.sessions.domain is 'Null only where all that is known of the session is that it was deleted.';
comment on column memory.sessions.turn_no is 'The last ended turn.';
comment on column memory.sessions.deleted_at is 'A row with it is a tombstone: nothing of the session may come back.';
create index sessions_of_user on memory.sessions (tenant_id, user_id, last_active_at desc, session_id desc)
    where deleted_at is null;

create table memory.turns (
    tenant_id uuid not null,
    session_id uuid not null,
    turn_id uuid not null,
    user_id text not null,
    status text not null check (status in ('pending', 'completed', 'failed', 'cancelled')),
    turn_no int,
    text text check (text is null or status = 'pending'),
    submitted_at timestamptz not null,
    expires_at timestamptz,
    ended_at timestamptz check ((ended_at is null) = (status = 'pending')),
    primary key (tenant_id, session_id, turn_id)
) with (fillfactor = 80);
comment on column memory.turns.text is 'What the person wrote, until the turn ends and its messages hold it.';
create index turns_pending on memory.turns (tenant_id, session_id, submitted_at, turn_id) where status = 'pending';

create type memory.role as enum ('user', 'assistant');

create table memory.messages (
    tenant_id uuid not null,
    session_id uuid not null,
    turn_no int not null,
    role memory.role not null,
    sent_at timestamptz not null,
    message_id uuid not null,
    turn_id uuid not null,
    user_id text not null,
    status text not null check (status in ('final', 'failed', 'cancelled')),
    text text not null,
    language text not null,
    intent text,
    confidence double precision,
    entities jsonb not null,
    sentiment double precision,
    data jsonb not null,
    clarification jsonb,
    feedback jsonb,
    feedback_turn_no int,
    primary key (tenant_id, session_id, turn_no, role, sent_at)
) partition by range (sent_at);
comment on column memory.messages.feedback_turn_no is 'The turn that rated this message last; an older one is late.';
"""

_ROW_LEVEL_SECURITY = """
alter table memory.sessions enable row level security;
alter table memory.sessions force row level security;
create policy tenant on memory.sessions using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

alter table memory.turns enable row level security;
alter table memory.turns force row level security;
create policy tenant on memory.turns using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy expiry on memory.turns to current_user using (status = 'pending');

alter table memory.messages enable row level security;
alter table memory.messages force row level security;
create policy tenant on memory.messages using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
"""

# The service may not create tables, so these run with the rights of the schema's owner. A partition is attached
# rather than created in place, which would lock out all readers; it has row-level security without a policy, so that
# its rows are reached through memory.messages alone.
_FUNCTIONS = """
create function memory.ensure_week(moment timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    monday timestamp := date_trunc('week', moment at time zone 'UTC');
    partition text := to_char(monday, '"messages_"IYYY"w"IW');
begin
    if moment not between now() - interval '3 years' and now() + interval '10 weeks' then
        raise check_violation using message = 'no messages are kept for that time';
    end if;
    perform pg_advisory_xact_lock(hashtext('memory.ensure_week'));
    if to_regclass('memory.' || partition) is not null then
        return;
    end if;
    execute format('create table memory.%I (like memory.messages including defaults including constraints)', partition);
    execute format('alter table memory.%I enable row level security', partition);
    execute format('alter table memory.%I force row level security', partition);
    execute format(
        'alter table memory.messages attach partition memory.%I for values from (%L) to (%L)',
        partition, monday at time zone 'UTC', (monday + interval '7 days') at time zone 'UTC'
    );
end
$$;

create function memory.forget_expired_turns(moment timestamptz) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
    with gone as (delete from memory.turns where status = 'pending' and expires_at < moment returning 1)
    select count(*) from gone
$$;

revoke execute on function memory.ensure_week, memory.forget_expired_turns from public;
grant execute on function memory.ensure_week, memory.forget_expired_turns to parley_memory;
"""


def upgrade() -> None:
    run_sql(_TABLES)
    run_sql(_ROW_LEVEL_SECURITY)
    run_sql(_FUNCTIONS)
