"""The statements that scrubbing and retention need. The tenant is always $1."""

# Sessions are locked before their endings, as whoever deletes a session does; what somebody else holds waits for the
# next run.
DUE = """
with due as materialized (
    select session_id from agent.ledger
    where tenant_id = $1 and not scrubbed and ended_at < $2
    order by ended_at limit $3
), held as materialized (
    select session_id, domain, turn_no, state from agent.sessions
    where tenant_id = $1 and session_id in (select session_id from due)
    order by session_id for update skip locked
)
select l.session_id, l.turn_id, l.turn_no, l.envelopes, held.domain, held.turn_no as last_turn_no, held.state
from held cross join lateral (
    select * from agent.ledger
    where tenant_id = $1 and session_id = held.session_id and not scrubbed and ended_at < $2
    order by turn_no limit $3
    for update
) l
order by l.session_id, l.turn_no
"""

STORE = """
update agent.ledger as l set envelopes = given.envelopes, scrubbed = true
from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as given(session_id, turn_id, envelopes)
where l.tenant_id = $1 and l.session_id = given.session_id and l.turn_id = given.turn_id
"""

REMEMBER = """
update agent.sessions as s set state = given.state
from unnest($2::uuid[], $3::text[]) as given(session_id, state)
where s.tenant_id = $1 and s.session_id = given.session_id and s.deleted_at is null
"""

BACKLOG = """
select (select count(*) from agent.ledger where tenant_id = $1 and not scrubbed and ended_at < $2) as due,
    (select min(ended_at) from agent.ledger where tenant_id = $1 and not scrubbed) as oldest
"""

# A session stays as a row. What it remembers goes with its last ending.
EXPIRE = """
with due as materialized (
    select session_id, turn_id from agent.ledger
    where tenant_id = $1 and scrubbed and ended_at < $2
    order by ended_at limit $3
), held as materialized (
    select session_id from agent.sessions
    where tenant_id = $1 and session_id in (select session_id from due)
    order by session_id for update skip locked
), gone as (
    delete from agent.ledger as l using due join held using (session_id)
    where l.tenant_id = $1 and l.session_id = due.session_id and l.turn_id = due.turn_id
    returning l.session_id, l.turn_no
), forgotten as (
    update agent.sessions as s set state = null
    from (select session_id, max(turn_no) as turn_no from gone group by session_id) as last
    where s.tenant_id = $1 and s.session_id = last.session_id and s.turn_no = last.turn_no
)
select count(*) from gone
"""

OVERDUE = """
select (select count(*) from agent.ledger where tenant_id = $1 and ended_at < $2) as due,
    least(
        (select min(ended_at) from agent.ledger where tenant_id = $1 and scrubbed),
        (select min(ended_at) from agent.ledger where tenant_id = $1 and not scrubbed)
    ) as oldest
"""
