"""What the agent does about events other than turns."""

from functools import partial

from services.agent.cancellation import Cancellations
from services.agent.handlers import on_session_deleted, on_session_opened, on_turn_cancel_requested
from shared.events.turns import SessionOpened
from tests.unit.agent.builders import EVENT, NOW, SESSION, TENANT, cancel_requested, session, session_deleted, submitted
from tests.unit.agent.fakes import LedgerInMemory

OPENED = SessionOpened(
    event_id=EVENT,
    occurred_at=NOW,
    tenant_id=TENANT,
    request_id="request-1",
    session_id=SESSION,
    user_id="ana",
    domain="shoes",
)


async def test_a_session_opened_twice_keeps_its_number() -> None:
    ledger = LedgerInMemory()

    await on_session_opened(OPENED, ledger)
    await on_session_opened(OPENED, ledger)

    assert ledger.sessions[SESSION].session_no == 1


async def test_a_request_to_cancel_is_forgotten_when_its_place_in_the_order_comes() -> None:
    cancellations, turn = Cancellations(), submitted()
    cancellations.cancel(cancel_requested(turn))

    await on_turn_cancel_requested(cancel_requested(turn), cancellations)

    assert not cancellations.wants_stopped(turn)


async def test_a_deleted_session_is_forgotten_and_so_is_the_request() -> None:
    ledger, cancellations, turn = LedgerInMemory(), Cancellations(), submitted()
    ledger.sessions[SESSION] = session(turn_no=3)
    cancellations.delete(session_deleted(turn))
    handle = partial(on_session_deleted, ledger=ledger, cancellations=cancellations, clock=lambda: NOW)

    await handle(session_deleted(turn))
    await handle(session_deleted(turn))

    assert ledger.sessions[SESSION].deleted
    assert not cancellations.wants_deleted(turn)


async def test_cancelling_one_turn_leaves_others_of_the_session_alone() -> None:
    cancellations, turn = Cancellations(), submitted()
    other = submitted(turn_id=EVENT)

    cancellations.cancel(cancel_requested(turn))

    assert cancellations.wants_stopped(turn)
    assert not cancellations.wants_stopped(other)
