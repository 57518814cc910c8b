"""Streams that are resumed while the ledger cannot be asked."""

from services.gateway.sse import EventId
from shared.events.replies import TurnEnded
from tests.unit.gateway.test_streams import ATTEMPT, Stage, all_of, ids


async def test_a_client_that_has_the_ending_is_told_nothing_twice_when_the_ledger_answers_late() -> None:
    stage = Stage()
    stage.streams.heartbeat = 0.01
    stream = stage.open(EventId(ATTEMPT, 3))
    stream.check_with(lambda: _found(stage))

    sent = await all_of(stream)

    assert ids(sent) == []
    assert stream.is_over


async def _found(stage: Stage) -> TurnEnded:
    return stage.completed(2)
