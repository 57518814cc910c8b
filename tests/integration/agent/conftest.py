"""The agent's stores on real servers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.agent.session import Ending, Opening, Remembered
from services.agent.store import FrameStore, Ledger
from shared.domains.base import Dialogue, Effect
from shared.events.envelope import Envelope
from shared.events.ids import SessionId, TenantId, TurnId
from shared.runtime.postgres import Database
from shared.runtime.redis import command_client
from tests.support.servers import Servers

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def tenant_id() -> TenantId:
    return TenantId(uuid4())


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    database = await Database.open(servers.role_url("agent"), name="test", size=4)
    yield database
    await database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@pytest.fixture
async def frame_store(servers: Servers) -> AsyncIterator[FrameStore]:
    redis = command_client(servers.redis)
    yield FrameStore(redis)
    await redis.aclose()


def opening(tenant_id: TenantId, *, user_id: str = "ana", domain: str = "property") -> Opening:
    return Opening(tenant_id, SessionId(uuid4()), user_id, domain, NOW)


def ending(session: Opening, turn_no: int, *, effects: tuple[Effect, ...] = (), text: str = "hello") -> Ending:
    turn_id = TurnId(uuid4())
    return Ending(
        tenant_id=session.tenant_id,
        session_id=session.session_id,
        turn_id=turn_id,
        turn_no=turn_no,
        outcome="completed",
        body_hash="hash",
        ended_at=NOW,
        envelopes=(Envelope("parley.replies", b"key", f'{{"text":"{text}"}}'.encode(), (("ce_id", b"1"),)),),
        remembered=Remembered(dialogue=Dialogue(last_intent=text), pack={"seen": turn_no}),
        effects=effects,
        signals=True,
    )
