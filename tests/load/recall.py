"""What a search within one's own words costs: `python -m tests.load.recall`.

A person with 1,000 messages among 100,000 of one tenant, on a real Postgres; the embedder is the lexical one.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from uuid import uuid4

from services.memory.recall.recall import Recall
from services.memory.store import Passages, Scope, Weeks
from shared.events.ids import TenantId
from shared.runtime.embedding.lexical import LexicalEmbedder
from shared.runtime.postgres import Database
from tests.support.servers import prepared_servers
from tests.support.turns import now

_USERS = 100
_SESSIONS = 100
_TURNS = 10
_ROUNDS = 300
_PLANS = {"enable_seqscan": "off"}
_ASKED = ("parking near the station", "did the pool cost extra", "停车位多少钱", "loan", "a helicopter on the roof")
_SAID = ("Is there parking near", "How much is the loan for", "When can I visit", "停车位多少钱", "Show me flats by")

_FILL = """
with opened as (
    insert into memory.sessions
        (tenant_id, session_id, user_id, domain, created_at, last_active_at, turn_no, message_count)
    select $1, gen_random_uuid(), $2, 'property', $5::timestamptz - session * interval '6 hours',
        $5::timestamptz - session * interval '6 hours' + interval '1 hour', $4, $4
    from generate_series(1, $3::int) as session
    returning session_id, user_id, created_at
)
insert into memory.messages (
    tenant_id, session_id, turn_no, role, sent_at, message_id, turn_id, user_id, status, text, language, entities, data
)
select $1, session_id, turn, 'user', created_at + turn * interval '1 minute', gen_random_uuid(), gen_random_uuid(),
    user_id, 'final', said.text, 'en', '[]', '[]'
from opened, generate_series(1, $4::int) as turn, lateral (
    select concat_ws(' ',
        ($6::text[])[1 + abs(hashtext(session_id::text || turn)) % 5], 'house',
        abs(hashtext(turn || session_id::text)) % 900, 'by the', (array['lake', 'station', 'park'])[1 + turn % 3]
    ) as text
) as said
"""


async def measure(url: str) -> None:
    """Fill the tables, then search."""
    database = await Database.open(url, name="recall", size=4, server_settings=_PLANS)
    tenant_id, embedder, passages = TenantId(uuid4()), LexicalEmbedder(), Passages(database)
    await _fill(database, tenant_id, passages, embedder)
    recall = Recall(passages, embedder, within=timedelta(seconds=1))
    scope = Scope(tenant_id=tenant_id, user_id="user-7")
    for name, find in (
        ("a search", lambda number: recall.find(scope, _ASKED[number % len(_ASKED)], limit=5)),
        ("the last session", lambda _: recall.find(scope, None, limit=20)),
    ):
        milliseconds = sorted([await _timed(find, number) for number in range(_ROUNDS)])
        cuts = quantiles(milliseconds, n=100)
        _say(f"{name}: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")
    await database.close()


async def _fill(database: Database, tenant_id: TenantId, passages: Passages, embedder: LexicalEmbedder) -> None:
    await Weeks(database).ensure(now() - timedelta(weeks=week) for week in range(6))
    for person in range(_USERS):
        async with database.tenant(tenant_id) as connection:
            await connection.execute(_FILL, tenant_id, f"user-{person}", _SESSIONS, _TURNS, now(), _SAID)
    began, count = time.perf_counter(), 0
    sessions = [each.session_id for each in await passages.sessions(None, limit=_USERS * _SESSIONS)]
    for start in range(0, len(sessions), 100):
        while batch := await passages.missing(tenant_id, sessions[start : start + 100], limit=64):
            await passages.keep(tenant_id, batch, embedder.id, await embedder.embed([each.text for each in batch]))
            count += len(batch)
    each = (time.perf_counter() - began) / count
    _say(f"{count} messages embedded and kept, {1e6 * each:.0f} µs each")


async def _timed(find: Callable[[int], Awaitable[object]], number: int) -> float:
    began = time.perf_counter()
    await find(number)
    return 1000 * (time.perf_counter() - began)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    """Measure on servers of one's own."""
    with TemporaryDirectory() as directory, prepared_servers(Path(directory)) as servers:
        asyncio.run(measure(servers.role_url("memory")))


if __name__ == "__main__":
    main()
