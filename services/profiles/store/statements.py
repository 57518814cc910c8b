"""The statements of the profiles service. Arrays are rows of a batch; the tenant is always $1."""

# Of somebody who was erased only what happened since makes a profile, which remembers that for its later events.
CREATE = """
insert into profiles.profiles (tenant_id, user_id, domain, facts)
select $1, user_id, domain, jsonb_strip_nulls(jsonb_build_object('forgotten_until', erased_at))
from unnest($2::text[], $3::text[], $4::bytea[], $5::timestamptz[]) as t(user_id, domain, subject, latest_at)
cross join lateral (
    select max(erased_at) as erased_at from profiles.erasures where tenant_id = $1 and erasures.subject = t.subject
) as erasure
where erased_at is null or latest_at is null or latest_at > erased_at
order by user_id, domain
on conflict (tenant_id, user_id, domain) do nothing
"""

# Asked for in the order of the key, so that transactions that meet wait for each other and never in a circle.
LOCK = """
select profile.*
from unnest($2::text[], $3::text[]) as wanted(user_id, domain)
cross join lateral (
    select user_id, domain, version, facts::text, temperature, stage, progressed_at,
        (select shares::text from profiles.formulas where tenant_id = $1 and domain = wanted.domain) as shares
    from profiles.profiles
    where tenant_id = $1 and user_id = wanted.user_id and domain = wanted.domain
    for update
) as profile
"""

SEEN = """
select seen.*
from unnest($2::text[], $3::uuid[]) as asked(user_id, event_id)
cross join lateral (
    select event_id, envelopes from profiles.signals
    where tenant_id = $1 and user_id = asked.user_id and event_id = asked.event_id limit 1
) as seen
"""

REVISE = """
update profiles.profiles set version = $4, facts = $5::text::jsonb
where tenant_id = $1 and user_id = $2 and domain = $3
"""

# Only the last interaction with a person comes with facts: they replace the row. An interaction may have no scores.
SAVE = """
with given as (
    select * from unnest(
        $2::text[], $3::text[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[], $8::int[], $9::int[],
        $10::timestamptz[], $11::text[], $12::bytea[], $13::text[], $14::float8[], $15::text[], $16::text[],
        $17::bigint[], $18::timestamptz[], $19::text[], $20::timestamptz[]
    ) as t(
        user_id, domain, event_id, version, session_id, turn_id, session_no, turn_no, occurred_at, signals, envelopes,
        scores, total, temperature, facts, sequence, last_active, stage, progressed_at
    )
), observed as (
    insert into profiles.signals (
        tenant_id, user_id, event_id, domain, session_id, turn_id, session_no, turn_no, occurred_at, signals, envelopes
    )
    select $1, user_id, event_id, domain, session_id, turn_id, session_no, turn_no, occurred_at, signals::jsonb,
        envelopes
    from given
), scored as (
    insert into profiles.score_history (
        tenant_id, user_id, domain, version, event_id, scored_at, scores, total, temperature
    )
    select $1, user_id, domain, version, event_id, occurred_at, scores::jsonb, total, temperature
    from given where scores is not null
)
update profiles.profiles as profile
set version = given.version, facts = given.facts::jsonb, sequence = given.sequence, last_active = given.last_active,
    scores = given.scores::jsonb, total = given.total, temperature = given.temperature, stage = given.stage,
    progressed_at = given.progressed_at
from given
where given.facts is not null
    and profile.tenant_id = $1 and profile.user_id = given.user_id and profile.domain = given.domain
"""

_PORTRAIT = """
select user_id, domain, version, facts::text, scores::text, progressed_at from profiles.profiles
"""

PROFILE = f"{_PORTRAIT} where tenant_id = $1 and user_id = $2 and domain = $3 and version > 0"

LATEST_PROFILE = f"""
{_PORTRAIT} where tenant_id = $1 and user_id = $2 and version > 0
order by last_active desc nulls last, domain
limit 1
"""

PORTRAITS = f"{_PORTRAIT} where tenant_id = $1 and user_id = any($2::text[]) and domain = $3 and version > 0"

# A condition is added for each thing that is asked, and none for what is not: the index that fits is used.
LEADS = """
select user_id, domain, version, facts::text, scores::text, progressed_at from profiles.profiles
where tenant_id = $1 and total is not null {where}
order by {key} desc, user_id desc, domain desc
limit $2
"""

# The range of a preference, whichever of what was said and what was put right by hand is in force, meets another one.
PREFERS = """exists (
    select from (
        select case when (by_hand ->> 'sequence')::bigint >= coalesce((said ->> 'sequence')::bigint, -1)
            then by_hand -> 'value' else said -> 'value' end as value
        from (select facts -> 'corrections' -> {}::text as by_hand, facts -> 'preferences' -> {}::text as said) as known
    ) as wanted
    where value <> 'null'
        and coalesce(jsonb_path_query_first(value, '$.high ? (@.type() == "number")')::numeric, 'infinity')
            >= coalesce({}::float8::numeric, 0)
        and coalesce(jsonb_path_query_first(value, '$.low ? (@.type() == "number")')::numeric, 0)
            <= coalesce({}::float8::numeric, 'infinity')
)"""

SCORE_HISTORY = """
select version, scored_at, scores::text from profiles.score_history
where tenant_id = $1 and user_id = $2 and domain = $3 and version < $4
order by version desc
limit $5
"""

TALLIES = """
select to_char(date_trunc('week', observed.occurred_at at time zone $5), 'YYYY-MM-DD') as week,
    signal ->> 'name' as name, count(*) as count, count(distinct observed.user_id) as people
from profiles.signals as observed
cross join lateral jsonb_array_elements(observed.signals) as signal
where observed.tenant_id = $1 and observed.domain = $2 and observed.occurred_at >= $3 and signal ->> 'kind' = $4
group by 1, 2
order by 1, 2
"""

FORGET = """
with signals as (
    delete from profiles.signals where tenant_id = $1 and user_id = $2 and domain = any($3::text[])
), history as (
    delete from profiles.score_history where tenant_id = $1 and user_id = $2 and domain = any($3::text[])
), rescored as (
    delete from profiles.rescored where tenant_id = $1 and user_id = $2 and rescoring_id in (
        select id from profiles.rescorings where tenant_id = $1 and domain = any($3::text[])
    )
)
update profiles.profiles
set version = 0, facts = $4::text::jsonb, sequence = 0, last_active = null, scores = null, total = null,
    temperature = null, stage = null, progressed_at = null
where tenant_id = $1 and user_id = $2 and domain = any($3::text[])
"""

DOMAINS = """
select domain from profiles.profiles
where tenant_id = $1 and user_id = $2 and ($3::text is null or domain = $3) and version > 0
order by domain
for update
"""

AWAY = """
select user_id, domain, facts::text, scores::text,
    (select shares::text from profiles.formulas where tenant_id = $1 and domain = profiles.domain) as shares
from profiles.profiles
where tenant_id = $1 and (user_id, domain) > ($2, $3) and last_active < $4 and total > 0.01
order by user_id, domain
limit $5
for update of profiles
"""

FADE = """
update profiles.profiles as profile
set scores = given.scores::jsonb, total = given.total, temperature = given.temperature
from unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::text[])
    as given(user_id, domain, scores, total, temperature)
where profile.tenant_id = $1 and profile.user_id = given.user_id and profile.domain = given.domain
"""
