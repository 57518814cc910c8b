"""The statements of rescorings. The tenant is always $1."""

START = """
insert into profiles.rescorings (tenant_id, id, domain, shares, state, started_by, started_at)
values ($1, $2, $3, $4::text::jsonb, 'running', $5, $6)
on conflict (tenant_id, domain) where state in ('running', 'ready', 'switching') do nothing
returning id
"""

LIST = """
select id, domain, shares::text, state, done, started_by, started_at, ended_at, case when ended_at is null then (
    select count(*) from profiles.profiles where tenant_id = $1 and domain = run.domain and version > 0
) else done end as people
from profiles.rescorings as run
where tenant_id = $1 and ($2::uuid is null or id = $2)
order by started_at desc, id
limit $3
"""

IN_FORCE = "select domain, shares::text from profiles.formulas where tenant_id = $1 order by domain"

NEXT = """
select domain, shares::text, state, reached from profiles.rescorings
where tenant_id = $1 and id = $2 and state in ('running', 'switching')
for update skip locked
"""

_PEOPLE = """
select user_id, version, facts::text, scores::text, stage, progressed_at from profiles.profiles
where tenant_id = $1 and domain = $2 and user_id > $3 and version > 0
order by user_id
limit $4
"""

# Nobody of the batch is deleted before what is made of them is stored, and can be deleted with them.
PEOPLE = f"{_PEOPLE} for key share"

PEOPLE_TO_CHANGE = f"{_PEOPLE} for update"

SIGNALS = """
select user_id, event_id, session_id, turn_id, session_no, turn_no, occurred_at, signals::text
from profiles.signals
where tenant_id = $1 and domain = $2 and user_id = any($3::text[])
order by user_id
"""

KEEP = """
insert into profiles.rescored (tenant_id, rescoring_id, user_id, version, facts, scores, total, temperature)
select $1, $2, user_id, version, facts::jsonb, scores::jsonb, total, temperature
from unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::float8[], $8::text[])
    as t(user_id, version, facts, scores, total, temperature)
"""

KEPT = """
select user_id, version, facts::text, scores::text from profiles.rescored
where tenant_id = $1 and rescoring_id = $2 and user_id = any($3::text[])
"""

REACHED = """
update profiles.rescorings set reached = $3, done = done + $4, changed = changed + $5 where tenant_id = $1 and id = $2
"""

READY = "update profiles.rescorings set state = 'ready' where tenant_id = $1 and id = $2"

SWITCH = """
with switched as (
    update profiles.rescorings set state = 'switching', reached = '', changed = 0
    where tenant_id = $1 and id = $2 and state = 'ready'
    returning domain, shares
)
insert into profiles.formulas (tenant_id, domain, shares)
select $1, domain, shares from switched
on conflict (tenant_id, domain) do update set shares = excluded.shares
returning domain
"""

# The version that is kept beside the new scores is the one they led to: the next pass sees that nothing is left to do.
REPLACE = """
with given as (
    select * from unnest(
        $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[], $10::text[], $11::timestamptz[]
    ) as t(user_id, facts, scores, total, temperature, stage, progressed_at)
), replaced as (
    update profiles.profiles as profile
    set version = version + 1, facts = given.facts::jsonb, scores = given.scores::jsonb, total = given.total,
        temperature = given.temperature, stage = given.stage, progressed_at = given.progressed_at
    from given
    where profile.tenant_id = $1 and profile.user_id = given.user_id and profile.domain = $2
    returning profile.user_id, profile.version
), noted as (
    update profiles.rescored as kept
    set version = replaced.version, facts = given.facts::jsonb, scores = given.scores::jsonb, total = given.total,
        temperature = given.temperature
    from replaced join given using (user_id)
    where kept.tenant_id = $1 and kept.rescoring_id = $3 and kept.user_id = replaced.user_id
)
insert into profiles.score_history (
    tenant_id, user_id, domain, version, event_id, scored_at, scores, total, temperature
)
select $1, user_id, $2, version, $3, $4, scores::jsonb, total, temperature
from replaced join given using (user_id)
where scores is not null
"""

PASSED = """
update profiles.rescorings
set state = case when changed = 0 then 'switched' else state end,
    ended_at = case when changed = 0 then $3::timestamptz end, reached = '', changed = 0
where tenant_id = $1 and id = $2
returning state
"""

DROP = """
update profiles.rescorings set state = 'dropped', ended_at = $3
where tenant_id = $1 and id = $2 and state in ('running', 'ready')
returning id
"""

CLEAR = "delete from profiles.rescored where tenant_id = $1 and rescoring_id = $2"

_PAIRS = """
from profiles.rescored as new
join profiles.rescorings as run on run.tenant_id = $1 and run.id = new.rescoring_id
join profiles.profiles as old on old.tenant_id = $1 and old.user_id = new.user_id and old.domain = run.domain
where new.tenant_id = $1 and new.rescoring_id = $2
"""

COMPARE = f"""
select old.temperature as before, new.temperature as after, count(*) as people,
    count(*) filter (where old.version <> new.version) as stale,
    coalesce(sum(new.total - old.total), 0) as change
{_PAIRS}
group by 1, 2
order by 1, 2
"""

DIFFERENCES = f"""
select new.user_id, old.total as before, new.total as after, old.temperature as temperature_before,
    new.temperature as temperature_after
{_PAIRS} and old.total is distinct from new.total
order by abs(coalesce(new.total, 0) - coalesce(old.total, 0)) desc, new.user_id
limit $3
"""  # noqa: S608 - the only thing put in is the join above
