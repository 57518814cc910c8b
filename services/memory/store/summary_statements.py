"""The statements of the summaries of users' interactions. Arrays are rows of a batch; the tenant is always $1."""

from shared.runtime.records import Filter, conditions

# A summary that was removed, by retention or by hand, begins again with what its user says next.
ADD = """
insert into memory.user_interaction_summaries as summary (
    tenant_id, user_id, first_interaction, last_interaction, outlet_id, total_conversations, total_messages,
    common_intents, languages, preferred_language
)
select $1, user_id, first_interaction, last_interaction, outlet_id, conversations, messages, intents::jsonb,
    languages::jsonb, case when languages <> '{}' then memory.most(languages::jsonb) end
from unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[])
    as t(user_id, first_interaction, last_interaction, outlet_id, conversations, messages, intents, languages)
order by user_id
on conflict (tenant_id, user_id) do update
set first_interaction = least(summary.first_interaction, excluded.first_interaction),
    last_interaction = greatest(summary.last_interaction, excluded.last_interaction),
    outlet_id = coalesce(excluded.outlet_id, summary.outlet_id),
    total_conversations = summary.total_conversations + excluded.total_conversations,
    total_messages = summary.total_messages + excluded.total_messages,
    common_intents = case when excluded.common_intents = '{}' then summary.common_intents
        else summary.common_intents || (
            select jsonb_object_agg(key, value::int + coalesce((summary.common_intents ->> key)::int, 0))
            from jsonb_each(excluded.common_intents)
        ) end,
    languages = case when excluded.languages = '{}' then summary.languages
        else memory.tallied(summary.languages, excluded.languages) end,
    preferred_language = case when excluded.languages = '{}' then summary.preferred_language
        else memory.most(memory.tallied(summary.languages, excluded.languages)) end
"""

# What the session $2 added is taken away again, while the session is locked and not yet a tombstone.
SUBTRACT = """
with gone as materialized (
    select * from memory.sessions
    where tenant_id = $1 and session_id = $2 and deleted_at is null and message_count > 0 for update
), rest as (
    select min(other.created_at) as began_at, max(other.last_active_at) as last_active_at
    from gone join memory.sessions as other on other.tenant_id = $1 and other.user_id = gone.user_id
    where other.session_id <> $2 and other.deleted_at is null and other.message_count > 0
)
update memory.user_interaction_summaries as summary
set total_conversations = summary.total_conversations - 1,
    total_messages = summary.total_messages - gone.message_count,
    common_intents = memory.tallied(summary.common_intents, meant.tally, -1),
    languages = memory.tallied(summary.languages, spoken.tally, -1),
    preferred_language = memory.most(memory.tallied(summary.languages, spoken.tally, -1)),
    rating_sum = summary.rating_sum - gone.rating_sum,
    rating_count = summary.rating_count - gone.rating_count,
    first_interaction = coalesce(rest.began_at, summary.first_interaction),
    last_interaction = coalesce(rest.last_active_at, summary.last_interaction)
from gone cross join rest
cross join lateral (
    select coalesce(jsonb_object_agg(intent, 1), '{}') as tally from unnest(gone.intents) as intent
) as meant
cross join lateral (
    select case when gone.language is null then '{}' else jsonb_build_object(gone.language, 1) end as tally
) as spoken
where summary.tenant_id = $1 and summary.user_id = gone.user_id
"""

DROP_EMPTY = """
delete from memory.user_interaction_summaries
where tenant_id = $1 and total_conversations <= 0
    and user_id = (select user_id from memory.sessions where tenant_id = $1 and session_id = $2)
"""


def aggregate(filters: tuple[Filter, ...]) -> tuple[str, list[object]]:
    """What the summaries that pass these filters come to, and the arguments after the tenant."""
    where, arguments = conditions(filters)
    return _AGGREGATE.format(where=where), arguments


_AGGREGATE = """
with wanted as materialized (select * from memory.user_interaction_summaries where {where})
select count(*) as users, coalesce(sum(total_conversations), 0) as total_conversations,
    coalesce(sum(total_messages), 0) as total_messages, coalesce(sum(rating_count), 0) as rating_count,
    sum(rating_sum)::double precision / nullif(sum(rating_count), 0) as avg_satisfaction,
    min(first_interaction) as first_interaction, max(last_interaction) as last_interaction, (
        select coalesce(jsonb_object_agg(intent, number), '{{}}') from (
            select key as intent, sum(value::int) as number from wanted, jsonb_each(common_intents)
            group by key order by number desc, key limit 20
        ) as most_common
    ) as common_intents, (
        select coalesce(jsonb_object_agg(preferred_language, number), '{{}}') from (
            select preferred_language, count(*) as number from wanted
            where preferred_language is not null group by preferred_language
        ) as spoken
    ) as languages
from wanted
"""
