"""What is measured: each operation as memory's internal API does it, from the store to checked models."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from pydantic import SecretStr

from services.memory.metrics import MemoryMetrics
from services.memory.records.declarations import Cohort
from services.memory.records.messages import ConversationMessages
from services.memory.records.sessions import ConversationSessions
from services.memory.records.summaries import InteractionSummaries
from services.memory.store import History, Transcripts, Weeks
from shared.events.ids import OPEN_TENANT
from shared.privacy.subjects import Subjects
from shared.runtime.postgres import Database
from shared.runtime.records import Filter, Order, Selection
from shared.runtime.records.bodies import Bodies, Given

_SAMPLE = "select {column} from memory.{table} {condition} order by md5({column}::text) limit {count}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do again and again, and how long it may take at most, in milliseconds."""

    name: str
    limit: float
    rounds: int
    run: Callable[[], Awaitable[object]]


class Operations:
    """The operations of one filled database."""

    def __init__(self, database: Database, metrics: MemoryMetrics, people: dict[str, list[Any]], seed: int) -> None:
        subjects = Subjects(SecretStr("of the bench"))
        transcripts, history = Transcripts(database, Weeks(database), metrics, subjects), History(database)
        self._sessions = ConversationSessions(database, transcripts, lambda: datetime.now(UTC))
        self._messages = ConversationMessages(database, history, transcripts)
        self._summaries = InteractionSummaries(database)
        self._bodies = Bodies(self._messages.record)
        self._people = people
        self._chance = Random(seed)  # noqa: S311 - a load, not a secret

    def all(self) -> tuple[Operation, ...]:
        """Those of the requirements, and the other queries of the order desk."""
        return (
            Operation("one session by its id", 5, 1000, self.session),
            Operation("100 messages of a user, latest first", 20, 500, self.messages_of_user),
            Operation("aggregation over 1,000 users", 100, 100, self.together),
            Operation("bulk insert of 1,000 messages", 500, 20, self.insert),
            Operation("a user's sessions of 30 days", 20, 500, self.timeline),
            Operation("a session's messages of one role", 20, 500, self.by_role),
            Operation("50 messages of an intent, confidence ≥ 0.8", 20, 500, self.by_intent),
            Operation("top 100 users by conversations", 20, 200, self.top),
            Operation("one message by its id", 5, 500, self.message),
        )

    async def session(self) -> object:
        return await self._sessions.read(OPEN_TENANT, self._one("sessions"))

    async def message(self) -> object:
        return await self._messages.read(OPEN_TENANT, self._one("messages"))

    async def messages_of_user(self) -> object:
        return await self._select(self._messages, "timestamp", 100, Filter("user_id", "eq", self._one("talkative")))

    async def together(self) -> object:
        cohort = Cohort(user_ids=self._chance.sample(self._people["users"], 1000))
        return await self._summaries.together(OPEN_TENANT, cohort)

    async def insert(self) -> object:
        at = datetime.now(UTC)
        sessions = self._chance.sample(self._people["sessions"], 50)
        items = [_message(sessions[number % 50], at + timedelta(milliseconds=number)) for number in range(1000)]
        created = await self._messages.create(OPEN_TENANT, self._bodies.many_new(items))
        if len(created) != len(items):
            raise RuntimeError("not all messages were stored")
        return created

    async def timeline(self) -> object:
        until = datetime.now(UTC) - timedelta(days=self._chance.randint(0, 60))
        return await self._select(
            self._sessions,
            "start_time",
            100,
            Filter("user_id", "eq", self._one("talkative")),
            Filter("start_time", "gte", until - timedelta(days=30)),
            Filter("start_time", "lte", until),
        )

    async def by_role(self) -> object:
        wanted = Filter("session_id", "eq", self._one("sessions")), Filter("role", "eq", "user")
        return await self._select(self._messages, "turn_no", 100, *wanted)

    async def by_intent(self) -> object:
        intent = self._chance.choice(["order", "ask_price", "track"])
        wanted = Filter("intent", "eq", intent), Filter("confidence", "gte", 0.8)
        return await self._select(self._messages, "timestamp", 50, *wanted)

    async def top(self) -> object:
        return await self._select(self._summaries, "total_conversations", 100)

    async def _select(self, records: Any, field: str, limit: int, *filters: Filter) -> object:
        found = await records.select(OPEN_TENANT, Selection(Order(field, descending=True), filters, limit))
        if not found and records is not self._sessions:
            raise RuntimeError(f"{records.record.name}: found nothing")
        return found

    def _one(self, kind: str) -> Any:
        return self._chance.choice(self._people[kind])


async def sampled(owner_url: str) -> dict[str, list[Any]]:
    """Some of what is stored, by chance but the same ones again."""
    connection = await asyncpg.connect(owner_url)
    wanted = {
        "sessions": ("session_id", "sessions", "", 2_000),
        "messages": ("message_id", "messages", "", 2_000),
        "users": ("user_id", "user_interaction_summaries", "", 20_000),
        "talkative": ("user_id", "user_interaction_summaries", "where total_messages >= 100", 500),
    }
    found = {}
    for kind, (column, table, condition, count) in wanted.items():
        statement = _SAMPLE.format(column=column, table=table, condition=condition, count=count)
        found[kind] = [row[0] for row in await connection.fetch(statement)]
    await connection.close()
    return found


def _message(session_id: UUID, at: datetime) -> Given:
    return {
        "message_id": str(uuid4()),
        "session_id": str(session_id),
        "role": "user",
        "content": "Hi, we need 400 boxes for 10 inch pizzas, delivered on Friday",
        "language": "en",
        "intent": "order",
        "confidence": 0.9,
        "timestamp": at.isoformat(),
    }
