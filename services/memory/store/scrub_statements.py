"""The statements that scrubbing needs. The tenant is always $1."""

# Sessions are locked before their messages, as endings lock them; what somebody else holds waits for the next run. A
# message whose session is unknown has nothing to lock.
DUE = """
with due as materialized (
    select session_id from memory.messages
    where tenant_id = $1 and not pii_scrubbed and sent_at < $2
    order by sent_at limit $3
), held as materialized (
    select session_id, title from memory.sessions
    where tenant_id = $1 and session_id in (select session_id from due)
    order by session_id for update skip locked
)
select message.session_id, turn_no, role::text, sent_at, text, entities, data, clarification, feedback, held.title
from memory.messages as message left join held using (session_id)
where message.tenant_id = $1 and not pii_scrubbed and sent_at < $2
    and message.session_id in (select session_id from due)
    and (held.session_id is not null or not exists (
        select 1 from memory.sessions as session
        where session.tenant_id = $1 and session.session_id = message.session_id
    ))
order by message.session_id, turn_no, role
limit 4 * $3::int
for update of message skip locked
"""

STORE = """
update memory.messages as message
set text = given.text, entities = given.entities::jsonb, data = given.data::jsonb,
    clarification = given.clarification::jsonb, feedback = given.feedback::jsonb,
    context = message.context || given.context::jsonb, pii_scrubbed = true
from unnest(
    $2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[]
) as given(session_id, turn_no, role, sent_at, text, entities, data, clarification, feedback, context)
where message.tenant_id = $1 and message.session_id = given.session_id and message.turn_no = given.turn_no
    and message.role = given.role::memory.role and message.sent_at = given.sent_at
"""

RENAME = """
update memory.sessions as session set title = given.title
from unnest($2::uuid[], $3::text[]) as given(session_id, title)
where session.tenant_id = $1 and session.session_id = given.session_id
"""

WAITING = """
select session_id, turn_id, text from memory.turns
where tenant_id = $1 and status = 'pending' and text is not null and submitted_at < $2
for update skip locked
"""

REWORD = """
update memory.turns as turn set text = given.text
from unnest($2::uuid[], $3::uuid[], $4::text[]) as given(session_id, turn_id, text)
where turn.tenant_id = $1 and turn.session_id = given.session_id and turn.turn_id = given.turn_id
    and turn.status = 'pending'
"""

BACKLOG = """
select (select count(*) from memory.messages where tenant_id = $1 and not pii_scrubbed and sent_at < $2) as due,
    (select min(sent_at) from memory.messages where tenant_id = $1 and not pii_scrubbed) as oldest
"""
