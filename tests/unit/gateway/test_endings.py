"""Outcomes, read from events as they come."""

from typing import Any
from uuid import uuid4

import orjson
import pytest

from services.gateway.endings import outcome_of, read_outcome
from services.gateway.schemas import CancelledEvent, CompletedEvent, FailedEvent
from services.gateway.sse import EventId
from shared.events.ids import TenantId
from shared.events.replies import (
    Clarification,
    DataPart,
    Entity,
    Reply,
    StreamEnd,
    TurnCancelled,
    TurnCompleted,
    TurnEnded,
    TurnFailed,
    Understood,
)
from tests.support.turns import Conversation

REPLY = Reply(
    text="Which one?",
    language="en",
    clarification=Clarification(question="Which one?", options=("this", "that")),
    data=(DataPart(kind="card", value={"price": 12.5}),),
)
UNDERSTOOD = Understood(
    intent="buy",
    confidence=0.9,
    entities=(Entity(kind="money", value=12, text="$12", start=1, end=4),),
    language="en",
    sentiment=-0.5,
    frustration=0.25,
    relation="follow_up",
    rewritten="buy it",
)
COMPLETED = (
    Conversation(TenantId(uuid4()))
    .completed(1, answer="", stream=StreamEnd(attempt=1000, frames=3))
    .model_copy(update={"reply": REPLY, "understood": UNDERSTOOD})
)


def shared_with(model: type[TurnEnded]) -> dict[str, Any]:
    return {name: getattr(COMPLETED, name) for name in TurnEnded.model_fields if name in model.model_fields}


def test_completed_turn_is_told_with_all_that_was_said_and_understood() -> None:
    outcome = outcome_of(COMPLETED)
    assert outcome is not None
    assert (outcome.ending.last, outcome.ending.name, outcome.ending.text) == (
        EventId(1000, 3),
        "completed",
        REPLY.text,
    )
    told = orjson.loads(outcome.ending.data)
    assert told.keys() == CompletedEvent.model_fields.keys()
    for name, value in REPLY.model_dump(mode="json").items():
        assert told[name] == value
    assert told["understood"] == UNDERSTOOD.model_dump(mode="json")
    assert told["completed_at"] == COMPLETED.model_dump(mode="json")["occurred_at"]
    assert (told["turn_id"], told["turn_no"]) == (str(COMPLETED.turn_id), COMPLETED.turn_no)


def test_what_an_older_agent_left_out_is_told_as_its_default() -> None:
    event = orjson.loads(COMPLETED.model_dump_json())
    event |= {"reply": {"text": "Yes."}, "understood": {}}
    outcome = read_outcome(TurnCompleted.type, orjson.dumps(event))
    assert outcome is not None
    told = CompletedEvent.model_validate_json(outcome.ending.data)
    assert (told.text, told.language, told.data, told.understood.relation) == ("Yes.", "und", (), "fresh")


def test_failed_and_cancelled_turns_say_so() -> None:
    failed = TurnFailed(**shared_with(TurnFailed), reason="expired", message="Too late.")
    cancelled = TurnCancelled(**shared_with(TurnCancelled))
    outcomes = outcome_of(failed), outcome_of(cancelled)
    endings = [outcome.ending for outcome in outcomes if outcome is not None]
    assert [(ending.name, ending.last, ending.text) for ending in endings] == [
        ("failed", EventId(1000, 3), None),
        ("cancelled", EventId(1000, 3), None),
    ]
    assert FailedEvent.model_validate_json(endings[0].data).message == "Too late."
    assert CancelledEvent.model_validate_json(endings[1].data).turn_id == COMPLETED.turn_id


def test_event_is_kept_whole() -> None:
    outcome = outcome_of(COMPLETED)
    assert outcome is not None
    assert outcome.event() == COMPLETED


def test_unknown_type_is_no_outcome() -> None:
    assert read_outcome("parley.turn.evaporated.v1", b"{}") is None


@pytest.mark.parametrize("body", [b"", b"{}", b"not JSON"])
def test_broken_body_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        read_outcome(TurnCompleted.type, body)
