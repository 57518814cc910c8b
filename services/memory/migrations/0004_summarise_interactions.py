"""What every session was about, a summary of every user's interactions, and the records that other programs see."""

from shared.runtime.migrate import run_sql

revision = "memory_0004"
down_revision = "memory_0003"
branch_labels = None
depends_on = None

_SESSIONS = """
alter table memory.sessions
    add column outlet_id text,
    add column language text,
    add column intents text[] not null default '{}',
    add column context jsonb not null default '{}',
    add column rating_sum int not null default 0,
    add column rating_count int not null default 0;
comment on column memory.sessions.language is 'What the user spoke last, as far as it was recognised.';
comment on column memory.sessions.intents is 'Each intent that was understood, once.';
"""

# A conversation is a session in which something was said. Fields that every turn changes are in no index, so that a
# summary is rewritten in place.
_SUMMARIES = """
create table memory.user_interaction_summaries (
    tenant_id uuid not null,
    user_id text not null,
    outlet_id text,
    total_conversations int not null default 0,
    total_messages int not null default 0,
    common_intents jsonb not null default '{}',
    languages jsonb not null default '{}',
    preferred_language text,
    rating_sum int not null default 0,
    rating_count int not null default 0,
    avg_satisfaction double precision
        generated always as (rating_sum::double precision / nullif(rating_count, 0)) stored,
    first_interaction timestamptz not null,
    last_interaction timestamptz not null,
    metadata jsonb not null default '{}',
    primary key (tenant_id, user_id)
) with (fillfactor = 70);
comment on column memory.user_interaction_summaries.outlet_id is 'Of the last conversation that had one.';
comment on column memory.user_interaction_summaries.common_intents is 'Intent -> in how many conversations.';
comment on column memory.user_interaction_summaries.languages is 'Language -> of how many conversations.';
create index summaries_by_conversations
    on memory.user_interaction_summaries (tenant_id, total_conversations desc, user_id desc);

alter table memory.user_interaction_summaries enable row level security;
alter table memory.user_interaction_summaries force row level security;
create policy tenant on memory.user_interaction_summaries
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

create function memory.tallied(kept jsonb, more jsonb, sign int default 1) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_object_agg(name, total), '{}') from (
        select name, sum(number) as total from (
            select key as name, value::int as number from jsonb_each(kept)
            union all
            select key, sign * value::int from jsonb_each(more)
        ) as numbers
        group by name having sum(number) > 0
    ) as totals
$$;
comment on function memory.tallied is 'Counts by name, others added or taken away; what comes to nothing is left out.';

create function memory.most(tally jsonb) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select key from jsonb_each(tally) order by value::int desc, key limit 1
$$;
"""

_INDEXES = """
create index messages_by_id on memory.messages (tenant_id, message_id);
create index messages_of_user on memory.messages (tenant_id, user_id, sent_at);
create index messages_of_intent on memory.messages (tenant_id, intent, sent_at) where intent is not null;
"""

# Row-level security asks who reads a view, not who owns it.
_VIEWS = """
create view memory.conversation_sessions with (security_invoker = true) as
select tenant_id, session_id, user_id, domain, outlet_id, language, title, created_at as start_time,
    last_active_at as end_time, message_count, intents, context
from memory.sessions where deleted_at is null;

create view memory.conversation_messages with (security_invoker = true) as
select tenant_id, message_id, session_id, user_id, turn_no, role::text as role, text as content, language, intent,
    confidence, sentiment, status, context, pii_scrubbed, sent_at as timestamp, (
        select passage.embedding::text::jsonb from memory.passages as passage
        where passage.tenant_id = message.tenant_id and passage.session_id = message.session_id
            and passage.turn_no = message.turn_no and message.role = 'user'
    ) as embedding
from memory.messages as message;
"""

# The owner is bound by row-level security as well, unless it is a superuser.
_KNOWN = """
alter table memory.sessions no force row level security;
alter table memory.messages no force row level security;
alter table memory.user_interaction_summaries no force row level security;

update memory.sessions as session
set language = said.language, intents = said.intents, rating_sum = said.rating_sum, rating_count = said.rating_count
from (
    select tenant_id, session_id,
        coalesce(array_agg(distinct intent) filter (where intent is not null), '{}') as intents,
        (array_agg(language order by turn_no desc) filter (where role = 'user' and language <> 'und'))[1] as language,
        coalesce(sum((feedback ->> 'rating')::int), 0) as rating_sum, count(feedback) as rating_count
    from memory.messages group by tenant_id, session_id
) as said
where session.tenant_id = said.tenant_id and session.session_id = said.session_id;

insert into memory.user_interaction_summaries (
    tenant_id, user_id, total_conversations, total_messages, rating_sum, rating_count, first_interaction,
    last_interaction, common_intents, languages
)
select tenant_id, user_id, count(*), sum(message_count), sum(rating_sum), sum(rating_count), min(created_at),
    max(last_active_at), (
        select coalesce(jsonb_object_agg(intent, number), '{}') from (
            select intent, count(*) as number from memory.sessions as own, unnest(own.intents) as intent
            where own.tenant_id = session.tenant_id and own.user_id = session.user_id and own.deleted_at is null
            group by intent
        ) as intents
    ), (
        select coalesce(jsonb_object_agg(language, number), '{}') from (
            select language, count(*) as number from memory.sessions as own
            where own.tenant_id = session.tenant_id and own.user_id = session.user_id and own.deleted_at is null
                and message_count > 0 and language is not null
            group by language
        ) as languages
    )
from memory.sessions as session where deleted_at is null and message_count > 0
group by tenant_id, user_id;

update memory.user_interaction_summaries set preferred_language = memory.most(languages);

alter table memory.sessions force row level security;
alter table memory.messages force row level security;
alter table memory.user_interaction_summaries force row level security;
"""


def upgrade() -> None:
    run_sql(_SESSIONS)
    run_sql(_SUMMARIES)
    run_sql(_INDEXES)
    run_sql(_VIEWS)
    run_sql(_KNOWN)
