"""The statements of the profiles service. Arrays are rows of a batch; the tenant is always $1."""

CREATE = """
insert into profiles.profiles (tenant_id, user_id, domain)
select $1, user_id, domain from unnest($2::text[], $3::text[]) as t(user_id, domain)
order by user_id, domain
on conflict (tenant_id, user_id, domain) do nothing
"""

# Asked for in the order of the key, so that transactions that meet wait for each other and never in a circle.
LOCK = """
select profile.*
from unnest($2::text[], $3::text[]) as wanted(user_id, domain)
cross join lateral (
    select user_id, domain, version, facts::text, temperature from profiles.profiles
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
        $17::bigint[], $18::timestamptz[]
    ) as t(
        user_id, domain, event_id, version, session_id, turn_id, session_no, turn_no, occurred_at, signals, envelopes,
        scores, total, temperature, facts, sequence, last_active
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
    scores = given.scores::jsonb, total = given.total, temperature = given.temperature
from given
where given.facts is not null
    and profile.tenant_id = $1 and profile.user_id = given.user_id and profile.domain = given.domain
"""

_PORTRAIT = "select user_id, domain, version, facts::text, scores::text from profiles.profiles"

PROFILE = f"{_PORTRAIT} where tenant_id = $1 and user_id = $2 and domain = $3"

LATEST_PROFILE = f"""
{_PORTRAIT} where tenant_id = $1 and user_id = $2
order by last_active desc nulls last, domain
limit 1
"""

LEADS = f"""
{_PORTRAIT}
where tenant_id = $1 and total is not null and (total, user_id, domain) < ($2, $3, $4)
    and ($5::text is null or domain = $5) and ($6::text is null or temperature = $6)
order by total desc, user_id desc, domain desc
limit $7
"""

LEADS_OF_TEMPERATURE = f"""
{_PORTRAIT}
where tenant_id = $1 and total is not null and (total, user_id) < ($2, $3)
    and domain = $4 and temperature = $5
order by total desc, user_id desc
limit $6
"""
