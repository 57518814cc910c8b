"""The statements of the agent's tables. Laterals keep every look-up on the primary key, however large the tables."""

LOAD = """
select s.user_id, s.domain, s.session_no, s.turn_no, s.state, s.opened_at,
       s.deleted_at is not null as deleted, l.outcome, l.body_hash, l.envelopes
from unnest($2::uuid[], $3::uuid[]) with ordinality as wanted(session_id, turn_id, place)
left join lateral (
    select * from agent.sessions where tenant_id = $1 and session_id = wanted.session_id limit 1
) s on true
left join lateral (
    select * from agent.ledger
    where tenant_id = $1 and session_id = wanted.session_id and turn_id = wanted.turn_id limit 1
) l on true
order by wanted.place
"""

OPEN = """
insert into agent.sessions (tenant_id, session_id, user_id, domain, session_no, opened_at, updated_at)
select $1, fresh.session_id, fresh.user_id, fresh.domain,
       coalesce(
           (select max(session_no) from agent.sessions
            where tenant_id = $1 and user_id = fresh.user_id and domain = fresh.domain), 0
       ) + row_number() over (partition by fresh.user_id, fresh.domain order by fresh.opened_at, fresh.session_id),
       fresh.opened_at, fresh.opened_at
from (
    select distinct on (session_id) *
    from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[])
        as given(session_id, user_id, domain, opened_at, subject)
    where not exists (
        select 1 from agent.sessions where tenant_id = $1 and sessions.session_id = given.session_id
    ) and not exists (
        select 1 from agent.erasures
        where tenant_id = $1 and erasures.subject = given.subject and erased_at >= given.opened_at
    )
) fresh
on conflict (tenant_id, session_id) do nothing
"""

COMMIT = """
with ended as (
    update agent.sessions as s
    set turn_no = given.turn_no,
        state = case when s.deleted_at is null then coalesce(given.state, s.state) end,
        signalled = case when given.signals then given.turn_no else s.signalled end,
        updated_at = given.ended_at
    from unnest(
        $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::bool[],
        $10::timestamptz[]
    ) as given(session_id, turn_id, turn_no, outcome, body_hash, state, envelopes, signals, ended_at)
    where s.tenant_id = $1 and s.session_id = given.session_id and s.turn_no = given.turn_no - 1
    returning given.*
)
insert into agent.ledger (tenant_id, session_id, turn_id, turn_no, outcome, body_hash, envelopes, ended_at)
select $1, session_id, turn_id, turn_no, outcome, body_hash, envelopes, ended_at from ended
returning turn_id
"""

DELETE_SESSION = """
update agent.sessions set state = null, deleted_at = coalesce(deleted_at, $3), updated_at = $3
where tenant_id = $1 and session_id = $2
"""

FORGET_ENVELOPES = "update agent.ledger set envelopes = null where tenant_id = $1 and session_id = $2"

LAST_SIGNALLED = """
select session_no, signalled from agent.sessions
where tenant_id = $1 and user_id = $2 and domain = $3 and session_no < $4 and signalled > 0
order by session_no desc limit 1
"""
