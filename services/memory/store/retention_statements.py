"""The statements that retention needs. The tenant is always $1."""

# One process at a time deletes records of a class, so that parts of its archive are numbered without gaps.
CLAIM = "select pg_try_advisory_xact_lock(hashtextextended($1::uuid::text || $2, 0))"

# Only what is scrubbed goes to cold storage, and not under its person's name. Sessions are locked before their
# messages, as endings lock them.
DUE_MESSAGES = """
with due as materialized (
    select session_id, turn_no, role, sent_at from memory.messages
    where tenant_id = $1 and pii_scrubbed and sent_at < $2
    order by sent_at limit $3
), held as materialized (
    select session_id from memory.sessions
    where tenant_id = $1 and session_id in (select session_id from due)
    order by session_id for update skip locked
)
select message.session_id, message.turn_no, message.role::text, message.sent_at as at, message.user_id,
    to_jsonb(message) - 'user_id' as record
from due join memory.messages as message
    on message.tenant_id = $1 and message.session_id = due.session_id and message.turn_no = due.turn_no
    and message.role = due.role and message.sent_at = due.sent_at
left join held on held.session_id = due.session_id
where held.session_id is not null or not exists (
    select 1 from memory.sessions as session
    where session.tenant_id = $1 and session.session_id = due.session_id
)
order by message.sent_at, message.session_id, message.turn_no, message.role
for update of message skip locked
"""

# A session stays as a row; its title goes, for it was said too.
DELETE_MESSAGES = """
with given as (
    select * from unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[]) as t(session_id, turn_no, role, sent_at)
), gone as (
    delete from memory.messages as message using given
    where message.tenant_id = $1 and message.session_id = given.session_id and message.turn_no = given.turn_no
        and message.role = given.role::memory.role and message.sent_at = given.sent_at
    returning message.session_id, message.turn_id
), ended as (
    delete from memory.turns as turn using gone
    where turn.tenant_id = $1 and turn.session_id = gone.session_id and turn.turn_id = gone.turn_id
        and turn.status <> 'pending'
)
update memory.sessions as session set title = null
where session.tenant_id = $1 and session.session_id in (select session_id from gone)
"""

MESSAGES_STANDING = """
select (select count(*) from memory.messages where tenant_id = $1 and sent_at < $2) as due,
    least(
        (select min(sent_at) from memory.messages where tenant_id = $1 and pii_scrubbed),
        (select min(sent_at) from memory.messages where tenant_id = $1 and not pii_scrubbed)
    ) as oldest
"""

DUE_SUMMARIES = """
select user_id, last_interaction as at, to_jsonb(summary) - 'user_id' as record
from memory.user_interaction_summaries as summary
where tenant_id = $1 and last_interaction < $2
order by user_id limit $3
for update skip locked
"""

DELETE_SUMMARIES = "delete from memory.user_interaction_summaries where tenant_id = $1 and user_id = any($2::text[])"

SUMMARIES_STANDING = """
select count(*) filter (where last_interaction < $2) as due, min(last_interaction) as oldest
from memory.user_interaction_summaries where tenant_id = $1
"""

NEXT_PART = "select coalesce(max(part), 0) + 1 from memory.archives where tenant_id = $1 and class = $2"

ARCHIVED = """
insert into memory.archives (tenant_id, class, part, name, rows, bytes, sha256, oldest, newest, archived_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

ARCHIVED_ROWS = "select coalesce(sum(rows), 0)::bigint from memory.archives where tenant_id = $1 and class = $2"

DROP_EMPTY_WEEKS = "select memory.drop_empty_weeks($1)"
