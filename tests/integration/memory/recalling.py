"""Recall over planted conversations, with an embedder whose meanings a test can tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
from prometheus_client import CollectorRegistry

from services.memory import transcript
from services.memory.metrics import MemoryMetrics
from services.memory.recall.backlog import Backlog
from services.memory.recall.embedding import Embedding
from services.memory.recall.faq import FrequentQuestions, Question
from services.memory.recall.recall import Recall
from services.memory.store import Found, Passages, Scope
from shared.errors import Unavailable
from shared.events.ids import SessionId
from shared.runtime.embedding import Vectors
from shared.runtime.embedding.embedder import unit
from shared.runtime.polling import read_until
from tests.support.turns import PATIENCE, Conversation

if TYPE_CHECKING:
    from tests.integration.memory.conftest import Memory

TOPICS = ("parking", "pool", "loan")
"""What the embedder of these tests understands; "car" and the like stand for the first."""


@dataclass
class TopicEmbedder:
    """Knows which of three topics a text is about."""

    id: str = "topics"
    floor: float = 0.5
    down: bool = False
    seen: list[str] = field(default_factory=list)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if self.down:
            raise Unavailable("embeddings")
        self.seen += texts
        meant = [text.lower().replace("car ", "parking ") for text in texts]
        return unit(np.array([[topic in text for topic in TOPICS] for text in meant], dtype=np.float32))

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Bench:
    """One person, what they said, and the parts that find it again."""

    memory: "Memory"
    talk: Conversation
    embedder: TopicEmbedder = field(default_factory=TopicEmbedder)
    backlog: Backlog = field(default_factory=Backlog)
    clock: float = 1e9

    @property
    def passages(self) -> Passages:
        return Passages(self.memory.database)

    @property
    def recall(self) -> Recall:
        return Recall(self.passages, self.embedder, within=timedelta(seconds=2))

    def embedding(self) -> Embedding:
        """As a process has it that began just now, without having looked around yet."""
        metrics = MemoryMetrics(CollectorRegistry())
        made = Embedding(self.passages, self.embedder, self.backlog, metrics, lambda: self.clock)
        made._sweep_at = self.clock + 1
        return made

    async def said(self, *texts: str, talk: Conversation | None = None, note: bool = True) -> Conversation:
        """Say these in a session of their own, or this one."""
        session = talk or replace(self.talk, session_id=SessionId(uuid4()))
        answers = [session.completed(turn_no, text, f"About {text}") for turn_no, text in enumerate(texts, start=1)]
        await self.memory.transcripts.end(list(map(transcript.completed, answers)))
        if note:
            self.backlog.note(session.tenant_id, session.session_id)
        return session

    async def embedded(self) -> None:
        await self.embedding().run()

    def scope(self, **more: object) -> Scope:
        return replace(Scope(tenant_id=self.talk.tenant_id, user_id=self.talk.user_id), **more)  # type: ignore[arg-type]

    async def find(self, text: str | None, **more: object) -> list[Found]:
        return list(await self.recall.find(self.scope(**more), text, limit=10))

    async def texts(self, text: str | None, **more: object) -> list[str]:
        return [each.said for each in await self.find(text, **more)]

    async def scrub(self) -> None:
        """Call all there is free of personal data."""
        async with self.memory.database.tenant(self.talk.tenant_id) as connection:
            await connection.execute("update memory.messages set pii_scrubbed = true")

    async def questions(self, text: str | None, domain: str | None = None) -> list[Question]:
        found = FrequentQuestions(self.passages, self.recall).find(self.talk.tenant_id, text, domain=domain, limit=10)
        return await found

    async def waits_for_a_lock(self) -> None:
        """Wait until a statement on passages waits for another transaction."""
        waiting = (
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%memory.passages%'"
        )

        async def count() -> int:
            async with self.memory.database.tenant(self.talk.tenant_id) as connection:
                found: int = await connection.fetchval(waiting)
                return found

        assert await read_until(count, bool, within=PATIENCE)

    async def stored(self) -> list[tuple[str, str, bool]]:
        """Words, embedder and whether there is a vector, of each passage of the tenant."""
        async with self.memory.database.tenant(self.talk.tenant_id) as connection:
            rows = await connection.fetch("select words::text, embedder, embedding is not null from memory.passages")
        return sorted(map(tuple, rows))
