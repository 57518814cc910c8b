"""The statements of memory's tables. Arrays are rows of a batch; the tenant is always $1.

Whether somebody was erased is looked up row by row: `offset 0` keeps Postgres from reading all erasures for a join.
"""

OPEN = """
insert into memory.sessions (tenant_id, session_id, user_id, domain, created_at, last_active_at)
select distinct on (session_id) $1, session_id, user_id, domain, opened_at, opened_at
from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[])
    as t(session_id, user_id, domain, opened_at, subject)
where not exists (
    select from memory.erasures
    where tenant_id = $1 and erasures.subject = t.subject and erased_at >= t.opened_at offset 0
)
order by session_id, opened_at
on conflict (tenant_id, session_id) do nothing
"""

SUBMIT = """
insert into memory.turns (tenant_id, session_id, turn_id, user_id, status, text, submitted_at, expires_at)
select $1, session_id, turn_id, user_id, 'pending', text, submitted_at, expires_at
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bytea[])
    as t(session_id, turn_id, user_id, text, submitted_at, expires_at, subject)
where not exists (
    select 1 from memory.sessions s
    where s.tenant_id = $1 and s.session_id = t.session_id and s.deleted_at is not null
) and not exists (
    select from memory.erasures
    where tenant_id = $1 and erasures.subject = t.subject and erased_at >= t.submitted_at offset 0
)
order by session_id, turn_id
on conflict (tenant_id, session_id, turn_id) do nothing
"""

# Locking the sessions first makes a deletion that is under way either seen here or wait for this and remove it. A
# session that was unknown cannot be locked: without a user are those that were deleted before they were projected.
# Only a turn that was not known as ended leaves messages and counts, so a repeated event changes nothing. The joins are
# full ones, though every session is on the left: of each table Postgres expects a row or two, and would read it all
# again for every session.
END = """
with given as (
    select * from unnest(
        $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[],
        $10::text[], $11::text[], $29::bytea[]
    ) as t(session_id, turn_id, turn_no, user_id, domain, outcome, submitted_at, ended_at, title, outlet_id, subject)
    where not exists (
        select from memory.erasures
        where tenant_id = $1 and erasures.subject = t.subject and erased_at >= t.ended_at offset 0
    )
), known as materialized (
    select session_id, deleted_at, language, intents from memory.sessions
    where tenant_id = $1 and session_id = any($2::uuid[])
    order by session_id for update
), ended as (
    insert into memory.turns as turn
        (tenant_id, session_id, turn_id, user_id, status, turn_no, submitted_at, ended_at)
    select $1, session_id, turn_id, user_id, outcome, turn_no, submitted_at, ended_at from given
    where session_id not in (select session_id from known where deleted_at is not null)
    order by session_id, turn_id
    on conflict (tenant_id, session_id, turn_id) do update
    set status = excluded.status, turn_no = excluded.turn_no, ended_at = excluded.ended_at,
        text = null, expires_at = null
    where turn.status = 'pending'
    returning session_id, turn_id
), said as (
    insert into memory.messages (
        tenant_id, session_id, turn_no, role, sent_at, message_id, turn_id, user_id, status, text, language, intent,
        confidence, entities, sentiment, data, clarification, frustration
    )
    select $1, session_id, turn_no, role::memory.role, sent_at, message_id, turn_id, user_id, status, text, language,
        intent, confidence, entities::jsonb, sentiment, data::jsonb, clarification::jsonb, frustration
    from unnest(
        $12::uuid[], $13::int[], $14::text[], $15::timestamptz[], $16::uuid[], $17::uuid[], $18::text[], $19::text[],
        $20::text[], $21::text[], $22::text[], $23::float8[], $24::text[], $25::float8[], $26::text[], $27::text[],
        $28::float8[]
    ) as t(
        session_id, turn_no, role, sent_at, message_id, turn_id, user_id, status, text, language, intent, confidence,
        entities, sentiment, data, clarification, frustration
    ) join ended using (session_id, turn_id)
    on conflict do nothing
    returning session_id, turn_no, role, language, intent
), gained as (
    select session_id, count(*)::int as messages,
        array_agg(distinct intent) filter (where intent is not null) as intents,
        (array_agg(language order by turn_no desc) filter (where role = 'user' and language <> 'und'))[1] as language
    from said group by session_id
), projected as (
    insert into memory.sessions as session (
        tenant_id, session_id, user_id, domain, title, created_at, last_active_at, turn_no, outlet_id, message_count,
        language, intents
    )
    select $1, session_id, user_id, domain, title, began_at, last_active_at, turn_no, outlet_id,
        coalesce(messages, 0), language, coalesce(intents, '{}')
    from (
        select session_id, min(user_id) as user_id, min(domain) as domain,
            (array_agg(title order by turn_no) filter (where title <> ''))[1] as title, min(submitted_at) as began_at,
            max(greatest(ended_at, submitted_at)) as last_active_at, max(turn_no) as turn_no,
            (array_agg(outlet_id order by turn_no desc) filter (where outlet_id is not null))[1] as outlet_id
        from given join ended using (session_id, turn_id)
        where turn_no > 0
        group by session_id
    ) as gone_on full join gained using (session_id)
    order by session_id
    on conflict (tenant_id, session_id) do update
    set domain = coalesce(session.domain, excluded.domain),
        title = coalesce(session.title, excluded.title),
        created_at = least(session.created_at, excluded.created_at),
        last_active_at = greatest(session.last_active_at, excluded.last_active_at),
        turn_no = greatest(session.turn_no, excluded.turn_no),
        outlet_id = coalesce(excluded.outlet_id, session.outlet_id),
        message_count = session.message_count + excluded.message_count,
        language = coalesce(excluded.language, session.language),
        intents = case when excluded.intents <@ session.intents then session.intents
            else session.intents || array(select unnest(excluded.intents) except select unnest(session.intents)) end
    where session.deleted_at is null
    returning session_id, user_id, outlet_id, language, intents, message_count, created_at, last_active_at
)
select session_id, user_id, outlet_id, projected.language, projected.intents, message_count, created_at as began_at,
    last_active_at, coalesce(messages, 0) as messages, known.language as old_language, known.intents as old_intents
from (select distinct session_id from given join ended using (session_id, turn_id) where turn_no > 0) as gone_on
full join projected using (session_id) full join gained using (session_id) left join known using (session_id)
"""

# The rated turn ended in this session earlier, so the time of its ending leads to the one partition with its message.
RATE = """
with given as (
    select * from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[]) as t(session_id, rated, rated_in, feedback)
), message as materialized (
    select message.session_id, message.user_id, message.turn_no, message.sent_at, rated_in,
        given.feedback::jsonb as feedback, (message.feedback ->> 'rating')::int as old_rating
    from given
    cross join lateral (
        select * from memory.turns
        where tenant_id = $1 and turns.session_id = given.session_id and turns.turn_id = given.rated limit 1
    ) as rated
    join memory.messages as message
        on message.tenant_id = $1 and message.session_id = rated.session_id and message.turn_no = rated.turn_no
        and message.role = 'assistant' and message.sent_at = rated.ended_at
    where coalesce(message.feedback_turn_no, 0) < rated_in
    for update of message
), rated as (
    update memory.messages as kept set feedback = message.feedback, feedback_turn_no = rated_in
    from message
    where kept.tenant_id = $1 and kept.session_id = message.session_id and kept.turn_no = message.turn_no
        and kept.role = 'assistant' and kept.sent_at = message.sent_at
), gained as (
    select session_id, user_id, count(*) - count(old_rating) as number,
        sum((feedback ->> 'rating')::int) - coalesce(sum(old_rating), 0) as points
    from message group by session_id, user_id
), session as (
    update memory.sessions as session
    set rating_sum = rating_sum + points, rating_count = rating_count + number
    from gained where session.tenant_id = $1 and session.session_id = gained.session_id
)
update memory.user_interaction_summaries as summary
set rating_sum = rating_sum + points, rating_count = rating_count + number
from (select user_id, sum(number) as number, sum(points) as points from gained group by user_id) as gained
where summary.tenant_id = $1 and summary.user_id = gained.user_id
"""

# Once: a session that is escalated stays so, for the reason that came first.
ESCALATE = """
update memory.sessions as session set escalated_at = given.at, escalation = given.reason
from unnest($2::uuid[], $3::timestamptz[], $4::text[]) as given(session_id, at, reason)
where session.tenant_id = $1 and session.session_id = given.session_id and deleted_at is null and escalated_at is null
returning escalation
"""

BURY = """
insert into memory.sessions as session
    (tenant_id, session_id, user_id, created_at, last_active_at, deleted_at)
select $1, $2, $3, $4, $4, $4
where not exists (select from memory.erasures where tenant_id = $1 and subject = $5 and erased_at >= $4)
on conflict (tenant_id, session_id) do update
set title = null, message_count = 0, outlet_id = null, language = null, intents = '{}', context = '{}', rating_sum = 0,
    rating_count = 0, escalated_at = null, escalation = null,
    deleted_at = coalesce(session.deleted_at, excluded.deleted_at)
"""

FORGET_MESSAGES = "delete from memory.messages where tenant_id = $1 and session_id = $2"

FORGET_TURNS = "delete from memory.turns where tenant_id = $1 and session_id = $2"

FORGET_EXPIRED = "select memory.forget_expired_turns($1)"

SESSIONS_OF_USER = """
select * from memory.sessions
where tenant_id = $1 and user_id = $2 and deleted_at is null and ($6::text is null or domain = $6)
    and (last_active_at, session_id) < ($3::timestamptz, $4::uuid)
order by last_active_at desc, session_id desc
limit $5
"""

SESSION = "select * from memory.sessions where tenant_id = $1 and session_id = $2"

SESSIONS = "select * from memory.sessions where tenant_id = $1 and session_id = any($2)"

KNOWN_TURNS = """
select session_id, turn_id from unnest($2::uuid[], $3::uuid[]) as asked(session_id, turn_id)
where exists (
    select from memory.turns
    where tenant_id = $1 and turns.session_id = asked.session_id and turns.turn_id = asked.turn_id
)
"""

# Every message of a session was sent between its creation and its last activity: other weeks are not looked at. Under
# row-level security an index serves only comparisons that Postgres calls leakproof, which those of enums are not.
MESSAGES = """
select message_id, turn_id, turn_no, role::text, text, sent_at as created_at, status, language, intent, confidence,
    entities, sentiment, data, clarification, feedback
from memory.messages
where tenant_id = $1 and session_id = $2 and sent_at between $3 and $4
    and turn_no >= $5 and (turn_no, role) > ($5, $6::text::memory.role)
order by messages.turn_no, messages.role
limit $7
"""

PENDING = """
select turn_id, text, submitted_at from memory.turns
where tenant_id = $1 and session_id = $2 and user_id = $3 and status = 'pending' and text is not null
    and expires_at > $4
order by submitted_at, turn_id
"""

TURN = """
select status from memory.turns
where tenant_id = $1 and session_id = $2 and turn_id = $3 and (status <> 'pending' or expires_at > $4)
"""
