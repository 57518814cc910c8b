"""The statements of monitoring. The tenant is always $1; each reads a bounded time, by partition and index."""

# Messages are summed up by session and day before sessions are looked up and users told apart: what is left is small.
# A session with a message of the period was last active in it or later, which spares looking at the others.
ACTIVITY = """
with spoken as materialized (
    select session_id, (sent_at at time zone 'UTC')::date as day, min(user_id) as user_id, count(*) as messages,
        count(*) filter (where status = 'failed') as failed
    from memory.messages
    where tenant_id = $1 and sent_at >= $2 and sent_at < $3
    group by session_id, day
)
select grouping(day) = 0 as is_day, grouping(domain) = 0 as is_domain, day, domain,
    count(distinct session_id) as conversations, coalesce(sum(messages), 0)::bigint as messages,
    coalesce(sum(failed), 0)::bigint as failed, count(distinct spoken.user_id) as users
from spoken join memory.sessions as session using (session_id)
where session.tenant_id = $1 and deleted_at is null and last_active_at >= $2 and ($4::text is null or domain = $4)
group by grouping sets ((), (day), (domain))
"""

OPENED = """
select grouping(day) = 0 as is_day, grouping(domain) = 0 as is_domain, day, domain, count(*) as sessions
from (
    select (created_at at time zone 'UTC')::date as day, domain from memory.sessions
    where tenant_id = $1 and deleted_at is null and last_active_at >= $2 and created_at >= $2 and created_at < $3
        and ($4::text is null or domain = $4)
) as opened
group by grouping sets ((), (day), (domain))
"""

ACTIVE_USERS = """
select count(distinct user_id) filter (where last_active_at >= $2::timestamptz - interval '1 day') as day,
    count(distinct user_id) filter (where last_active_at >= $2::timestamptz - interval '7 days') as week,
    count(distinct user_id) as month
from memory.sessions
where tenant_id = $1 and deleted_at is null and turn_no > 0 and ($3::text is null or domain = $3)
    and last_active_at >= $2::timestamptz - interval '30 days' and last_active_at < $2
"""

_ASKED = """
from memory.messages as message join memory.sessions as session using (tenant_id, session_id)
where message.tenant_id = $1 and sent_at >= $2 and sent_at < $3 and role = 'user'
    and session.tenant_id = $1 and deleted_at is null and last_active_at >= $2 and ($4::text is null or domain = $4)
"""

INTENTS = f"""
select domain, intent, count(*) as messages {_ASKED} and message.status = 'final'
group by domain, intent order by messages desc, domain, intent limit 200
"""

LANGUAGES = f"""
select message.language, count(*) as messages {_ASKED} and message.language <> 'und'
group by message.language order by messages desc, message.language limit 50
"""

ESCALATIONS = """
select escalation as reason, count(*) as conversations from memory.sessions
where tenant_id = $1 and escalated_at >= $2 and escalated_at < $3 and ($4::text is null or domain = $4)
group by escalation order by conversations desc, reason
"""

# What only other systems stored has no sentiment, and nobody tried to understand it.
_MOODS = """
select session_id, max(sent_at) as last_at, coalesce(avg(sentiment), 0) as sentiment,
    (coalesce(max(frustration), 0) + coalesce(avg(frustration), 0)) / 2 as frustration,
    count(*) filter (where status = 'failed')::double precision / count(*) as failed,
    count(*) filter (where status = 'final' and intent is null and sentiment is not null)::double precision / count(*)
        as unclear,
    regr_slope(sentiment, turn_no) * (max(turn_no) - min(turn_no)) as trend
from memory.messages
where tenant_id = $1 and sent_at >= $2 and sent_at <= $3 and role = 'user' and status <> 'cancelled'
"""

# A rule of thumb, not learned: 4 is a calm conversation in which every turn was understood and answered. People judge
# by the worst moment and the whole, so frustration is the mean of both.
_PREDICTED = "least(5, greatest(1, 4 + mood.sentiment - 2 * mood.frustration - 2 * mood.failed - mood.unclear))"

EXPERIENCE = f"""
with mood as ({_MOODS} and session_id = $4 group by session_id)
select mood.sentiment, mood.trend, rating_count = 0 and mood.session_id is not null as is_predicted, escalation,
    escalated_at,
    case when rating_count > 0 then rating_sum::double precision / rating_count
        when mood.session_id is not null then {_PREDICTED} end as satisfaction
from memory.sessions as session left join mood using (session_id)
where tenant_id = $1 and session_id = $4
"""  # noqa: S608 -- the text is ours

SATISFACTION = f"""
with mood as materialized ({_MOODS} group by session_id), scored as (
    select (last_at at time zone 'UTC')::date as day, sentiment, rating_count > 0 as is_rated,
        case when rating_count > 0 then rating_sum::double precision / rating_count else {_PREDICTED} end as score
    from mood join memory.sessions as session using (session_id)
    where tenant_id = $1 and deleted_at is null and last_active_at >= $2 and ($4::text is null or domain = $4)
)
select grouping(day) = 0 as is_day, day, count(*) as conversations, avg(score) as mean,
    count(*) filter (where is_rated) as rated, avg(score) filter (where is_rated) as mean_rated,
    avg(score) filter (where not is_rated) as mean_predicted, avg(sentiment) as sentiment
from scored group by grouping sets ((), (day))
"""  # noqa: S608 -- the text is ours

# What waits for its answer is about to be spoken in.
_UNSPOKEN = """
from memory.sessions as session
where tenant_id = $1 and turn_no = 0 and deleted_at is null and created_at < $2 and last_active_at < $2
    and not exists (
        select from memory.turns
        where turns.tenant_id = $1 and turns.session_id = session.session_id and status = 'pending'
    )
"""

UNSPOKEN = f"select count(*) {_UNSPOKEN}"

UNSPOKEN_SESSIONS = f"""
select session_id, user_id, last_active_at {_UNSPOKEN} and session_id > $3 order by session_id limit $4
"""

SILENT_SESSIONS = """
select session_id, user_id, last_active_at from memory.sessions
where tenant_id = $1 and deleted_at is null and last_active_at < $2 and session_id > $3
order by session_id limit $4
"""

# Partitions' indexes are told together, under the name of the index they are parts of.
INDEX_USE = """
select coalesce(whole_table.relname, used.relname)::text as table,
    coalesce(whole_index.relname, used.indexrelname)::text as index, sum(used.idx_scan)::bigint as scans,
    sum(kept.idx_blks_read)::bigint as blocks_read, sum(kept.idx_blks_hit)::bigint as blocks_hit,
    sum(kept.idx_blks_hit)::double precision / nullif(sum(kept.idx_blks_hit + kept.idx_blks_read), 0) as hit_rate
from pg_stat_user_indexes as used join pg_statio_user_indexes as kept using (indexrelid)
left join pg_inherits as part on part.inhrelid = indexrelid
left join pg_class as whole_index on whole_index.oid = part.inhparent
left join pg_index as declared on declared.indexrelid = part.inhparent
left join pg_class as whole_table on whole_table.oid = declared.indrelid
where used.schemaname = 'memory'
group by 1, 2 order by 1, 2
"""
