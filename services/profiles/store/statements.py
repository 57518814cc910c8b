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

UPDATE = """
update profiles.profiles as profile
set version = t.version, facts = t.facts::jsonb, sequence = t.sequence, last_active = t.last_active,
    scores = t.scores::jsonb, total = t.total, temperature = t.temperature
from unnest(
    $2::text[], $3::text[], $4::int[], $5::text[], $6::bigint[], $7::timestamptz[], $8::text[], $9::float8[],
    $10::text[]
) as t(user_id, domain, version, facts, sequence, last_active, scores, total, temperature)
where profile.tenant_id = $1 and profile.user_id = t.user_id and profile.domain = t.domain
"""

REVISE = """
update profiles.profiles set version = $4, facts = $5::text::jsonb
where tenant_id = $1 and user_id = $2 and domain = $3
"""

OBSERVE = """
insert into profiles.signals (
    tenant_id, user_id, event_id, domain, session_id, turn_id, session_no, turn_no, occurred_at, signals, envelopes
)
select $1, user_id, event_id, domain, session_id, turn_id, session_no, turn_no, occurred_at, signals::jsonb, envelopes
from unnest(
    $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::int[], $8::int[], $9::timestamptz[], $10::text[],
    $11::bytea[]
) as t(user_id, event_id, domain, session_id, turn_id, session_no, turn_no, occurred_at, signals, envelopes)
"""

SCORE = """
insert into profiles.score_history (
    tenant_id, user_id, domain, version, event_id, scored_at, scores, total, temperature
)
select $1, user_id, domain, version, event_id, scored_at, scores::jsonb, total, temperature
from unnest(
    $2::text[], $3::text[], $4::int[], $5::uuid[], $6::timestamptz[], $7::text[], $8::float8[], $9::text[]
) as t(user_id, domain, version, event_id, scored_at, scores, total, temperature)
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
