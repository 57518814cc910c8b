"""Stored conversations by the hundred thousand, made inside Postgres and put through the real tables and partitions."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

import asyncpg

from shared.events.ids import OPEN_TENANT

TURNS: Final = 4
"""Turns of a session; each has two messages."""
DAYS: Final = 90

_WEEKS: Final = "select memory.ensure_week(now() - make_interval(days => day)) from generate_series(0, 98, 7) as day"

# Some users talk far more than others. A session's number decides everything else about it.
_SESSIONS: Final = """
insert into memory.sessions (
    tenant_id, session_id, user_id, domain, title, created_at, last_active_at, turn_no, message_count, outlet_id,
    language, intents, rating_sum, rating_count
)
select $1, md5('session ' || n)::uuid, 'user-' || 1 + floor($4 * (hashint4(n) / 4294967296.0 + 0.5) ^ 2)::int, 'orders',
    'Boxes for pizzas', began, began + interval '4 minutes', $5, 2 * $5, 'outlet-' || n % 200,
    case n % 3 when 0 then 'zh' else 'en' end, array['order', 'ask_price'], 4 * (n % 2), n % 2
from generate_series($2::int, $3::int) as n,
    lateral (select now() - make_interval(secs => 86400.0 * 90 * n / $6) as began) as time
"""

_TURNS: Final = """
insert into memory.turns (tenant_id, session_id, turn_id, user_id, status, turn_no, submitted_at, ended_at)
select tenant_id, session_id, md5(session_id::text || turn)::uuid, user_id, 'completed', turn,
    created_at + make_interval(mins => turn - 1), created_at + make_interval(mins => turn - 1, secs => 2)
from memory.sessions, generate_series(1, $4) as turn
where tenant_id = $1
    and session_id in (select md5('session ' || n)::uuid from generate_series($2::int, $3::int) as n)
"""

_MESSAGES: Final = """
insert into memory.messages (
    tenant_id, session_id, turn_no, role, sent_at, message_id, turn_id, user_id, status, text, language, intent,
    confidence, entities, sentiment, data
)
select tenant_id, session_id, turn_no, role::memory.role, case role when 'user' then submitted_at else ended_at end,
    md5(turn_id::text || role)::uuid, turn_id, user_id, 'final',
    case role when 'user' then 'Hi, we need ' || 50 * turn_no || ' boxes for 10 inch pizzas, delivered on Friday'
        else 'Your order of ' || 50 * turn_no || ' boxes is noted. It comes to 84.00 and arrives on Friday.' end,
    'en', case role when 'user' then (array['order', 'ask_price', 'track', 'greet'])[turn_no] end,
    case role when 'user' then 0.5 + (hashtext(turn_id::text) & 1023) / 2047.0 end, '[]',
    case role when 'user' then 0.2 end, '[]'
from memory.turns, (values ('user'), ('assistant')) as roles(role)
where tenant_id = $1
    and session_id in (select md5('session ' || n)::uuid from generate_series($2::int, $3::int) as n)
"""

_SUMMARIES: Final = """
insert into memory.user_interaction_summaries (
    tenant_id, user_id, outlet_id, total_conversations, total_messages, common_intents, languages, preferred_language,
    rating_sum, rating_count, first_interaction, last_interaction
)
select tenant_id, user_id, max(outlet_id), count(*), sum(message_count),
    jsonb_build_object('order', count(*), 'ask_price', count(*)),
    jsonb_build_object('en', count(*) filter (where language = 'en'), 'zh', count(*) filter (where language = 'zh')),
    mode() within group (order by language), sum(rating_sum), sum(rating_count), min(created_at), max(last_active_at)
from memory.sessions where tenant_id = $1 group by tenant_id, user_id
"""

_TABLES: Final = ("sessions", "turns", "messages", "user_interaction_summaries")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is stored, at least."""

    messages: int
    users: int

    @property
    def sessions(self) -> int:
        """So many sessions hold the messages."""
        return self.messages // (2 * TURNS)


async def fill(owner_url: str, size: Size) -> float:
    """Store it all, as the database's owner, and have Postgres tidy up as it would in time. Seconds it took."""
    began = time.perf_counter()
    connections = [await asyncpg.connect(owner_url) for _ in range(2)]
    await connections[0].execute(_WEEKS)
    for connection in connections:
        await connection.execute("set synchronous_commit = off")
    half = size.sessions // 2
    parts = ((1, half), (half + 1, size.sessions))
    await asyncio.gather(*(_fill(each, part, size) for each, part in zip(connections, parts, strict=True)))
    await connections[0].execute(_SUMMARIES, OPEN_TENANT)
    for table in _TABLES:
        await connections[0].execute(f"vacuum (analyze) memory.{table}")
    await connections[0].execute("checkpoint")
    for connection in connections:
        await connection.close()
    return time.perf_counter() - began


async def _fill(connection: asyncpg.Connection, part: tuple[int, int], size: Size) -> None:
    await connection.execute(_SESSIONS, OPEN_TENANT, *part, size.users, TURNS, size.sessions)
    await connection.execute(_TURNS, OPEN_TENANT, *part, TURNS)
    await connection.execute(_MESSAGES, OPEN_TENANT, *part)
