"""How a turn ended, as the public API tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import AliasPath, AwareDatetime, Field

from services.gateway.assembly import Ending
from services.gateway.schemas import CancelledEvent, CompletedEvent, FailedEvent, FailureView, TurnStatus, TurnView
from services.gateway.schemas.turns import ClarificationView, DataView
from services.gateway.sse import EventId
from shared.events.replies import StreamEnd, TurnCancelled, TurnCompleted, TurnEnded, TurnFailed

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a turn ended: as its stream ends, and the event as it came."""

    ending: Ending
    type: str
    value: bytes

    def event(self) -> TurnEnded:
        """The event itself."""
        return ENDINGS[self.type].model_validate_json(self.value)


def read_outcome(type_: str, value: bytes) -> Outcome | None:
    """The outcome in the body of an event; None for a type that this gateway does not know."""
    if type_ == TurnCompleted.type:
        return Outcome(_completed(value), type_, value)
    model = ENDINGS.get(type_)
    return None if model is None else Outcome(_broken_off(model.model_validate_json(value)), type_, value)


def outcome_of(ended: TurnEnded) -> Outcome | None:
    """The outcome that an event from the ledger tells."""
    return read_outcome(ended.type, ended.model_dump_json().encode())


class _Completed(CompletedEvent):
    """`completed` as `TurnCompleted` has it: every answered turn is read once and written once."""

    text: str = Field(validation_alias=AliasPath("reply", "text"))
    language: str = Field(default="und", validation_alias=AliasPath("reply", "language"))
    clarification: ClarificationView | None = Field(default=None, validation_alias=AliasPath("reply", "clarification"))
    data: tuple[DataView, ...] = Field(default=(), validation_alias=AliasPath("reply", "data"))
    completed_at: AwareDatetime = Field(validation_alias="occurred_at")
    stream: StreamEnd = Field(exclude=True)


def _completed(value: bytes) -> Ending:
    event = _Completed.model_validate_json(value)
    return Ending(_last(event.stream), "completed", event.model_dump_json().encode(), event.text)


def _broken_off(ended: TurnEnded) -> Ending:
    if isinstance(ended, TurnFailed):
        reason = {"reason": ended.reason, "message": ended.message}
        event: FailedEvent | CancelledEvent = FailedEvent.model_validate(_of_turn(ended) | reason)
    else:
        event = CancelledEvent.model_validate(_of_turn(ended))
    return Ending(_last(ended.stream), status_of(ended), event.model_dump_json().encode())


def _last(stream: StreamEnd) -> EventId:
    return EventId(stream.attempt, stream.frames)


def _of_turn(ended: TurnEnded) -> dict[str, Any]:
    return {"turn_id": ended.turn_id, "session_id": ended.session_id, "turn_no": ended.turn_no}
