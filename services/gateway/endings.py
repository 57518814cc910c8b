"""How a turn ended, as the public API tells it."""

from collections.abc import Mapping
from typing import Any, Final

from services.gateway.assembly import Ending
from services.gateway.schemas import CancelledEvent, CompletedEvent, FailedEvent, FailureView, TurnStatus, TurnView
from services.gateway.sse import EventId
from shared.events.replies import TurnCancelled, TurnCompleted, TurnEnded, TurnFailed

ENDINGS: Final[Mapping[str, type[TurnEnded]]] = {
    model.type: model for model in (TurnCompleted, TurnFailed, TurnCancelled)
}


def status_of(ended: TurnEnded) -> TurnStatus:
    """The public word for how a turn ended."""
    if isinstance(ended, TurnCompleted):
        return "completed"
    return "failed" if isinstance(ended, TurnFailed) else "cancelled"


def turn_view(ended: TurnEnded) -> TurnView:
    """The turn as GET shows it."""
    return TurnView.model_validate(
        _of_turn(ended)
        | {
            "status": status_of(ended),
            "input": ended.input.model_dump(),
            "reply": ended.reply.model_dump() if isinstance(ended, TurnCompleted) else None,
            "understood": ended.understood.model_dump() if isinstance(ended, TurnCompleted) else None,
            "failure": FailureView(reason=ended.reason, message=ended.message)
            if isinstance(ended, TurnFailed)
            else None,
            "submitted_at": ended.submitted_at,
            "completed_at": ended.occurred_at,
        }
    )


def stream_ending(ended: TurnEnded) -> Ending:
    """The turn as its stream ends."""
    text = ended.reply.text if isinstance(ended, TurnCompleted) else None
    last = EventId(ended.stream.attempt, ended.stream.frames)
    return Ending(last, status_of(ended), _event(ended).model_dump_json().encode(), text)


def _event(ended: TurnEnded) -> CompletedEvent | FailedEvent | CancelledEvent:
    if isinstance(ended, TurnCompleted):
        return CompletedEvent.model_validate(
            _of_turn(ended)
            | ended.reply.model_dump()
            | {
                "understood": ended.understood.model_dump(),
                "submitted_at": ended.submitted_at,
                "completed_at": ended.occurred_at,
            }
        )
    if isinstance(ended, TurnFailed):
        return FailedEvent.model_validate(_of_turn(ended) | {"reason": ended.reason, "message": ended.message})
    return CancelledEvent.model_validate(_of_turn(ended))


def _of_turn(ended: TurnEnded) -> dict[str, Any]:
    return {"turn_id": ended.turn_id, "session_id": ended.session_id, "turn_no": ended.turn_no}
