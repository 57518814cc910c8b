"""How a turn ends when somebody or something stops it."""

import asyncio
from datetime import timedelta

import pytest

from services.agent.turn import run_turn
from shared.events.replies import TurnCancelled
from tests.unit.agent.bench import Bench
from tests.unit.agent.builders import NOW, SESSION, cancel_requested, session, session_deleted, submitted


async def test_a_turn_cancelled_while_it_waits_ends_as_cancelled_unanswered() -> None:
    bench, turn = Bench(), submitted()
    bench.cancellations.cancel(cancel_requested(turn))

    await run_turn(turn, bench.agent)

    [ending] = bench.endings
    assert isinstance(ending, TurnCancelled)
    assert bench.answered == 0


async def test_a_turn_cancelled_while_it_runs_stops_and_ends_as_cancelled() -> None:
    bench, turn = Bench(), submitted()

    async def be_cancelled() -> None:
        bench.cancellations.cancel(cancel_requested(turn))
        await asyncio.Event().wait()

    bench.script = be_cancelled

    await run_turn(turn, bench.agent)

    [ending] = bench.endings
    assert isinstance(ending, TurnCancelled)
    assert ending.turn_no == 1
    assert bench.ledger.sessions[SESSION].remembered.pack == {}


async def test_deleting_the_session_stops_the_turn_that_runs() -> None:
    bench, turn = Bench(), submitted()

    async def be_deleted() -> None:
        bench.cancellations.delete(session_deleted(turn))
        await asyncio.Event().wait()

    bench.script = be_deleted

    await run_turn(turn, bench.agent)

    assert isinstance(bench.endings[0], TurnCancelled)


async def test_a_turn_that_waits_for_a_session_about_to_be_deleted_fails() -> None:
    bench, turn = Bench(), submitted()
    bench.cancellations.delete(session_deleted(turn))

    await run_turn(turn, bench.agent)

    assert bench.failure == "session_deleted"


async def test_a_turn_of_a_deleted_session_fails() -> None:
    bench = Bench()
    bench.ledger.sessions[SESSION] = session(deleted=True)

    await run_turn(submitted(), bench.agent)

    assert bench.failure == "session_deleted"


async def test_a_hand_over_is_no_cancellation_of_the_turn() -> None:
    bench = Bench()
    started = bench.wait_for_ever()
    running = asyncio.create_task(run_turn(submitted(), bench.agent))
    await started.wait()
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert bench.published.envelopes == []
    assert bench.ledger.endings == {}


async def test_a_hand_over_wins_over_a_request_to_cancel_at_the_same_moment() -> None:
    bench, turn = Bench(), submitted()
    started = bench.wait_for_ever()
    running = asyncio.create_task(run_turn(turn, bench.agent))
    await started.wait()
    bench.cancellations.cancel(cancel_requested(turn))
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert bench.ledger.endings == {}


async def test_an_attempt_past_its_deadline_fails_as_an_attempt() -> None:
    bench = Bench(deadline=timedelta(0))
    bench.wait_for_ever()

    with pytest.raises(TimeoutError):
        await run_turn(submitted(), bench.agent)

    assert bench.ledger.endings == {}


async def test_after_the_session_is_deleted_a_redelivered_turn_tells_nothing() -> None:
    bench, turn = Bench(), submitted()
    await run_turn(turn, bench.agent)
    told = len(bench.published.envelopes)
    await bench.ledger.delete(turn.tenant_id, turn.session_id, NOW)

    await run_turn(turn, bench.agent)

    assert len(bench.published.envelopes) == told
