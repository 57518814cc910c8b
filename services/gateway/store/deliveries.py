"""What is delivered to people: noted before it is sent, settled when it is known what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
import orjson

from services.gateway.store import delivery_statements as statements
from shared.events.ids import TenantId, TurnId, UserId
from shared.runtime.batches import rejected
from shared.runtime.postgres import Database

State = Literal["waiting", "sending", "uncertain", "sent", "delivered", "read", "dead"]
Settled = Literal["sent", "delivered", "read", "dead"]

OPEN: Final[tuple[State, ...]] = ("waiting", "sending", "uncertain")
# News may come late and in any order: each state replaces what it is known to follow, and nothing else.
_FOLLOWS: Final[Mapping[Settled, tuple[State, ...]]] = {
    "sent": OPEN,
    "dead": (*OPEN, "sent"),
    "delivered": (*OPEN, "sent", "dead"),
    "read": (*OPEN, "sent", "dead", "delivered"),
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to deliver because of a turn; the same id is the same delivery."""

    tenant_id: TenantId
    delivery_id: UUID
    turn_id: TurnId
    message: Mapping[str, Any]
    """What is sent, without whom it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that this process, and no other, sends now."""

    tenant_id: TenantId
    delivery_id: UUID
    user_id: UserId
    number_id: str
    message: Mapping[str, Any]
    attempt: int
    was_uncertain: bool
    phone: str | None
    """None: the person was forgotten."""
    heard_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is known of a delivery now; found by its own id, or by the one that WhatsApp gave it."""

    tenant_id: TenantId
    state: Settled
    at: datetime
    delivery_id: UUID | None = None
    message_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The delivery that news was about: whether it reached its person under another id before."""

    is_copy: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries by state, and since when the oldest waits that is not settled."""

    counts: Mapping[State, int]
    oldest: datetime | None


class Deliveries:
    """The table of deliveries. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant_id: TenantId, outgoing: Sequence[Outgoing], now: datetime) -> int:
        """Note what is to be delivered to those whose message a turn answers; how much of it is new.

        Raises `Reject` for what cannot be stored.
        """
        if not outgoing:
            return 0
        ids = [each.delivery_id for each in outgoing]
        turns = [each.turn_id for each in outgoing]
        messages = [orjson.dumps(each.message).decode() for each in outgoing]
        try:
            async with self._database.tenant(tenant_id) as connection:
                return _count(await connection.execute(statements.ADD, tenant_id, ids, turns, messages, now))
        except asyncpg.DataError as error:
            raise rejected(error) from error

    async def claim(self, tenant_id: TenantId, now: datetime, *, lost_at: datetime, most: int) -> list[Claimed]:
        """Take what is due, the first of each person only; whoever has not settled it by `lost_at` counts as dead."""
        async with self._database.tenant(tenant_id) as connection:
            records = await connection.fetch(statements.CLAIM, tenant_id, now, most, lost_at)
        return [_claimed(record) for record in records]

    async def doubt_lost(self, tenant_id: TenantId, now: datetime, *, until: datetime) -> int:
        """What died with its sender may have been sent: it is uncertain until then; how many."""
        async with self._database.tenant(tenant_id) as connection:
            return _count(await connection.execute(statements.DOUBT_LOST, tenant_id, now, until))

    async def doubt(self, claimed: Claimed, *, until: datetime, reason: str) -> None:
        """Nobody answered: it may have been sent."""
        await self._hold(claimed, "uncertain", until, reason)

    async def postpone(self, claimed: Claimed, *, until: datetime, reason: str) -> None:
        """It was certainly not sent, and may be tried again."""
        await self._hold(claimed, "waiting", until, reason)

    async def learn(self, news: News) -> Found | None:
        """Settle a delivery, as far as the news is news; None: there is no such delivery."""
        async with self._database.tenant(news.tenant_id) as connection:
            record = await connection.fetchrow(
                statements.LEARN,
                news.tenant_id,
                news.delivery_id,
                news.message_id,
                news.state,
                _FOLLOWS[news.state],
                news.reason,
                news.at,
            )
        return None if record is None else Found(bool(record["is_copy"]))

    async def backlog(self, tenant_ids: Sequence[TenantId]) -> Backlog:
        """How much there is in each state."""
        counts: dict[State, int] = {}
        waiting: list[datetime] = []
        for tenant_id in tenant_ids:
            async with self._database.tenant(tenant_id) as connection:
                records = await connection.fetch(statements.COUNT, tenant_id)
            for record in records:
                counts[record["state"]] = counts.get(record["state"], 0) + record["count"]
            waiting += [record["oldest"] for record in records if record["state"] in OPEN]
        return Backlog(counts, min(waiting, default=None))

    async def forget(self, tenant_ids: Sequence[TenantId], *, settled_before: datetime) -> None:
        """Forget what was settled so long ago."""
        for tenant_id in tenant_ids:
            async with self._database.tenant(tenant_id) as connection:
                await connection.execute(statements.FORGET, tenant_id, settled_before)

    async def _hold(self, claimed: Claimed, state: State, until: datetime, reason: str) -> None:
        place = (claimed.tenant_id, claimed.delivery_id, claimed.attempt)
        async with self._database.tenant(claimed.tenant_id) as connection:
            await connection.execute(statements.HOLD, *place, state, until, reason)


def _claimed(record: asyncpg.Record) -> Claimed:
    return Claimed(**dict(record))


def _count(status: str) -> int:
    """The number of rows in a command's status, such as `INSERT 0 3`."""
    return int(status.rsplit(" ", 1)[1])
