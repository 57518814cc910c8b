"""The SQL of deliveries."""

from typing import Final

# Only turns that arrived over a channel have somebody to deliver to. Positions are given in the order of the parts.
ADD: Final = """
insert into gateway.deliveries
    (tenant_id, delivery_id, user_id, number_id, session_id, turn_id, message, state, created_at, due_at,
     asked_at)
select $1, part.delivery_id, arrival.user_id, arrival.number_id, arrival.session_id, arrival.turn_id,
       part.message::jsonb, 'waiting', $5, $5, arrival.sent_at
from unnest($2::uuid[], $3::uuid[], $4::text[]) with ordinality as part (delivery_id, turn_id, message, number)
join gateway.arrivals arrival on arrival.tenant_id = $1 and arrival.turn_id = part.turn_id
order by part.number
on conflict (tenant_id, delivery_id) do nothing
"""

# What comes first for a person holds up what comes after it, whatever its state.
CLAIM: Final = """
with first as (
    select distinct on (user_id, number_id) delivery_id
    from gateway.deliveries
    where tenant_id = $1 and state in ('waiting', 'sending', 'uncertain')
    order by user_id, number_id, position
), due as (
    select d.delivery_id, d.user_id, d.number_id, d.state
    from gateway.deliveries d join first using (delivery_id)
    where d.tenant_id = $1 and d.state in ('waiting', 'uncertain') and d.due_at <= $2
    order by d.position
    limit $3
    for update of d skip locked
)
update gateway.deliveries d
set state = 'sending', attempts = d.attempts + 1, due_at = $4
from due left join gateway.contacts c
    on c.tenant_id = $1 and c.user_id = due.user_id and c.number_id = due.number_id
where d.tenant_id = $1 and d.delivery_id = due.delivery_id
returning d.tenant_id, d.delivery_id, d.user_id, d.number_id, d.message, d.attempts as attempt,
    due.state = 'uncertain' as was_uncertain, c.phone, c.heard_at
"""

DOUBT_LOST: Final = """
update gateway.deliveries set state = 'uncertain', reason = 'its sender died', due_at = $3
where tenant_id = $1 and state = 'sending' and due_at <= $2
"""

HOLD: Final = """
update gateway.deliveries set state = $4, due_at = $5, reason = $6
where tenant_id = $1 and delivery_id = $2 and attempts = $3 and state = 'sending'
"""

LEARN: Final = """
with found as (
    select delivery_id, state = any($5::text[]) as is_news, message_id <> $3 as is_copy
    from gateway.deliveries
    where tenant_id = $1 and (delivery_id = $2 or ($2 is null and message_id = $3))
    for update
), learned as (
    update gateway.deliveries d
    set state = $4, reason = $6, message = null, message_id = coalesce(d.message_id, $3),
        settled_at = coalesce(d.settled_at, $7)
    from found where d.tenant_id = $1 and d.delivery_id = found.delivery_id and found.is_news
)
select is_copy from found
"""

COUNT: Final = """
select state, count(*)::int as count, min(created_at) as oldest
from gateway.deliveries where tenant_id = $1 group by state
"""

FORGET: Final = "delete from gateway.deliveries where tenant_id = $1 and settled_at < $2"
