"""What every ledger of the agent promises: the one in Postgres and the fake that stands in for it."""

from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

import pytest

from services.agent import turn
from services.agent.session import Ending, Opening, Remembered
from shared.domains.base import Dialogue, Effect
from shared.errors import Retry
from shared.events.envelope import Envelope
from shared.events.ids import SessionId, TenantId, TurnId

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Ledger(turn.Ledger, Protocol):
    """What turns and deletions need."""

    async def delete(self, tenant_id: TenantId, session_id: SessionId, at: datetime) -> None: ...


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


class LedgerPromises:
    """Inherit it where fixtures provide the `ledger` to hold to them, and a fresh `tenant_id`."""

    async def test_unknown_session_and_turn_load_as_nothing(self, ledger: Ledger, tenant_id: TenantId) -> None:
        loaded = await ledger.load(tenant_id, SessionId(uuid4()), TurnId(uuid4()))

        assert loaded.session is None
        assert loaded.ended is None

    async def test_sessions_of_a_user_are_numbered_in_each_domain(self, ledger: Ledger, tenant_id: TenantId) -> None:
        first, second, elsewhere = opening(tenant_id), opening(tenant_id), opening(tenant_id, domain="shop")
        for each in (first, first, second, elsewhere):
            await ledger.open(each)

        numbers = [await _session_no(ledger, each) for each in (first, second, elsewhere)]

        assert numbers == [1, 2, 1]

    async def test_a_commit_is_read_back_to_the_byte(self, ledger: Ledger, tenant_id: TenantId) -> None:
        session = opening(tenant_id)
        await ledger.open(session)
        done = ending(session, 1)
        await ledger.commit(done)

        loaded = await ledger.load(tenant_id, session.session_id, done.turn_id)

        assert loaded.session is not None
        assert (loaded.session.turn_no, loaded.session.remembered) == (1, done.remembered)
        assert loaded.ended is not None
        assert loaded.ended.envelopes == done.envelopes

    async def test_an_attempt_that_comes_late_changes_nothing(self, ledger: Ledger, tenant_id: TenantId) -> None:
        session = opening(tenant_id)
        await ledger.open(session)
        winner, zombie = ending(session, 1, text="winner"), ending(session, 1, text="zombie")
        await ledger.commit(winner)

        with pytest.raises(Retry):
            await ledger.commit(zombie)

        loaded = await ledger.load(tenant_id, session.session_id, zombie.turn_id)
        assert loaded.ended is None
        assert loaded.session is not None
        assert loaded.session.remembered == winner.remembered

    async def test_a_deleted_session_keeps_its_place_and_loses_its_content(
        self, ledger: Ledger, tenant_id: TenantId
    ) -> None:
        session = opening(tenant_id)
        await ledger.open(session)
        done = ending(session, 1)
        await ledger.commit(done)

        await ledger.delete(tenant_id, session.session_id, NOW)
        await ledger.commit(ending(session, 2))

        loaded = await ledger.load(tenant_id, session.session_id, done.turn_id)
        assert loaded.ended is not None
        assert loaded.ended.envelopes is None
        assert loaded.session is not None
        assert loaded.session.deleted
        assert loaded.session.remembered.pack == {}


async def _session_no(ledger: Ledger, session: Opening) -> int:
    loaded = (await ledger.load(session.tenant_id, session.session_id, TurnId(uuid4()))).session
    assert loaded is not None
    return loaded.session_no
