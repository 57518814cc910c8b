"""What the gateway does with events: it hands endings to whoever waits for them."""

from services.gateway.endings import read_outcome
from services.gateway.limits import LocalQueue
from services.gateway.switchboard import Switchboard
from shared.events.envelope import TURN_HEADER, TYPE_HEADER
from shared.runtime.kafka import Record, header


def on_turn_ended(record: Record, switchboard: Switchboard, queue: LocalQueue) -> None:
    """Every gateway reads every ending, so nothing is parsed unless somebody here waits for that turn."""
    turn_id = header(record, TURN_HEADER)
    if turn_id is None:
        return
    queue.remove(turn_id)
    if not switchboard.awaited(turn_id):
        return
    outcome = read_outcome(header(record, TYPE_HEADER) or "", record.value or b"")
    if outcome is not None:
        switchboard.end(turn_id, outcome)
